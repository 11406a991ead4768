"""`python -m sni_engine.cli` is `sni`."""

import sys

from sni_engine.cli import main

sys.exit(main())
