"""How requests about semantic parts are answered, given the open model."""

from collections.abc import Callable, Iterator
from typing import Any

from sni_engine.api.generators import reword
from sni_engine.api.messages import Event, Progress
from sni_engine.api.part_requests import (
    CLUSTERS,
    NAMED_CLUSTERS,
    FindParts,
    KeepParts,
    PartsFound,
    PartsShown,
    PartsWeighed,
    ReadParts,
    ShowParts,
    WeighParts,
)
from sni_engine.checkpoints.parts import find_parts as find_kept
from sni_engine.checkpoints.parts import forget_parts, keep_parts
from sni_engine.part_naming import NAMING_FACES, name_by_portraits
from sni_engine.parts.finding import check_parts, find_parts, map_parts
from sni_engine.studio import Studio


def answer_find_parts(studio: Studio, request: FindParts) -> Iterator[Event]:
    """Find the parts anew; closed between two steps, nothing has changed."""
    yield Progress(request.ticket, 0.0, "Finding parts")
    count = request.clusters or (NAMED_CLUSTERS if request.names else CLUSTERS)
    share = 0.6 if request.names else 1.0
    steps = find_parts(studio.painter, studio.card, request.layer, count, request.seed, request.samples)
    parts = yield from reword(steps, lambda done: Progress(request.ticket, done * share, "Finding parts"))
    if request.names:
        naming = name_by_portraits(studio.painter, parts, NAMING_FACES)
        parts = yield from reword(
            naming, lambda done: Progress(request.ticket, share + done * (1 - share), "Naming parts")
        )
    yield PartsFound(request.ticket, parts)


def answer_read_parts(studio: Studio, request: ReadParts) -> Iterator[Event]:
    """Read what is kept with the model."""
    yield PartsFound(request.ticket, studio.find_parts())


def answer_keep_parts(studio: Studio, request: KeepParts) -> Iterator[Event]:
    """Keep parts, or forget them; the answer is what is found from now on."""
    digest = request.model or studio.card.digest
    is_open = digest == studio.card.digest
    if request.parts is None:
        forget_parts(digest)
    else:
        if is_open:
            check_parts(studio.painter, studio.card, request.parts)
        keep_parts(request.parts)
    if is_open:
        yield from answer_read_parts(studio, ReadParts(request.ticket))
    else:  # another model has been opened since; whoever asked hears of the one that was meant
        yield PartsFound(request.ticket, find_kept(digest))


def answer_show_parts(studio: Studio, request: ShowParts) -> Iterator[Event]:
    """Tell where the parts of a picture are."""
    if request.parts is None:
        parts, map = studio.read_parts(), studio.map_parts(request.codes)
    else:
        studio.check(request.codes)
        parts = request.parts
        check_parts(studio.painter, studio.card, parts)
        map = map_parts(studio.painter, request.codes, parts)
    yield PartsShown(request.ticket, request.codes, parts, map)


def answer_weigh_parts(studio: Studio, request: WeighParts) -> Iterator[Event]:
    """Measure contributions, unless that has been done; closed between two steps, nothing is kept."""
    parts = studio.find_parts()
    if parts is not None:
        weighing = studio.contributions.measure(parts)
        yield from reword(weighing, lambda done: Progress(request.ticket, done, "Weighing channels"))
    yield PartsWeighed(request.ticket)


PART_ANSWERS: dict[type, Callable[[Studio, Any], Iterator[Event]]] = {
    FindParts: answer_find_parts,
    ReadParts: answer_read_parts,
    KeepParts: answer_keep_parts,
    ShowParts: answer_show_parts,
    WeighParts: answer_weigh_parts,
}
