"""Paths as people type them."""

from pathlib import Path


def read_path(text: str) -> Path:
    """Return the path that a text names; "~" is the home folder, and "~name" a plain name where nobody is called so."""
    path = Path(text.strip())
    try:
        return path.expanduser()
    except RuntimeError:
        return path
