"""What processes of ours that the window starts have in common."""

import os
from pathlib import Path

from sni_engine import api


def make_environment() -> dict[str, str]:
    """Return this program's environment for a Python of its own: its folder comes first, since it may run from a
    checkout, and what it prints comes at once, in UTF-8.
    """
    here = str(Path(api.__file__).parents[2])
    folders = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    ours = {"PYTHONPATH": os.pathsep.join(folders), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    return {**os.environ, **ours}
