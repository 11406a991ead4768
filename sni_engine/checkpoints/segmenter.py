"""The segmenter's file: what tells the parts of generated portraits, on top of the yardstick; data only.

Written down in docs/formats/yardstick.md.
"""

from dataclasses import dataclass, field
from pathlib import Path

import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.paths import shipped_yardsticks
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.checkpoints.tensors import load_into, read_tensors, write_tensors
from sni_engine.checkpoints.yardstick import SHIPPED, YardstickInfo
from sni_engine.networks.segmenter import Segmenter

FORMAT = "sni-segmenter"
VERSION = 1
_LARGEST_BYTES = 2**26


@dataclass(frozen=True)
class SegmenterInfo:
    """yardstick: the digest of the one whose features it reads. parts: names, as its answers count.

    scores: intersection over union of each part on portraits it never saw. facts: how it was made.
    """

    yardstick: str
    parts: tuple[str, ...]
    scores: dict[str, float] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)


def write_segmenter(path: Path, network: Segmenter, info: SegmenterInfo) -> None:
    """Write the file with its numbers halved in length. Raises EngineError."""
    tensors = {name: tensor.half() for name, tensor in network.state_dict().items()}
    write_tensors(path, tensors, {"format": FORMAT, "version": str(VERSION), "segmenter": dump_json(info)})


def read_segmenter(yardstick: YardstickInfo, path: Path | None = None) -> tuple[Segmenter, SegmenterInfo]:
    """Return the segmenter, the shipped one for None, on the CPU; runs no code of the file's. Raises EngineError."""
    path = path or shipped_yardsticks() / f"{SHIPPED}.segmenter"
    tensors, header = read_tensors(path, _LARGEST_BYTES)
    if header.get("format") != FORMAT or header.get("version") != str(VERSION):
        raise EngineError(f"{path} is not a segmenter of this version.", "Make one with tools/make_segmenter.py.")
    try:
        info = load_json(SegmenterInfo, header.get("segmenter", ""))
    except PlainError as error:
        raise EngineError(f"The description in {path} is damaged ({error}).", "Copy the file again.") from error
    if info.yardstick != yardstick.digest:
        raise EngineError(f"{path} reads the features of another yardstick.", "Make one with tools/make_segmenter.py.")
    with torch.device("meta"):
        network = Segmenter(yardstick.network.widths, len(info.parts))
    load_into(network, {name: tensor.float() for name, tensor in tensors.items()}, path, assign=True)
    return network.eval().requires_grad_(False), info
