"""Files that are no models: a sentence, the model before stays, a good one opens afterwards, nothing is executed."""

import pickle
from pathlib import Path

import pytest

from sni_engine.api.messages import Event, Failed, NewFace, Opened, OpenModel
from sni_engine.engine import Engine


class Trap:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.path,)


def spoil(kind: str, good: bytes, trap: Path) -> bytes:
    return {
        "empty": b"",
        "truncated": good[: len(good) // 2],
        "of another program": b"\x89PNG\r\n\x1a\n" + good[:100],
        "of a newer version": good.replace(b'"1"', b'"9"', 1),
        "pickled": pickle.dumps(Trap(trap)),
    }[kind]


KINDS = ["empty", "truncated", "of another program", "of a newer version", "pickled"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("folder", ["plain", "with blanks", "é", "中文"])
def test_a_file_that_is_no_model_is_a_sentence(model_path: Path, tmp_path: Path, kind: str, folder: str) -> None:
    good = model_path.read_bytes()
    path, trap = tmp_path / folder / "model é.safetensors", tmp_path / "trap"
    path.parent.mkdir()
    content = spoil(kind, good, trap)
    assert content != good
    path.write_bytes(content)
    engine = Engine(str(model_path), "cpu")
    before = last(engine, NewFace(1, 7))
    answer = last(engine, OpenModel(2, str(path)))
    assert isinstance(answer, Failed)
    assert answer.title.endswith(".")
    assert not trap.exists()
    again = last(engine, NewFace(3, 7))
    assert (again.picture == before.picture).all(), "the model before is still there"  # type: ignore[attr-defined]
    path.write_bytes(good)
    assert isinstance(last(engine, OpenModel(4, str(path))), Opened)


def last(engine: Engine, request: NewFace | OpenModel) -> Event:
    *_, event = engine.run(request)
    return event
