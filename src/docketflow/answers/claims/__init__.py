"""Claims, held against published figures and the model."""
