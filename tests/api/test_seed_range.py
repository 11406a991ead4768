"""Seeds: numbers that nothing can be drawn from are refused where they enter, also from a file."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from sni_engine.api.codec import Project, decode_project, encode_project
from sni_engine.api.codes import LARGEST_SEED, Codes
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.errors import EngineError
from sni_engine.api.history import Node
from sni_engine.api.selection import Selection

from .conftest import MakeCodes

WRONG = (-1, LARGEST_SEED + 1, 2**70)


@pytest.mark.parametrize("seed", [0, LARGEST_SEED])
def test_both_ends_of_the_range_are_seeds(seed: int, make_codes: MakeCodes, selection: Selection) -> None:
    codes = make_codes(1)
    assert Codes(codes.style, codes.global_, codes.shared, codes.local, seed).noise_seed == seed
    assert Edit(Resample(), selection, seed).seed == seed
    assert Node(0, None, codes, seed=seed).seed == seed


@pytest.mark.parametrize("seed", WRONG)
def test_other_numbers_are_not(seed: int, make_codes: MakeCodes, selection: Selection) -> None:
    codes = make_codes(1)
    with pytest.raises(ValueError, match="seeds go from 0"):
        Codes(codes.style, codes.global_, codes.shared, codes.local, seed)
    with pytest.raises(ValueError, match="seeds go from 0"):
        Edit(Resample(), selection, seed)
    with pytest.raises(ValueError, match="seeds go from 0"):
        Node(0, None, codes, seed=seed)


PLACES: list[Callable[[Any, int], None]] = [
    lambda nodes, seed: nodes[0].update(seed=seed),
    lambda nodes, seed: nodes[0]["codes"].update(noise_seed=seed),
    lambda nodes, seed: nodes[1]["edit"].update(seed=seed),
    lambda nodes, seed: nodes[2]["edit"]["reference"].update(noise_seed=seed),
]


@pytest.mark.parametrize("seed", WRONG)
@pytest.mark.parametrize("put", PLACES, ids=["root", "codes", "edit", "reference"])
def test_a_file_with_one_is_refused(project: Project, put: Callable[[Any, int], None], seed: int) -> None:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(encode_project(project))) as archive, zipfile.ZipFile(changed, "w") as target:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "project.json":
                document = json.loads(data)
                put(document["nodes"], seed)
                data = json.dumps(document).encode()
            target.writestr(name, data)
    with pytest.raises(EngineError, match="it is damaged"):
        decode_project(changed.getvalue(), "odd.sni")
