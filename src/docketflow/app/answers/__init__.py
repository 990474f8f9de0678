"""Answers of the app: questions, warm worker processes, kept answers. Knows no page."""
