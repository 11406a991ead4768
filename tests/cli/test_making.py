"""`sni train`, `sni portraits`, `sni bench` from the outside."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from sni_engine.api.training import TrainConfig
from sni_engine.bench.training import list_cases, time_case
from sni_engine.checkpoints.format import read_card
from sni_engine.checkpoints.tensors import read_tensors

from .conftest import Sni

SMALL = (
    "--recipe plain --resolution-px 16 --cells 4 --local 4 --style 8 --widths 8 8 8 --judge-widths 8 8 8"
    " --portraits 8 --variety 0 --batch 4 --checkpoint-every 8 --threads 1 --device cpu"
).split()


def test_training_makes_a_model_and_goes_on_where_it_was(sni: Sni, tmp_path: Path) -> None:
    outcome = sni("train", "--preset", "cpu-smoke", "--out", "run", "--images", 8, *SMALL)
    assert outcome.code == 0, outcome.err
    assert "Training" in outcome.err
    assert read_card(tmp_path / "run" / "model.safetensors").resolution_px == 16
    assert "already holds a run" in sni("train", "--out", "run", *SMALL).err
    assert sni("train", "--out", "run", "--resume", "--images", 16).code == 0
    images = [json.loads(line)["images"] for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert images == [8, 16]


def test_a_resumed_run_cannot_change_what_it_is(sni: Sni) -> None:
    assert sni("train", "--out", "run", "--images", 8, *SMALL).code == 0
    outcome = sni("train", "--out", "run", "--resume", "--r1", 8)
    assert outcome.code == 2
    assert "--r1" in outcome.err
    assert sni("train", "--out", "run", "--resume", "--images", 16, "--batch", 8, "--rate", 0.0001).code == 0


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_an_interrupt_saves(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sni_engine.cli", "train", "--out", "run", *SMALL, "--checkpoint-every", "1000000"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(words, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    killer = threading.Timer(90, process.kill)
    killer.start()
    try:
        assert process.stderr is not None
        while not process.stderr.readline().startswith("Training"):
            assert process.poll() is None
        time.sleep(0.3)  # some steps
        process.send_signal(signal.SIGINT)
        told = process.communicate()[1]
    finally:
        killer.cancel()
        killer.join()
    assert process.returncode == 130
    assert "--resume" in told
    assert "Traceback" not in told
    assert (tmp_path / "run" / "checkpoint.safetensors").exists()


def test_a_run_ends_when_its_minutes_are_over_and_goes_on(sni: Sni, tmp_path: Path) -> None:
    pieces = [["--preset", "cpu-smoke", *SMALL, "--images", 100_000], *[["--resume"]] * 2]
    seen = []
    for words in pieces:
        outcome = sni("train", "--out", "run", *words, "--minutes", 0.05)
        assert outcome.code == 0, outcome.err
        assert "--resume" in outcome.err
        seen.append(int(read_tensors(tmp_path / "run" / "checkpoint.safetensors")[1]["images_seen"]))
    assert 0 < seen[0] < seen[1] < seen[2]
    assert sni("train", "--out", "run", "--resume", "--minutes", 0).code == 2


def test_portraits_on_a_sheet_and_in_a_folder(sni: Sni, tmp_path: Path) -> None:
    outcome = sni("portraits", "--count", 4, "--size", 16, "--seed", 3, "--sheet", "s.png", "--out", "set")
    assert outcome.code == 0
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.size == (38, 38)
    assert len(list((tmp_path / "set" / "pictures").iterdir())) == 4
    assert len((tmp_path / "set" / "labels.csv").read_text().splitlines()) == 5


def test_portraits_one_factor_at_a_time_and_shares_of_pixels(sni: Sni, tmp_path: Path) -> None:
    outcome = sni("portraits", "--sweep", "fringe", "--size", 16, "--sheet", "s.png")
    assert outcome.code == 0
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.height == 16
    assert sni("portraits", "--count", 1, "--size", 16, "--out", "set", "--coverage").code == 0
    assert [path.name for path in (tmp_path / "set" / "coverage").iterdir()] == ["000000.npz"]


@pytest.mark.parametrize(
    ("words", "place", "passed"),
    [
        ((), "editing.run_editing_bench", (None, Path("b.json"), True)),
        (("training",), "training.run_training_bench", (Path("b.json"), True)),
        (("portraits",), "portraits.run_portrait_bench", (Path("b.json"), True)),
        (("--channels",), "channels.run_channels_bench", (Path("b.json"), True)),
        (("desktop", "--long"), "desktop.run_desktop_bench", (None, Path("b.json"), True, True, False)),
        (("--desktop", "--on-screen"), "desktop.run_desktop_bench", (None, Path("b.json"), True, False, True)),
    ],
)
def test_bench_passes_its_flags_on(
    sni: Sni, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], place: str, passed: tuple[object, ...]
) -> None:
    calls = []
    monkeypatch.setattr(f"sni_engine.bench.{place}", lambda *values: calls.append(values))
    assert sni("bench", *words, "--json", "b.json", "--quick").code == 0
    assert calls == [passed]


def test_a_training_case_is_timed_with_its_penalties() -> None:
    config = TrainConfig(
        resolution_px=16, cells=4, local=4, style=8, widths=(8, 8, 8), judge_widths=(8, 8, 8), batch=4, device="cpu"
    )
    found = time_case(config, 2)
    assert found["images/s"] > 0 and 0 < found["weights, M"] < 0.1
    assert all(config.generator.resolution_px == config.resolution_px for config in list_cases().values())
