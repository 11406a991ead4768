"""How pictures reach a step: from the device's own memory, from a memory map, or drawn on the spot."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from sni_engine.train.dataset import Pictures
from sni_engine.train.live_portraits import LivePortraits

Feed = Callable[[Tensor], Tensor]
"""Picture numbers int64 [n] on the CPU -> pictures uint8 [n, H, W, 3] on the device."""

COMFORTABLE = 1 / 4  # of the device's free memory may hold pictures
_CHUNK = 1024  # pictures copied to the device at once


def choose_feed(data: Pictures, device: torch.device, free_bytes: int | None = None) -> Feed:
    """Return the fastest feed. free_bytes: of the device's memory; None asks a CUDA device."""
    if isinstance(data, LivePortraits):
        return feed_live(data)
    if fits_device(data, device, free_bytes):
        return feed_from_device(data, device)
    return feed_from_map(data, device)


def fits_device(data: Pictures, device: torch.device, free_bytes: int | None = None) -> bool:
    """Say whether a whole set fits a CUDA device comfortably. On a CPU the map is as near as memory gets."""
    if data.count is None or (device.type != "cuda" and free_bytes is None):
        return False
    free = torch.cuda.mem_get_info(device)[0] if free_bytes is None else free_bytes
    return data.count * data.read(np.arange(1)).nbytes < free * COMFORTABLE


def count_held_bytes(count: int, side_px: int, device: torch.device) -> int:
    """Return the bytes of the device's memory that so many stored pictures will take."""
    if device.type != "cuda":
        return 0
    held = count * side_px**2 * 3
    return held if held < torch.cuda.mem_get_info(device)[0] * COMFORTABLE else 0


def feed_from_device(data: Pictures, device: torch.device) -> Feed:
    """Copy all pictures to the device once, a part at a time, and index them there."""
    assert data.count is not None
    held = torch.empty((data.count, *data.read(np.arange(1)).shape[1:]), dtype=torch.uint8, device=device)
    for first in range(0, data.count, _CHUNK):
        rows = np.arange(first, min(first + _CHUNK, data.count))
        held[first : first + len(rows)] = torch.from_numpy(data.read(rows)).to(device)
    return lambda rows: held[rows.to(device)]


def feed_from_map(data: Pictures, device: torch.device) -> Feed:
    """Read each batch from the map; on its way to a CUDA device it lies in pinned memory, and the copy runs aside."""

    def take(rows: Tensor) -> Tensor:
        pictures = torch.from_numpy(data.read(rows.numpy()))
        if device.type == "cuda":
            return pictures.pin_memory().to(device, non_blocking=True)
        return pictures.to(device)

    return take


def feed_live(data: LivePortraits) -> Feed:
    """Draw each batch where it is needed."""
    return lambda rows: data.draw(rows.numpy())[0]
