"""Commands of the record: forecasts and how they did."""
