"""A result in a notebook."""
