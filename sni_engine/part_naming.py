"""Names for the parts of a model of portraits, given by what a network that saw true masks sees in generated faces."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes
from sni_engine.api.parts import PartSet, name_clusters
from sni_engine.checkpoints.segmenter import read_segmenter
from sni_engine.checkpoints.yardstick import read_yardstick
from sni_engine.drawing import Painter
from sni_engine.metrics.part_names import GROUPS, choose_owners, count_overlap, measure_agreement
from sni_engine.metrics.part_reader import PartReader
from sni_engine.parts.features import draw_samples
from sni_engine.parts.finding import enlarge, measure_nearness, to_labels

NAMING_FACES = 200
_SPREAD = 2**40  # between the seeds of the faces that parts are found, named and measured on


@dataclass(frozen=True)
class Agreement:
    """Intersection over union of each named part with masks, 0 to 1, over `faces` faces; and the mean of all groups.

    parts: of GROUPS; 0 for a group that no cluster bears. shares: of the pixels, by the masks.
    """

    parts: dict[str, float]
    shares: dict[str, float]
    faces: int

    @property
    def mean(self) -> float:
        """Over all groups that the masks hold at all."""
        held = [self.parts[name] for name, share in self.shares.items() if share > 0]
        return float(np.mean(held)) if held else 0.0


def open_reader(painter: Painter) -> PartReader:
    """Return what reads masks off pictures, on the painter's device. Raises EngineError."""
    yardstick = read_yardstick()
    return PartReader(yardstick, *read_segmenter(yardstick.info), painter.device)


def name_by_portraits(painter: Painter, parts: PartSet, faces: int) -> Generator[float, None, PartSet]:
    """Yield how far it is, 0 to 1, and return the parts with the names of GROUPS, as far as the clusters bear them.

    Faces are others than those the parts were found on.
    """
    codes = draw_samples(painter.generator.config.grid, parts.seed % _SPREAD + _SPREAD, faces)
    table = yield from overlap_masks(painter, parts, codes)
    owner, names = choose_owners(table), list(GROUPS)
    blank = replace(parts, parts=name_clusters(parts, range(len(owner)), "").parts)
    for group in np.unique(owner):
        blank = name_clusters(blank, [int(each) for each in np.flatnonzero(owner == group)], names[group])
    return blank


def agree_with_portraits(painter: Painter, parts: PartSet, faces: int) -> Generator[float, None, Agreement]:
    """Yield how far it is, 0 to 1, and return how far parts of the names of GROUPS agree with masks.

    On yet other faces. Pixels of clusters with other names belong to none.
    """
    codes = draw_samples(painter.generator.config.grid, parts.seed % _SPREAD + 2 * _SPREAD, faces)
    table = yield from overlap_masks(painter, parts, codes)
    names = [name.casefold() for name in GROUPS]
    wide = np.pad(table, ((0, 0), (0, 1)))  # one more group, for clusters of other names
    owner = [names.index(name) if (name := parts.part_of(k).name.casefold()) in names else -1 for k in range(len(wide))]
    agreed = measure_agreement(wide, np.asarray(owner) % wide.shape[1])
    shares = table.sum(0) / max(1, table.sum())
    return Agreement(
        {name: float(agreed[i]) for i, name in enumerate(GROUPS)},
        {name: float(shares[i]) for i, name in enumerate(GROUPS)},
        faces,
    )


def overlap_masks(painter: Painter, parts: PartSet, codes: Sequence[Codes]) -> Generator[float, None, Array]:
    """Yield how far it is and return how many pixels each cluster shares with each group of masks, int64 [K, P]."""
    reader, count = open_reader(painter), len(parts.centroids)
    table = np.zeros((count, len(GROUPS)), np.int64)
    size = painter.most_at_once
    for start in range(0, len(codes), size):
        some = codes[start : start + size]
        features = torch.cat([found for _, found in painter.features_many(some, parts.layer)])
        pictures = torch.cat([drawn for _, drawn in painter.forward_many(some)])
        near = enlarge(measure_nearness(features, parts), pictures.shape[-1])
        table += count_overlap(to_labels(near), reader.read(pictures), count)
        yield (start + len(some)) / len(codes)
    return table
