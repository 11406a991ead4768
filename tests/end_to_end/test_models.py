"""A model's life on the model that is shipped: copied, renamed, used, edited with, deleted, and its face made again."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from sni_desktop import dialogs
from sni_desktop.arriving import Content
from sni_desktop.preferences.models.page import ModelsPage
from sni_desktop.window import MainWindow
from sni_engine.checkpoints.format import read_model, write_model
from sni_engine.checkpoints.store import find_model, own_models

from .conftest import settle


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The shipped model with one weight a little larger: another model for the same codes."""
    generator, card = read_model(find_model())
    with torch.no_grad():
        next(generator.parameters()).mul_(1.01)
    write_model(tmp_path / "somebody's.safetensors", generator, "a friend's: best", card.licence)
    return tmp_path / "somebody's.safetensors"


def test_a_model_from_drop_to_trash(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, other: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialogs, "ask_to_keep", lambda *_: QMessageBox.StandardButton.Discard)
    document, models = window.document, window.library.models
    window.library.show()
    assert window.host._dialog is not None
    page = window.host._dialog.findChild(ModelsPage)
    assert page is not None
    qtbot.waitUntil(lambda: len(models.state.samples) == 1, timeout=30_000)

    take(window, other)
    qtbot.waitUntil(lambda: len(models.state.entries) == 2 and not models.state.work, timeout=30_000)
    settle(qtbot, document)
    name = "a friend's- best"
    assert document.snapshot.card is not None
    assert document.snapshot.card.name == name
    qtbot.waitUntil(lambda: len(models.state.samples) == 2, timeout=30_000)
    first, second = (models.state.samples[entry.card.digest] for entry in models.state.entries if entry.card)
    assert not np.array_equal(first, second)

    entry = models.state.entries[1]
    models.rename(entry.path, "mine")
    qtbot.waitUntil(lambda: (own_models() / "mine.safetensors").exists() and not models.state.work, timeout=30_000)
    qtbot.waitUntil(lambda: document.snapshot.card is not None and document.snapshot.card.name == "mine")
    document.select_all()
    document.resample()
    settle(qtbot, document)
    document.save(tmp_path / "face.sni")
    qtbot.waitUntil(lambda: not document.snapshot.modified, timeout=30_000)
    drawn = document.snapshot.picture

    models.choose(own_models() / "mine.safetensors")
    press(page, "delete")
    qtbot.waitUntil(lambda: len(models.state.entries) == 1 and not models.state.work, timeout=30_000)
    window.library.use(models.state.entries[0].path)
    settle(qtbot, document)
    window.files.open(tmp_path / "face.sni")
    qtbot.waitUntil(lambda: document.snapshot.lacks_model, timeout=30_000)
    settle(qtbot, document)
    assert not np.array_equal(document.snapshot.picture, drawn)

    window.binder.actions["replay-here"].trigger()
    qtbot.waitUntil(lambda: not document.snapshot.lacks_model, timeout=30_000)
    settle(qtbot, document)
    assert document.snapshot.history is not None
    assert len(document.snapshot.history.nodes) == 2

    press(page, "undo-delete")
    qtbot.waitUntil(lambda: len(models.state.entries) == 2 and not models.state.work, timeout=30_000)
    window.files.open(tmp_path / "face.sni")
    qtbot.waitUntil(
        lambda: document.snapshot.card is not None and document.snapshot.card.name == "mine", timeout=30_000
    )
    settle(qtbot, document)
    assert np.array_equal(document.snapshot.picture, drawn), "the very same picture, by digest"
    window.host._dialog.close()


def take(window: MainWindow, path: Path) -> None:
    """Drop a file, as Qt delivers it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    window.arrivals.take(Content(data))


def press(page: ModelsPage, name: str) -> None:
    button = page.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    assert button.isEnabled()
    button.click()
