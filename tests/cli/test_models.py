"""`sni models`: one's own models are added, renamed, copied, deleted, brought back and verified."""

import json
import pickle
from pathlib import Path

import pytest

from sni_engine.checkpoints.store import own_models

from .conftest import Sni


def test_a_model_s_life(sni: Sni, model_path: Path, face: Path) -> None:
    added = sni("models", "add", model_path, "--name", "clay")
    assert added.code == 0
    assert Path(added.out.strip()) == own_models() / "clay.safetensors"
    again = sni("models", "add", model_path)
    assert again.code == 0
    assert 'here already: "clay"' in again.err
    assert sni("models", "rename", "clay", "Anna é").code == 0
    assert sni("draw", face, "--out", "face.png").code == 0, "the project finds its model by digest"
    assert sni("models", "copy", "Anna é").out.strip().endswith("Anna é 2.safetensors")
    assert sni("models", "copy", "portraits-64", "mine").code == 0
    rows = json.loads(sni("models", "list", "--json").out)
    assert [(row["name"], row["kind"]) for row in rows] == [
        ("portraits-64", "shipped"),
        ("Anna é", "imported"),
        ("Anna é 2", "imported"),
        ("mine", "imported"),
    ]
    for name in ("mine", "Anna é 2", "Anna é"):
        assert sni("models", "remove", name).code == 0
    assert sni("draw", face, "--out", "again.png").code == 1
    assert len(sni("models", "trash").out.splitlines()) == 3
    assert sni("models", "restore", "mine").code == 0
    assert sni("models", "restore").out.strip().endswith("Anna é.safetensors")
    assert sni("draw", face, "--out", "again.png").code == 0
    assert "1 deleted for good" in sni("models", "trash", "--empty").err


def test_a_run_s_folder_is_added_as_trained(sni: Sni, model_path: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "model.safetensors").write_bytes(model_path.read_bytes())
    assert sni("models", "add", "run").code == 0
    told = sni("models", "show", "run").out
    assert "origin: a training run\n" in told
    assert " KiB\n" in told, "a size of 0.0 MiB says nothing"


def test_verify_names_what_is_damaged(sni: Sni, model_path: Path) -> None:
    path = Path(sni("models", "add", model_path).out.strip())
    whole = sni("models", "verify")
    assert whole.code == 0
    assert whole.out.count(": whole") == 2
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(bytes(data))
    outcome = sni("models", "verify")
    assert outcome.code == 1
    assert "not those it was written with" in outcome.out
    assert "1 of 2 models are damaged." in outcome.err
    path.write_bytes(bytes(data[:-8]))
    assert "! small" in sni("models", "list").out
    assert "cut short" in sni("models", "show", "small").err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rename", "portraits-64", "mine"), "none of your own"),
        (("remove", "portraits-64"), "none of your own"),
        (("remove", "nobody"), 'no model "nobody"'),
        (("restore",), "No deleted model is there"),
        (("restore", "nobody"), 'called "nobody"'),
        (("add", "nowhere.safetensors"), "could not be read"),
        (("add", "evil.pt"), "can run code"),
        (("copy", "portraits-64", "a/b"), 'cannot hold "/"'),
    ],
)
def test_what_cannot_be_done_is_one_sentence(sni: Sni, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    (tmp_path / "evil.pt").write_bytes(pickle.dumps([1]))
    outcome = sni("models", *words)
    assert outcome.code == 1
    assert told in outcome.err
    assert len(outcome.err.strip().splitlines()) == 1
    assert outcome.out == ""


def test_help_and_wrong_words(sni: Sni) -> None:
    assert "restore" in sni("models", "--help").out
    assert "30 days" in sni("models", "remove", "--help").out
    assert sni("models", "throw").code == 2
    assert sni("models", "rename", "one").code == 2
