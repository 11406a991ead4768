"""Where the work runs: a GPU where there is one, the CPU everywhere."""

import ctypes
import gc
import sys

import torch

from sni_engine.api.errors import EngineError


def choose_device(wish: str = "auto") -> torch.device:
    """Return the device for a wish: "auto", "cpu", "cuda", "cuda:1", "mps". Raises EngineError when it is not there."""
    if wish == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(wish)
    except RuntimeError as error:
        raise EngineError(f'"{wish}" is not a device.', "Devices are auto, cpu, cuda and mps.") from error
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there.get(device.type, False):
        raise EngineError(f'There is no "{wish}" device on this machine.', "Use auto or cpu.")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise EngineError(f"There are {torch.cuda.device_count()} CUDA devices here.", "Number them from 0.")
    return device


def name_device(device: torch.device) -> str:
    """Return a device's name for people."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return {"cpu": "CPU", "mps": "Apple GPU"}.get(device.type, device.type)


def free_memory() -> None:
    """Give memory that no tensor uses back to the system, for other processes."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()


def trim_memory() -> None:
    """Give back what lies free between kept pictures; glibc keeps it, and a long session grows by it."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):  # another C library, without that habit
        return


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether an error means that memory ran out; on CPUs and Apple's GPUs torch raises a plain RuntimeError."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    words = ("allocate memory", "out of memory", "ALLOC_FAILED")
    return isinstance(error, RuntimeError) and any(word in str(error) for word in words)
