"""The words of a declaration: what a modeller writes, and what is measured of a run."""
