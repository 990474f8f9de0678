"""Long questions: a ledger in SQLite, a folder each under its hash, workers that go on after a kill."""
