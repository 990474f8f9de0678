"""What is known of the past beside a run: totals that others state, and records for the chart."""
