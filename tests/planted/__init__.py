"""Plausible faults, planted one at a time in a copy, to see whether the tests of their room see them."""
