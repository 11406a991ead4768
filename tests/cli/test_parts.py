"""`sni parts`: found, named, shown, forgotten; the shipped model comes with named parts that agree with its faces."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sni_engine import part_answers
from sni_engine.api.codec import read_project
from sni_engine.checkpoints.parts import read_parts
from sni_engine.cli.parts import read_numbers, write_numbers
from sni_engine.metrics.part_names import GROUPS

from .conftest import Sni


def measure(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_parts_are_found_named_shown_and_forgotten(sni: Sni, model_path: Path, face: Path, tmp_path: Path) -> None:
    none = sni("parts", "list", model_path)
    assert none.code == 1
    assert "no parts yet" in none.err
    found = sni("parts", "find", model_path, "--clusters", 5, "--samples", 6, "--seed", 4, "--sheet", "sheet.png")
    assert found.code == 0, found.err
    assert "5 clusters of layer 2 (32 px), from 6 faces, seed 4" in found.out
    assert measure(tmp_path / "sheet.png") == (1024, 512)
    assert sni("parts", "list", model_path).out == found.out
    named = sni("parts", "name", "0,2-3", "hair", "--model", model_path)
    assert "hair                  0,2-3" in named.out
    shown = sni("parts", "show", face, "--out", "map.png", "--size", 64, "--model", model_path)
    assert shown.code == 0, shown.err
    assert measure(tmp_path / "map.png") == (64, 64)
    shares = [float(line[22:28].strip("% ")) for line in shown.out.splitlines()]
    assert sum(shares) == pytest.approx(100, abs=0.5)
    assert sni("parts", "show", face, "--out", "hair.png", "--part", "Hair", "--model", model_path).code == 0
    with Image.open(tmp_path / "hair.png") as image:
        values = np.asarray(image)
    assert set(np.unique(values)) <= {0, 255}
    share = next(float(line[22:28].strip("% ")) for line in shown.out.splitlines() if line.startswith("hair"))
    assert (values == 255).mean() * 100 == pytest.approx(share, abs=0.1)
    assert "no parts now" in sni("parts", "forget", model_path).err


def test_a_file_of_parts_lies_beside_a_model_and_is_found_there(sni: Sni, model_path: Path, tmp_path: Path) -> None:
    beside = tmp_path / "copy.safetensors"
    beside.write_bytes(model_path.read_bytes())
    assert (
        sni("parts", "find", beside, "--clusters", 3, "--samples", 4, "--out", beside.with_suffix(".parts")).code == 0
    )
    assert len(read_parts(beside.with_suffix(".parts")).parts) == 3
    assert sni("parts", "list", beside).code == 0
    assert sni("parts", "list", model_path).code == 1, "nothing was kept"


def test_the_shipped_model_has_named_parts_that_agree_with_its_faces(sni: Sni) -> None:
    listed = sni("parts", "list")
    assert listed.code == 0, listed.err
    names = [line.split("  ")[0] for line in listed.out.splitlines()[1:]]
    assert set(names) == set(GROUPS)
    measured = json.loads(sni("parts", "measure", "--faces", 12).out)
    assert measured["mean_iou"] > 0.5
    assert measured["iou"]["hair"] > 0.7
    assert measured["iou"]["eyes"] > 0.5
    assert sum(measured["share"].values()) == pytest.approx(1)
    assert "| hair |" in sni("parts", "measure", "--faces", 1, "--markdown").out


def test_names_of_a_model_of_portraits_come_by_themselves(
    sni: Sni, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(part_answers, "NAMING_FACES", 12)
    words = ("parts", "find", "--names", "portraits", "--clusters", 30, "--samples", 8, "--out", "few.parts")
    assert sni(*words).code == 0
    names = read_parts(tmp_path / "few.parts").names
    assert {"hair", "background", "skin"} <= set(names)
    assert set(names) <= set(GROUPS)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("parts",), 2, "sni parts list"),
        (("parts", "wish"), 2, "sni parts --help"),
        (("parts", "name", "999", "hair"), 1, "no such cluster"),
        (("parts", "name", "a", "hair"), 2, "no number of a cluster"),
        (("parts", "name", "1", "part 2"), 1, "without a name"),
        (("parts", "find", "--clusters", "500"), 2, "2 to 128 clusters"),
        (("parts", "find", "--layer", "9", "--samples", "1"), 1, "no layer 9"),
        (("parts", "find", "--out", "x.png"), 2, "End it with .parts"),
        (("parts", "find", "--sheet", "x.txt"), 2, "--sheet"),
        (("parts", "measure", "--faces", "0"), 2, "--faces"),
        (("parts", "measure", "--parts", "none.parts"), 1, "could not be read"),
        (("parts", "list", "nobody"), 1, 'no model "nobody"'),
    ],
)
def test_mistakes_are_told_in_a_sentence(sni: Sni, words: tuple[str, ...], code: int, told: str) -> None:
    outcome = sni(*words)
    assert outcome.code == code
    assert told.casefold() in outcome.err.casefold()


def test_an_unknown_part_is_told_with_those_there_are(sni: Sni) -> None:
    assert sni("new", "--seed", 1, "--out", "a.sni").code == 0
    outcome = sni("parts", "show", "a.sni", "--out", "b.png", "--part", "tail")
    assert outcome.code == 1
    assert "background, brows" in outcome.err
    assert not Path("b.png").exists()
    assert len(read_project(Path("a.sni")).history.nodes) == 1


def test_numbers_are_read_and_written_with_ranges() -> None:
    assert read_numbers("3, 7,12-14") == {3, 7, 12, 13, 14}
    assert write_numbers((3, 7, 12, 13, 14)) == "3,7,12-14"
    for bad in ("", "-1", "1-", "x", "1,,2", "9999999999999"):
        with pytest.raises(ValueError, match="no number"):
            read_numbers(bad)
