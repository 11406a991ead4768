"""A run's model in the editor: among the person's own, and a fresh face of it on screen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sni_desktop.window import MainWindow
from sni_engine.api.library import AddModel
from sni_engine.api.messages import Apply, NewFace, OpenModel
from sni_engine.api.train_requests import TakeModel

from .fakes import DirectClient, FakeEngine


@pytest.mark.parametrize("images", [0, 4_000])
def test_a_run_s_model_is_added_and_a_fresh_face_is_drawn(
    window: MainWindow,
    engine: FakeEngine,
    client: DirectClient,
    work: Callable[[], None],
    tmp_path: Path,
    images: int,
) -> None:
    window.host.show_settings("training")
    before = window.document.snapshot.history
    window.runs.training.model_wanted.emit(tmp_path / "mine", images)
    work()
    kinds = [type(request) for request in engine.ran]
    assert (TakeModel in kinds) == bool(images)
    opened = kinds.index(OpenModel, kinds.index(AddModel))
    assert NewFace in kinds[opened:]
    added = next(request for request in engine.ran if isinstance(request, AddModel))
    assert added.kind == "trained"
    assert added.name == ("mine 4000" if images else "mine")
    assert window.document.snapshot.history is not before
    assert window.host._dialog is not None
    assert window.host._dialog.isHidden(), "the face is what is to be looked at"


def test_one_fresh_face_comes_whatever_is_locked_and_none_when_the_model_does_not_open(
    window: MainWindow, engine: FakeEngine, work: Callable[[], None], tmp_path: Path
) -> None:
    document = window.document
    assert document.snapshot.selection is not None
    before, locked = document.snapshot.history, document.snapshot.selection.cells * 0
    locked[2, 3] = 1
    document.set_locks(locked)
    document._saved = document.project
    document._show()
    engine.fail = lambda request: "It is damaged." if isinstance(request, OpenModel) else None
    window.runs.training.model_wanted.emit(tmp_path / "mine", 0)
    work()
    assert document.snapshot.history is before, "the face stays where the model does not come"
    engine.fail = lambda request: None
    engine.ran.clear()
    window.runs.training.model_wanted.emit(tmp_path / "mine", 0)
    work()
    assert [type(request) for request in engine.ran if isinstance(request, NewFace | Apply)] == [NewFace]
    assert document.snapshot.history is not None
    assert before is not None
    assert document.snapshot.history.root.codes is not before.root.codes
