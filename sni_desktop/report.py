"""What a report of a problem should hold: versions, system, model, the last lines of the log; no pictures, no paths of
projects.
"""

import platform
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import qVersion

from sni_engine import __version__

_LINES = 60
_LIBRARIES = ("torch", "numpy", "pillow", "safetensors")


def write_report(log: Path | None, facts: Mapping[str, str]) -> str:
    """Return a report as text. facts: what the window knows, such as model and device. Versions are read from package
    metadata, so that nothing is imported for it.
    """
    lines = [
        f"SNI Desktop {__version__}",
        f"Python {sys.version.split()[0]}, PySide6 {pyside_version}, Qt {qVersion()}",
        ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES),
        f"{platform.platform()}, {platform.machine()}",
        *(f"{name}: {value}" for name, value in facts.items()),
        "",
        "Last lines of the log:",
        *(tail(log) or ["(empty)"]),
    ]
    home = str(Path.home())
    return "\n".join(line.replace(home, "~") for line in lines)


def tail(log: Path | None) -> list[str]:
    """Return the last lines of the log."""
    if log is None:
        return []
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES:]
    except OSError:
        return []


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"
