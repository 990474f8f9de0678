"""Compiles the kernel once for all processes, keeps what comes out, and says when it does."""
