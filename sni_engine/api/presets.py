"""Named choices of cells: the places of an aligned face, which come with the program, and a person's own."""

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec
from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes, replace_file
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.api.selection import parse_cells

PLACES = {
    "mouth": "5:7,3:5",
    "eyes": "3:5,2:6",
    "left-eye": "3:5,2:4",
    "right-eye": "3:5,4:6",
    "brows": "2:4,2:6",
    "nose": "4:6,3:5",
    "hair": "0:2,1:7",
    "long-hair": "0:2,1:7;2:7,0:2;2:7,6:8",
    "chin": "6:8,2:6",
    "face": "2:7,2:6",
    "head": "0:7,1:7",
    "background": "0:6,0:1;0:6,7:8;0:1,0:8",
    "clothing": "7:8,0:8",
}
"""Rows and columns of an 8 × 8 grid over an aligned face, left and right as one sees them; other grids take the cells
that these touch.
"""
_FORMAT, _VERSION = "sni-presets", 1
_LARGEST_BYTES = 1 << 22


@dataclass(frozen=True)
class Preset:
    """A person's own choice. weights: of the cells, row by row, 0 to 1."""

    name: str
    rows: int
    columns: int
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.name.strip() or min(self.rows, self.columns) < 1 or len(self.weights) != self.rows * self.columns:
            raise ValueError("a preset needs a name and a weight for every cell")
        if not all(0 <= weight <= 1 for weight in self.weights):
            raise ValueError("weights go from 0 to 1")

    def cells(self, grid: GridSpec) -> Array:
        """Return the weights on a grid [R, C]; on another grid than its own, those of the cells nearest."""
        own = np.array(self.weights, np.float32).reshape(self.rows, self.columns)
        down = (np.arange(grid.rows) + 0.5) * self.rows / grid.rows
        right = (np.arange(grid.columns) + 0.5) * self.columns / grid.columns
        return own[down.astype(int)][:, right.astype(int)]


@dataclass(frozen=True)
class _File:
    format: str
    version: int
    presets: tuple[Preset, ...]


def make_preset(name: str, cells: Array) -> Preset:
    """Return a preset of cells [R, C]. Raises ValueError without a name."""
    rows, columns = cells.shape
    return Preset(name.strip(), rows, columns, tuple(round(float(weight), 4) for weight in cells.reshape(-1)))


def place_cells(blocks: str, grid: GridSpec) -> Array:
    """Return the cells [R, C] of this grid that blocks of an 8 × 8 grid touch."""
    cells = np.zeros((grid.rows, grid.columns), np.float32)
    for block in blocks.split(";"):
        top, bottom, left, right = (int(number) for number in re.findall(r"\d+", block))
        rows = slice(top * grid.rows // 8, -(-bottom * grid.rows // 8))
        cells[rows, left * grid.columns // 8 : -(-right * grid.columns // 8)] = 1
    return cells


def read_cells(text: str, grid: GridSpec) -> Array:
    """Read names of places and "rows,columns" blocks, joined by ";", into cell weights [R, C].

    "all" and "none" are words, too. Raises EngineError for anything else.
    """
    cells = np.zeros((grid.rows, grid.columns), np.float32)
    for part in text.split(";"):
        name = part.strip().lower().replace(" ", "-")
        cells = np.maximum(cells, place_cells(PLACES[name], grid) if name in PLACES else _parse(part, grid))
    return cells


def _parse(part: str, grid: GridSpec) -> Array:
    if re.fullmatch(r"\s*[A-Za-z][\w -]*", part) and part.strip() not in ("all", "none"):
        known = ", ".join(PLACES)
        raise EngineError(f'"{part.strip()}" is not the name of a place.', f"Names are {known}, all and none.")
    return parse_cells(part, grid)


def read_presets(path: Path) -> tuple[Preset, ...]:
    """Return the presets of a file, none when it is not there. Raises EngineError when it is damaged or too new."""
    if not path.exists():
        return ()
    try:
        found = load_json(_File, read_bytes(path, _LARGEST_BYTES))
    except PlainError as error:
        raise _damaged(path) from error
    if found.format != _FORMAT or found.version != _VERSION:
        raise _damaged(path)
    return found.presets


def write_presets(presets: Sequence[Preset], path: Path) -> None:
    """Write presets in one step. Raises EngineError; what was at `path` is then unchanged."""
    with contextlib.suppress(OSError):  # what follows says it better
        path.parent.mkdir(parents=True, exist_ok=True)
    with replace_file(path) as stream:
        stream.write(dump_json(_File(_FORMAT, _VERSION, tuple(presets))).encode())


def put_aside(path: Path) -> None:
    """Give a damaged file another name, so that a new one does not replace it. Raises EngineError."""
    try:
        path.replace(path.with_suffix(".damaged.json"))
    except OSError as error:
        raise EngineError(f"{path} cannot be put aside.", "See who may write there.") from error


def _damaged(path: Path) -> EngineError:
    return EngineError(
        f"Your presets in {path} cannot be read.", "Mend the file or put it away; the others still work."
    )
