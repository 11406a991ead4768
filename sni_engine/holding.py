"""What held cells show: the features and colours of other codes, mixed into a drawing layer by layer.

Where a cell is wholly held, the mix is 0 · new + 1 · held, so its pixels are exactly those of the held codes' own
picture. Around it the held share falls off: far in coarse layers, which decide tones, near in fine ones, which decide
edges, as in a multiresolution spline (Burt and Adelson 1983). Since each layer reads what the layer before has mixed,
the network itself draws the rim so that it fits both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.arrays import Array, digest
from sni_engine.api.codes import Codes

_FALL_OFF = {1: 0.0, 2: 1.0, 4: 0.75}  # cells, by pixels of a cell's side
_FINEST_FALL_OFF = 0.5


@dataclass(frozen=True, eq=False)
class Trace:
    """What a drawing passed through: the input columns, all layers' features and all sizes' colours [1, C, h, w]."""

    columns: list[Tensor] = field(default_factory=list)
    layers: list[Tensor] = field(default_factory=list)
    colours: list[Tensor] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return 4 * sum(each.numel() for each in (*self.columns, *self.layers, *self.colours))


@dataclass(frozen=True, eq=False)
class Patch:
    """A rectangle of a tensor: what is held there, weighted [1, C, h, w], and the share of what is new [1, 1, h, w]."""

    rows: slice
    columns: slice
    held: Tensor
    new_share: Tensor

    def mix_into(self, x: Tensor) -> None:
        """Mix what is held into features or colours [N, C, H, W], in place."""
        x[:, :, self.rows, self.columns].mul_(self.new_share).add_(self.held)

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return 4 * (self.held.numel() + self.new_share.numel())


@dataclass(frozen=True, eq=False)
class Held:
    """All patches of one drawing, as `Trace` lists them."""

    columns: list[Patch]
    layers: list[Patch]
    colours: list[Patch]

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return sum(patch.bytes for patch in (*self.columns, *self.layers, *self.colours))


def name_holds(codes: Codes) -> str:
    """Return what tells the holds of codes from others; empty without holds."""
    return "".join(f"{digest(hold.cells)}{hold.codes.digest}" for hold in codes.held)


def make_held(codes: Codes, traces: Sequence[Trace]) -> Held:
    """Return what the holds of codes mix into their drawing; traces: of each hold's codes, in order."""
    cells = [hold.cells for hold in codes.held]
    return Held(
        [_make_patch(cells, list(parts)) for parts in zip(*(trace.columns for trace in traces), strict=True)],
        [_make_patch(cells, list(parts)) for parts in zip(*(trace.layers for trace in traces), strict=True)],
        [_make_patch(cells, list(parts)) for parts in zip(*(trace.colours for trace in traces), strict=True)],
    )


def _make_patch(cells: Sequence[Array], parts: Sequence[Tensor]) -> Patch:
    """Weigh one tensor of each hold by its share of every pixel, and keep the rectangle where there is any."""
    shares = share_pixels(np.stack(cells), parts[0].shape[2] // cells[0].shape[0])
    held = shares.sum(0)
    rows, columns = _span(held.any(1)), _span(held.any(0))
    weights = [torch.from_numpy(share[rows, columns]).to(parts[0]) for share in shares]
    mixed = sum(part[:, :, rows, columns] * weight for part, weight in zip(parts, weights, strict=True))
    assert isinstance(mixed, Tensor)
    new_share = torch.from_numpy(np.maximum(1 - held[rows, columns], 0)).to(parts[0])[None, None]
    return Patch(rows, columns, mixed.contiguous(memory_format=torch.channels_last), new_share)


def share_pixels(cells: Array, side: int) -> Array:
    """Return how much of each pixel each hold has [K, H, W], for cells [K, R, C] of `side` pixels.

    In a cell it is the cell's weight; beyond, the greatest that falls off from others, as far as the cell is free.
    """
    own = cells.repeat(side, 1).repeat(side, 2).astype(np.float32)
    wide = np.stack([_spread(each, side) for each in cells])
    more = np.maximum(wide - own, 0)
    free = np.maximum(1 - own.sum(0), 0)
    return own + more * np.minimum(1, free / np.maximum(more.sum(0), 1e-6))


def _spread(cells: Array, side: int) -> Array:
    """Return cell weights [R, C] as pixels [H, W] that fall off smoothly around the cells."""
    far = _FALL_OFF.get(side, _FINEST_FALL_OFF)
    rows, columns = cells.shape
    spread = np.zeros((rows * side, columns * side), np.float32)
    for row, column in np.argwhere(cells):
        top, left = _fall_off(row, rows, side, far), _fall_off(column, columns, side, far)
        np.maximum(spread, cells[row, column] * np.outer(top, left), out=spread)
    return spread


def _fall_off(index: int, count: int, side: int, far: float) -> Array:
    """Return along one axis 1 within a cell, falling to 0 at a distance of `far` cells [count · side]."""
    centres = (np.arange(count * side, dtype=np.float32) + 0.5) / side
    distance = np.maximum(np.maximum(index - centres, centres - index - 1), 0)
    t = np.minimum(distance / far, 1) if far else (distance > 0).astype(np.float32)
    return (1 - t * t * (3 - 2 * t)).astype(np.float32)


def _span(flags: Array) -> slice:
    """Return the slice from the first to the last True; empty when there is none."""
    places = np.flatnonzero(flags)
    return slice(int(places[0]), int(places[-1]) + 1) if len(places) else slice(0, 0)
