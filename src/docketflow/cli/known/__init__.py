"""What is known: the evidence, and rows of one's own over it."""
