"""Why two answers differ, and what has changed since last time."""
