"""Pages of the app: what is shown, drawn by the report's geometry. Knows no worker and no file."""
