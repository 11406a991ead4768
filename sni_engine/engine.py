"""The engine: one request in, a stream of events out. It knows nothing of windows, threads or files of edits."""

import time
from collections import OrderedDict
from collections.abc import Generator, Iterator
from pathlib import Path

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, Level
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import (
    Apply,
    Draw,
    Event,
    Failed,
    Finished,
    NewFace,
    Opened,
    OpenModel,
    Progress,
    Release,
    Released,
    Request,
)
from sni_engine.api.models import ModelCard
from sni_engine.checkpoints.format import read_model
from sni_engine.checkpoints.store import find_model
from sni_engine.device import choose_device, free_memory, is_out_of_memory, name_device
from sni_engine.drawing import Painter
from sni_engine.methods import METHODS
from sni_engine.metrics.locality import measure_locality
from sni_engine.seeds import draw_codes

_PICTURES_KEPT = 16


class Engine:
    """Holds one open model. `run` is a generator: its last event answers the request; closing it cancels."""

    def __init__(self, model: str | None = None, device: str = "auto") -> None:
        self._model = model
        self._device = device
        self._open: tuple[Painter, ModelCard] | None = None
        self._pictures: OrderedDict[str, Array] = OrderedDict()

    def run(self, request: Request) -> Iterator[Event]:
        """Carry out a request. What a person can mend comes back as Failed; only our own mistakes raise."""
        try:
            if isinstance(request, Release):
                self.close()
                yield Released(request.ticket)
            elif isinstance(request, OpenModel):
                yield from self._open_model(request.ticket, request.model or None)
            else:
                yield from self._answer(request)
        except EngineError as error:
            yield Failed(request.ticket, error.title, error.hint)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            free_memory()
            hint = "Close other programs, or start with --device cpu."
            yield Failed(request.ticket, "There is not enough memory to draw this picture.", hint)

    def close(self) -> None:
        """Let go of the model and its memory; the next request opens it again."""
        self._open = None
        self._pictures.clear()
        free_memory()

    def _open_model(self, ticket: int, name: str | None) -> Iterator[Event]:
        """Open a model; the one open before stays until this one is whole."""
        path = find_model(name)
        yield Progress(ticket, 0.0, "Opening the model")
        device = choose_device(self._device)
        generator, card = read_model(Path(path))
        self._open, self._model = (Painter(generator, device), card), str(path)
        self._pictures.clear()
        yield Opened(ticket, card, name_device(device))

    def _answer(self, request: NewFace | Draw | Apply) -> Iterator[Event]:
        if self._open is None:
            yield from self._open_model(request.ticket, self._model)
        assert self._open is not None
        started = time.perf_counter()
        grid = self._open[1].grid
        if isinstance(request, NewFace):
            codes, before = draw_codes(grid, request.seed), None
        elif isinstance(request, Draw):
            codes, before = request.codes, None
        else:
            before = request.before
            codes = yield from self._apply(request)
        yield Progress(request.ticket, 0.5, "Drawing")
        picture = self._draw(codes)
        locality = None
        if isinstance(request, Apply) and before is not None:
            locality = measure_locality(self._draw(before), picture, request.edit.selection, grid)
        yield Finished(request.ticket, codes, picture, locality, time.perf_counter() - started)

    def _apply(self, request: Apply) -> Generator[Event, None, Codes]:
        """Yield progress and return the codes the edit makes."""
        assert self._open is not None
        grid = self._open[1].grid
        self._check(request.before)
        if request.edit.selection.cells.shape != (grid.rows, grid.columns):
            raise EngineError("The selection was made on another grid.", "Select the cells again.")
        wanted = request.edit.selection.levels
        if wanted and not set(wanted) & set(grid.levels):
            raise EngineError(f"This model has no {_name(wanted)} codes.", f"Choose the level {_name(grid.levels)}.")
        for item in METHODS[type(request.edit.params)](request.before, request.edit, grid):
            if isinstance(item, Codes):
                return item
            yield Progress(request.ticket, item / 2, request.edit.params.title)
        raise AssertionError("a method ended without codes")

    def _check(self, codes: Codes) -> None:
        assert self._open is not None
        if not codes.fits(self._open[1].grid):
            raise EngineError(
                f'This face does not fit the model "{self._open[1].name}": its grid of codes has another shape.',
                "Open the model it was made with.",
            )

    def _draw(self, codes: Codes) -> Array:
        assert self._open is not None
        self._check(codes)
        if codes.digest not in self._pictures:
            picture = self._open[0].draw(codes)
            picture.flags.writeable = False
            self._pictures[codes.digest] = picture
            while len(self._pictures) > _PICTURES_KEPT:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(codes.digest)
        return self._pictures[codes.digest]


def _name(levels: tuple[Level, ...]) -> str:
    return " or ".join(levels)
