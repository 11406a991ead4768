"""The command line called in this process, on a small untrained model."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sni_engine.api.codec import read_project
from sni_engine.api.codes import Codes
from sni_engine.api.messages import Finished, Request
from sni_engine.cli import main
from sni_engine.engine import Engine


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


Sni = Callable[..., Outcome]


@pytest.fixture
def sni(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sni:
    """Run a command in an empty folder, as a shell would, and return what it left."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")  # so that help and messages are not broken

    def run(*words: object) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as error:
            code = int(error.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def face(sni: Sni, model_path: Path, tmp_path: Path) -> Path:
    """A project with one face, made with the small model."""
    assert sni("new", "--seed", 7, "--out", "face.sni", "--model", model_path).code == 0
    return tmp_path / "face.sni"


def ask(model: Path, request: Request) -> Finished:
    """Return what an engine of its own answers, to compare with what a command wrote."""
    answer = list(Engine(str(model), "cpu").run(request))[-1]
    assert isinstance(answer, Finished)
    return answer


def current(path: Path) -> Codes:
    """Return the codes of a project's current step."""
    return read_project(path).history.current.codes
