"""How the questions of a form for a new run are answered; none of them needs a model."""

from collections.abc import Iterator
from pathlib import Path

from sni_engine.api.generators import reword
from sni_engine.api.messages import Event, Progress
from sni_engine.api.train_requests import (
    CheckPictures,
    ListDevices,
    LookAtPictures,
    ModelTaken,
    PicturesSeen,
    RollBack,
    RolledBack,
    TakeModel,
    TrainRequest,
)
from sni_engine.devices import list_devices
from sni_engine.train.look import FirstLook, draw_portraits, refuse_bad_size, stack_pictures
from sni_engine.train.roll_back import model_at, roll_back, undo_roll_back


class TrainAnswers:
    """Answers what is asked before a run; remembers the last source of pictures."""

    def __init__(self) -> None:
        self._first_look = FirstLook()

    def answer(self, request: TrainRequest) -> Iterator[Event]:
        """Yield Progress, then the answer. Raises EngineError."""

        def tell(done: float) -> Progress:
            return Progress(request.ticket, done, "Looking at pictures")

        match request:
            case ListDevices():
                yield list_devices(request.ticket)
            case CheckPictures():
                refuse_bad_size(request.size_px, request.fit)
                yield (yield from reword(self._first_look.check(request), tell))
            case RollBack(ticket, path, images):
                yield RolledBack(ticket, go_back(path, images))
            case TakeModel(ticket, path, images):
                yield ModelTaken(ticket, model_at(path, images))
            case LookAtPictures():
                refuse_bad_size(request.size_px, request.fit)
                yield from self._look(request)

    def _look(self, request: LookAtPictures) -> Iterator[Event]:
        if request.data:
            steps = self._first_look.look(request)
            seen = yield from reword(steps, lambda done: Progress(request.ticket, done, "Looking at pictures"))
            originals, pictures, files = seen
            yield PicturesSeen(request.ticket, stack_pictures(pictures, request.size_px), tuple(originals), files)
            return
        drawn = []
        for picture in draw_portraits(request):
            drawn.append(picture)
            yield Progress(request.ticket, len(drawn) / request.count, "Drawing portraits")
        yield PicturesSeen(request.ticket, stack_pictures(drawn, request.size_px))


def go_back(path: Path, images: int) -> int:
    """Roll a run back, or forward again for 0; returns the images it goes on from. Raises EngineError."""
    if not images:
        return undo_roll_back(path)
    roll_back(path, images)
    return images
