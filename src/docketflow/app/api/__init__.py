"""The app's calls for programs, `/api/v1`: the same answers as the pages, as data."""
