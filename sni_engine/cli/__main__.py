"""`python -m sni_engine.cli`, where the `sni` script is not on the path."""

import sys

from sni_engine.cli import main

sys.exit(main())
