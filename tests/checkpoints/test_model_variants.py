"""Model files of every kind of generator, and those written before there was more than one."""

import json
import struct
from pathlib import Path

import pytest
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import GridSpec
from sni_engine.api.errors import EngineError
from sni_engine.api.paths import shipped_models
from sni_engine.api.plain import dump_json
from sni_engine.checkpoints.format import read_card, read_model, write_model
from sni_engine.checkpoints.tensors import read_header, read_tensors
from sni_engine.drawing import Painter
from sni_engine.networks.generator import Generator
from sni_engine.seeds import draw_codes

SHIPPED = shipped_models() / "portraits-64.safetensors"


@pytest.fixture
def path(variant: GeneratorConfig, tmp_path: Path) -> Path:
    torch.manual_seed(0)
    write_model(tmp_path / "m.safetensors", Generator(variant), "m")
    return tmp_path / "m.safetensors"


def test_a_model_comes_back_and_draws_the_same(variant: GeneratorConfig, path: Path) -> None:
    torch.manual_seed(0)
    before = Generator(variant)
    after, card = read_model(path)
    assert after.config == variant
    assert card == read_card(path)
    assert (card.backbone, card.source, card.grid) == (variant.backbone, variant.source, variant.grid)
    codes = draw_codes(variant.grid, 1)
    pictures = [Painter(generator, torch.device("cpu")).draw(codes) for generator in (before, after)]
    assert pictures[0].tobytes() == pictures[1].tobytes()


def test_readers_of_version_1_are_told_of_a_newer_program(variant: GeneratorConfig, path: Path) -> None:
    """They refuse a version above theirs in a sentence; what they know they go on reading."""
    is_old = (variant.backbone, variant.source, variant.joint_norm) == ("modulated", "cells", False)
    assert read_header(path)["version"] == ("1" if is_old else "2")


@pytest.mark.parametrize("lengths", [{"local": 0}, {"shared": 0}])
def test_only_what_version_1_did_not_know_is_version_2(lengths: dict[str, int], tmp_path: Path) -> None:
    config = GeneratorConfig(GridSpec(4, 4, style=6, **lengths), (4, 4))
    write_model(tmp_path / "m.safetensors", Generator(config), "m")
    assert read_header(tmp_path / "m.safetensors")["version"] == ("2" if "local" in lengths else "1")
    assert read_model(tmp_path / "m.safetensors")[0].config == config


def test_another_kind_of_generator_is_another_model(variant: GeneratorConfig, path: Path) -> None:
    """joint_norm and first_styled of a small network leave every weight's shape as it is."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    whole = json.loads(data[8 : 8 + length])
    info = json.loads(whole["__metadata__"]["model"])
    kind = {"noise": False} if variant.source == "constant" else {"joint_norm": not variant.joint_norm}
    info["generator"].update(kind)
    whole["__metadata__"]["model"] = json.dumps(info)
    text = json.dumps(whole).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length :])
    with pytest.raises(EngineError, match=r"not those it was written with|do not fit"):
        read_model(path)


def test_descriptions_of_version_1_keep_their_text() -> None:
    """It is part of the digest, by which projects know their model."""
    grid = '"rows": 8, "columns": 8, "shared_rows": 2, "shared_columns": 2, "style": 9, "global_": 1, "shared": 1'
    rest = '"widths": [4, 4], "mapping_layers": 2, "first_styled": 1, "noise": true, "backbone": "modulated"'
    written = json.loads(f'{{"grid": {{{grid}, "local": 16}}, {rest}}}')
    assert dump_json(GeneratorConfig(GridSpec(style=9), (4, 4))) == json.dumps(written, indent=2)


def test_the_shipped_model_keeps_its_digest(tmp_path: Path) -> None:
    generator, card = read_model(SHIPPED)  # refuses weights and a description that the digest does not name
    again = write_model(tmp_path / "m.safetensors", generator, card.name, card.licence, card.facts, card.limits)
    assert again == card
    tensors, header = read_tensors(SHIPPED)
    written, header_again = read_tensors(tmp_path / "m.safetensors")
    assert header == header_again
    assert tensors.keys() == written.keys()
