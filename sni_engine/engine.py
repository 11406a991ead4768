"""The engine: one request in, a stream of events out. It knows nothing of windows, threads or files of edits."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from sni_engine.answers import ANSWERS
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Event, Failed, Opened, OpenModel, Progress, Release, Released, Replay, Request
from sni_engine.checkpoints.format import read_model
from sni_engine.checkpoints.store import find_model
from sni_engine.device import choose_device, free_memory, is_out_of_memory, name_device, trim_memory
from sni_engine.drawing import Painter
from sni_engine.studio import Studio

_TRIM_EVERY = 64  # requests


class Engine:
    """Holds one open model. `run` is a generator: its last event answers the request; closing it cancels."""

    def __init__(self, model: str | None = None, device: str = "auto") -> None:
        self._model = model
        self._device = device
        self._studio: Studio | None = None
        self._guest: Engine | None = None  # holds the other model that a replay asked for last
        self._answered = 0

    def run(self, request: Request) -> Iterator[Event]:
        """Carry out a request. What a person can mend comes back as Failed; only our own mistakes raise."""
        try:
            if isinstance(request, Release):
                self.close()
                yield Released(request.ticket)
            elif isinstance(request, OpenModel):
                yield from self._open_model(request.ticket, request.model or None)
            elif isinstance(request, Replay) and request.model:
                yield from self._replay_elsewhere(request)
            else:
                if self._studio is None:
                    yield from self._open_model(request.ticket, self._model)
                assert self._studio is not None
                yield from ANSWERS[type(request)](self._studio, request)
                self._answered += 1
                if self._answered % _TRIM_EVERY == 0:  # now that the answer is out
                    trim_memory()
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
        self._studio = self._guest = None
        free_memory()

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

    def _open_model(self, ticket: int, name: str | None) -> Iterator[Event]:
        """Open a model; the one open before stays until this one is whole."""
        path = find_model(name)
        yield Progress(ticket, 0.0, "Opening the model")
        device = choose_device(self._device)
        generator, card = read_model(Path(path))
        self._studio, self._model = Studio(Painter(generator, device), card), str(path)
        yield Opened(ticket, card, name_device(device))
