"""Drops and pastes (ux.md, checks E2 and E12): each is opened, applied, or answered with one sentence, never more."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.document import Document
from sni_desktop.settings import Settings
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.codec import encode_project, write_project
from sni_engine.api.codes_text import PREFIX, write_codes
from sni_engine.api.edits import Interpolate
from sni_engine.api.models import ModelRef
from sni_engine.api.pictures import PictureForm, encode_picture

from .conftest import forget_changes
from .fakes import CARD, DirectClient, FakeEngine, current_picture_is_right, make_codes

Work = Callable[[], None]


@pytest.fixture
def bare(document: Document, theme: Theme, qtbot: QtBot, engine: FakeEngine) -> MainWindow:
    """A window with no face, whose engine finds no model."""
    engine.fail = lambda request: "There is no model here."
    window = MainWindow(document, theme, Settings())
    qtbot.addWidget(window, before_close_func=forget_changes)
    window.show()
    return window


def drop(window: MainWindow, data: QMimeData, work: Work) -> None:
    """Drag something over the window and let it go there, as Qt delivers it."""
    given = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *given)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, make_drop(data))
    QCoreApplication.processEvents()
    work()


def make_drop(data: QMimeData) -> QDropEvent:
    return QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def text(content: str) -> QMimeData:
    data = QMimeData()
    data.setText(content)
    return data


def image(png: bytes = b"") -> QMimeData:
    data = QMimeData()
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB888))
    if png:
        data.setData("image/png", png)
    return data


def link(url: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url)])
    return data


def listen(document: Document) -> list[str]:
    """Return the list that every new message's title goes to."""
    told: list[str] = []

    def note(now: object) -> None:
        notice = document.snapshot.notice
        if notice is not None and (not seen or seen[-1] is not notice):
            told.append(notice.title)
        seen.append(notice)

    seen: list[object] = []
    document.changed.connect(note)
    return told


def make_odd(folder: Path) -> dict[str, tuple[QMimeData, str]]:
    """Return what people drop by mistake, and a word of the answer to each."""
    pixels = np.zeros((8, 8, 3), np.uint8)
    Image.fromarray(pixels).save(folder / "photo.png")
    Image.fromarray(pixels).save(folder / "photo.jpg")
    (folder / "empty.sni").write_bytes(b"")
    (folder / "broken.sni").write_bytes(b"PK\3\4 and nothing more")
    (folder / "letter.txt").write_text("Dear all")
    (folder / "damaged.png").write_bytes(
        encode_picture(pixels, "PNG", PictureForm(), b"state").replace(b"state", b"stale")
    )
    (folder / "a folder").mkdir()
    return {
        "picture": (files(folder / "photo.png"), "without a project"),
        "jpeg": (files(folder / "photo.jpg"), "without a project"),
        "damaged": (files(folder / "damaged.png"), "damaged"),
        "empty": (files(folder / "empty.sni"), "cannot be opened"),
        "broken": (files(folder / "broken.sni"), "cannot be opened"),
        "letter": (files(folder / "letter.txt"), "cannot be opened"),
        "missing": (files(folder / "gone.sni"), "could not be read"),
        "folder": (files(folder / "a folder"), "is a folder"),
        "several": (files(folder / "photo.jpg", folder / "letter.txt"), "without a project"),
        "text": (text("a nice face"), "text holds no codes"),
        "bad codes": (text(PREFIX + "AAAA"), "damaged"),
        "image": (image(), "picture holds no project"),
        "plain png": (image(encode_picture(pixels, "PNG")), "picture holds no project"),
        "link": (link("https://example.org/face.sni"), "Only files on this computer"),
        "nothing": (QMimeData(), "nothing here to open"),
    }


ODD = [
    "picture",
    "jpeg",
    "damaged",
    "empty",
    "broken",
    "letter",
    "missing",
    "folder",
    "several",
    "text",
    "bad codes",
    "image",
]
ODD += ["plain png", "link", "nothing"]


@pytest.mark.parametrize("name", ODD)
def test_without_a_model_there_is_one_message(bare: MainWindow, work: Work, tmp_path: Path, name: str) -> None:
    data, word = make_odd(tmp_path)[name]
    told = listen(bare.document)
    drop(bare, data, work)
    assert len(told) == 1, told
    assert word in told[0]
    assert bare.document.snapshot.notice is not None
    assert bare.document.snapshot.notice.hint


@pytest.mark.parametrize("name", ODD)
def test_with_a_face_there_is_one_message_and_the_face_stays(
    window: MainWindow, work: Work, tmp_path: Path, name: str
) -> None:
    data, word = make_odd(tmp_path)[name]
    window.document.select_all()
    window.document.resample()
    work()
    before, told = window.document.snapshot.history, listen(window.document)
    drop(window, data, work)  # a question about unsaved steps would hang here
    assert len(told) == 1, told
    assert word in told[0]
    assert window.document.snapshot.history is before


@pytest.mark.parametrize("suffix", [".sni", ".png", ".safetensors"])
def test_without_a_model_here_a_good_file_is_one_message_too(
    bare: MainWindow, work: Work, tmp_path: Path, suffix: str, face_bytes: bytes
) -> None:
    path = tmp_path / f"face{suffix}"
    path.write_bytes(face_bytes)
    told = listen(bare.document)
    drop(bare, files(path), work)
    assert told == ["There is no model here."]


@pytest.fixture
def face_bytes(tmp_path: Path) -> bytes:
    """A PNG with a project of the fake model in it."""
    from sni_engine.api.history import start_history
    from sni_engine.api.packing import Project
    from sni_engine.api.selection import select_all

    project = Project(CARD.ref, start_history(make_codes(5), 5), select_all(CARD.grid))
    return encode_picture(np.zeros((16, 16, 3), np.uint8), "PNG", PictureForm(), encode_project(project))


def test_a_picture_brings_everything_back(window: MainWindow, work: Work, tmp_path: Path) -> None:
    document = window.document
    for _ in range(2):
        document.select_all()
        document.resample()
        work()
    document.undo()
    document.set_label(1, "Grüße")
    document.toggle_star(2)
    work()
    project, picture = document.project, document.snapshot.picture
    assert project is not None
    window.exports.exporting.write_picture(tmp_path / "é 中 face.png", PictureForm(64), True)
    work()
    write_project(project, tmp_path / "keep.sni")
    document.save(tmp_path / "keep.sni")
    document.new_face(9)
    work()
    drop(window, files(tmp_path / "é 中 face.png"), work)
    assert document.project == project
    assert np.array_equal(document.snapshot.picture, picture)  # type: ignore[arg-type]
    assert not document.snapshot.modified


def test_of_several_the_first_that_can_be_is_opened(window: MainWindow, work: Work, tmp_path: Path) -> None:
    make_odd(tmp_path)
    window.document.save(tmp_path / "face.sni")
    drop(window, files(tmp_path / "photo.jpg", tmp_path / "face.sni"), work)
    assert window.document.snapshot.path == tmp_path / "face.sni"
    assert window.document.snapshot.notice is not None
    assert "Only face.sni" in window.document.snapshot.notice.title


def test_a_file_that_cannot_be_opened_costs_no_question(
    window: MainWindow, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, face_bytes: bytes
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: asked.append("keep") or QMessageBox.StandardButton.Cancel)
    window.document.select_all()
    window.document.resample()
    work()
    before = window.document.snapshot.history
    drop(window, make_odd(tmp_path)["jpeg"][0], work)
    assert asked == []
    (tmp_path / "good.png").write_bytes(face_bytes)
    drop(window, files(tmp_path / "good.png"), work)
    assert asked == ["keep"]
    assert window.document.snapshot.history is before


def test_the_open_picture_is_saved_as_a_picture(
    window: MainWindow, work: Work, tmp_path: Path, face_bytes: bytes
) -> None:
    path = tmp_path / "face.png"
    path.write_bytes(face_bytes)
    assert window.files.open(path)
    work()
    window.document.select_all()
    window.document.resample()
    work()
    assert window.files.save()
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), window.document.snapshot.picture)
    saved = window.document.project
    window.document.new_face(3)
    work()
    window.files.open(path)
    work()
    assert window.document.project == saved


# -- the clipboard ---------------------------------------------------------------------------------------------------


def test_a_copied_picture_pasted_restores_it(window: MainWindow, work: Work) -> None:
    document = window.document
    document.select_all()
    document.resample()
    work()
    project = document.project
    window.binder.actions["copy"].trigger()
    work()
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert data.imageData().size().width() == 16
    document._saved = document.project
    document.new_face(9)
    work()
    window.binder.actions["paste"].trigger()
    work()
    assert document.project == project
    assert current_picture_is_right(document)


def test_copied_codes_pasted_are_a_step_all_the_way(window: MainWindow, work: Work) -> None:
    document = window.document
    window.binder.actions["copy-codes"].trigger()
    copied = document.snapshot.history.current.codes  # type: ignore[union-attr]
    document.new_face(9)
    work()
    window.binder.actions["paste"].trigger()
    work()
    history = document.snapshot.history
    assert history is not None
    assert len(history.nodes) == 2
    edit = history.current.edit
    assert edit is not None
    assert edit.params == Interpolate(1.0)
    assert edit.reference == copied
    assert np.array_equal(history.current.codes.local, copied.local)


def test_codes_of_another_model_say_so(window: MainWindow, work: Work) -> None:
    told = listen(window.document)
    drop(window, text(write_codes(make_codes(3), ModelRef("elsewhere", "0" * 32))), work)
    assert len(told) == 1
    assert "elsewhere" in told[0]
    assert len(window.document.snapshot.history.nodes) == 2  # type: ignore[union-attr]


def test_codes_of_another_grid_are_refused(window: MainWindow, work: Work) -> None:
    from .fakes import OTHER

    drop(window, text(write_codes(make_codes(3, OTHER.grid), OTHER.ref)), work)
    assert window.document.snapshot.notice is not None
    assert "another grid" in window.document.snapshot.notice.title


def test_codes_without_a_face_begin_one(bare: MainWindow, work: Work, engine: FakeEngine) -> None:
    engine.fail = lambda request: None
    drop(bare, text(write_codes(make_codes(3), CARD.ref)), work)
    assert bare.document.snapshot.history is not None
    assert bare.document.snapshot.history.current.codes == make_codes(3)


def test_keys_of_the_clipboard_stay_with_text_fields(window: MainWindow, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLineEdit

    line = QLineEdit("precious", window)
    line.show()
    line.setFocus()
    line.selectAll()
    before = window.document.snapshot.notice
    qtbot.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "precious"
    assert window.document.snapshot.notice is before
    line.clear()
    qtbot.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "precious"


def let_go(window: MainWindow, path: Path) -> None:
    """Drop a file, and let the window begin to read it."""
    data = files(path)  # the event does not keep it
    window.dropEvent(make_drop(data))
    for _ in range(3):
        QCoreApplication.processEvents()


def test_what_comes_last_is_what_is_opened(
    window: MainWindow, client: DirectClient, work: Work, tmp_path: Path, face_bytes: bytes
) -> None:
    client.slow_disk = True
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(face_bytes)
        let_go(window, tmp_path / name)
    assert window.document.snapshot.busy, "one sees that it is being read"
    work()
    assert window.document.snapshot.path == tmp_path / "two.png"


def test_what_is_being_read_can_be_given_up(
    window: MainWindow, client: DirectClient, work: Work, tmp_path: Path, face_bytes: bytes
) -> None:
    before, client.slow_disk = window.document.snapshot.history, True
    (tmp_path / "one.png").write_bytes(face_bytes)
    let_go(window, tmp_path / "one.png")
    assert client.queue
    window.document.cancel()
    work()
    assert window.document.snapshot.history is before


def test_codes_copied_after_a_picture_stay_on_the_clipboard(
    window: MainWindow, client: DirectClient, work: Work
) -> None:
    client.slow_disk = True
    window.copying.copy_picture()
    window.copying.copy_codes()
    work()
    assert QGuiApplication.clipboard().text().startswith(PREFIX)
