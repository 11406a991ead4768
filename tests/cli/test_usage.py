"""Help, exit codes and sentences; and that asking for help costs next to nothing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sni_engine.cli import COMMANDS

from .conftest import Sni

ROOT = Path(__file__).parents[2]


def run_python(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, check=True, timeout=60
    )


def test_help_names_every_command(sni: Sni) -> None:
    outcome = sni("--help")
    assert outcome.code == 0
    for command in COMMANDS:
        assert f"  {command.name} " in outcome.out
    assert sni().code == 2


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_has_help(sni: Sni, command: str) -> None:
    outcome = sni(command, "--help")
    assert outcome.code == 0
    assert f"sni {command}" in outcome.out


def test_help_imports_no_torch() -> None:
    run_python("-c", "import sys; from sni_engine.cli import main; main(['--help']); sys.exit('torch' in sys.modules)")


def test_help_takes_at_most_a_quarter_of_importing_torch() -> None:
    def best_of(*words: str) -> float:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            run_python(*words)
            times.append(time.perf_counter() - started)
        return min(times)

    assert best_of("-m", "sni_engine.cli", "--help") <= best_of("-c", "import torch") / 4


def test_the_version_is_the_packages(sni: Sni) -> None:
    assert sni("--version").out == "sni 0.1.0\n"


@pytest.mark.parametrize(
    "line",
    [
        "nwe",
        "new",
        "new --out a.sni --colour red",
        "new --out a.sni --seed seven",
        "new --out a.sni --seed -1",
        "draw",
        "draw face.sni",
        "draw face.sni --out a.png --size 0",
        "draw face.sni --out a.png --size 99999",
        "draw face.sni --out a.png --node 5",
        "resample face.sni --amount 2",
        "resample face.sni --cells 9:12,0",
        "resample face.sni --cells moth",
        "resample face.sni --levels locale",
        "resample face.sni --seed 9223372036854775808",
        "interpolate face.sni",
        "models",
        "models burn",
        "portraits",
        "portraits --count 0 --sheet a.png",
        "portraits --sweep age",
        "portraits --sweep beauty --sheet a.png",
        "portraits --coverage --sheet a.png",
        "train",
        "train --out r --preset portraits-65",
        "train --out r --batch 1",
        "train --out r --preset portraits-64 --data pictures --recipe projected",
    ],
)
def test_bad_usage_is_2_and_says_why(sni: Sni, face: Path, model_path: Path, line: str) -> None:
    before = face.read_bytes()
    words = line.split()
    outcome = sni(*words, *(["--model", model_path] if "face.sni" in words else []))
    assert outcome.code == 2
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err
    assert face.read_bytes() == before
    assert sorted(item.name for item in face.parent.iterdir()) == ["face.sni"]


@pytest.mark.parametrize(
    "line",
    [
        "draw nothing.sni --out a.png",
        "draw broken.sni --out a.png",
        "draw face.sni --out no/folder/a.png",
        "draw face.sni --out a.png --device quantum",
        "resample face.sni --cells none --levels local",
        "interpolate face.sni --to nothing.sni",
        "measure broken.sni",
        "replay broken.sni",
        "models show nothing",
        "train --out r --data nothing",
        "train --out r --resume",
        "portraits --size 4 --sheet a.png",
    ],
)
def test_a_failure_is_1_and_one_line(sni: Sni, face: Path, model_path: Path, line: str) -> None:
    (face.parent / "broken.sni").write_bytes(face.read_bytes()[:100])
    words = line.split()
    before = face.read_bytes()
    outcome = sni(*words, *(["--model", model_path] if "face.sni" in words else []))
    assert outcome.code == 1
    lines = outcome.err.strip().splitlines()
    assert lines
    assert lines[-1].endswith(".")
    assert "Traceback" not in outcome.err
    assert face.read_bytes() == before


def test_a_project_of_a_model_that_is_not_here_names_it(sni: Sni, face: Path) -> None:
    outcome = sni("draw", face, "--out", "a.png")
    assert outcome.code == 1
    assert '"small"' in outcome.err
    assert "--model" in outcome.err


def test_an_interrupt_is_quiet(sni: Sni, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(path: object, limit: object = None) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr("sni_engine.cli.drawing.read_project", interrupt)
    outcome = sni("draw", "face.sni", "--out", "a.png")
    assert (outcome.code, outcome.out, outcome.err) == (130, "", "")


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX pipe")
@pytest.mark.parametrize("line", ["--help", "models list"])
def test_a_reader_that_leaves_early_is_no_failure(line: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = [sys.executable, "-m", "sni_engine.cli", *line.split()]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    try:
        done = subprocess.run(words, env=environment, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", [["transfer"], ["resample"], ["interpolate"], ["parts", "find"], ["models", "show"]])
def test_help_has_no_words_of_programmers(sni: Sni, words: list[str]) -> None:
    told = sni(*words, "--help").out
    assert "usage" in told
    for word in ("None", "''", "{,"):
        assert word not in told
