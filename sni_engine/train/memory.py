"""How much memory there is, and how much this process has taken; None where the system does not say."""

import contextlib
import sys
from pathlib import Path

import torch


def count_available_bytes() -> int | None:
    """Return the bytes of main memory that a process may still take: what is free, within the container's limit."""
    found = [bytes_ for bytes_ in (_read_free(), _read_limit()) if bytes_ is not None]
    return min(found) if found else None


def read_peak_bytes() -> int | None:
    """Return the most main memory this process has held so far."""
    if peak := _read_status("VmHWM:"):  # Linux's ru_maxrss would count what the parent held when it started us
        return peak
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def read_resident_bytes() -> int:
    """Return the main memory this process holds now; 0 where the system does not say."""
    return _read_status("VmRSS:")


def count_device_bytes(device: torch.device) -> tuple[int, int] | None:
    """Return the peak and the available bytes of a CUDA device, for this process; None for others."""
    if device.type != "cuda":
        return None
    free = torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device)
    return torch.cuda.max_memory_reserved(device), free


def read_held_bytes(device: torch.device) -> int:
    """Return the memory this process holds now: on its GPU if it has one, else main memory; 0 where nobody says."""
    if device.type == "cuda":
        return torch.cuda.memory_reserved(device)
    if device.type == "mps":
        return torch.mps.driver_allocated_memory()
    return read_resident_bytes()


def _read_free() -> int | None:
    return _read_line(Path("/proc/meminfo"), "MemAvailable:") or None


def _read_status(name: str) -> int:
    return _read_line(Path("/proc/self/status"), name)


def _read_line(path: Path, name: str) -> int:
    """Return a line's KiB in bytes; 0 where there is no such file (it is Linux's) or line."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in path.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def _read_limit() -> int | None:
    """Return what a container's limit leaves (control groups, version 2)."""
    group = Path("/sys/fs/cgroup")
    with contextlib.suppress(OSError, ValueError):
        most, now = (group / "memory.max").read_text(), (group / "memory.current").read_text()
        return int(most) - int(now)  # "max" is no number: then there is no limit
    return None
