"""`sni train --dry-run` from the outside: everything that is wrong, or what the run would take."""

import re
from pathlib import Path

import numpy as np
from PIL import Image

from sni_engine.api.words import format_seconds
from sni_engine.cli.dry_run import list_flags, sift
from sni_engine.cli.training import choose_base, make_command
from sni_engine.train.run_folder import RunFolder

from .conftest import Sni
from .test_making import SMALL


def test_all_that_is_wrong_is_listed_at_once(sni: Sni, tmp_path: Path) -> None:
    words = "--bath 3 --batch abc --images --rate -1 --widths 4 x --fit stretch --data nowhere --device cuda foo"
    outcome = sni("train", "--dry-run", *words.split())
    assert outcome.code == 1
    assert "did you mean --batch?" in outcome.out
    for flag in ('--batch: "abc"', "--images takes", '--widths: "x"', '--fit: "stretch"', "--device takes", "--out is"):
        assert flag in outcome.out
    assert "rate must be above 0" in outcome.out
    assert "nowhere is not a folder" in outcome.out
    assert outcome.err.strip().splitlines()[-1].startswith("This run cannot start.")
    assert list(tmp_path.iterdir()) == []


def test_wrong_presets_and_missing_runs_are_problems_like_others(sni: Sni) -> None:
    outcome = sni("train", "--dry-run", "--out", "r", "--preset", "nope", "--batch", 1)
    assert outcome.code == 1
    assert 'no preset "nope"' in outcome.out and "batch must be 2" in outcome.out
    outcome = sni("train", "--dry-run", "--out", "r", "--resume", "--batch", 1)
    assert outcome.code == 1
    assert "no run in r" in outcome.out and "batch must be 2" in outcome.out


def test_a_run_that_can_start_is_predicted_and_not_started(sni: Sni, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for index in range(3):
        Image.fromarray(np.full((20, 20), index * 9, np.uint8)).save(tmp_path / "pictures" / f"{index}.png")
    words = ("train", "--out", "run", "--data", "pictures", "--images", 8, *SMALL)
    outcome = sni(*words, "--dry-run")
    assert outcome.code == 0, outcome.err
    for row in ("Pictures  3 pictures, cropped", "Device    CPU", "Time ", "Memory ", "Disk ", "Nothing is in the way"):
        assert row in outcome.out
    assert not (tmp_path / "run").exists()
    assert sni(*words).code == 0
    outcome = sni("train", "--out", "run", "--resume", "--dry-run", "--local", 8)
    assert outcome.code == 1
    assert "--local cannot change" in outcome.out


def test_a_preset_for_portraits_is_plain_on_pictures_of_one_s_own(sni: Sni, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for index in range(3):
        Image.fromarray(np.full((20, 20), index * 9, np.uint8)).save(tmp_path / "pictures" / f"{index}.png")
    words = (
        "train",
        "--out",
        "run",
        "--preset",
        "cpu-smoke",
        "--data",
        "pictures",
        "--images",
        8,
        *SMALL[2:],
    )  # no --recipe
    outcome = sni(*words)
    assert outcome.code == 0, outcome.err
    assert "cpu-smoke is for our own portraits" in outcome.err
    config = RunFolder(tmp_path / "run").read_config()
    assert (config.recipe, config.augment, config.images) == ("plain", "adaptive", 8)
    assert "for our own portraits" not in sni("train", "--out", "run", "--resume", "--dry-run").err
    outcome = sni(*words, "--recipe", "projected")
    assert outcome.code == 2, "what was said is not changed behind anybody's back"


def test_settings_that_make_no_sense_are_all_told_without_a_dry_run_too(sni: Sni) -> None:
    outcome = sni("train", "--out", "r", "--batch", 1, "--variety", 3)
    assert outcome.code == 2
    assert "batch must be 2" in outcome.err and "variety must be" in outcome.err


FLAGS = list_flags(make_command(choose_base([])))


def test_every_flag_of_the_command_is_one_of_a_dry_run(sni: Sni) -> None:
    named = set(re.findall(r"--[a-z0-9][a-z0-9-]*", sni("train", "--help").out)) - {"--help"}
    assert {"--minutes", "--out", "--no-flip", "--batch"} <= named
    assert [flaw for flag in named for flaw in sift([flag], FLAGS)[0] if "is not a flag" in flaw] == []
    assert sift(["--out", "x", "--minutes", "5", "--dry-run"], FLAGS)[0] == []
    assert sift(["--minutes", "soon"], FLAGS)[0] == ['--minutes: "soon" is not a number.']


def test_no_time_at_all_is_a_problem_too(sni: Sni) -> None:
    outcome = sni("train", "--dry-run", "--out", "r", "--batch", 1, "--minutes", 0)
    assert outcome.code == 1
    assert "--minutes must be above 0." in outcome.out and "batch must be 2" in outcome.out


def test_flags_that_can_be_read_stay() -> None:
    words = ["--batch=4", "--widths", "4", "8", "--no-flip", "--resolution_px", "32", "--rate", "1e-3", "--resume"]
    assert sift(words, FLAGS) == ([], ["--batch", "4", *words[1:]])


def test_times_read_well() -> None:
    assert [format_seconds(s) for s in (5, 600, 7200, 400_000)] == ["5 s", "10 min", "2.0 h", "4.6 days"]
