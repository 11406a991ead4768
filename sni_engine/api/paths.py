"""Where the program keeps its things: the one owner of the home directory."""

import os
from pathlib import Path

APP = "sni-desktop"
_VARIABLE = "SNI_HOME"


def shipped_models() -> Path:
    """Return the folder of models that come with the program."""
    return _resources("models")


def shipped_yardsticks() -> Path:
    """Return the folder of attribute networks that come with the program, for measuring models."""
    return _resources("yardsticks")


def shipped_guide() -> Path:
    """Return the guide that comes with the program, in Markdown."""
    return _resources("help") / "guide.md"


def _resources(kind: str) -> Path:
    """Return a folder of what comes with the program: inside a wheel, or at the top of a checkout."""
    packaged = Path(__file__).parent.parent / "resources" / kind
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "resources" / kind


def data_folder() -> Path:
    """Return the folder of the person's own models."""
    return _folder("data")


def cache_folder() -> Path:
    """Return the folder of things that can be made again, such as drawn training sets."""
    return _folder("cache")


def config_folder() -> Path:
    """Return the folder of preferences and window state."""
    return _folder("config")


def state_folder() -> Path:
    """Return the folder of logs and recovery files."""
    return _folder("state")


def _folder(kind: str) -> Path:
    home = os.environ.get(_VARIABLE)
    if home:
        return Path(home) / kind
    import platformdirs  # here, because machines that only train do not have it

    return Path(getattr(platformdirs, f"user_{kind}_dir")(APP, appauthor=False))
