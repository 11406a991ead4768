"""Exports (ux.md, E35, and E22 where it concerns them): right frames and sizes, nothing half written, plain words."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QMessageBox, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.activities.exporting import Exporting
from sni_desktop.document import Document
from sni_desktop.exporting import sequence as sequence_dialog
from sni_desktop.exporting.choices import PictureChoices, SequenceChoices, recall
from sni_desktop.exporting.frame import describe_pixels
from sni_desktop.exporting.picture import PictureDialog
from sni_desktop.exporting.sequence import SequenceDialog
from sni_desktop.exporting.sheet import SheetDialog
from sni_desktop.settings import Settings
from sni_desktop.window import MainWindow
from sni_desktop.worker.client import EngineClient
from sni_engine.api.codec import read_project
from sni_engine.api.errors import EngineError
from sni_engine.api.history import Node
from sni_engine.api.messages import Apply, DrawMany
from sni_engine.api.pictures import OWN_SIZE, PictureForm
from sni_engine.api.sequences import Timing
from sni_engine.api.sheets import SheetForm, describe_nodes, draw_sheet

from .fakes import TWIN, DirectClient, FakeEngine, child, draw_picture, make_codes

Work = Callable[[], None]


@pytest.fixture
def exporting(face: Document, work: Work) -> Exporting:
    """Exports of a face with two steps."""
    for _ in range(2):
        face.select_all()
        face.resample()
        work()
    return Exporting(face)


def stops_of(document: Document) -> list:  # type: ignore[type-arg]
    assert document.snapshot.history is not None
    return [node.codes for node in document.snapshot.history.path()]


def read(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


# -- pictures and sheets -----------------------------------------------------------------------------------------------


def test_the_picture_on_screen_is_written_with_its_project(
    exporting: Exporting, face: Document, work: Work, tmp_path: Path
) -> None:
    exporting.write_picture(tmp_path / "face.png", OWN_SIZE, True)
    exporting.write_picture(tmp_path / "bare.png", PictureForm(64), False)
    work()
    assert np.array_equal(read(tmp_path / "face.png"), face.snapshot.picture)  # type: ignore[arg-type]
    assert read_project(tmp_path / "face.png") == face.project
    assert read(tmp_path / "bare.png").shape == (64, 64, 3)
    with pytest.raises(EngineError, match="without a project"):
        read_project(tmp_path / "bare.png")
    assert face.snapshot.notice is not None
    assert "bare.png" in face.snapshot.notice.title


def test_what_was_on_screen_when_it_was_asked_for_is_written(
    exporting: Exporting, face: Document, work: Work, tmp_path: Path
) -> None:
    shown = face.snapshot.picture
    assert shown is not None
    exporting.write_picture(tmp_path / "face.png", OWN_SIZE, False)
    face.undo()
    assert face.snapshot.history is not None
    assert face.snapshot.history.current_id == 1, "nothing waits for an export"
    work()
    assert np.array_equal(read(tmp_path / "face.png"), shown)


def test_a_picture_that_is_not_drawn_yet_is_drawn_first(
    exporting: Exporting, face: Document, work: Work, tmp_path: Path
) -> None:
    shown = face.snapshot.picture
    face._pictures.clear()
    exporting.write_picture(tmp_path / "face.webp", PictureForm(quality=100), False)
    work()
    assert np.array_equal(read(tmp_path / "face.webp"), shown)  # type: ignore[arg-type]


def test_a_sheet_holds_every_step(exporting: Exporting, face: Document, work: Work, tmp_path: Path) -> None:
    assert face.snapshot.history is not None
    exporting.write_sheet(tmp_path / "s.png", face.snapshot.history.nodes, SheetForm(32, 3), OWN_SIZE, True)
    work()
    assert read(tmp_path / "s.png").shape[1] > 3 * 32
    assert read_project(tmp_path / "s.png") == face.project


@pytest.fixture
def twenty(exporting: Exporting, face: Document, work: Work) -> list[Node]:
    """Steps that take three batches."""
    for _ in range(17):
        face.resample()
        work()
    assert face.snapshot.history is not None
    return list(face.snapshot.history.nodes)


def test_a_large_sheet_lets_steps_between_and_says_how_far_it_is(
    exporting: Exporting, face: Document, twenty: list[Node], client: DirectClient, work: Work, tmp_path: Path
) -> None:
    exporting.write_sheet(tmp_path / "s.png", twenty, SheetForm(8, 5), OWN_SIZE, True)
    kept = face.project
    client.answer_first()
    face.resample()
    for _ in range(2):  # the pictures arrive; they are scaled
        QCoreApplication.processEvents()
    assert [type(request) for request, _ in client.queue] == [Apply, DrawMany], "the step's turn is before the rest"
    told: list[float] = []
    face.changed.connect(lambda now: told.append(now.progress.fraction) if now.progress is not None else None)
    work()
    assert told == sorted(told)
    assert face.snapshot.history is not None
    assert len(face.snapshot.history.nodes) == len(twenty) + 1
    assert read_project(tmp_path / "s.png") == kept
    assert [len(r.codes) for r in client.engine.ran if isinstance(r, DrawMany)] == [8, 8, 4]
    expected = draw_sheet([draw_picture(node.codes) for node in twenty], describe_nodes(twenty), SheetForm(8, 5))
    assert np.array_equal(read(tmp_path / "s.png"), expected)


@pytest.mark.parametrize("answered", [0, 1, 2])
@pytest.mark.parametrize("end", ["cancel", "model"])
def test_a_large_sheet_can_be_cancelled_and_is_drawn_by_one_model(
    exporting: Exporting,
    face: Document,
    twenty: list[Node],
    client: DirectClient,
    work: Work,
    tmp_path: Path,
    answered: int,
    end: str,
) -> None:
    exporting.write_sheet(tmp_path / "s.png", twenty, SheetForm(), OWN_SIZE, False)
    for _ in range(answered):
        client.answer_first()
        QCoreApplication.processEvents()
    if end == "cancel":
        face.cancel()
    else:
        face.open_model(TWIN.name)
    work()
    assert list(tmp_path.iterdir()) == []
    assert "s.png was not written" in face.snapshot.notice.title  # type: ignore[union-attr]
    assert exporting.unfinished == ()
    assert not face.snapshot.busy


@pytest.mark.parametrize("what", ["picture", "sheet", "sequence"])
def test_a_place_that_cannot_be_written_is_a_sentence(
    exporting: Exporting, face: Document, work: Work, tmp_path: Path, what: str
) -> None:
    path = tmp_path / "nowhere" / "face.png"
    assert face.snapshot.history is not None
    if what == "picture":
        exporting.write_picture(path, OWN_SIZE, True)
    elif what == "sheet":
        exporting.write_sheet(path, face.snapshot.history.nodes, SheetForm(), OWN_SIZE, True)
    else:
        exporting.write_sequence(path, stops_of(face), Timing(12), OWN_SIZE, False)
    work()
    notice = face.snapshot.notice
    assert notice is not None
    assert (notice.kind, str(path) in notice.title, bool(notice.hint)) == ("error", True, True)
    assert not face.snapshot.busy
    assert exporting.running is None


def test_a_full_disk_leaves_the_old_file(
    exporting: Exporting, face: Document, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    for name in ("face.png", "morph.gif"):
        (tmp_path / name).write_bytes(b"precious")
    exporting.write_picture(tmp_path / "face.png", OWN_SIZE, True)
    work()
    assert "No space left" in face.snapshot.notice.title  # type: ignore[union-attr]
    exporting.write_sequence(tmp_path / "morph.gif", stops_of(face), Timing(12), OWN_SIZE, False)
    work()
    assert "No space left" in face.snapshot.notice.title  # type: ignore[union-attr]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["face.png", "morph.gif"]
    assert {item.read_bytes() for item in tmp_path.iterdir()} == {b"precious"}


# -- sequences -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["m.gif", "m.webp", "m.apng", "frames"])
def test_frames_and_sizes_are_right(
    exporting: Exporting, face: Document, work: Work, tmp_path: Path, name: str
) -> None:
    assert exporting.write_sequence(tmp_path / name, stops_of(face), Timing(21, loop=True), PictureForm(32), False)
    work()
    assert exporting.running is None
    assert "is written" in face.snapshot.notice.title  # type: ignore[union-attr]
    if name == "frames":
        files = sorted((tmp_path / name).iterdir())
        assert len(files) == 21
        assert read(files[0]).shape == (32, 32, 3)
    else:
        with Image.open(tmp_path / name) as image:
            assert (image.n_frames, image.size) == (21, (32, 32))


def test_edits_have_their_turn_between_frames(
    exporting: Exporting, face: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    exporting.write_sequence(tmp_path / "m.gif", stops_of(face), Timing(40), OWN_SIZE, False)
    assert face.snapshot.history is not None
    before = len(face.snapshot.history.nodes)
    face.resample()
    for _ in range(3):
        client.answer_first()
        QCoreApplication.processEvents()
    assert len(face.snapshot.history.nodes) == before + 1
    assert exporting.running is not None
    work()
    assert (tmp_path / "m.gif").exists()


@pytest.mark.parametrize("answered", [0, 1, 2, 5])
@pytest.mark.parametrize("name", ["m.gif", "frames"])
def test_cancel_leaves_nothing_and_says_so(
    exporting: Exporting, face: Document, client: DirectClient, work: Work, tmp_path: Path, answered: int, name: str
) -> None:
    exporting.write_sequence(tmp_path / name, stops_of(face), Timing(60), OWN_SIZE, False)
    for _ in range(answered):
        client.answer_first()
        QCoreApplication.processEvents()
    assert face.snapshot.busy
    if answered > 1:
        assert list(tmp_path.iterdir()) != []
        assert face.requests.progress is not None
        assert 0 < face.requests.progress.fraction < 1
    face.cancel()
    work()
    assert list(tmp_path.iterdir()) == []
    assert "was not written" in face.snapshot.notice.title  # type: ignore[union-attr]
    assert exporting.running is None
    assert not face.snapshot.busy
    assert exporting.write_sequence(tmp_path / name, stops_of(face), Timing(6), OWN_SIZE, False)
    work()
    assert (tmp_path / name).exists()


@pytest.mark.parametrize("answered", [0, 1, 2, 3])
@pytest.mark.parametrize("model", ["twin", "other"])
def test_no_sequence_is_of_two_models(
    exporting: Exporting, face: Document, client: DirectClient, work: Work, tmp_path: Path, answered: int, model: str
) -> None:
    exporting.write_sequence(tmp_path / "m.apng", stops_of(face), Timing(60), OWN_SIZE, False)
    for _ in range(answered):
        client.answer_first()
        QCoreApplication.processEvents()
    face.open_model(model)
    told = []
    face.changed.connect(lambda now: told.append(now.notice))
    work()
    assert list(tmp_path.iterdir()) == []
    assert exporting.running is None
    assert any(notice and "Another model" in notice.hint for notice in told)
    assert not any(notice and "is written" in notice.title for notice in told)
    assert exporting.write_sequence(tmp_path / "m.apng", stops_of(face)[:1], Timing(6), OWN_SIZE, False)
    work()
    assert (tmp_path / "m.apng").exists()


def test_no_sheet_is_drawn_by_another_model_than_was_seen(
    exporting: Exporting, face: Document, work: Work, tmp_path: Path
) -> None:
    assert face.snapshot.history is not None
    face.open_model("twin")
    exporting.write_sheet(tmp_path / "s.png", face.snapshot.history.nodes, SheetForm(32, 3), OWN_SIZE, False)
    work()
    assert list(tmp_path.iterdir()) == []
    assert "Another model" in face.snapshot.notice.hint  # type: ignore[union-attr]


def test_what_was_nearly_done_when_cancelled_goes_no_further(
    exporting: Exporting, face: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    exporting.write_sequence(tmp_path / "m.gif", stops_of(face), Timing(60), OWN_SIZE, False)
    QCoreApplication.processEvents()  # it is planned
    nearly_done = client.queue.pop()
    face.cancel()
    client.queue.append(nearly_done)
    work()
    assert list(tmp_path.iterdir()) == []
    assert exporting.running is None


def test_a_sequence_that_nobody_can_wait_for_is_refused(exporting: Exporting, face: Document, tmp_path: Path) -> None:
    assert not exporting.write_sequence(tmp_path / "a.mp4", stops_of(face), Timing(2000), PictureForm(4096), False)
    assert "too much" in face.snapshot.notice.title  # type: ignore[union-attr]
    assert not face.snapshot.busy


def test_one_sequence_at_a_time(exporting: Exporting, face: Document, work: Work, tmp_path: Path) -> None:
    assert exporting.write_sequence(tmp_path / "a.gif", stops_of(face), Timing(12), OWN_SIZE, False)
    assert not exporting.write_sequence(tmp_path / "b.gif", stops_of(face), Timing(12), OWN_SIZE, False)
    assert "a.gif" in face.snapshot.notice.title  # type: ignore[union-attr]
    work()
    assert [item.name for item in tmp_path.iterdir()] == ["a.gif"]


@pytest.mark.parametrize("delay_s", [0.0, 0.2])
def test_the_end_of_the_program_leaves_nothing_half_written(qtbot: QtBot, tmp_path: Path, delay_s: float) -> None:
    client = EngineClient(lambda: FakeEngine(delay_s))
    document = Document(client)
    exporting = Exporting(document)
    document.new_face(7)
    qtbot.waitUntil(lambda: document.snapshot.history is not None)
    document.select_all()
    document.resample()
    qtbot.waitUntil(lambda: not document.snapshot.busy)
    exporting.write_sequence(tmp_path / "m.webp", stops_of(document), Timing(3000), PictureForm(64), False)
    qtbot.waitUntil(lambda: list(tmp_path.iterdir()) != [])
    exporting.close()
    client.close()
    assert list(tmp_path.iterdir()) == []


# -- dialogs ---------------------------------------------------------------------------------------------------------


def choose(dialog: object, name: str, value: object) -> None:
    combo = child(dialog, QComboBox, name)  # type: ignore[arg-type]
    assert combo.findData(value) >= 0
    combo.setCurrentIndex(combo.findData(value))


def shown(window: MainWindow, kind: type):  # type: ignore[no-untyped-def]
    dialog = window.findChild(kind)
    assert dialog is not None
    assert dialog.isVisible()
    return dialog


@pytest.fixture
def stepped(window: MainWindow, work: Work, tmp_path: Path) -> MainWindow:
    window.document.select_all()
    window.document.resample()
    work()
    window._settings.folder = tmp_path
    return window


def told(dialog: object) -> str:
    return str(child(dialog, QLabel, "told").text())  # type: ignore[arg-type]


def test_the_picture_dialog_writes_what_is_chosen_and_remembers_it(
    stepped: MainWindow, work: Work, qtbot: QtBot, tmp_path: Path
) -> None:
    stepped.binder.actions["export"].trigger()
    dialog = shown(stepped, PictureDialog)
    assert child(dialog, QLineEdit, "target").text() == str(tmp_path / "face.png")
    assert "as the model draws" in told(dialog)
    choose(dialog, "format", ".jpg")
    choose(dialog, "size", None)
    child(dialog, QSpinBox, "custom").setValue(40)
    choose(dialog, "filter", "sharp")
    assert "enlarged 2.5 times from the 16 px" in told(dialog)
    assert not child(dialog, QCheckBox, "state").isEnabled()
    child(dialog, QPushButton, "export").click()
    work()
    with Image.open(tmp_path / "face.jpg") as image:
        assert (image.format, image.size) == ("JPEG", (40, 40))
    look = recall(stepped._settings, PictureChoices).look
    assert (look.suffix, look.size_px, look.filter, look.state) == (".jpg", 40, "sharp", True)
    assert stepped._settings.folder_for("picture") == tmp_path


def test_a_project_in_a_picture_is_not_replaced_by_an_export(
    stepped: MainWindow, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_to_replace", lambda *_: True)
    document, own = stepped.document, tmp_path / "face.png"
    document.save(own)
    stepped.exports.ask_picture()
    dialog = shown(stepped, PictureDialog)
    target = child(dialog, QLineEdit, "target")
    assert target.text() == str(tmp_path / "face-picture.png")
    (tmp_path / "link.png").symlink_to(own)
    for name in ("face.png", "../" + tmp_path.name + "/face.png", "link.png"):
        target.setText(str(tmp_path / name))
        assert "the open project itself" in told(dialog)
        assert not child(dialog, QPushButton, "export").isEnabled()
        child(dialog, QPushButton, "export").click()
    dialog.close()
    exporting, nodes = stepped.exports.exporting, document.snapshot.history.nodes  # type: ignore[union-attr]
    exporting.write_picture(own, OWN_SIZE, False)
    exporting.write_sheet(own, nodes, SheetForm(), OWN_SIZE, False)
    assert not exporting.write_sequence(own, stops_of(document), Timing(12), OWN_SIZE, False)
    work()
    assert "the open project itself" in document.snapshot.notice.title  # type: ignore[union-attr]
    assert read_project(own) == document.project


def test_the_files_size_is_told(stepped: MainWindow, work: Work, qtbot: QtBot) -> None:
    stepped.exports.ask_picture()
    dialog = shown(stepped, PictureDialog)

    def is_told() -> bool:
        work()
        return "The file: " in told(dialog)

    qtbot.waitUntil(is_told)
    dialog.close()


def test_nothing_is_replaced_unasked(
    stepped: MainWindow, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "face.png").write_bytes(b"precious")
    monkeypatch.setattr(dialogs, "ask_to_replace", lambda *_: False)
    stepped.exports.ask_picture()
    dialog = shown(stepped, PictureDialog)
    child(dialog, QPushButton, "export").click()
    work()
    assert dialog.isVisible()
    assert (tmp_path / "face.png").read_bytes() == b"precious"
    monkeypatch.setattr(dialogs, "ask_to_replace", lambda *_: True)
    child(dialog, QPushButton, "export").click()
    work()
    assert (tmp_path / "face.png").read_bytes() != b"precious"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "Give the file a name"),
        ("~nobody-of-this-name/face.png", "no folder ~nobody"),
        ("nowhere/face.png", "There is no folder"),
        ("face.jpg", "another format's suffix"),
        ("face.bmp", "kind of picture"),
    ],
)
def test_what_cannot_be_is_said_before_export(stepped: MainWindow, tmp_path: Path, name: str, why: str) -> None:
    stepped.exports.ask_picture()
    dialog = shown(stepped, PictureDialog)
    child(dialog, QLineEdit, "target").setText(str(tmp_path / name) if name and name[0] != "~" else name)
    assert why in told(dialog)
    assert not child(dialog, QPushButton, "export").isEnabled()
    dialog.close()


def test_the_sequence_dialog_writes_and_remembers(stepped: MainWindow, work: Work, tmp_path: Path) -> None:
    stepped.binder.actions["export-sequence"].trigger()
    dialog = shown(stepped, SequenceDialog)
    choose(dialog, "format", ".gif")
    choose(dialog, "size", 64)
    child(dialog, QSpinBox, "frames").setValue(30)
    assert "30 frames of 64 × 64 px" in told(dialog)
    child(dialog, QPushButton, "export").click()
    work()
    with Image.open(tmp_path / "face-morph.gif") as image:
        assert image.size == (64, 64)
    assert recall(stepped._settings, SequenceChoices).frames == 30


def test_the_boxes_of_steps_hold_small_pictures(stepped: MainWindow) -> None:
    history = stepped.document.snapshot.history
    assert history is not None
    large = np.full((512, 512, 3), 90, np.uint8)
    for node in history.nodes:
        stepped.document.remember(node.codes, large)
    stepped.exports.ask_sequence()
    dialog = shown(stepped, SequenceDialog)
    for box in (dialog._from, dialog._to):
        sizes = [box.itemIcon(row).availableSizes()[0].width() for row in range(box.count())]
        assert sizes == [56, 56]
    dialog.close()


def test_only_the_steps_that_are_seen_are_drawn_small(stepped: MainWindow, work: Work) -> None:
    document = stepped.document
    history = document.snapshot.history
    assert history is not None
    for index in range(300):
        history = history.push(history.current.edit, make_codes(index), created=1.0)  # type: ignore[arg-type]
    document._show(history=history)
    work()
    asked: list[int] = []
    picture_of, document.picture_of = document.picture_of, lambda step: asked.append(step) or picture_of(step)  # type: ignore[method-assign,func-returns-value]
    stepped.exports.ask_sequence()
    dialog = shown(stepped, SequenceDialog)
    dialog._way.setCurrentIndex(dialog._way.findData("between"))
    dialog._from.showPopup()
    QCoreApplication.processEvents()
    assert 0 < len({*asked}) < 60
    assert dialog._to.currentData() == history.current_id
    assert dialog._from.count() == len(history.nodes)
    dialog._from.hidePopup()
    dialog.close()


def test_the_sequence_dialog_says_what_cannot_be(
    stepped: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> str:
        raise EngineError("There is no video encoder here to write an MP4 with.", "Install one.")

    monkeypatch.setattr(sequence_dialog, "need_ffmpeg", refuse)
    stepped.exports.ask_sequence()
    dialog = shown(stepped, SequenceDialog)
    child(dialog, QSpinBox, "frames").setValue(3)
    assert "too few" in told(dialog)
    choose(dialog, "size", None)
    child(dialog, QSpinBox, "custom").setValue(4096)
    child(dialog, QSpinBox, "frames").setValue(1025)
    assert "1025 frames of 4096 px are too much" in told(dialog)
    child(dialog, QSpinBox, "frames").setValue(1024)
    assert "1024 frames of 4096" in told(dialog)
    assert child(dialog, QPushButton, "export").isEnabled()
    choose(dialog, "size", 512)
    child(dialog, QSpinBox, "frames").setValue(48)
    choose(dialog, "format", ".mp4")
    assert "no video encoder" in told(dialog)
    assert not child(dialog, QPushButton, "export").isEnabled()
    (tmp_path / "face-morph").mkdir()
    (tmp_path / "face-morph" / "letter.txt").write_text("mine")
    child(dialog, QLineEdit, "target").setText(str(tmp_path / "face.gif"))
    choose(dialog, "format", ".webp")
    child(dialog, QLineEdit, "target").setText(str(tmp_path / "face.gif"))
    assert "another format's suffix" in told(dialog)
    child(dialog, QLineEdit, "target").setText(str(tmp_path / "face-morph.webp"))
    choose(dialog, "format", "")
    assert "not empty" in told(dialog)
    dialog._to.setCurrentIndex(0)
    choose(dialog, "way", "between")
    assert "Nothing changes" in told(dialog)
    dialog.close()


def test_the_sheet_dialog_writes(stepped: MainWindow, work: Work, tmp_path: Path) -> None:
    stepped.binder.actions["export-sheet"].trigger()
    dialog = shown(stepped, SheetDialog)
    choose(dialog, "nodes", "starred")
    assert "No step is starred" in told(dialog)
    assert not child(dialog, QPushButton, "export").isEnabled()
    choose(dialog, "nodes", "all")
    assert "2 pictures of 16 px in 2 columns" in told(dialog)
    child(dialog, QPushButton, "export").click()
    work()
    assert read_project(tmp_path / "face-steps.png") == stepped.document.project


@pytest.mark.parametrize(
    "text", ["", "nonsense", '{"look": {"suffix": 5}}', '{"look": {"suffix": ".tiff", "size_px": -3}}']
)
def test_odd_memories_count_as_none(stepped: MainWindow, text: str) -> None:
    stepped._settings.keep_text("PictureChoices", text)
    stepped.exports.ask_picture()
    dialog = shown(stepped, PictureDialog)
    assert child(dialog, QPushButton, "export").isEnabled()
    dialog.close()


def test_dialogs_fit_a_small_screen_and_name_every_field(stepped: MainWindow) -> None:
    for ask in (stepped.exports.ask_picture, stepped.exports.ask_sheet, stepped.exports.ask_sequence):
        ask()
    for kind in (PictureDialog, SheetDialog, SequenceDialog):
        dialog = shown(stepped, kind)
        assert dialog.sizeHint().width() < 1024
        assert dialog.sizeHint().height() < 700
        for field in (QComboBox, QSpinBox):
            assert all(widget.accessibleName() for widget in dialog.findChildren(field))
        dialog.close()


@pytest.mark.parametrize("what", ["sequence", "sheet", "drawn sheet", "picture", "replay"])
@pytest.mark.parametrize(("answer", "stays"), [("Cancel", True), ("Close", False)])
def test_leaving_while_anything_is_written_asks_once(
    stepped: MainWindow,
    client: DirectClient,
    work: Work,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    answer: str,
    stays: bool,
) -> None:
    document, exporting, made = stepped.document, stepped.exports.exporting, tmp_path / "m.png"
    document.save(tmp_path / "face.sni")
    work()
    assert document.snapshot.history is not None
    if what == "sequence":
        exporting.write_sequence(made, stops_of(document), Timing(60), OWN_SIZE, False)
    elif what == "picture":
        exporting.write_picture(made, OWN_SIZE, False)
    elif what == "replay":
        recipe, made = document.take_recipe(1), tmp_path / "seed-3.sni"
        assert recipe is not None
        stepped.steps.replays.start(recipe, [3], [], tmp_path)
    else:
        exporting.write_sheet(made, document.snapshot.history.nodes, SheetForm(32), OWN_SIZE, False)
        if what == "drawn sheet":
            client.answer_first()
            QCoreApplication.processEvents()
    asked = []

    def ask(box: QMessageBox) -> QMessageBox.StandardButton:
        asked.append(box.text())
        return getattr(QMessageBox.StandardButton, answer)  # type: ignore[no-any-return]

    monkeypatch.setattr(QMessageBox, "exec", ask)
    assert stepped.close() is not stays
    assert len(asked) == 1
    assert ("applied: 0 of 1" if what == "replay" else "m.png") in asked[0]
    work()
    assert made.exists() is stays
    assert stepped.close()
    assert len(asked) == 1, "all is done"


def test_what_failed_or_was_cancelled_holds_nobody_up(
    exporting: Exporting, face: Document, client: DirectClient, work: Work, tmp_path: Path
) -> None:
    exporting.write_picture(tmp_path / "nowhere" / "face.png", OWN_SIZE, True)
    assert [path.name for path in exporting.unfinished] == ["face.png"]
    work()
    assert exporting.unfinished == ()
    exporting.write_sheet(tmp_path / "s.png", face.snapshot.history.nodes, SheetForm(32), OWN_SIZE, False)  # type: ignore[union-attr]
    face.cancel()
    work()
    assert exporting.unfinished == ()
    assert "s.png was not written" in face.snapshot.notice.title  # type: ignore[union-attr]


def test_sizes_are_told_honestly() -> None:
    assert describe_pixels(64, 0) == describe_pixels(64, 64) == "64 × 64 px, as the model draws."
    assert "enlarged 8 times from the 64 px that the model draws, without new detail" in describe_pixels(64, 512)
    assert "reduced" in describe_pixels(64, 32)


def test_folders_are_remembered_for_each_purpose(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "window.ini")
    (tmp_path / "pictures").mkdir()
    settings.folder = tmp_path
    settings.keep_folder("picture", tmp_path / "pictures")
    assert settings.folder_for("picture") == tmp_path / "pictures"
    assert settings.folder_for("sequence") == tmp_path
