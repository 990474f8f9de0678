"""What is compiled: memory, lists, pools, what is done on the way, a batch of people, the days."""
