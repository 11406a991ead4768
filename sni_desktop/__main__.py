"""`python -m sni_desktop [FILE]`."""

import sys

from sni_desktop.app import main

sys.exit(main())
