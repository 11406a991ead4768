"""What the fake engine says of parts: bands of the picture, kept by the model's digest."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sni_engine.api.messages import Event, Failed, Progress
from sni_engine.api.models import ModelCard
from sni_engine.api.part_requests import (
    FindParts,
    KeepParts,
    PartRequest,
    PartsFound,
    PartsShown,
    PartsWeighed,
    ShowParts,
    WeighParts,
)
from sni_engine.api.parts import Part, PartMap, PartSet, name_unnamed

NAMED = (Part("eyes", (1,)), Part("hair", (0,)), Part("mouth", (2,)), Part("skin", (3, 4)))


def make_parts(card: ModelCard, seed: int = 0, clusters: int = 5) -> PartSet:
    """Directions along the axes, in an order of the seed's; of five the names are known."""
    order = np.random.default_rng(seed).permutation(clusters)
    names = NAMED if clusters == 5 else name_unnamed(clusters)
    return PartSet(card.ref, 1, 8, np.eye(clusters, dtype=np.float32)[order], seed, 20, names)


def map_parts() -> PartMap:
    """On 16 x 16 pixels: hair over the upper four rows; eyes, two pieces of 2 x 3; a mouth of 2 x 6; skin around."""
    fine = np.full((16, 16), 3, np.uint8)
    fine[12:] = 4
    fine[:4] = 0
    fine[6:8, 3:6] = fine[6:8, 10:13] = 1
    fine[10:12, 5:11] = 2
    return PartMap(fine[::2, ::2], fine)


class FakeParts:
    """kept: by digest of the model, None for a model without parts."""

    def __init__(self, card: ModelCard) -> None:
        self.shipped: dict[str, PartSet] = {card.digest: make_parts(card)}
        self.own: dict[str, PartSet] = {}

    def kept(self, card: ModelCard) -> PartSet | None:
        return self.own.get(card.digest, self.shipped.get(card.digest))

    def answer(self, request: PartRequest, card: ModelCard) -> Iterator[Event]:
        ticket = request.ticket
        if isinstance(request, FindParts):
            yield Progress(ticket, 0.5, "Finding parts")
            found = make_parts(card, request.seed, request.clusters or 5)
            named = request.names == "portraits" and not request.clusters
            yield PartsFound(ticket, found if named else replace(found, parts=name_unnamed(len(found.centroids))))
            return
        kept = self.kept(card)
        if isinstance(request, KeepParts):
            digest = request.model or card.digest
            if request.parts is None:
                self.own.pop(digest, None)
            else:
                self.own[digest] = request.parts
            kept = self.own.get(digest, self.shipped.get(digest))
        if isinstance(request, WeighParts):
            yield Progress(ticket, 0.5, "Weighing channels")
            yield PartsWeighed(ticket)
        elif not isinstance(request, ShowParts):
            yield PartsFound(ticket, kept)
        elif request.parts is None and kept is None:
            yield Failed(ticket, "This model has no parts yet.", "Find them first.")
        else:
            yield PartsShown(ticket, request.codes, request.parts or kept, map_parts())  # type: ignore[arg-type]
