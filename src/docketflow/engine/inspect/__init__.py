"""Looks inside a run: the plain reference machine, histories, tables read back."""
