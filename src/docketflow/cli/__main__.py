"""`python -m docketflow.cli`."""

import sys

from docketflow.cli.main import main

sys.exit(main())
