"""What was fitted: its places, the posterior that is kept, and how a run draws from it."""
