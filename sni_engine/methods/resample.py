"""Resample: draw new codes from the prior (Structured Noise Injection, section 4)."""

from collections.abc import Iterator

from sni_engine.api.codes import Codes
from sni_engine.api.edits import Edit, Resample
from sni_engine.methods.base import Stage, blend_levels
from sni_engine.seeds import draw_level


def resample(before: Codes, edit: Edit, stage: Stage) -> Iterator[float | Codes]:
    """Move toward the codes that the edit's seed draws; a seed means the same whatever is selected."""
    assert isinstance(edit.params, Resample)
    # of the levels that stay nothing is drawn: that would take longer than all the rest
    drawn = {level: draw_level(stage.grid, edit.seed, level) for level in edit.selection.levels}
    yield blend_levels(before, drawn, edit.selection, edit.params.amount, stage.grid)
