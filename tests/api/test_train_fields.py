"""Training settings as a form needs them: described once, with true limits, shapes that follow, commands to copy."""

import random
import shlex
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from sni_engine.api.train_command import join_words, list_words
from sni_engine.api.train_fields import GROUPS, counts_for, list_fields, read_help, say_limits
from sni_engine.api.train_presets import PRESETS
from sni_engine.api.train_problems import LIMITS, list_choices
from sni_engine.api.train_shapes import list_resolutions, loosen, with_cells, with_data, with_resolution
from sni_engine.api.training import TrainConfig, TrainWishes

NAMES = [item.name for item in fields(TrainConfig)]
WISHES = TrainWishes(locality=1.0, path_length=1.0, augment="adaptive", recipe="projected")


def test_every_setting_is_described_once_and_explained() -> None:
    known = list_fields()
    assert sorted(known) == sorted(NAMES)
    assert {field.group for field in known.values()} == {group.name for group in GROUPS}
    for field in known.values():
        assert field.help.endswith("."), field.name
        assert field.label, field.name
        assert {value for value, _ in field.choices} >= set(list_choices(TrainConfig, field.name))
    assert len({(field.group, field.label) for field in known.values()}) == len(NAMES)


def test_help_is_what_stands_under_the_fields() -> None:
    assert read_help()["seed"] == "Decides every random number of the run."
    assert "(local, shared and global_code do not count)" in read_help()["source"]  # two lines in the source


@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_those_of_the_check(name: str) -> None:
    """Within them a number alone is never to blame; beyond them it is, and it is the field itself that is named."""
    limits, kind = LIMITS[name], list_fields()[name].kind
    step = 1 if kind in ("whole", "list") else 1e-9
    outside = [limits.low - step if not limits.above else limits.low]
    outside += [limits.high + step] if limits.high < float("inf") else []
    for value in outside:
        value = int(value) if kind in ("whole", "list") else value
        wishes = replace(WISHES, **{name: (value,) * 5 if kind == "list" else value})
        blamed = [problem.field for problem in wishes.find_problems()]
        if name == "first_styled":  # how many layers there are decides
            assert "widths" in blamed or name in blamed
        elif name == "resolution_px":  # the widths make it
            assert blamed
        elif (name, value) != ("judge_widths", limits.high + 1):  # the discriminator has no largest width yet
            assert name in blamed, value


@pytest.mark.parametrize("name", ["portraits", "batch", "variety", "rate", "seed", "style"])
def test_what_limits_allow_passes(name: str) -> None:
    limits = LIMITS[name]
    values = [limits.low if not limits.above else 1e-9, *([limits.also] if limits.also is not None else [])]
    values += [limits.high] if limits.high < float("inf") else []
    for value in values:
        whole = list_fields()[name].kind == "whole"
        assert replace(WISHES, **{name: int(value) if whole else value}).problems() == ()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cells": 7}, "cells"),
        ({"style": 0}, "style"),
        ({"local": -1}, "local"),
        ({"local": 0, "shared": 0, "global_code": 0}, "local"),
        ({"widths": (8,)}, "widths"),
        ({"widths": (8, 0, 8, 8)}, "widths"),
        ({"widths": (8,) * 9}, "widths"),
        ({"mapping_layers": 0}, "mapping_layers"),
        ({"backbone": "other"}, "backbone"),
        ({"source": "other"}, "source"),
        ({"source": "constant", "joint_norm": True}, "joint_norm"),
        ({"first_styled": 7}, "first_styled"),
        ({"recipe": "projected", "data": "folder"}, "recipe"),
        ({"recipe": "projected", "feature_images": 3}, "feature_images"),
        ({"judge_widths": (8,) * 7}, "judge_widths"),
        ({"fit": "stretch"}, "fit"),
        ({"local": 0, "locality": 1.0}, "locality"),
    ],
)
def test_a_problem_says_which_field_it_is_about(wrong: dict[str, object], field: str) -> None:
    wishes = TrainWishes(**wrong)  # type: ignore[arg-type]
    problems = wishes.find_problems()
    assert field in [problem.field for problem in problems]
    assert wishes.problems() == tuple(problem.text for problem in problems)


@pytest.mark.parametrize("name", PRESETS)
def test_shapes_follow_resolution_and_grid(name: str) -> None:
    config = PRESETS[name]
    assert with_resolution(config, config.resolution_px) == loosen(config)
    for side in list_resolutions(config.cells):
        changed = with_resolution(config, side)
        assert not changed.problems(), (side, changed.problems())
        if side > config.resolution_px:
            assert with_resolution(changed, config.resolution_px) == loosen(config)
            assert changed.widths[: len(config.widths)] == config.widths
    for cells in range(2, 65, 2):
        changed = with_cells(config, cells)
        assert not changed.problems(), (cells, changed.problems())
        assert 2 / 3 <= changed.resolution_px / config.resolution_px <= 4


def test_what_cannot_be_made_is_told_and_not_bent() -> None:
    config = TrainConfig()
    for changed in (
        with_resolution(config, 65),
        with_resolution(config, 0),
        with_cells(config, 0),
        with_cells(config, 7),
    ):
        assert changed.problems()
    assert with_resolution(config, 65).resolution_px == 65


def test_own_pictures_make_a_projected_run_a_plain_one() -> None:
    changed = with_data(PRESETS["cpu-smoke"], "folder")
    assert (changed.recipe, changed.augment, changed.problems()) == ("plain", "adaptive", ())
    assert with_data(PRESETS["pictures-64"], "folder").augment == PRESETS["pictures-64"].augment


def test_fields_that_do_not_count_are_known() -> None:
    assert not counts_for(TrainConfig(), "fit") and counts_for(TrainConfig(data="x"), "fit")
    assert not counts_for(TrainConfig(), "unfreeze_at") and counts_for(WISHES, "unfreeze_at")
    assert all(counts_for(replace(WISHES, data="x"), name) for name in NAMES if name not in ("portraits", "variety"))


def test_ranges_in_words() -> None:
    known = list_fields()
    assert say_limits(known["batch"]) == "2 or more images"
    assert say_limits(known["portraits"]) == "2 or more portraits, or 0 for endless ones"
    assert say_limits(known["rate"]) == "above 0"
    assert say_limits(known["cells"]) == "1 to 64 rows and columns"


@pytest.mark.parametrize("seed", range(20))
def test_a_command_read_back_is_the_same_run(
    seed: int, monkeypatch: pytest.MonkeyPatch, draw_config: Callable[[int], TrainConfig]
) -> None:
    from sni_engine.cli import training

    played: list[tuple[object, ...]] = []
    monkeypatch.setattr(training, "play", lambda *values: played.append(values))
    config, name = draw_config(seed), random.Random(seed).choice(list(PRESETS))
    out, hours = Path("/runs/a \"b\" $c 'd'"), random.Random(seed).choice([float("inf"), 1.7])
    line = join_words(list_words(config, name, PRESETS[name], out, hours), windows=False)
    training.run(shlex.split(line)[1:])
    ((read, place, resumed, minutes),) = played
    assert (read, place, resumed) == (config, out, False)
    assert minutes == pytest.approx(hours * 60)


def test_a_preset_needs_no_flags_and_windows_quotes_its_own_way() -> None:
    base = PRESETS["cpu-smoke"]
    words = list_words(base, "cpu-smoke", base, Path("x"))
    assert words == ["sni", "train", "--preset", "cpu-smoke", "--out", "x"]
    assert join_words(["sni", "--data", "C:\\my pictures"], windows=True) == 'sni --data "C:\\my pictures"'
