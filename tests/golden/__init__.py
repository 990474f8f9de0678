"""Golden outcomes of small national runs: every number the model answers, kept to the last bit."""
