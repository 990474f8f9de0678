"""From a declaration and its numbers to the integers that the machine reads."""
