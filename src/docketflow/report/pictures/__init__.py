"""Pictures laid out: geometry only, the SVG stands in the templates."""
