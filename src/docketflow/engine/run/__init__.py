"""The machine itself: memory, lists, pools, kernel, days, books, pauses."""
