"""`sni run`: training runs seen and steered from outside."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sni_engine.api.paths import data_folder
from sni_engine.api.runs import RunFiles, TrainEvent, Wishes
from sni_engine.api.training import TrainConfig
from sni_engine.checkpoints.format import read_card
from sni_engine.train.loop import train

from .conftest import Sni

TINY = TrainConfig(
    **{"resolution_px": 16, "cells": 4, "local": 4, "style": 8, "widths": (8, 8, 8), "judge_widths": (8, 8, 8)},
    **{"portraits": 8, "batch": 4, "images": 24, "checkpoint_every": 8, "threads": 1, "device": "cpu"},
)


@pytest.fixture
def files(tmp_path: Path) -> RunFiles:
    """A run that is done, in the program's own folder of runs."""
    files = RunFiles(data_folder() / "runs" / "faces")
    list(train(TINY, files.path))
    return files


def test_runs_are_listed_and_shown(sni: Sni, files: RunFiles) -> None:
    assert sni("run", "list").out == f"done       {files.path}  24 of 24 (100 %)\n"
    (listed,) = json.loads(sni("run", "list", "--json").out)
    assert (listed["state"], listed["kept"], listed["config"]["images"]) == ("done", [8, 16, 24], 24)
    shown = sni("run", "show", "faces").out
    assert "done  24 of 24 (100 %)" in shown
    assert "kept checkpoints: 8, 16, 24" in shown
    assert json.loads(sni("run", "show", files.path, "--json").out) == listed


def test_no_runs_is_a_sentence(sni: Sni) -> None:
    outcome = sni("run", "list")
    assert (outcome.code, outcome.out) == (0, "")
    assert "There are no runs yet" in outcome.err
    assert sni("run", "show", "nowhere").code == 1
    assert "no run in nowhere" in sni("run", "show", "nowhere").err


def test_wishes_reach_a_living_run_and_no_other(sni: Sni, files: RunFiles) -> None:
    outcome = sni("run", "pause", files.path)
    assert outcome.code == 1 and "No process has the run" in outcome.err and "--resume" in outcome.err
    lock = files.lock
    assert lock.take()
    told = [sni("run", word, files.path) for word in ("pause", "save", "sample", "sample")]
    assert [outcome.code for outcome in told] == [0] * 4
    assert f"sni run go-on {files.path}" in told[0].out
    assert f"{files.model}\n" in told[1].out and "sheets" in told[2].out
    assert all(len(outcome.out.splitlines()) == 1 for outcome in told)
    assert files.read_wishes() == Wishes(paused=True, saves=1, samples=2)
    assert sni("run", "go-on", files.path).code == sni("run", "stop", files.path).code == 0
    assert files.read_wishes() == Wishes(stop=True, saves=1, samples=2)
    lock.close()


def test_checkpoints_are_starred_gone_back_to_and_written_as_models(sni: Sni, files: RunFiles) -> None:
    assert sni("run", "star", files.path, 16).code == 0
    assert files.read_stars() == (16,)
    assert "8, 16*, 24" in sni("run", "show", files.path).out
    assert sni("run", "star", files.path, 9).code == 1
    assert sni("run", "star", files.path, 16, "--off").code == 0
    assert files.read_stars() == ()
    assert "--resume" in sni("run", "back", files.path, 8).out
    assert files.list_kept() == (8,)
    assert sni("run", "show", files.path).out.splitlines()[1] == "Rolled back from 24 to 8 images."
    assert "at 24 images" in sni("run", "forward", files.path).out
    path = Path(sni("run", "model", files.path, 16).out.strip())
    assert read_card(path).facts["images seen"] == "16"


def test_a_run_at_rest_says_how_it_goes_on(sni: Sni, files: RunFiles) -> None:
    assert "--resume --images" in sni("run", "show", files.path).out
    sni("run", "back", files.path, 8)
    shown = sni("run", "show", files.path).out
    assert "up to 24 images" in shown and f"sni run forward {files.path}" in shown
    assert "" not in shown.splitlines()
    files.append_event(TrainEvent("step", 12, 24))  # and then it was killed
    assert f"sni train --out {files.path} --resume" in sni("run", "show", files.path).out.splitlines()[-2]


def test_a_failure_is_shown_with_its_hint(sni: Sni, files: RunFiles) -> None:
    files.append_event(TrainEvent("failed", 8, 24, text="Memory ran out.", hint="Choose a batch of 2.", batch=2))
    assert "Memory ran out. Choose a batch of 2." in sni("run", "show", files.path).out


def test_a_run_from_the_command_line_is_seen_in_its_folder(sni: Sni, tmp_path: Path) -> None:
    words = "--preset cpu-smoke --recipe plain --portraits 8 --images 16 --checkpoint-every 16 --keep 1 --device cpu"
    assert sni("train", "--out", "run", *words.split()).code == 0
    shown = json.loads(sni("run", "show", "run", "--json").out)
    assert (shown["state"], shown["kept"], shown["last"]["images_seen"]) == ("done", [16], 16)
    assert replace(TINY, keep=1).keep == shown["config"]["keep"]
