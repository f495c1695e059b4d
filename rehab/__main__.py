"""`python -P -m rehab`: the `rehab` command without its script."""

import sys

from rehab.cli.main import main

sys.exit(main())
