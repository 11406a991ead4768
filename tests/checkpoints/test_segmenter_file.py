"""The segmenter: its file is refused when damaged, and the shipped one sees the parts of portraits it never saw."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.paths import shipped_yardsticks
from sni_engine.checkpoints.segmenter import SegmenterInfo, read_segmenter, write_segmenter
from sni_engine.checkpoints.tensors import read_tensors, write_tensors
from sni_engine.checkpoints.yardstick import read_yardstick
from sni_engine.metrics.part_names import GROUPS, group_masks
from sni_engine.metrics.part_reader import PartReader
from sni_engine.networks.segmenter import Segmenter
from sni_engine.portraits import render, sample_factors
from sni_engine.portraits.masks import HAIR, PARTS
from sni_engine.train.attributes import to_signed
from sni_engine.train.dataset import PictureSet
from sni_engine.train.segmenter import SegmenterTraining, score_segmenter, train_segmenter


def test_the_shipped_one_sees_what_portraits_show() -> None:
    yardstick = read_yardstick()
    network, info = read_segmenter(yardstick.info)
    assert info.scores["eyes"] > 0.8
    pictures, masks = render(sample_factors(range(2**35, 2**35 + 12), 0.25), 64)
    reader = PartReader(yardstick, network, info, torch.device("cpu"))
    found, true = reader.read(to_signed(pictures)), group_masks(masks.numpy())
    assert found.shape == true.shape
    assert (found == true).mean() > 0.9
    eyes = list(GROUPS).index("eyes")
    assert ((found == eyes) & (true == eyes)).sum() / ((found == eyes) | (true == eyes)).sum() > 0.7
    larger = torch.nn.functional.interpolate(to_signed(pictures[:2]), scale_factor=2, mode="bilinear")
    assert reader.read(larger).shape == (2, 128, 128)


def test_files_that_are_not_whole_or_belong_elsewhere_are_refused(tmp_path: Path) -> None:
    yardstick = read_yardstick().info
    tensors, header = read_tensors(shipped_yardsticks() / "portraits-64.segmenter")
    path = tmp_path / "other.segmenter"
    for change in ({"format": "x"}, {"version": "2"}, {"segmenter": "{}"}):
        write_tensors(path, tensors, {**header, **change})
        with pytest.raises(EngineError):
            read_segmenter(yardstick, path)
    write_tensors(path, {**tensors, "last.bias": torch.zeros(3).half()}, header)
    with pytest.raises(EngineError, match="do not fit"):
        read_segmenter(yardstick, path)
    described = {**json.loads(header["segmenter"]), "yardstick": "a" * 32}
    write_tensors(path, tensors, {**header, "segmenter": json.dumps(described)})
    with pytest.raises(EngineError, match="another yardstick"):
        read_segmenter(yardstick, path)


def test_training_makes_it_better_than_it_was(tmp_path: Path) -> None:
    yardstick = read_yardstick()
    trunk, widths = yardstick.network.trunk, yardstick.network.config.widths
    masks = np.zeros((8, 64, 64), np.uint8)
    masks[:4, :, 32:] = masks[4:, 32:] = HAIR
    pictures = np.where(masks[..., None] == HAIR, 200, 40).astype(np.uint8).repeat(3, 3)
    data = PictureSet(pictures, masks, np.zeros((8, 1), np.float32))
    *steps, network = train_segmenter(trunk, widths, data, SegmenterTraining(16, 2))
    losses = [step[1] for step in steps if isinstance(step, tuple)]
    assert np.mean(losses[-2:]) < 0.7 * losses[0]
    assert isinstance(network, Segmenter)
    scores = score_segmenter(trunk, network, data)
    assert scores["background"] > 0.5
    assert scores["hair"] > 0.5
    path = tmp_path / "new.segmenter"
    write_segmenter(path, network, SegmenterInfo(yardstick.info.digest, PARTS, scores))
    assert read_segmenter(yardstick.info, path)[1].scores == scores
