"""How each request is answered, given the open model: one generator of events per kind of request."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from sni_engine.api.generators import reword
from sni_engine.api.messages import (
    Apply,
    Candidates,
    Draw,
    DrawMany,
    Drawn,
    Event,
    Finished,
    Influence,
    MeasureInfluence,
    NewFace,
    Pictured,
    Progress,
    Replay,
    Replayed,
)
from sni_engine.api.recipes import check_recipe
from sni_engine.part_answers import PART_ANSWERS
from sni_engine.seeds import draw_codes
from sni_engine.studio import Studio


def answer_new_face(studio: Studio, request: NewFace) -> Iterator[Event]:
    """Draw a face's codes from its seed, and its picture."""
    started = time.perf_counter()
    codes = draw_codes(studio.grid, request.seed)
    yield Progress(request.ticket, 0.5, "Drawing")
    yield Finished(request.ticket, codes, studio.draw(codes), seconds=time.perf_counter() - started)


def answer_draw(studio: Studio, request: Draw) -> Iterator[Event]:
    """Draw the picture of codes."""
    started = time.perf_counter()
    yield Progress(request.ticket, 0.5, "Drawing")
    yield Finished(request.ticket, request.codes, studio.draw(request.codes), seconds=time.perf_counter() - started)


def answer_apply(studio: Studio, request: Apply) -> Iterator[Event]:
    """Apply an edit, draw the result, and say how local it was: the picture first, since somebody waits for it."""
    started = time.perf_counter()
    edit = request.edit
    steps = studio.apply(request.before, edit)
    codes = yield from reword(steps, lambda done: Progress(request.ticket, done / 2, edit.params.title))
    yield Progress(request.ticket, 0.5, "Drawing")
    picture = studio.draw(codes)
    yield Pictured(request.ticket, codes, picture, time.perf_counter() - started)
    (locality,) = studio.compare(request.before, [(codes, picture, edit)])
    yield Finished(request.ticket, codes, picture, locality, time.perf_counter() - started)


def answer_draw_many(studio: Studio, request: DrawMany) -> Iterator[Event]:
    """Draw the pictures of several codes."""
    started = time.perf_counter()
    yield Progress(request.ticket, 0.0, "Drawing")
    pictures = studio.draw_many(request.codes)
    yield Drawn(request.ticket, request.codes, pictures, seconds=time.perf_counter() - started)


def answer_candidates(studio: Studio, request: Candidates) -> Iterator[Event]:
    """Apply several edits to the same codes, draw all results in one batch, and say how local each was."""
    started, codes = time.perf_counter(), []
    for index, edit in enumerate(request.edits):
        codes.append(
            (yield from reword(studio.apply(request.before, edit), lambda _: Progress(request.ticket, 0.0, "")))
        )
        yield Progress(request.ticket, index / len(request.edits) / 2, edit.params.title)
    yield Progress(request.ticket, 0.5, "Drawing")
    pictures = studio.draw_many(codes)
    localities = tuple(studio.compare(request.before, list(zip(codes, pictures, request.edits, strict=True))))
    yield Drawn(request.ticket, tuple(codes), pictures, localities, time.perf_counter() - started)


def answer_replay(studio: Studio, request: Replay) -> Iterator[Event]:
    """Apply edits one after the other; of the steps between nobody asked for a picture."""
    count = len(request.edits) + 1
    check_recipe(request.edits, studio.grid, studio.card.name)
    codes = [draw_codes(studio.grid, request.start) if isinstance(request.start, int) else request.start]
    for index, edit in enumerate(request.edits):
        yield Progress(request.ticket, index / count, edit.params.title)

        def tell(done: float, index: int = index, title: str = edit.params.title) -> Progress:
            return Progress(request.ticket, (index + done) / count, title)

        codes.append((yield from reword(studio.apply(codes[-1], edit), tell)))
    yield Progress(request.ticket, 1 - 1 / count, "Drawing")
    yield Replayed(request.ticket, tuple(codes), studio.draw(codes[-1]), studio.card.ref)


def answer_influence(studio: Studio, request: MeasureInfluence) -> Iterator[Event]:
    """Measure one cell, face by face, so that it can give way in between."""
    for item in studio.influence.measure(request.cell, request.level):
        if isinstance(item, float):
            yield Progress(request.ticket, item, "Measuring what a cell moves")
        else:
            yield Influence(request.ticket, request.cell, item, request.level)


ANSWERS: dict[type, Callable[[Studio, Any], Iterator[Event]]] = {
    NewFace: answer_new_face,
    Draw: answer_draw,
    Apply: answer_apply,
    DrawMany: answer_draw_many,
    Candidates: answer_candidates,
    Replay: answer_replay,
    MeasureInfluence: answer_influence,
    **PART_ANSWERS,
}
