"""An open model at work: edits to codes, codes to pictures, the last pictures remembered."""

from collections import OrderedDict
from collections.abc import Generator, Sequence
from pathlib import Path

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, GridSpec, Level
from sni_engine.api.colour import to_lab
from sni_engine.api.edits import Edit
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Locality
from sni_engine.api.models import ModelCard
from sni_engine.api.selection import Selection
from sni_engine.drawing import Painter
from sni_engine.influence import InfluenceMeter
from sni_engine.methods import METHODS
from sni_engine.metrics.locality import compare_labs

_PICTURES_KEPT = 16


class Studio:
    """What a request needs of the open model. path: its file, beside which its parts may lie."""

    def __init__(self, painter: Painter, card: ModelCard, path: Path | None = None) -> None:
        self.painter = painter
        self.card = card
        self.path = path
        self.influence = InfluenceMeter(painter, card)
        self._pictures: OrderedDict[str, Array] = OrderedDict()
        self._labs: dict[str, Array] = {}  # of what was compared last: edits follow one another

    @property
    def grid(self) -> GridSpec:
        """The model's grid of codes."""
        return self.card.grid

    def apply(self, before: Codes, edit: Edit) -> Generator[float, None, Codes]:
        """Yield how far it is, 0 to 1, and return the codes the edit makes. Raises EngineError."""
        self.check(before)
        if edit.selection.cells.shape != (self.grid.rows, self.grid.columns):
            raise EngineError("The selection was made on another grid.", "Select the cells again.")
        wanted = edit.selection.levels
        if wanted and not set(wanted) & set(self.grid.levels):
            raise EngineError(
                f"This model has no {_name(wanted)} codes.", f"Choose the level {_name(self.grid.levels)}."
            )
        for item in METHODS[type(edit.params)](before, edit, self.grid):
            if isinstance(item, Codes):
                return item
            yield item
        raise AssertionError("a method ended without codes")

    def draw(self, codes: Codes) -> Array:
        """Return the picture of codes, uint8 [H, W, 3], read-only. Raises EngineError when they do not fit."""
        self.check(codes)
        if codes.digest not in self._pictures:
            picture = self.painter.draw(codes)
            picture.flags.writeable = False
            self._pictures[codes.digest] = picture
            while len(self._pictures) > _PICTURES_KEPT:
                self._pictures.popitem(last=False)
        self._pictures.move_to_end(codes.digest)
        return self._pictures[codes.digest]

    def compare(self, before: Codes, after: Sequence[tuple[Codes, Array, Selection]]) -> list[Locality]:
        """Say how local edits of `before` were, given the codes, picture and selection of each."""
        lab = self._labs.get(before.digest)
        if lab is None:
            lab = to_lab(self.draw(before))
        labs = {codes.digest: to_lab(picture) for codes, picture, _ in after}
        self._labs = {before.digest: lab} | labs
        return [compare_labs(lab, labs[codes.digest], selection, self.grid) for codes, _, selection in after]

    def draw_many(self, codes: Sequence[Codes]) -> Array:
        """Return the pictures of codes, uint8 [N, H, W, 3], read-only, drawn in batches. Raises EngineError."""
        for item in codes:
            self.check(item)
        pictures = self.painter.draw_many(codes)
        pictures.flags.writeable = False
        return pictures

    def check(self, codes: Codes) -> None:
        """Raise EngineError for codes of another grid."""
        if not codes.fits(self.grid):
            raise EngineError(
                f'This face does not fit the model "{self.card.name}": its grid of codes has another shape.',
                "Open the model it was made with.",
            )


def _name(levels: tuple[Level, ...]) -> str:
    return " or ".join(levels)
