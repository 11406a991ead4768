"""An open engine as the commands use it: one question, one answer, mistakes as EngineError."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from sni_engine.api.arrays import Array
from sni_engine.api.codec import Project
from sni_engine.api.codes import Codes
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import (
    Degraded,
    DrawMany,
    Drawn,
    Event,
    Failed,
    Finished,
    Opened,
    OpenModel,
    Progress,
    Replay,
    Replayed,
    Request,
)
from sni_engine.api.models import ModelCard, ModelRef
from sni_engine.cli.terminal import say

Answered = TypeVar("Answered")


class Session:
    """An engine with a model open, and the model's card."""

    def __init__(self, model: str | None, device: str) -> None:
        from sni_engine.checkpoints.store import find_model
        from sni_engine.engine import Engine

        path = find_model(model)
        self._engine = Engine(str(path), device)
        self.card: ModelCard = self.ask_for(OpenModel(0, str(path)), Opened).card

    def ask_for(
        self, request: Request, kind: type[Answered], show: Callable[[float], None] = lambda fraction: None
    ) -> Answered:
        """Return the answer of a kind, telling on the way how far it is, 0 to 1. Raises EngineError."""
        answer: Answered | None = None
        for event in self._follow(request):
            if isinstance(event, Progress):
                show(event.fraction)
            if isinstance(event, kind):
                answer = event
        assert answer is not None
        return answer

    def ask(self, request: Request) -> Finished:
        """Return the answer to a request for a picture. Raises EngineError."""
        return self.ask_for(request, Finished)

    def replay(self, request: Replay) -> Replayed:
        """Return what edits make of a face. Raises EngineError."""
        return self.ask_for(request, Replayed)

    def draw_many(self, codes: Sequence[Codes]) -> Array:
        """Return the pictures of codes, uint8 [N, H, W, 3], drawn as a batch. Raises EngineError."""
        return self.ask_for(DrawMany(1, tuple(codes)), Drawn).pictures

    def _follow(self, request: Request) -> Iterator[Event]:
        """Yield the events of a request. Raises EngineError for one that failed."""
        for event in self._engine.run(request):
            if isinstance(event, Failed):
                raise EngineError(event.title, event.hint)
            if isinstance(event, Degraded):
                say(f"{event.title} {event.hint}")
            yield event


def open_session(model: str | None, device: str, project: Project) -> Session:
    """Open the model that was asked for, or else the one a project was made with. Raises EngineError."""
    return Session(model or find_made_with(project.model), device)


def find_made_with(ref: ModelRef) -> str:
    """Return the path of the model a project names. Raises EngineError when it is not here, whatever its name."""
    from sni_engine.checkpoints.store import find_by_digest

    if found := find_by_digest(ref.digest):
        return str(found)
    raise EngineError(
        f'The model "{ref.name}" that this project was made with is not here.',
        "Name its file with --model, or another model's to see the face there.",
    )
