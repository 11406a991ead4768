"""Semantic parts, which a model finds itself: clusters of its features with names, and maps of a picture.

After Editing in Style (Collins et al., CVPR 2020), section 3.1. A cluster is a direction in the space of one layer's
channels; a part is a name for one cluster or several. Parts are always a whole partition: each cluster is in one part.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sni_engine.api.arrays import Array, digest, freeze
from sni_engine.api.cells import grow
from sni_engine.api.codes import GridSpec, check_seed
from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelCard, ModelRef

MOST_CLUSTERS = 128
MOST_CHANNELS = 8192
MOST_SAMPLES = 10_000
LARGEST_SIDE = 2048
LONGEST_PART_NAME = 40
UNNAMED = "part"  # "part 3" holds cluster 3 alone until a person names it
_HALF = 0.5  # of a cell
_HARDLY = 0.1
_LARGEST_PIECE = 256  # pixels across at which pieces are told apart
_UNIT = 1e-3  # how far a stored direction may be from length 1
_UNNAMED = re.compile(rf"{UNNAMED} \d+")


@dataclass(frozen=True)
class Part:
    """A name, and the clusters it stands for, in rising order."""

    name: str
    clusters: tuple[int, ...]

    @property
    def is_named(self) -> bool:
        """Whether a person, or an agreement with true masks, has named it."""
        return not _UNNAMED.fullmatch(self.name)


@dataclass(frozen=True, eq=False)
class PartSet:
    """What a model's parts are.

    model: whose features these are; the digest decides. layer: index of the generator's layer, from coarse to fine,
    whose output was clustered; side_px: the side of its grid. centroids: unit directions [K, C]. seed, samples: what
    they were found from. parts: a partition of the clusters 0 to K - 1, by names that differ.

    Raises ValueError for anything else: such sets come in strangers' files.
    """

    model: ModelRef
    layer: int
    side_px: int
    centroids: Array
    seed: int
    samples: int
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        count, channels = self._check_sizes()
        check_seed(self.seed)
        object.__setattr__(self, "centroids", freeze(self.centroids, (count, channels)))
        if np.abs(np.linalg.norm(self.centroids, axis=1) - 1).max() > _UNIT:
            raise ValueError("the directions of the clusters are not of length 1")
        _check_partition(self.parts, count)

    def _check_sizes(self) -> tuple[int, int]:
        shape = np.shape(self.centroids)
        if len(shape) != 2 or not 1 <= shape[0] <= MOST_CLUSTERS or not 1 <= shape[1] <= MOST_CHANNELS:
            raise ValueError(
                f"there are 1 to {MOST_CLUSTERS} clusters of at most {MOST_CHANNELS} channels, not {shape}"
            )
        if not 0 <= self.layer < 64 or not 1 <= self.side_px <= LARGEST_SIDE or not 1 <= self.samples <= MOST_SAMPLES:
            raise ValueError("layer, size or number of samples are out of range")
        return shape[0], shape[1]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in order; labels of a map count through them."""
        return tuple(part.name for part in self.parts)

    @cached_property
    def part_of_cluster(self) -> Array:
        """Which part each cluster belongs to, uint8 [K]."""
        owner = np.zeros(len(self.centroids), np.uint8)
        for index, part in enumerate(self.parts):
            owner[list(part.clusters)] = index
        owner.flags.writeable = False
        return owner

    def part_of(self, cluster: int) -> Part:
        """Return the part that a cluster belongs to."""
        return self.parts[int(self.part_of_cluster[cluster])]

    @property
    def digest(self) -> str:
        """Identify what decides maps: the clusters, but not what they are called or how they are merged."""
        place = np.frombuffer(f"{self.model.digest} {self.layer}".encode(), np.uint8)
        return digest(place, self.centroids)

    def find(self, name: str) -> Part:
        """Return the part of this name, capitals aside. Raises EngineError."""
        for part in self.parts:
            if part.name.casefold() == " ".join(name.split()).casefold():
                return part
        raise EngineError(f'This model has no part "{name}".', f"Its parts: {', '.join(self.names)}.")


@dataclass(frozen=True, eq=False)
class PartMap:
    """Where the clusters of one picture are; what they are called does not change it.

    clusters: uint8 [h, w], the cluster of each place of the layer, h = w = PartSet.side_px: the paper's U.
    fine: uint8 [H, W], the cluster of each pixel of the picture, with smoothed borders, to be looked at and clicked on.
    """

    clusters: Array
    fine: Array

    def mask(self, part: Part) -> Array:
        """Return where a part is on the layer's grid, float32 [h, w] of 0 and 1."""
        return np.isin(self.clusters, part.clusters).astype(np.float32)

    def pixels(self, part: Part, near: tuple[float, float] | None = None) -> Array:
        """Return which pixels of the picture a part holds, bool [H, W].

        near: a place (y, x), each from 0 to 1, for the piece of the part around it alone; of a large picture every
        two, three, … pixels across are one then, which the part holds if it holds any of them.
        """
        inside = np.isin(self.fine, part.clusters)
        if near is None:
            return inside
        step = -(-max(inside.shape) // _LARGEST_PIECE)
        for axis, side in enumerate(inside.shape) if step > 1 else ():
            inside = np.logical_or.reduceat(inside, range(0, side, step), axis)
        return _piece(inside, near)

    def cover(self, part: Part, rows: int, columns: int, near: tuple[float, float] | None = None) -> Array:
        """Return the share of each cell of a grid that a part covers, float32 [rows, columns], 0 to 1.

        near: as of `pixels`. Where the grid does not divide the picture, pixels are taken as they lie nearest.
        """
        inside = self.pixels(part, near)
        height, width = inside.shape
        tall, wide = -(-height // rows), -(-width // columns)
        down = np.arange(rows * tall) * height // (rows * tall)
        across = np.arange(columns * wide) * width // (columns * wide)
        inside = inside[np.ix_(down, across)]
        shares: Array = inside.reshape(rows, tall, columns, wide).mean((1, 3), dtype=np.float32)
        return shares

    def label(self, parts: "PartSet") -> Array:
        """Return the part of each pixel, uint8 [H, W], counted as in PartSet.parts."""
        labels: Array = parts.part_of_cluster[self.fine]
        return labels

    def cluster_at(self, y: float, x: float) -> int:
        """Return the cluster at a place of the picture, each coordinate from 0 to 1; beyond is the nearest."""
        height, width = self.fine.shape
        row, column = int(np.clip(y * height, 0, height - 1)), int(np.clip(x * width, 0, width - 1))
        return int(self.fine[row, column])


def choose_cells(map: PartMap, part: Part, grid: GridSpec, near: tuple[float, float] | None = None) -> Array:
    """Return the weights with which a part takes the cells it covers, float32 [R, C], 0 to 1: softly at its edge.

    A cell that is half covered counts in full, and so does the most covered one of a part that is smaller: else what
    is drawn anew would hardly move there. A cell that is hardly touched stays out.
    near: a place (y, x) of the picture, each from 0 to 1, for the piece of the part around it alone.
    """
    shares = map.cover(part, grid.rows, grid.columns, near)
    weights = np.minimum(shares / max(min(_HALF, float(shares.max())), 1e-6), 1)
    return np.where(weights < _HARDLY, 0, weights).astype(np.float32)


def _piece(inside: Array, near: tuple[float, float]) -> Array:
    """Return what of a mask [H, W] hangs together with a place, (y, x) from 0 to 1, over edges and corners."""
    height, width = inside.shape
    row, column = (int(np.clip(at * side, 0, side - 1)) for at, side in zip(near, (height, width), strict=True))
    piece = np.zeros_like(inside)
    piece[row, column] = inside[row, column]
    known = -1
    while known != (known := int(piece.sum())):
        piece = _fill_rows(_fill_rows(piece, inside).T, inside.T).T
        piece = (grow(piece) > 0) & inside
    return piece


def _fill_rows(piece: Array, inside: Array) -> Array:
    """Return all of a mask [H, W] that hangs together with some of its pixels within a row."""
    starts = inside.copy()
    starts[:, 1:] &= ~inside[:, :-1]
    runs = np.cumsum(starts).reshape(inside.shape)
    is_met = np.zeros(int(runs[-1, -1]) + 1, bool)
    is_met[runs[piece]] = True
    filled: Array = is_met[runs] & inside
    return filled


def join_parts(parts: PartSet, names: Collection[str]) -> Part:
    """Return parts as one, for what is done to them together. Raises EngineError for a name that is not there."""
    found = [parts.find(name) for name in names]
    clusters = sorted({cluster for part in found for cluster in part.clusters})
    return Part(" + ".join(dict.fromkeys(part.name for part in found)), tuple(clusters))


def list_layer_sides(rows: int, doublings: int, begins_small: bool = False) -> tuple[int, ...]:
    """Return the side of each layer's grid, from coarse to fine, as generators count their layers: two for each
    doubling of a grid of so many rows; one more before them where what is learned goes through a layer undoubled.
    """
    sides = tuple(rows * 2**step for step in range(1, doublings + 1) for _ in range(2))
    return (rows, *sides) if begins_small else sides


def list_card_sides(card: ModelCard) -> tuple[int, ...]:
    """Return the side of each layer's grid of a model that is known by its card."""
    doublings = (card.resolution_px // card.grid.rows).bit_length() - 1
    return list_layer_sides(card.grid.rows, doublings, begins_small(card.backbone, card.source))


def begins_small(backbone: str, source: str) -> bool:
    """Say whether a generator has a layer before its first doubling."""
    return backbone == "adain" and source == "constant"


def name_unnamed(count: int) -> tuple[Part, ...]:
    """Return parts of one cluster each, with names that say that nobody has named them."""
    return tuple(Part(f"{UNNAMED} {index}", (index,)) for index in range(count))


def name_clusters(parts: PartSet, clusters: Collection[int], name: str) -> PartSet:
    """Give clusters a name: out of the parts they were in, into the part of this name, which may be new.

    Parts left empty are gone. An empty name gives each of the clusters back to a part of its own.
    Raises EngineError for clusters that are not there, or a name that cannot be.
    """
    count, wanted = len(parts.centroids), set(clusters)
    if not wanted or min(wanted) < 0 or max(wanted) >= count:
        raise EngineError("There is no such cluster.", f"The clusters are numbered from 0 to {count - 1}.")
    left = [Part(part.name, tuple(sorted(set(part.clusters) - wanted))) for part in parts.parts]
    kept = {part.name: part.clusters for part in left if part.clusters}
    if name.strip():
        name = check_part_name(name)
        known = next((each for each in kept if each.casefold() == name.casefold()), name)
        kept[known] = tuple(sorted({*kept.get(known, ()), *wanted}))
    else:
        kept |= {f"{UNNAMED} {index}": (index,) for index in sorted(wanted)}
    return replace(parts, parts=_sort_parts([Part(each, held) for each, held in kept.items()]))


def check_part_name(name: str) -> str:
    """Return a name without blanks around it. Raises EngineError for one that no part can have."""
    name = " ".join(name.split())
    if not name or not name.isprintable():
        raise EngineError("A part needs a name that can be read.", "Type one.")
    if len(name) > LONGEST_PART_NAME:
        raise EngineError("This name is too long.", f"Use at most {LONGEST_PART_NAME} characters.")
    if _UNNAMED.fullmatch(name):
        raise EngineError(f'"{name}" is what a part without a name is called.', "Choose another name.")
    return name


def _sort_parts(parts: list[Part]) -> tuple[Part, ...]:
    """Put named parts first, by name, then the others by cluster."""
    return tuple(sorted(parts, key=lambda part: (0, part.name, ()) if part.is_named else (1, "", part.clusters)))


def _check_partition(parts: tuple[Part, ...], count: int) -> None:
    held = [cluster for part in parts for cluster in part.clusters]
    if sorted(held) != list(range(count)) or not all(part.clusters for part in parts):
        raise ValueError("the parts do not share out the clusters, each to one part")
    names = [part.name for part in parts]
    if len({name.casefold() for name in names}) != len(names):
        raise ValueError("two parts have the same name")
    for part in parts:
        fits = 0 < len(part.name) <= LONGEST_PART_NAME and part.name.isprintable() and part.name == part.name.strip()
        if not fits or (not part.is_named and part.name != f"{UNNAMED} {part.clusters[0]}"):
            raise ValueError(f"a part cannot be called {part.name[:60]!r}")
