"""The log file: what went wrong, kept small, in the program's own folder."""

import logging
import sys
import traceback
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication

from sni_desktop.snapshot import Notice
from sni_engine.api.paths import state_folder

log = logging.getLogger(__name__)

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_path() -> Path:
    """Return where the log is."""
    return state_folder() / "sni-desktop.log"


def start_log() -> Path | None:
    """Write warnings and errors of the program to a rotating file; returns its path, None where none can be written."""
    path = log_path()
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


def report_mistakes(tell: Callable[[Notice], None]) -> None:
    """Have every exception that nobody caught logged and told; Qt would only print it where no one looks."""

    is_telling = False

    def report(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        nonlocal is_telling
        if not issubclass(kind, Exception):  # Ctrl+C in the terminal
            sys.__excepthook__(kind, error, where)
            return
        log.error("a mistake in the program", exc_info=(kind, error, where))
        if is_telling:  # the mistake is in showing things: telling it would call it up again
            return
        title = QCoreApplication.translate("Log", "Something went wrong inside the program: {what}.")
        hint = QCoreApplication.translate("Log", "Save your work, and please report this with the details.")
        details = "".join(traceback.format_exception(kind, error, where))
        is_telling = True
        tell(Notice("error", title.replace("{what}", str(error) or kind.__name__), hint, details))
        is_telling = False

    sys.excepthook = report
