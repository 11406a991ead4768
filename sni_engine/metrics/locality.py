"""How local an edit was: the mean CIELAB difference inside and outside the cells it reaches."""

from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec
from sni_engine.api.colour import colour_difference
from sni_engine.api.messages import Locality
from sni_engine.api.selection import Selection


def measure_locality(before: Array, after: Array, selection: Selection, grid: GridSpec) -> Locality:
    """Return the mean difference inside and outside the cells the selection reaches; nothing reached counts as 0."""
    inside = spread_cells(selection.reach(grid) > 0, before.shape[0])
    difference = colour_difference(before, after)
    return Locality(
        inside=float(difference[inside].mean()) if inside.any() else 0.0,
        outside=None if inside.all() else float(difference[~inside].mean()),
    )


def spread_cells(cells: Array, size_px: int) -> Array:
    """Return cell values [R, C] spread over the pixels they lie on [size, size]."""
    rows, columns = cells.shape
    return cells.repeat(size_px // rows, 0).repeat(size_px // columns, 1)
