"""Resample: draw new codes from the prior (Structured Noise Injection, section 4)."""

from collections.abc import Iterator

from sni_engine.api.codes import Codes, GridSpec
from sni_engine.api.edits import Edit, Resample
from sni_engine.methods.base import blend
from sni_engine.seeds import draw_codes


def resample(before: Codes, edit: Edit, grid: GridSpec) -> Iterator[float | Codes]:
    """Move toward the codes that the edit's seed draws; a seed means the same whatever is selected."""
    assert isinstance(edit.params, Resample)
    yield blend(before, draw_codes(grid, edit.seed), edit.selection, edit.params.amount, grid)
