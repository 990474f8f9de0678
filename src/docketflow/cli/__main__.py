"""`python -m docketflow.cli`."""

import sys

from docketflow.cli.main import process

sys.exit(process())
