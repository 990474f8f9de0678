"""Forecasts as files, their rivals, and scores."""

from docketflow.forecasts.table import Forecast, Happened, read_forecasts, read_outcomes

__all__ = ["Forecast", "Happened", "read_forecasts", "read_outcomes"]
