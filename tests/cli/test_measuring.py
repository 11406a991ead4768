"""`sni measure-model`: JSON that a seed decides, reasons where something cannot be measured, sentences for mistakes."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from sni_engine.cli.measuring import describe_plan, make_plan

from .conftest import Sni


@pytest.fixture
def own_network(tmp_path: Path) -> Path:
    """A network for photos as a person would bring it: the mean colour, as TorchScript."""
    path = tmp_path / "net.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer versions of torch would rather export
        module = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(2), torch.nn.Flatten())
        torch.jit.save(torch.jit.trace(module, torch.zeros(2, 3, 32, 32)), str(path))
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for index, picture in enumerate(np.random.default_rng(0).integers(0, 256, (10, 32, 32, 3), np.uint8)):
        Image.fromarray(picture).save(folder / f"{index}.png")
    return folder


def test_all_metrics_as_json_and_the_same_again(sni: Sni, model_path: Path) -> None:
    pytest.importorskip("sklearn")
    words = ("measure-model", model_path, "--faces", 16, "--seed", 3, "--device", "cpu")
    outcome = sni(*words, "--out", "report.json")
    assert outcome.code == 0, outcome.err
    report = json.loads(outcome.out)
    assert json.loads(Path("report.json").read_text()) == report
    again = json.loads(sni(*words).out)
    report.pop("seconds"), again.pop("seconds")
    assert report == again
    assert report["path_length"]["z_full"]["mean"] > 0
    assert report["separability"]["z"]["numbers_per_code"] == 16 + 1 + 8 + 256
    assert 0 <= report["frechet"]["precision"] <= 1
    assert report["levels"]["factors"][0]["name"] == "yaw"
    assert "path_length" in outcome.err


def test_tables_and_a_choice_of_metrics(sni: Sni, model_path: Path) -> None:
    outcome = sni("measure-model", model_path, "--faces", 8, "--only", "locality,levels", "--markdown")
    assert outcome.code == 0, outcome.err
    assert "| mouth |" in outcome.out
    assert "| yaw |" in outcome.out
    assert "Fréchet" not in outcome.out


def test_a_network_for_photos_reads_no_labels_and_says_so(
    sni: Sni, model_path: Path, own_network: Path, photos: Path
) -> None:
    words = ("measure-model", model_path, "--faces", 8, "--features", own_network)
    with_real = json.loads(sni(*words, "--data", photos).out)
    assert with_real["frechet"]["distance"] > 0
    assert with_real["path_length"]["w_full"]["mean"] > 0
    assert "labels" in with_real["separability"]["skipped"]
    assert "labels" in with_real["levels"]["skipped"]
    assert with_real["locality"]["mouth"]["ratio"] > 0
    assert "--data" in json.loads(sni(*words, "--only", "frechet").out)["frechet"]["skipped"]
    assert sni(*words, "--only", "levels,locality", "--markdown").code == 0


@pytest.mark.parametrize("flags", ["--only beauty", "--faces 2", "--seed -1", "--features a --yardstick b"])
def test_bad_usage(sni: Sni, model_path: Path, flags: str) -> None:
    outcome = sni("measure-model", model_path, *flags.split())
    assert outcome.code == 2
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("flags", ["--features nothing.pt", "--yardstick MODEL", "--data nothing", "--features MODEL"])
def test_failures_are_one_sentence(sni: Sni, model_path: Path, flags: str) -> None:
    outcome = sni("measure-model", model_path, *flags.replace("MODEL", str(model_path)).split())
    assert outcome.code == 1
    assert outcome.err.strip().endswith(".")
    assert "Traceback" not in outcome.err


def test_the_amount_of_work_is_told_first() -> None:
    told = describe_plan(make_plan("locality,levels", True, 8, 0))
    assert told.startswith("Measuring locality (8 faces), levels (8 faces).")
