"""docs/portraits.md tells what the code does, and sweeps change one factor at a time."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine.api.errors import EngineError
from sni_engine.portraits import (
    FACTOR_NAMES,
    FACTORS,
    choose_names,
    find_factor,
    render,
    sample_factors,
    sweep_factor,
    write_sweeps,
)
from sni_engine.portraits.guide import describe_chance, renew_guide
from sni_engine.portraits.sweeps import NEEDS, STEPS

GUIDE = Path(__file__).parents[2] / "docs" / "portraits.md"


def test_the_guide_is_up_to_date() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert renew_guide(text) == text, "run: sni portraits --guide docs/portraits.md"
    assert all(f"`{factor.name}`" in text and factor.help in text for factor in FACTORS)


def test_a_document_without_marks_is_left_alone() -> None:
    with pytest.raises(EngineError, match="no place"):
        renew_guide("# Portraits\n")


def test_every_kind_of_chance_has_words() -> None:
    assert describe_chance(find_factor("jaw")) == "even"
    assert describe_chance(find_factor("yaw")) == "normal, mean 0, deviation 17, cut to the range"
    assert describe_chance(find_factor("freckles")) == "0 in 70%, else even"
    assert describe_chance(find_factor("glasses")).startswith("none 70%, round* 10%")


def test_a_sweep_changes_its_factor_and_what_it_needs() -> None:
    row = sample_factors([3])[0]
    for name in FACTOR_NAMES:
        table, factor = sweep_factor(row, name), find_factor(name)
        changed = {FACTOR_NAMES[i] for i in np.nonzero((table != row).any(0))[0]}
        assert changed <= {name, *NEEDS.get(name, {})}
        assert len(table) == (len(factor.options) or STEPS)
        moving = [FACTOR_NAMES[i] for i in np.nonzero((table != table[0]).any(0))[0]]
        assert moving == [name]
        assert table[:, FACTOR_NAMES.index(name)].max() == np.float32(factor.high)


def test_what_a_factor_needs_exists() -> None:
    for name, needs in NEEDS.items():
        find_factor(name)
        for other, value in needs.items():
            factor = find_factor(other)
            assert other != name
            assert value in factor.options if isinstance(value, str) else value <= factor.high


# a factor that nobody can see is none; 48 px show even the pupils
@pytest.mark.parametrize(
    "name", ["nose_tip", "chin", "jaw", "undertone", "pupil", "hairline", "glasses_dark", "beard_len"]
)
def test_the_ends_of_a_sweep_look_different(name: str) -> None:
    row = sample_factors([11], variety=0)[0]
    ends = render(sweep_factor(row, name)[[0, -1]], 48)[0].numpy().astype(int)
    assert np.abs(ends[0] - ends[1]).max() > 16


def test_words_stand_for_names_groups_and_all() -> None:
    assert choose_names("age") == ["age"]
    assert choose_names("nose,yaw") == ["nose_width", "nose_length", "nose_bridge", "nose_tip", "yaw"]
    assert choose_names("all") == list(FACTOR_NAMES)
    with pytest.raises(EngineError, match="no factor beauty"):
        choose_names("age,beauty")


def test_a_sweep_sheet_has_a_line_for_each_factor(tmp_path: Path) -> None:
    row = sample_factors([3])[0]
    assert list(write_sweeps(row, ["smile", "fringe"], tmp_path / "sweep.png", 16)) == [1, 2]
    with Image.open(tmp_path / "sweep.png") as sheet:
        assert sheet.height == 32 and sheet.width > STEPS * 16
    assert [path.name for path in tmp_path.iterdir()] == ["sweep.png"]
