"""The machine itself: living the days (`kernel/`), the books, pauses."""
