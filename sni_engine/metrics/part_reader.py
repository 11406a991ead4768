"""Masks of pictures of portraits that nobody has drawn masks for: what the segmenter sees in them."""

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.arrays import Array
from sni_engine.checkpoints.segmenter import SegmenterInfo
from sni_engine.checkpoints.yardstick import Yardstick
from sni_engine.metrics.eyes import resize
from sni_engine.metrics.part_names import group_masks
from sni_engine.networks.segmenter import Segmenter

_BATCH = 16


class PartReader:
    """Reads the parts of pictures. Pictures of other sizes are resized to the yardstick's, and the masks back."""

    def __init__(self, yardstick: Yardstick, segmenter: Segmenter, info: SegmenterInfo, device: torch.device) -> None:
        self.info = info
        self._size_px = yardstick.info.network.resolution_px
        self._trunk = yardstick.network.trunk.to(device)
        self._segmenter = segmenter.to(device)
        self._device = device

    @torch.inference_mode()
    def read(self, pictures: Tensor) -> Array:
        """Return the group of each pixel, uint8 [N, H, W] as in GROUPS, of pictures [N, 3, H, W] in -1..1."""
        found = [self._read_some(some) for some in pictures.split(_BATCH)]
        return group_masks(np.concatenate(found))

    def _read_some(self, pictures: Tensor) -> Array:
        some = resize(pictures.to(self._device).float().clamp(-1, 1), self._size_px)
        logits = self._segmenter(some, self._trunk(some.contiguous(memory_format=torch.channels_last)))
        labels: Array = resize(logits, pictures.shape[-1]).argmax(1).to(torch.uint8).cpu().numpy()
        return labels
