"""What a scenario costs, and what one more removal costs."""
