"""How much memory this process has taken; None where the system does not say."""

import sys
from pathlib import Path

import torch

from sni_engine.api.memory import read_kib


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


def _read_status(name: str) -> int:
    return read_kib(Path("/proc/self/status"), name)
