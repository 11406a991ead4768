"""The engine: one request in, a stream of events out. It knows nothing of windows, threads or files of edits."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import torch

from sni_engine.answers import ANSWERS
from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec
from sni_engine.api.errors import EngineError
from sni_engine.api.library import LibraryRequest
from sni_engine.api.messages import (
    Degraded,
    DrawMany,
    Drawn,
    Event,
    Failed,
    Opened,
    OpenModel,
    Progress,
    Release,
    Released,
    Replay,
    Request,
)
from sni_engine.api.models import ModelCard
from sni_engine.api.train_requests import TrainRequest
from sni_engine.checkpoints.format import read_card, read_model
from sni_engine.checkpoints.store import find_by_digest, find_model
from sni_engine.device import choose_device, free_memory, is_out_of_memory, name_device, trim_memory
from sni_engine.drawing import Painter
from sni_engine.librarian import answer_library
from sni_engine.seeds import draw_codes
from sni_engine.studio import Studio
from sni_engine.train_answers import TrainAnswers

_TRIM_EVERY = 64  # requests


class Engine:
    """Holds one open model. `run` is a generator: its last event answers the request; closing it cancels."""

    def __init__(self, model: str | None = None, device: str = "auto") -> None:
        self._model = model
        self._device = device
        self._digest = ""  # of the model that was open last
        self._studio: Studio | None = None
        self._guest: Engine | None = None  # holds the other model that a replay asked for last
        self.begun_samples: dict[tuple[str, tuple[int, ...]], list[Array]] = {}
        self._answered = 0
        self._train_answers = TrainAnswers()

    def run(self, request: Request) -> Iterator[Event]:
        """Carry out a request. What a person can mend comes back as Failed; only our own mistakes raise."""
        try:
            if type(request) in ANSWERS and not (isinstance(request, Replay) and request.model):
                if self._studio is None:
                    yield from self._open_model(request.ticket, self._find_again())
                yield from self._answer(request)
                self._answered += 1
                if self._answered % _TRIM_EVERY == 0:  # now that the answer is out
                    trim_memory()
            elif isinstance(request, Release):
                self._dismiss_guest() if request.guest_only else self.close()
                yield Released(request.ticket)
            elif isinstance(request, OpenModel):
                yield from self._open_model(request.ticket, request.model or None)
            elif isinstance(request, TrainRequest):
                yield from self._train_answers.answer(request)
            elif isinstance(request, Replay) and request.model:
                yield from self._replay_elsewhere(request)
            elif isinstance(request, LibraryRequest):
                yield from answer_library(request, self)
            else:
                raise TypeError(f"nobody answers a {type(request).__name__}")
        except EngineError as error:
            yield Failed(request.ticket, error.title, error.hint)
        except (MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            free_memory()
            what = "open this model" if isinstance(request, OpenModel) or self._studio is None else "draw this picture"
            hint = "Nothing is lost: close other programs and try again."
            yield Failed(request.ticket, f"There is not enough memory to {what}.", hint)

    def close(self) -> None:
        """Let go of the model and its memory; the next request opens it again."""
        self._studio = self._guest = None
        free_memory()

    def _dismiss_guest(self) -> bool:
        """Let go of the model that replays were made with; says whether there was one."""
        there, self._guest = self._guest is not None, None
        free_memory()
        return there

    # -- for the librarian -------------------------------------------------------------------------------------------

    @property
    def model_path(self) -> Path | None:
        """The file of the model that is open, or that the next request opens again; None for the shipped one."""
        return None if self._model is None else Path(self._model)

    def follow_model(self, ticket: int, path: Path, card: ModelCard | None) -> Iterator[Event]:
        """Go on with the open model under another path, and another name if there is a card."""
        self._model = str(path)
        if self._studio is not None and card is not None and card.digest == self._studio.card.digest:
            self._studio.card, self._studio.path = card, path
            yield Opened(ticket, card, name_device(self._studio.painter.device))

    def draw_faces(self, ticket: int, path: Path, grid: GridSpec, seeds: Sequence[int]) -> Iterator[Event | Array]:
        """Yield the picture uint8 [H, W, 3] of each seed by any model, and Failed at the end if one cannot be drawn."""
        other: Engine = self
        if self._studio is None or self._studio.card.digest != read_card(path).digest:
            other = Engine(str(path), "cpu")  # the GPU's memory belongs to the open model, or to a training
        for seed in seeds:
            for event in other.run(DrawMany(ticket, (draw_codes(grid, seed),))):
                if isinstance(event, Drawn):
                    yield event.pictures[0]
                elif isinstance(event, Failed):
                    yield event
                    return

    # ----------------------------------------------------------------------------------------------------------------

    def _replay_elsewhere(self, request: Replay) -> Iterator[Event]:
        """Answer on another model without opening it for anybody else."""
        path = str(find_model(request.model))
        if path == self._model:
            yield from self.run(replace(request, model=""))
            return
        if self._guest is None or self._guest._model != path:
            self._guest = Engine(path, self._device)
        for event in self._guest.run(replace(request, model="")):
            if not isinstance(event, Opened):  # nobody is to adopt the guest's model
                yield event

    def _answer(self, request: Request) -> Iterator[Event]:
        """Answer with the open model; when memory runs out, begin again in a way that needs less, if there is one."""
        assert self._studio is not None
        emptied = False
        while True:
            try:
                yield from ANSWERS[type(request)](self._studio, request)
                return
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
                degraded = self._need_less(request.ticket, emptied)
                emptied = emptied or self._studio.painter.batch == 1
                if degraded is None:
                    raise
            free_memory()  # here, where the error no longer holds what was being drawn
            yield from degraded

    def _need_less(self, ticket: int, emptied: bool) -> list[Event] | None:
        """Take the next step down: no guest, smaller batches, nothing remembered, the CPU. Tell what to tell; None at
        the end.
        """
        assert self._studio is not None
        if self._dismiss_guest():
            return []
        painter = self._studio.painter
        if painter.batch > 1:
            told = painter.largest_batch is not None
            painter.largest_batch = painter.batch // 2
            title = "Memory is short: fewer pictures are drawn at a time from now on."
            return [] if told else [Degraded(ticket, title, "Close other programs, then open the model again.")]
        if not emptied and painter.forget():
            return []
        if painter.device.type == "cpu":
            return None
        painter.move(torch.device("cpu"))
        title = "The memory of the GPU is full: pictures are drawn on the CPU from now on, which is slower."
        hint = "Close other programs that use the GPU, then open the model again."
        return [Degraded(ticket, title, hint), Opened(ticket, self._studio.card, name_device(painter.device))]

    def _find_again(self) -> str | None:
        """Return where the model that was let go of is now: somebody may have renamed its file since."""
        if self._model is None or not self._digest or Path(self._model).is_file():
            return self._model
        return str(find_by_digest(self._digest) or self._model)

    def _open_model(self, ticket: int, name: str | None) -> Iterator[Event]:
        """Open a model; the one open before stays until this one is whole."""
        path = find_model(name)
        yield Progress(ticket, 0.0, "Opening the model")
        self._dismiss_guest()  # a replay that goes on reads it again; three models at once may be too many
        device = choose_device(self._device)
        generator, card = read_model(Path(path))
        try:
            painter = Painter(generator, device)
        except (MemoryError, RuntimeError) as error:
            if device.type == "cpu" or not is_out_of_memory(error):
                raise
            painter = Painter(generator.to("cpu"), torch.device("cpu"))
            title = f'The model "{card.name}" does not fit the memory of the GPU: it runs on the CPU, which is slower.'
            yield Degraded(ticket, title, "Close other programs that use the GPU, then open the model again.")
        self._studio, self._model, self._digest = Studio(painter, card, path), str(path), card.digest
        yield Opened(ticket, card, name_device(painter.device))
