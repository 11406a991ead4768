"""An engine without torch: its pictures follow from the codes, it is as slow or as broken as a test wants."""

import time
from collections.abc import Callable, Iterator

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from sni_desktop.document import Document
from sni_desktop.worker.tasks import Lane, Task
from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, GridSpec
from sni_engine.api.influence import write_influence
from sni_engine.api.library import LibraryRequest
from sni_engine.api.messages import (
    Apply,
    Cancelled,
    Candidates,
    Draw,
    DrawMany,
    Drawn,
    Event,
    Failed,
    Finished,
    Influence,
    Locality,
    MeasureInfluence,
    NewFace,
    Opened,
    OpenModel,
    Pictured,
    Progress,
    Release,
    Released,
    Replay,
    Replayed,
    Request,
)
from sni_engine.api.models import ModelCard
from sni_engine.api.part_requests import PartRequest
from sni_engine.api.train_requests import (
    CheckPictures,
    Devices,
    DeviceState,
    ListDevices,
    ModelTaken,
    PicturesChecked,
    PicturesSeen,
    RollBack,
    RolledBack,
    TakeModel,
    TrainRequest,
)

from .fake_library import FakeLibrary
from .fake_parts import FakeParts

GRID = GridSpec(style=4, local=3)
CARD = ModelCard("fake", "f" * 32, GRID, 16)
TWIN = ModelCard("twin", "d" * 32, GRID, 32)  # for the same codes, at another size
OTHER = ModelCard("other", "e" * 32, GridSpec(rows=4, columns=4, style=4, local=3), 16)


def make_codes(seed: int, grid: GridSpec = GRID) -> Codes:
    rng = np.random.default_rng(seed)
    levels = (rng.standard_normal(grid.shape(name)) for name in ("style", "global", "shared", "local"))  # type: ignore[arg-type]
    return Codes(*levels, noise_seed=seed)


def draw_picture(codes: Codes, grid: GridSpec = GRID) -> Array:
    """Each cell's colour is its local code, tinted by the style."""
    tint = codes.style[:3] * 12
    pixels = (128 + codes.local[:, :, :3] * 40 + tint).clip(0, 255).astype(np.uint8)
    picture = pixels.repeat(16 // grid.rows, 0).repeat(16 // grid.columns, 1)
    picture.flags.writeable = False
    return picture


def draw_influence(cell: tuple[int, int]) -> Array:
    """A cell moves its own four pixels by ten, and those around by two."""
    change = np.zeros((16, 16), np.float32)
    row, column = 2 * cell[0], 2 * cell[1]
    change[max(row - 2, 0) : row + 4, max(column - 2, 0) : column + 4] = 2
    change[row : row + 2, column : column + 2] = 10
    return change


def mouth(document: Document) -> None:
    """Select two cells."""
    cells = np.zeros((8, 8), np.float32)
    cells[5, 3:5] = 1
    document.set_cells(cells)


def current_picture_is_right(document: Document) -> bool:
    """Say whether the current step's own picture is on screen."""
    now = document.snapshot
    assert now.history is not None
    assert now.picture is not None
    assert now.grid is not None
    return np.array_equal(now.picture, draw_picture(now.history.current.codes, now.grid))


def _given(request: Draw | Apply) -> Codes:
    return request.before if isinstance(request, Apply) else request.codes


class FakeEngine:
    """Answers like the real one. delay_s: before each drawing. fail: an exception or a Failed title for a request."""

    def __init__(self, delay_s: float = 0.0, card: ModelCard = CARD) -> None:
        self.delay_s = delay_s
        self.card: ModelCard | None = None
        self.first_card = card
        self.fail: Callable[[Request], Exception | str | None] = lambda request: None
        self.ran: list[Request] = []
        self._measured: set[tuple[str, tuple[int, int]]] = set()
        self.closed = False
        self.library = FakeLibrary(card)
        self.parts = FakeParts(card)
        self.known: dict[str, ModelCard] = {}  # by name or digest, besides those that every test has

    def run(self, request: Request) -> Iterator[Event]:
        self.ran.append(request)
        trouble = self.fail(request)
        if isinstance(trouble, BaseException):
            raise trouble
        if isinstance(trouble, str):
            yield Failed(request.ticket, trouble, "Try again.")
        elif isinstance(request, Release):
            yield Released(request.ticket)
        elif isinstance(request, OpenModel):
            yield from self._open(request)
        elif isinstance(request, Replay):
            yield from self._replay(request)
        elif isinstance(request, LibraryRequest):
            yield from self.library.answer(request)
        elif isinstance(request, PartRequest):
            self.card = self.card or self.first_card
            yield from self.parts.answer(request, self.card)
        elif isinstance(request, TrainRequest):
            yield from self._look(request)
        elif isinstance(request, DrawMany | Candidates):
            yield from self._draw_many(request)
        elif isinstance(request, MeasureInfluence):
            yield self._measure(request)
        else:
            yield from self._draw(request)

    def _measure(self, request: MeasureInfluence) -> Influence:
        """Keep the maps once all are there, as the engine does."""
        assert self.card is not None
        cells = list(np.ndindex(self.card.grid.rows, self.card.grid.columns))
        self._measured.add((self.card.digest, request.cell))
        if all((self.card.digest, cell) in self._measured for cell in cells):
            whole = np.stack([draw_influence(cell) for cell in cells])
            write_influence(self.card.digest, whole.reshape(self.card.grid.rows, self.card.grid.columns, 16, 16))
        return Influence(request.ticket, request.cell, draw_influence(request.cell))

    def _look(self, request: TrainRequest) -> Iterator[Event]:
        """Answer what a form for a new run asks: every picture is grey, every other file broken."""
        yield Progress(request.ticket, 0.5, "Looking")
        if isinstance(request, ListDevices):
            yield Devices(request.ticket, (DeviceState("cpu", "CPU", 2**33, 2**34),), "cpu")
        elif isinstance(request, CheckPictures):
            yield PicturesChecked(request.ticket, 300, skipped=("odd.png: broken",))
        elif isinstance(request, RollBack):
            yield RolledBack(request.ticket, request.images)
        elif isinstance(request, TakeModel):
            yield ModelTaken(request.ticket, request.path / "models" / f"{request.images}.safetensors")
        else:
            grey = np.full((request.count, request.size_px, request.size_px, 3), 128, np.uint8)
            yield PicturesSeen(request.ticket, grey, files=301 if request.data else 0)

    def _draw_many(self, request: DrawMany | Candidates) -> Iterator[Event]:
        if self.card is None:
            self.card = self.first_card
            yield Opened(request.ticket, self.card, "CPU")
        yield Progress(request.ticket, 0.5, "Drawing")
        if isinstance(request, DrawMany):
            codes, localities = request.codes, ()
        else:
            codes = tuple(self._codes(Apply(0, request.before, edit)) for edit in request.edits)
            localities = tuple(Locality(8.0, 0.5) for _ in codes)
        pictures = np.stack([draw_picture(item, self.card.grid) for item in codes])
        yield Drawn(request.ticket, codes, pictures, localities, self.delay_s)

    def _replay(self, request: Replay) -> Iterator[Event]:
        if self.card is None:
            self.card = self.first_card
            yield Opened(request.ticket, self.card, "CPU")
        model = OTHER if request.model else self.card
        codes = [make_codes(request.start, self.card.grid) if isinstance(request.start, int) else request.start]
        for edit in request.edits:
            yield Progress(request.ticket, 0.5, edit.params.title)
            codes.append(self._codes(Apply(0, codes[-1], edit)))
        yield Replayed(request.ticket, tuple(codes), draw_picture(codes[-1], self.card.grid), model.ref)

    def _open(self, request: OpenModel) -> Iterator[Event]:
        entry = next((entry for entry in self.library.entries if str(entry.path) == request.model), None)
        if entry is not None and entry.card is not None:
            self.card, self.library.opened = entry.card, entry.path
            yield Opened(request.ticket, self.card, "CPU")
            return
        known = {
            **self.known,
            "": self.first_card,
            CARD.digest: CARD,
            CARD.name: CARD,
            OTHER.name: OTHER,
            TWIN.name: TWIN,
        }
        if request.model not in known:
            yield Failed(request.ticket, f'There is no model "{request.model}".', "")
            return
        self.card = known[request.model]
        yield Opened(request.ticket, self.card, "CPU")

    def _draw(self, request: NewFace | Draw | Apply) -> Iterator[Event]:
        if self.card is None:
            self.card = self.first_card
            yield Opened(request.ticket, self.card, "CPU")
        yield Progress(request.ticket, 0.5, "Drawing")
        if self.delay_s:
            time.sleep(self.delay_s)
        if not isinstance(request, NewFace) and not _given(request).fits(self.card.grid):
            yield Failed(request.ticket, "This face does not fit the model.", "Open the model it was made with.")
            return
        codes, locality = self._codes(request), None
        if isinstance(request, Apply):
            yield Pictured(request.ticket, codes, draw_picture(codes, self.card.grid), self.delay_s)
            locality = Locality(8.0, None if codes == request.before else 0.5)
        yield Finished(request.ticket, codes, draw_picture(codes, self.card.grid), locality, self.delay_s)

    def _codes(self, request: NewFace | Draw | Apply) -> Codes:
        assert self.card is not None
        if isinstance(request, NewFace):
            return make_codes(request.seed, self.card.grid)
        if isinstance(request, Draw):
            return request.codes
        before, edit = request.before, request.edit
        goal = edit.reference or make_codes(edit.seed, self.card.grid)
        weight = edit.selection.free_cells[:, :, None] * edit.params.amount
        return before.with_levels({"local": (1 - weight) * before.local + weight * goal.local})

    def close(self) -> None:
        self.closed = True


class DirectClient(QObject):
    """A client without a thread: answers when `work` is called, so that a test decides the order of things.

    Files are read and written at once, unless `slow_disk` is set: then they wait for their turn like the rest.
    """

    answered = Signal(object)
    slow_disk = False

    def __init__(self, engine: FakeEngine) -> None:
        super().__init__()
        self.engine = engine
        self.queue: list[tuple[Request | Task, Lane]] = []
        self._last = 0

    def next_ticket(self) -> int:
        self._last += 1
        return self._last

    def post(self, request: Request | Task, lane: Lane = "commit") -> None:
        if lane == "draft":
            self.queue = [entry for entry in self.queue if entry[1] != "draft"]
        self.queue.append((request, lane))
        if lane == "file" and not self.slow_disk:
            self._answer(len(self.queue) - 1)

    def cancel(self) -> None:
        dropped = [entry for entry in self.queue if entry[1] in ("commit", "draft")]
        self.queue = [entry for entry in self.queue if entry[1] in ("aside", "file")]
        for request, _ in dropped:
            self.answered.emit(Cancelled(request.ticket))

    def answer_first(self) -> None:
        """Answer what was asked first, asides after everything else; what a file held comes home before that."""
        if not self.queue:
            QCoreApplication.processEvents()
        self._answer(next((i for i, (_, lane) in enumerate(self.queue) if lane != "aside"), 0))

    def _answer(self, index: int) -> None:
        request, _ = self.queue.pop(index)
        events = request.run() if isinstance(request, Task) else self.engine.run(request)
        for event in events:
            self.answered.emit(event)

    def close(self) -> None:
        pass


def child(panel: QWidget, kind: type, name: str):  # type: ignore[no-untyped-def]
    found = panel.findChild(kind, name)
    assert found is not None
    return found
