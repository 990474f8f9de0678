"""`python -m docketflow.cli`."""

from docketflow.cli.main import process

process()
