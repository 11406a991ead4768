"""Interpolate: move toward the codes of another picture."""

from collections.abc import Iterator

from sni_engine.api.codes import Codes
from sni_engine.api.edits import Edit, Interpolate
from sni_engine.api.errors import EngineError
from sni_engine.methods.base import Stage, blend


def interpolate(before: Codes, edit: Edit, stage: Stage) -> Iterator[float | Codes]:
    """Move toward the edit's reference. Raises EngineError when the reference has another grid."""
    assert isinstance(edit.params, Interpolate) and edit.reference is not None
    if not edit.reference.fits(stage.grid):
        raise EngineError("The reference was made with another grid of codes.", "Choose one made with the same model.")
    yield blend(before, edit.reference, edit.selection, edit.params.amounts, stage.grid)
