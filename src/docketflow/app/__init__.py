"""The app's public door: the report with levers, served to a browser (`docketflow app`)."""
