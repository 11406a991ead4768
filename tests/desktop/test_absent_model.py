"""A face whose model is not here: it is said which, made again with the open one, or shown once the file is found."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from sni_desktop import dialogs
from sni_desktop.window import MainWindow
from sni_engine.api.codec import write_project
from sni_engine.api.codes import GridSpec
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.history import History, start_history
from sni_engine.api.messages import Replay
from sni_engine.api.models import ModelRef
from sni_engine.api.packing import Project
from sni_engine.api.selection import select_all

from .fakes import CARD, GRID, DirectClient, FakeEngine, child, current_picture_is_right, make_codes

Work = Callable[[], None]
GONE = ModelRef("gone", "a" * 32)
LONGER = GridSpec(style=6, local=5)  # as many cells, other codes


def make_history(grid: GridSpec, seed: int | None = 5) -> History:
    history = start_history(make_codes(5, grid), seed=seed)
    for step in range(2):
        history = history.push(Edit(Resample(), select_all(grid), seed=step), make_codes(50 + step, grid))
    return history.change_node(1, label="grin")


def write(tmp_path: Path, grid: GridSpec = GRID, seed: int | None = 5, edits: int = 2) -> Path:
    history = make_history(grid, seed)
    project = Project(GONE, history.go_to(edits), select_all(grid))
    write_project(
        project if edits else replace(project, history=start_history(make_codes(5, grid), seed)), tmp_path / "old.sni"
    )
    return tmp_path / "old.sni"


@pytest.fixture
def told(window: MainWindow) -> Callable[[], str]:
    def read() -> str:
        notice = window.document.snapshot.notice
        return "" if notice is None else f"{notice.title} {notice.hint}"

    return read


def test_it_is_said_which_model_and_both_ways_on_are_buttons(
    window: MainWindow, work: Work, tmp_path: Path, told: Callable[[], str]
) -> None:
    actions = window.binder.actions
    assert not actions["replay-here"].isEnabled()
    assert not actions["find-model"].isEnabled()
    window.files.open(write(tmp_path))
    work()
    assert "gone" in told()
    assert "fake" in told()
    assert child(window, QPushButton, "notice-offer").text() == "Replay with fake"
    assert child(window, QPushButton, "notice-other-offer").isVisible()
    assert actions["replay-here"].isEnabled()
    assert actions["replay-here"].text() == "Replay with fake"
    assert actions["find-model"].isEnabled()


def test_replaying_makes_a_face_of_its_own_with_the_open_model(
    window: MainWindow, engine: FakeEngine, work: Work, tmp_path: Path, told: Callable[[], str]
) -> None:
    path = write(tmp_path)
    data = path.read_bytes()
    window.files.open(path)
    work()
    child(window, QPushButton, "notice-offer").click()
    work()
    now = window.document.snapshot
    (asked,) = [request for request in engine.ran if isinstance(request, Replay)]
    assert now.history is not None
    assert [node.edit for node in now.history.nodes if node.edit] == list(asked.edits)
    assert [node.label for node in now.history.nodes] == ["", "grin", ""]
    assert now.made_with == CARD.ref
    assert (now.path, now.modified, now.lacks_model) == (None, True, False)
    assert current_picture_is_right(window.document)
    assert "Made again with fake" in told()
    assert path.read_bytes() == data
    window.trail.go_back()
    work()
    assert window.document.snapshot.path == path, "what was on screen before is not lost"


def test_a_face_without_edits_is_made_again_too(window: MainWindow, work: Work, tmp_path: Path) -> None:
    window.files.open(write(tmp_path, edits=0))
    work()
    window.binder.actions["replay-here"].trigger()
    work()
    now = window.document.snapshot
    assert now.made_with == CARD.ref
    assert now.history is not None
    assert now.history.root.codes == make_codes(5)


def test_a_face_of_other_codes_is_made_again_from_its_seed(
    window: MainWindow, work: Work, tmp_path: Path, told: Callable[[], str]
) -> None:
    before = window.document.snapshot.history
    window.files.open(write(tmp_path, LONGER))
    work()
    assert "old.sni was made with the model gone" in told()
    assert window.document.snapshot.history is before
    child(window, QPushButton, "notice-offer").click()
    work()
    now = window.document.snapshot
    assert now.history is not None
    assert (len(now.history.nodes), now.made_with, now.unopened) == (3, CARD.ref, None)
    assert now.history.root.codes == make_codes(5), "drawn from the seed, by this model's lengths"
    assert current_picture_is_right(window.document)


def test_a_face_of_other_codes_without_a_seed_says_why_not(
    window: MainWindow, work: Work, tmp_path: Path, told: Callable[[], str]
) -> None:
    before = window.document.snapshot.history
    window.files.open(write(tmp_path, LONGER, seed=None))
    work()
    window.binder.actions["replay-here"].trigger()
    work()
    assert "no seed is known" in told()
    assert window.document.snapshot.history is before


@pytest.mark.parametrize("grid", [GRID, LONGER], ids=["fits", "does not fit"])
def test_the_right_file_shows_the_face_as_it_was(
    window: MainWindow, engine: FakeEngine, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grid: GridSpec
) -> None:
    path = write(tmp_path, grid)
    window.files.open(path)
    work()
    first = engine.library.entries[0].card
    assert first is not None
    right = replace(first, digest=GONE.digest, grid=grid)
    engine.library.entries[0] = replace(engine.library.entries[0], card=right)  # what a file is made of here
    engine.known = {GONE.digest: replace(right, name=GONE.name)}
    monkeypatch.setattr(dialogs, "ask_model", lambda *_: tmp_path / f"{GONE.digest}.safetensors")
    child(window, QPushButton, "notice-other-offer").click()
    work()
    now = window.document.snapshot
    assert now.card is not None
    assert now.card.digest == GONE.digest
    assert (now.path, now.lacks_model, now.modified) == (path, False, False)
    assert now.history is not None
    assert len(now.history.nodes) == 3


def test_another_file_says_so_and_may_be_tried_again(
    window: MainWindow,
    engine: FakeEngine,
    work: Work,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: Callable[[], str],
) -> None:
    window.files.open(write(tmp_path))
    work()
    for name, said in (("other.safetensors", '"other" is another model than "gone"'), ("bad.safetensors", "bad.safe")):
        monkeypatch.setattr(dialogs, "ask_model", lambda *_, name=name: tmp_path / name)
        window.binder.actions["find-model"].trigger()
        work()
        assert said in told()
        assert child(window, QPushButton, "notice-offer").text() == "Find model file…"
    assert window.document.snapshot.made_with == GONE


def test_esc_while_it_is_replayed_leaves_all_as_it_was(
    window: MainWindow, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    window.files.open(write(tmp_path))
    work()
    before = window.document.snapshot.history
    window.binder.actions["replay-here"].trigger()
    assert window.document.snapshot.busy
    window.document.cancel()
    work()
    assert window.document.snapshot.history is before
    assert window.document.snapshot.lacks_model
