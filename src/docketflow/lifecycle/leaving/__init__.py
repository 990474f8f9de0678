"""Departures by people's own decision."""
