"""What the commands share: an engine for a project, requests answered or failed, projects written."""

import time
from pathlib import Path

from sni_engine.api.codec import Project, write_project
from sni_engine.api.codes import Codes
from sni_engine.api.edits import Edit
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Apply, Draw, Failed, Finished, NewFace, Opened, OpenModel, Request
from sni_engine.api.models import ModelCard, ModelRef


class Session:
    """An open model, and what one command asks of it."""

    def __init__(self, model: str | None, device: str) -> None:
        """Open a model by name or path, the shipped one for None. Raises EngineError."""
        from sni_engine.checkpoints.store import find_model
        from sni_engine.engine import Engine

        self._engine = Engine(None, device)
        opened = self._ask(OpenModel(0, str(find_model(model))))
        assert isinstance(opened, Opened)
        self.card: ModelCard = opened.card

    def draw(self, codes: Codes) -> Finished:
        """Draw codes. Raises EngineError."""
        return self._finish(Draw(0, codes))

    def start(self, seed: int) -> Finished:
        """Draw a new face. Raises EngineError."""
        return self._finish(NewFace(0, seed))

    def apply(self, before: Codes, edit: Edit) -> Finished:
        """Apply an edit. Raises EngineError."""
        return self._finish(Apply(0, before, edit))

    def _finish(self, request: Request) -> Finished:
        event = self._ask(request)
        assert isinstance(event, Finished)
        return event

    def _ask(self, request: Request) -> object:
        *_, last = self._engine.run(request)
        if isinstance(last, Failed):
            raise EngineError(last.title, last.hint)
        return last


def open_session(project: Project, model: str | None, device: str) -> Session:
    """Open the model a project was made with, or the one wished for. Raises EngineError."""
    return Session(model or find_made_with(project.model), device)


def find_made_with(wanted: ModelRef) -> str:
    """Return the path of the model with this digest. Raises EngineError when it is not here."""
    from sni_engine.checkpoints.store import list_models

    for _, path, card in list_models():
        if card.digest == wanted.digest:
            return str(path)
    raise EngineError(
        f'The model "{wanted.name}" that this face was made with is not here.',
        "Name its file with --model, or another model's to see the face there.",
    )


def keep(project: Project, path: Path, out: Path | None, what: str) -> None:
    """Write a project to `out`, or back to where it came from, and say so. Raises EngineError."""
    target = out or path
    write_project(project, target)
    print(f"{target}: {what}")


def now() -> float:
    """Return seconds since 1970, as nodes keep them."""
    return time.time()
