"""Nothing is cut off at any scale, with a larger font or in a longer language, and a translator sees every text."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .fitting import SCREEN

ROOT = Path(__file__).parents[2]
CASES = {
    "plain": (1, 1.0, False),
    "one and a half": (1.5, 1.0, False),
    "twice": (2, 1.0, False),
    "large font": (1, 1.5, False),
    "long language": (1, 1.0, True),
}


def visit(folder: Path, scale: float, factor: float, stretch: bool) -> dict[str, Any]:
    """Open every window in a process of its own, on a screen of 1024 by 700 points."""
    width, height = (round(side * scale) for side in SCREEN)
    screen = {"name": "one", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96, "logicalBaseDpi": 96}
    config = folder / "screen.json"
    config.write_text(json.dumps({"screens": [screen | {"dpr": 1}]}))
    environment = os.environ | {
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "QT_SCALE_FACTOR": str(scale),
        "PYTHONPATH": str(ROOT),
    }
    words = [sys.executable, "-m", "tests.desktop.fitting", str(factor), *(["--stretch"] if stretch else [])]
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_cut_off_and_every_text_can_be_translated(tmp_path: Path, case: str) -> None:
    found = visit(tmp_path, *CASES[case])
    assert len(found["cut"]) == 23, "every window was opened"
    assert {name: cut for name, cut in found["cut"].items() if cut} == {}
    assert {name: plain for name, plain in found["plain"].items() if plain} == {}
