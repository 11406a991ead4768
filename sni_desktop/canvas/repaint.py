"""When the canvas has to be painted anew: that costs as much as drawing a small picture does."""

from dataclasses import fields

from sni_desktop.snapshot import Snapshot

_UNSEEN = (
    "busy",
    "progress",
    "seconds",
    "modified",
    "path",
    "notice",
    "amount",
    "device",
    "locality",
)  # shown elsewhere


def looks_different(before: Snapshot, now: Snapshot) -> bool:
    """Say whether anything changed that the canvas or a layer upon it may show."""
    if now.picture is None:
        return True  # the waiting ring and its text
    seen = (field.name for field in fields(Snapshot) if field.name not in _UNSEEN)
    return any(getattr(before, name) is not getattr(now, name) for name in seen)
