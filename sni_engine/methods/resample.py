"""Resample: draw new codes from the prior (Structured Noise Injection, section 4)."""

from collections.abc import Iterator

from sni_engine.api.codes import Codes, GridSpec
from sni_engine.api.edits import Edit, Resample
from sni_engine.methods.base import blend_levels
from sni_engine.seeds import draw_level


def resample(before: Codes, edit: Edit, grid: GridSpec) -> Iterator[float | Codes]:
    """Move toward the codes that the edit's seed draws; a seed means the same whatever is selected."""
    assert isinstance(edit.params, Resample)
    # of the levels that stay nothing is drawn: that would take longer than all the rest
    drawn = {level: draw_level(grid, edit.seed, level) for level in edit.selection.levels}
    yield blend_levels(before, drawn, edit.selection, edit.params.amount, grid)
