"""What a scenario does to the right to a hearing, and to people."""
