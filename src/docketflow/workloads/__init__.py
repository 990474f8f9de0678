"""Workloads that measure the engine; ordinary declarations and scripts around them."""
