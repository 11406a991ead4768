"""Which codes the metrics draw anew: the places of a face that are measured, and each level by itself."""

from dataclasses import dataclass

import torch

from sni_engine.api import presets
from sni_engine.api.codes import GridSpec
from sni_engine.api.presets import place_cells
from sni_engine.api.selection import Selection, parse_cells, select_all
from sni_engine.metrics.faces import Faces

PLACES = {name: presets.PLACES[name] for name in ("mouth", "eyes", "hair")}
CELLS = {"cell 1,3": "1:2,3:4", "cell 3,2": "3:4,2:3", "cell 5,4": "5:6,4:5"}
HAIR_ROWS = "0:2,0:8"


@dataclass(frozen=True, eq=False)
class Redraw:
    """New codes for a selection, under a name for people."""

    name: str
    selection: Selection


def list_places(grid: GridSpec) -> list[Redraw]:
    """Return the redrawings whose locality is measured: places of a face, then single cells."""
    return [_local(name, cells, grid) for name, cells in (PLACES | CELLS).items()]


def list_levels(grid: GridSpec) -> list[Redraw]:
    """Return the redrawings of the level table, from the whole picture down; absent levels are left out."""
    found = [Redraw(level, select_all(grid, (level,))) for level in ("style", "global") if grid.size(level)]
    if grid.size("shared"):
        for row in range(grid.shared_rows):
            for column in range(grid.shared_columns):
                found.append(Redraw(f"shared {row},{column}", _quadrant(grid, row, column)))
    if grid.size("local"):
        found.append(Redraw("all local", select_all(grid)))
        rows = {"hair rows": HAIR_ROWS, "eyes": PLACES["eyes"], "mouth": PLACES["mouth"]}
        found += [_local(name, cells, grid) for name, cells in rows.items()]
    return found


def redraw(faces: Faces, sources: Faces, change: Redraw, grid: GridSpec) -> Faces:
    """Return the faces with the selected codes taken from others, entry by entry; all others stay as they are."""
    cells = change.selection.cells
    for level in change.selection.levels:
        weight = {"local": cells[:, :, None], "shared": grid.quadrants(cells)[:, :, None]}.get(level)
        old, new = faces.level(level), sources.level(level)
        if weight is not None:
            chosen = torch.from_numpy(weight > 0).to(old.device)
            new = torch.where(chosen, new, old)
        faces = faces.with_level(level, new)
    return faces


def _local(name: str, cells: str, grid: GridSpec) -> Redraw:
    return Redraw(name, Selection(place_cells(cells, grid)))


def _quadrant(grid: GridSpec, row: int, column: int) -> Selection:
    tall, wide = grid.rows // grid.shared_rows, grid.columns // grid.shared_columns
    block = f"{row * tall}:{(row + 1) * tall},{column * wide}:{(column + 1) * wide}"
    return Selection(parse_cells(block, grid), ("shared",))
