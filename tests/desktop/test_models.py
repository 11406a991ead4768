"""Looking after models in the window: the list, what is done with one, what is dropped, and all of it by keys."""

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.activities.models import SAMPLE_SEEDS, Models
from sni_desktop.document import Document
from sni_desktop.preferences.models.page import ModelsPage
from sni_desktop.preferences.models.rows import ModelList
from sni_desktop.preferences.models.samples import SampleStrip
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.library import VerifyModel

from .fake_library import FakeLibrary
from .fakes import CARD, OTHER, TWIN, DirectClient, FakeEngine, child

Work = Callable[[], None]
OWN, SECOND = Path("/own/other.safetensors"), Path("/own/twin.safetensors")


@pytest.fixture
def library(engine: FakeEngine) -> FakeLibrary:
    engine.library = FakeLibrary(CARD, OTHER, TWIN)
    return engine.library


@pytest.fixture
def models(library: FakeLibrary, face: Document, work: Work) -> Models:
    models = Models(face)
    models.watch(True)
    work()
    return models


@pytest.fixture
def page(models: Models, theme: Theme, qtbot: QtBot, work: Work) -> ModelsPage:
    page = ModelsPage(models, theme, models.use)
    qtbot.addWidget(page)
    page.resize(780, 620)
    page.show()
    work()
    return page


def names(models: Models) -> list[str]:
    return [entry.name for entry in models.state.entries]


def told(models: Models) -> str:
    return models.state.told.text if models.state.told is not None else ""


def button(page: ModelsPage, name: str) -> QPushButton:
    return child(page, QPushButton, name)  # type: ignore[no-any-return]


def press(page: ModelsPage, name: str, work: Work) -> None:
    assert button(page, name).isEnabled(), name
    button(page, name).click()
    work()


# -- the activity ----------------------------------------------------------------------------------------------------


def test_what_is_open_is_looked_at_first_and_faces_come_one_model_after_the_other(
    models: Models, library: FakeLibrary
) -> None:
    assert names(models) == ["fake", "other", "twin"]
    assert models.state.entry is not None
    assert models.state.is_open(models.state.entry)
    assert library.sampled == [entry.path for entry in library.entries], "each is drawn once"
    pictures = models.state.samples[OTHER.digest]
    assert pictures.shape == (len(SAMPLE_SEEDS), 16, 16, 3)


def test_of_two_files_that_are_added_each_is_told_of_until_it_is_there(
    models: Models, page: ModelsPage, client: DirectClient
) -> None:
    for name in ("first", "second"):
        models.add(Path(f"/elsewhere/{name}.safetensors"))
    seen = []
    while client.queue:
        seen.append((models.state.work, button(page, "add-model").isEnabled()))
        client.answer_first()
        QApplication.processEvents()
    texts = [work for place, (work, _) in enumerate(seen) if (work, _) not in seen[:place]]
    assert texts[0].startswith("Adding first") and texts[1].startswith("Adding second")
    assert all(is_free == (not work) for work, is_free in seen)
    assert models.state.work == "" and button(page, "add-model").isEnabled()


def test_nobody_watching_no_faces_are_drawn(library: FakeLibrary, face: Document, work: Work) -> None:
    models = Models(face)
    models.refresh()
    work()
    assert names(models) == ["fake", "other", "twin"]
    assert library.sampled == []


def test_esc_in_the_window_stops_nothing_of_this(library: FakeLibrary, face: Document, work: Work) -> None:
    models = Models(face)
    models.watch(True)
    face.cancel()
    work()
    assert len(models.state.samples) == 3
    models.verify(OWN)
    face.cancel()
    work()
    assert models.state.verified == {OWN: ""}
    assert models.state.work == ""


def test_renaming_the_open_model_changes_what_the_window_shows(
    models: Models, library: FakeLibrary, face: Document, work: Work
) -> None:
    face.open_model(str(OWN))
    work()
    before = face.snapshot.history
    models.rename(OWN, "another")
    work()
    assert face.snapshot.made_with is not None
    assert face.snapshot.made_with.name == "another"
    assert face.snapshot.card is not None
    assert face.snapshot.card.name == "another"
    assert face.snapshot.history is before
    entry = models.state.entry
    assert entry is not None
    assert (entry.name, models.state.is_open(entry)) == ("another", True)
    models.rename(entry.path, "fake")
    work()
    assert "called" in told(models)
    assert "another" in names(models)


def test_deleting_moves_on_to_the_next_and_undo_comes_back(models: Models, work: Work) -> None:
    models.remove(OWN)
    assert models.state.work
    work()
    assert names(models) == ["fake", "twin"]
    assert models.state.chosen == SECOND
    assert models.state.told is not None
    models.restore(models.state.told.restore)
    work()
    assert names(models) == ["fake", "other", "twin"]
    assert models.state.chosen == OWN


def test_deleting_what_is_open_says_that_it_stays(models: Models, face: Document, work: Work) -> None:
    face.open_model(str(OWN))
    work()
    models.remove(OWN)
    work()
    assert "stays open in the editor" in told(models)
    assert face.snapshot.card == OTHER


def test_of_two_copies_only_the_one_in_use_is_marked(models: Models, face: Document, work: Work) -> None:
    models.duplicate(OWN)
    work()
    face.open_model(str(OWN))
    work()
    assert [entry.name for entry in models.state.entries if models.state.is_open(entry)] == ["other"]


def test_a_model_that_does_not_open_says_so_on_the_page(
    models: Models, engine: FakeEngine, face: Document, work: Work
) -> None:
    engine.fail = lambda request: "It is damaged." if type(request).__name__ == "OpenModel" else None
    models.use(OWN)
    work()
    assert "It is damaged." in told(models)


# -- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_known_and_what_may_be_done(page: ModelsPage, models: Models, work: Work) -> None:
    assert child(page, QLineEdit, "model-name").isReadOnly()
    for name, enabled in (("use", False), ("duplicate", True), ("delete", False), ("rename", False), ("verify", True)):
        assert button(page, name).isEnabled() is enabled, name
    assert "duplicate it" in button(page, "delete").toolTip()
    child(page, ModelList, "models").setCurrentRow(1)
    assert models.state.chosen == OWN
    for name in ("use", "duplicate", "delete", "rename", "verify"):
        assert button(page, name).isEnabled(), name
    assert np.array_equal(child(page, SampleStrip, "samples").pictures, models.state.samples[OTHER.digest])
    assert child(page, QLabel, "digest").text() == OTHER.digest[:12]
    press(page, "copy-digest", work)
    assert QGuiApplication.clipboard().text() == OTHER.digest
    texts = " ".join(label.text() for label in page.findChildren(QLabel))
    assert "has not been measured" in texts, "scores are never invented"


def test_the_name_is_edited_in_place(page: ModelsPage, models: Models, qtbot: QtBot, work: Work) -> None:
    models.choose(OWN)
    field = child(page, QLineEdit, "model-name")
    press(page, "rename", work)
    assert field.hasSelectedText()
    qtbot.keyClicks(field, "Anna")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "other", "Esc brings the old name back, and the page stays"
    field.selectAll()
    qtbot.keyClicks(field, "Anna")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    work()
    assert names(models) == ["fake", "Anna", "twin"]
    assert child(page, ModelList, "models").currentItem().text() == "Anna"


def test_a_refused_name_stays_in_the_field_to_be_mended(
    page: ModelsPage, models: Models, qtbot: QtBot, work: Work
) -> None:
    models.choose(OWN)
    field = child(page, QLineEdit, "model-name")
    field.setFocus()
    field.setText("twin")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    work()
    assert "called" in child(page, QLabel, "page-message-text").text()
    assert names(models) == ["fake", "other", "twin"]
    assert field.text() == "twin"


def test_a_refused_name_is_asked_for_once_and_another_one_is_taken(
    page: ModelsPage, models: Models, qtbot: QtBot, work: Work
) -> None:
    models.choose(OWN)
    field = child(page, QLineEdit, "model-name")
    field.edit()
    qtbot.keyClicks(field, "twin")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    work()
    asked: list[str] = []
    field.renamed.connect(asked.append)
    qtbot.mouseClick(button(page, "rename"), Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    assert field.selectedText() == "twin"
    child(page, ModelList, "models").setFocus()
    assert asked == [], "leaving the field does not ask again for what was refused"
    field.edit()
    qtbot.keyClicks(field, "Anna")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    work()
    assert names(models) == ["fake", "Anna", "twin"]
    assert child(page, ModelList, "models").hasFocus(), "the name is no longer being edited"
    assert not field.hasSelectedText()


def test_trouble_is_gone_when_the_page_comes_back_and_deleting_leaves_the_keys_to_the_list(
    page: ModelsPage, models: Models, work: Work
) -> None:
    models.choose(OWN)
    models.rename(OWN, "twin")
    work()
    assert told(models)
    page.hide()
    page.show()
    assert not told(models)
    models.choose(OWN)
    press(page, "delete", work)
    assert page.focusWidget() is child(page, ModelList, "models")


def test_keys_of_the_list(page: ModelsPage, models: Models, qtbot: QtBot, face: Document, work: Work) -> None:
    rows = child(page, ModelList, "models")
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert models.state.chosen == OWN
    qtbot.keyClick(rows, Qt.Key.Key_F2)
    assert child(page, QLineEdit, "model-name").hasFocus()
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    work()
    assert face.snapshot.card == OTHER
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    work()
    assert names(models) == ["fake", "twin"]
    press(page, "undo-delete", work)
    assert names(models) == ["fake", "other", "twin"]
    rows.setCurrentRow(0)
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    work()
    assert names(models)[0] == "fake", "what comes with the program stays"


def test_deleted_models_wait_in_a_menu(page: ModelsPage, models: Models, work: Work) -> None:
    assert not button(page, "deleted-models").isVisible()
    for path in (OWN, SECOND):
        models.remove(path)
        work()
    assert "(2)" in button(page, "deleted-models").text()
    menu = button(page, "deleted-models").menu()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()[:2]] == ["Bring back twin", "Bring back other"]
    menu.actions()[1].trigger()
    work()
    assert names(models) == ["fake", "other"]
    menu.actions()[-1].trigger()
    work()
    assert not button(page, "deleted-models").isVisible()


def test_verifying_ends_in_a_sentence(page: ModelsPage, models: Models, library: FakeLibrary, work: Work) -> None:
    models.choose(OWN)
    press(page, "verify", work)
    assert "its digest is right" in child(page, QLabel, "verdict").text()
    library.damaged.add(OWN)
    press(page, "verify", work)
    assert child(page, QLabel, "verdict").text() == "It is damaged."
    models.choose(SECOND)
    assert not child(page, QLabel, "verdict").isVisible()


def test_a_damaged_file_can_only_be_deleted_or_looked_at(
    page: ModelsPage, models: Models, library: FakeLibrary, work: Work, face: Document
) -> None:
    broken = library.make("broken", None, problem="broken is cut short.")
    library.entries.append(broken)
    models.refresh()
    work()
    models.choose(broken.path)
    assert child(page, QLabel, "model-problem").text() == "broken is cut short."
    for name, enabled in (("use", False), ("duplicate", False), ("rename", False), ("delete", True), ("reveal", True)):
        assert button(page, name).isEnabled() is enabled, name
    rows = child(page, ModelList, "models")
    rows.itemActivated.emit(rows.currentItem())
    work()
    assert face.snapshot.card == CARD


def test_what_takes_long_holds_back_the_buttons(
    page: ModelsPage, models: Models, client: DirectClient, work: Work
) -> None:
    models.choose(OWN)
    button(page, "verify").click()
    assert any(isinstance(request, VerifyModel) for request, _ in client.queue)
    assert "Verifying" in child(page, QLabel, "page-message-text").text()
    assert not button(page, "delete").isEnabled()
    work()
    assert button(page, "delete").isEnabled()


def test_no_model_at_all_is_a_sentence(page: ModelsPage, models: Models, library: FakeLibrary, work: Work) -> None:
    library.entries.clear()
    models.refresh()
    work()
    texts = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert any("There is no model here" in text for text in texts)
    assert button(page, "add-model").isEnabled()


def test_files_dropped_on_the_page_are_added(page: ModelsPage, models: Models, work: Work) -> None:
    drop(page, Path("/tmp/one.safetensors"), Path("/tmp/two.safetensors"))
    work()
    assert names(models) == ["fake", "one", "other", "twin", "two"]
    drop(page, Path("/tmp/bad.safetensors"))
    work()
    assert told(models) == "bad.safetensors is not a whole model. Choose another file."
    drop(page, Path("/tmp/one.safetensors"))
    work()
    assert 'here already: "one"' in told(models)
    assert models.state.chosen == Path("/own/one.safetensors")


def test_everything_has_a_name_for_those_who_cannot_see(page: ModelsPage) -> None:
    for widget in [*page.findChildren(QPushButton), page.findChild(ModelList), page.findChild(QLineEdit)]:
        assert widget is not None
        assert widget.accessibleName() or getattr(widget, "text", str)(), widget.objectName()
    rows = child(page, ModelList, "models")
    assert "open in the editor" in rows.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert child(page, SampleStrip, "samples").accessibleName()


# -- in the window ---------------------------------------------------------------------------------------------------


def drop(target: object, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    given = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(5, 5), *given))  # type: ignore[arg-type]
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), *given))  # type: ignore[arg-type]


def test_the_menu_opens_the_page_and_use_asks_about_unsaved_steps(
    window: MainWindow, library: FakeLibrary, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.binder.actions["models"].trigger()
    work()
    assert window.host._dialog is not None
    page = child(window.host._dialog, ModelsPage, "")
    assert page.isVisible()
    window.document.select_all()
    window.document.resample()
    work()
    window.library.models.choose(OWN)
    answers = iter([QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard])
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: next(answers))
    press(page, "use", work)
    assert window.document.snapshot.card == CARD
    press(page, "use", work)
    assert window.document.snapshot.card == OTHER
    assert button(page, "use").text() == "In use"
    window.host._dialog.close()


def test_a_bad_model_dropped_on_the_window_asks_nothing_and_changes_nothing(
    window: MainWindow, engine: FakeEngine, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: pytest.fail("there is nothing to ask"))
    window.document.select_all()
    window.document.resample()
    work()
    before = window.document.snapshot.history
    drop(window, Path("/tmp/bad.safetensors"))
    work()
    assert window.document.snapshot.notice is not None
    assert window.document.snapshot.notice.title == "bad.safetensors is not a whole model."
    assert window.document.snapshot.history is before
    assert len(engine.library.entries) == 1


def test_a_declined_question_leaves_the_model_added_but_not_opened(
    window: MainWindow, engine: FakeEngine, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: QMessageBox.StandardButton.Cancel)
    window.document.select_all()
    window.document.resample()
    work()
    drop(window, Path("/tmp/good.safetensors"), Path("/tmp/more.safetensors"))
    work()
    assert [entry.name for entry in engine.library.entries] == ["fake", "good", "more"]
    assert window.document.snapshot.card == CARD


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".pkl", ".ckpt", ".PT"])
def test_a_pickle_dropped_on_the_window_is_refused_as_what_it_is(
    window: MainWindow, engine: FakeEngine, work: Work, tmp_path: Path, suffix: str
) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, ...]:
            return Path.touch, (tmp_path / "trap",)

    path = tmp_path / f"model{suffix}"
    path.write_bytes(pickle.dumps(Trap()))
    asked = len(engine.ran)
    drop(window, path)
    work()
    assert window.document.snapshot.notice is not None
    assert "can run code" in window.document.snapshot.notice.title
    assert "Convert" in window.document.snapshot.notice.hint
    assert not (tmp_path / "trap").exists()
    assert len(engine.ran) == asked


def test_a_run_s_folder_dropped_on_the_window_is_added(
    window: MainWindow, engine: FakeEngine, work: Work, tmp_path: Path
) -> None:
    run = tmp_path / "my-run"
    run.mkdir()
    (run / "model.safetensors").write_bytes(b"")
    drop(window, run)
    work()
    assert [entry.name for entry in engine.library.entries] == ["fake", "my-run"]
