"""When the canvas has to be painted anew: that costs as much as drawing a small picture does."""

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


def looks_different(before: Snapshot, now: Snapshot, apart_from: tuple[str, ...] = ()) -> bool:
    """Say whether anything changed that the canvas or a layer upon it may show, apart from some parts."""
    if now.picture is None or before.picture is None:
        return True  # the waiting ring and its text
    old, new = vars(before), vars(now)
    return any(old[name] is not value for name, value in new.items() if name not in _UNSEEN and name not in apart_from)
