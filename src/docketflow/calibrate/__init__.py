"""Fitting the model to published series, and trying it at origins in the past."""
