"""What there is to compute on, with its memory, and why the rest is not there."""

import os
import sys

import torch

from sni_engine.api.memory import count_available_bytes
from sni_engine.api.train_requests import Devices, DeviceState
from sni_engine.device import choose_device


def list_devices(ticket: int) -> Devices:
    """Return processor, CUDA devices and Apple's graphics, those that cannot be used with the reason."""
    devices = (DeviceState("cpu", "CPU", count_available_bytes(), _count_memory()), *_list_cuda(), _see_mps())
    return Devices(ticket, devices, str(choose_device("auto")))


def _list_cuda() -> list[DeviceState]:
    if not torch.cuda.is_available():
        built = torch.version.cuda or torch.version.hip
        why = "No graphics card that PyTorch can use was found." if built else "This PyTorch was built without CUDA."
        return [DeviceState("cuda", "CUDA", problem=why)]
    count = torch.cuda.device_count()
    return [_see_cuda(number, f"cuda:{number}" if number else "cuda") for number in range(count)]


def _see_cuda(number: int, name: str) -> DeviceState:
    label = torch.cuda.get_device_name(number)
    try:
        free, total = torch.cuda.mem_get_info(number)
    except RuntimeError as error:  # taken by somebody who does not share it, or out of order
        return DeviceState(name, label, problem=f"It does not answer: {str(error).splitlines()[0]}")
    return DeviceState(name, label, free + torch.cuda.memory_reserved(number), total)


def _see_mps() -> DeviceState:
    if torch.backends.mps.is_available():
        return DeviceState("mps", "Apple GPU", total=torch.mps.recommended_max_memory())
    why = "This macOS or PyTorch does not support it." if sys.platform == "darwin" else "Only Macs have it."
    return DeviceState("mps", "Apple GPU", problem=why)


def _count_memory() -> int | None:
    """Return the main memory of this machine; None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
