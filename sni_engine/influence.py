"""Which pixels a cell can move, and by how much: its code drawn anew over several faces, one cell at a time."""

from collections.abc import Iterator

import numpy as np
from torch import Tensor

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, Level
from sni_engine.api.colour import lab_difference, to_lab
from sni_engine.api.errors import EngineError
from sni_engine.api.influence import MEASURED, read_influence, write_influence
from sni_engine.api.models import ModelCard
from sni_engine.drawing import Painter
from sni_engine.seeds import draw_codes

FACES = 8
REDRAWS = 2  # of each face
LARGEST_PX = 64  # side of the maps
_FIRST_SEED = 2**42  # away from the faces that people meet
_ROUNDING = 0.01  # CIELAB; a batch adds up in another order than a single picture


class InfluenceMeter:
    """Measures a model's cells and remembers what it has done: a cell that was broken off goes on at the next face."""

    def __init__(self, painter: Painter, card: ModelCard) -> None:
        self._painter = painter
        self._card = card
        self._done: dict[tuple[Level, int, int], Array] = {}
        self._begun: dict[tuple[Level, int, int], list[Array]] = {}
        self._faces: list[tuple[Codes, Array]] = []
        self._looked: set[Level] = set()

    def measure(self, cell: tuple[int, int], level: Level) -> Iterator[float | Array]:
        """Yield how far it is, 0 to 1, at every face, and last the map [h, w]. Raises EngineError.

        The map is the mean CIELAB difference per pixel when only this cell's local code, or the shared code of the
        quadrant it lies in, is drawn anew.
        """
        key = self._name(cell, level)
        self._look_up(level)
        if key not in self._done:
            parts = self._begun.setdefault(key, [])
            while len(parts) < FACES:
                yield len(parts) / FACES
                parts.append(self._measure_face(len(parts), key))
            mean: Array = np.stack(parts).mean(0, dtype=np.float32)
            mean[mean < _ROUNDING] = 0
            mean.flags.writeable = False
            self._done[key] = mean
            del self._begun[key]
            self._keep(level)
        yield self._done[key]

    def _name(self, cell: tuple[int, int], level: Level) -> tuple[Level, int, int]:
        """Return level and place of the code that a cell reads."""
        grid = self._card.grid
        if level not in MEASURED or level not in grid.levels:
            raise EngineError(f"This model has no {level} codes that belong to cells.", "Choose another level.")
        row, column = cell
        if not (0 <= row < grid.rows and 0 <= column < grid.columns):
            raise EngineError(f"There is no cell {row}, {column} in this grid.", "Choose another cell.")
        if level == "shared":
            return level, row * grid.shared_rows // grid.rows, column * grid.shared_columns // grid.columns
        return level, row, column

    def _look_up(self, level: Level) -> None:
        """Take what was measured in an earlier session."""
        if level in self._looked:
            return
        self._looked.add(level)
        change = read_influence(self._card.digest, self._card.grid, level)
        if change is not None:
            self._done.update(
                {(level, row, column): change[row, column] for row, column in np.ndindex(change.shape[:2])}
            )

    def _keep(self, level: Level) -> None:
        """Write the maps of a level once all are there."""
        rows, columns = self._card.grid.shape(level)[:2]
        maps = [self._done.get((level, row, column)) for row, column in np.ndindex(rows, columns)]
        whole = [change for change in maps if change is not None]
        if len(whole) == rows * columns:
            write_influence(self._card.digest, np.stack(whole).reshape(rows, columns, *whole[0].shape), level)

    def _measure_face(self, index: int, key: tuple[Level, int, int]) -> Array:
        """Return the mean change of one face [h, w]."""
        level, row, column = key
        if index == len(self._faces):
            face = draw_codes(self._card.grid, _FIRST_SEED + index)
            self._faces.append((face, self._draw([face])[0]))
        face, before = self._faces[index]
        redrawn = []
        for turn in range(REDRAWS):
            other = draw_codes(self._card.grid, _FIRST_SEED + FACES + index * REDRAWS + turn)
            values = face.level(level).copy()
            values[row, column] = other.level(level)[row, column]
            redrawn.append(face.with_levels({level: values}))
        return np.mean([lab_difference(before, after) for after in self._draw(redrawn)], 0)

    def _draw(self, codes: list[Codes]) -> list[Array]:
        """Return CIELAB pictures [h, w, 3] of codes, no larger than maps are, without the roundings of bytes."""
        return [to_lab(shrink(picture)) for _, drawn in self._painter.forward_many(codes) for picture in drawn]


def shrink(picture: Tensor) -> Array:
    """Return a picture [3, H, W], -1 to 1, as sRGB from 0 to 1 [h, w, 3], in means of blocks if it is large."""
    values = picture.float().clamp(-1, 1).add(1).div(2).permute(1, 2, 0).cpu().numpy()
    size = values.shape[0]
    block = next(block for block in range(1, size + 1) if size % block == 0 and size // block <= LARGEST_PX)
    side = size // block
    return values.reshape(side, block, side, block, 3).mean((1, 3))
