"""What stands at the head of a file of ours: its format, and the version that says whether this program can read it."""

from collections.abc import Callable

from sni_engine.api.errors import EngineError


def check_header(
    header: object, kind: tuple[str, str], newest: int, name: str, refuse: Callable[[str], EngineError]
) -> None:
    """Raise EngineError unless a document's JSON values, of the file `name`, are of a version from 1 to `newest`.

    kind: the format as files name it, and in words. refuse: makes the error for what is no such file, told why.
    """
    format, words = kind
    if not isinstance(header, dict) or header.get("format") != format:
        raise refuse(f"it is not a {words}")
    version = header.get("version")
    if isinstance(version, int) and version > newest:
        raise EngineError(
            f"{name} was saved by a newer SNI Desktop (format {version}, this one reads up to {newest}).",
            "Update SNI Desktop to open it.",
        )
    if version not in range(1, newest + 1):
        raise refuse(f"its format version {version!r} is unknown")
