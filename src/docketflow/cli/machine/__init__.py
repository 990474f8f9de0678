"""The machine: how fast it is, the tables it reads, what it keeps between uses."""
