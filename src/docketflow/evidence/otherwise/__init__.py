"""The room otherwise than published: as of a day in the past, or with rows of one's own laid over it."""
