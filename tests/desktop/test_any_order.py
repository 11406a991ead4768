"""Whatever a person does, whenever the engine answers: in the end the current step is shown, and no step is lost."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from sni_desktop.activities.exporting import Exporting
from sni_desktop.document import Document
from sni_engine.api.codec import read_project
from sni_engine.api.codes import LEVELS
from sni_engine.api.pictures import OWN_SIZE

from .fakes import CARD, OTHER, DirectClient, current_picture_is_right

Work = Callable[[], None]
ACTIONS = 60


class Person:
    """Does one thing after the other, by chance but the same for the same seed."""

    def __init__(self, document: Document, client: DirectClient, seed: int, folder: Path) -> None:
        self.document = document
        self.exporting = Exporting(document)
        self.client = client
        self.chance = random.Random(seed)
        self.path = folder / "face.sni"

    def act(self) -> None:
        """Do something, then perhaps let the engine answer one request."""
        self.chance.choice(
            [self.paint, self.choose, self.drag, self.drag, self.let_go, self.walk, self.walk, self.ask, self.file]
        )()
        if self.chance.random() < 0.5:
            self.answer_one()

    def paint(self) -> None:
        """Select some cells."""
        selection = self.document.snapshot.selection
        if selection is None:
            return  # a face that the model could not draw is gone, and the next was cancelled
        cells = np.zeros_like(selection.cells)
        rows, columns = cells.shape
        cells[self.chance.randrange(rows), : self.chance.randrange(columns)] = 1
        self.document.set_cells(cells)

    def choose(self) -> None:
        """Choose some levels."""
        self.document.set_levels(self.chance.sample(LEVELS, 2))

    def drag(self) -> None:
        """Move the slider."""
        self.document.drag_amount(self.chance.randrange(11) / 10)

    def let_go(self) -> None:
        """Let the slider go."""
        self.document.release_amount(self.chance.randrange(11) / 10)

    def walk(self) -> None:
        """Go somewhere in the history."""
        history = self.document.snapshot.history
        if history is not None:
            node = self.chance.choice(history.nodes).id
            go = self.document.undo, self.document.redo, lambda: self.document.go_to(node)
            self.chance.choice(go)()

    def ask(self) -> None:
        """Ask for a step, a face, a model, or for nothing more."""
        document = self.document
        model = self.chance.choice([CARD, CARD, OTHER]).name
        rare = [document.cancel, document.new_face, document._pictures.clear, lambda: document.open_model(model)]
        self.chance.choice([document.resample] * 6 + rare)()

    def file(self) -> None:
        """Save, open what was saved, or export."""
        luck = self.chance.random()
        if self.path.exists() and luck < 0.3:
            self.document.open(self.path)
        elif luck < 0.5:
            self.exporting.write_picture(self.path.with_suffix(".png"), OWN_SIZE, True)
        else:
            self.document.save(self.path)

    def answer_one(self) -> None:
        """Let the engine answer what was asked first."""
        QCoreApplication.processEvents()
        if self.client.queue:
            self.client.answer_first()
            QCoreApplication.processEvents()


@pytest.mark.parametrize("seed", range(20))
def test_in_the_end_the_current_step_is_on_screen(
    face: Document, client: DirectClient, work: Work, tmp_path: Path, seed: int
) -> None:
    person = Person(face, client, seed, tmp_path)
    for _ in range(ACTIONS):
        person.act()
    face.release_amount(0.5)
    work()
    if face.snapshot.history is None:
        face.new_face()
        work()
    now = face.snapshot
    assert not now.busy
    assert not now.draft
    assert now.progress is None
    assert now.history is not None
    assert current_picture_is_right(face)
    assert face.save(person.path)
    work()
    assert not face.snapshot.modified
    assert read_project(person.path).history == now.history


@pytest.mark.parametrize("seed", range(10))
def test_no_step_is_ever_lost(face: Document, client: DirectClient, work: Work, tmp_path: Path, seed: int) -> None:
    person = Person(face, client, seed, tmp_path)
    steps = 1
    for _ in range(ACTIONS):
        person.chance.choice([person.paint, person.drag, person.let_go, person.walk, face.resample])()
        person.answer_one()
        history = face.snapshot.history
        assert history is not None
        assert len(history.nodes) >= steps
        steps = len(history.nodes)
    assert steps > 1
