"""The log file: what went wrong, kept small, in the program's own folder."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from sni_engine.api.paths import state_folder

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def start_log() -> Path | None:
    """Write warnings and errors of the program to a rotating file; returns its path, None where none can be written."""
    path = state_folder() / "sni-desktop.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=500_000, backupCount=2, encoding="utf-8", delay=True)
    except OSError:
        return None
    handler.setFormatter(logging.Formatter(_FORMAT))
    for name in ("sni_desktop", "sni_engine"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
    return path
