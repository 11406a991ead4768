"""The README's commands do what it says, in its order, with the model that comes with the program."""

import re
import shlex
from pathlib import Path

import pytest

from sni_engine.api.train_presets import PRESETS, PURPOSES
from sni_engine.cli import COMMANDS

from .conftest import Sni

README = Path(__file__).parents[2] / "README.md"
LONG = ("train", "run", "portraits", "bench", "measure-model", "measure-transfer")  # tried elsewhere, smaller


def read_examples() -> list[list[str]]:
    """Return every line of the README's shell examples that calls `sni`, without the name."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    lines = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    return [words[1:] for words in lines if words and words[0] == "sni"]


def test_every_command_has_an_example() -> None:
    assert {words[0] for words in read_examples()} == {command.name for command in COMMANDS}


def test_the_examples_work(sni: Sni, tmp_path: Path) -> None:
    for words in read_examples():
        if words[0] not in LONG and "--model" not in words:
            outcome = sni(*words)
            assert outcome.code == 0, f"{' '.join(words)}: {outcome.err}"
    assert (tmp_path / "c.png").stat().st_size > 0


@pytest.mark.parametrize("words", [words for words in read_examples() if words[0] in ("train", "run")], ids=" ".join)
def test_the_training_examples_are_understood(sni: Sni, words: list[str]) -> None:
    outcome = sni(*words, "--help")  # the flags before it are read first, and a wrong preset would be refused
    assert outcome.code == 0, outcome.err


def test_the_table_of_presets_says_what_the_window_says() -> None:
    rows = re.findall(
        r"^\| (`[^|]*`) \|[^|]*\| ([^|]*?)(?: \(.*\))? \|$", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {name: purpose for names, purpose in rows for name in re.findall("`([^`]+)`", names)}
    assert {name: told.get(name) for name in PRESETS} == PURPOSES
