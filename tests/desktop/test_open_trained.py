"""A run's model in the editor: among the person's own, and a fresh face of it on screen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sni_desktop.window import MainWindow
from sni_engine.api.library import AddModel
from sni_engine.api.messages import NewFace, OpenModel
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
