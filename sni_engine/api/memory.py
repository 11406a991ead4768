"""How much main memory there still is; None where the system does not say."""

import contextlib
from pathlib import Path


def count_available_bytes() -> int | None:
    """Return the bytes of main memory that a process may still take: what is free, within the container's limit."""
    found = [bytes_ for bytes_ in (_read_free(), _read_limit()) if bytes_ is not None]
    return min(found) if found else None


def read_kib(path: Path, name: str) -> int:
    """Return in bytes the KiB that a line of one of Linux's files tells; 0 where there is no such file or line."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in path.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def _read_free() -> int | None:
    return read_kib(Path("/proc/meminfo"), "MemAvailable:") or None


def _read_limit() -> int | None:
    """Return what a container's limit leaves (control groups, version 2)."""
    group = Path("/sys/fs/cgroup")
    with contextlib.suppress(OSError, ValueError):
        most, now = (group / "memory.max").read_text(), (group / "memory.current").read_text()
        return int(most) - int(now)  # "max" is no number: then there is no limit
    return None
