"""An open model at work: edits to codes, codes to pictures, the last pictures remembered."""

from collections import OrderedDict
from collections.abc import Generator, Sequence
from pathlib import Path

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes, GridSpec, Level
from sni_engine.api.colour import to_lab
from sni_engine.api.edits import Edit, StyleTransfer
from sni_engine.api.errors import EngineError
from sni_engine.api.messages import Locality
from sni_engine.api.models import ModelCard
from sni_engine.api.parts import PartMap, PartSet
from sni_engine.checkpoints.parts import find_parts, stamp_parts
from sni_engine.contributions import ContributionMeter
from sni_engine.drawing import Painter
from sni_engine.influence import InfluenceMeter
from sni_engine.methods import METHODS
from sni_engine.metrics.locality import compare_where
from sni_engine.parts.finding import check_parts, map_parts

_PICTURES_KEPT = 16
_PLACES_IN_CELL = 4  # each way, by which it is told where a part is
_MOSTLY = 0.5
CONTRIBUTION_PICTURES = 128


class Studio:
    """What a request needs of the open model. path: its file, beside which its parts may lie."""

    def __init__(self, painter: Painter, card: ModelCard, path: Path | None = None) -> None:
        self.painter = painter
        self.card = card
        self.path = path
        self.influence = InfluenceMeter(painter, card)
        self.contributions = ContributionMeter(painter.generator, CONTRIBUTION_PICTURES)
        self._pictures: OrderedDict[str, Array] = OrderedDict()
        self._parts: tuple[object, PartSet | None] | None = None  # read last, and the stamp of their files then
        self._part_maps: dict[str, PartMap] = {}  # of the picture that was edited last, by codes and clusters
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
        for item in METHODS[type(edit.params)](before, edit, self):
            if isinstance(item, Codes):
                return item
            yield item
        raise AssertionError("a method ended without codes")

    def read_styles(self, codes: Codes) -> tuple[Array, ...]:
        """Return what codes are in style space: the number of each channel of each layer, [C] each."""
        self.check(codes)
        return self.painter.read_styles(codes)

    def weigh_part(self, name: str) -> Generator[float, None, tuple[Array, ...]]:
        """Yield how far it is, 0 to 1, and return what share of each channel's energy lies in a part, [C] of each
        layer of style space. Raises EngineError when the model has no such part.
        """
        parts = self.read_parts()
        clusters = list(parts.find(name).clusters)
        shares = yield from self.contributions.measure(parts)
        return tuple(each[clusters].sum(0) for each in shares)

    def find_parts(self) -> PartSet | None:
        """Return the parts that are kept with the model, None when there are none; read anew when a file has changed.

        Raises EngineError for those that do not fit.
        """
        stamp = stamp_parts(self.card.digest, self.path)
        if self._parts is None or self._parts[0] != stamp:
            parts = find_parts(self.card.digest, self.path)
            if parts is not None:
                check_parts(self.painter, self.card, parts)
            self._parts = (stamp, parts)
        return self._parts[1]

    def read_parts(self) -> PartSet:
        """Return the parts that are kept with the model. Raises EngineError when there are none."""
        parts = self.find_parts()
        if parts is None:
            raise EngineError(
                f'The model "{self.card.name}" has no parts yet.', 'Find them first: "sni parts find" does it, too.'
            )
        return parts

    def map_parts(self, codes: Codes) -> PartMap:
        """Return where the parts of the picture of codes are; of the last ones it is remembered. Raises EngineError."""
        self.check(codes)
        parts = self.read_parts()
        key = codes.digest + parts.digest
        if key not in self._part_maps:
            self._part_maps = {key: map_parts(self.painter, codes, parts)}
        return self._part_maps[key]

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

    def compare(self, before: Codes, after: Sequence[tuple[Codes, Array, Edit]]) -> list[Locality]:
        """Say how local edits of `before` were, given the codes and picture of each."""
        lab = self._labs.get(before.digest)
        if lab is None:
            lab = to_lab(self.draw(before))
        labs = {codes.digest: to_lab(picture) for codes, picture, _ in after}
        self._labs = {before.digest: lab} | labs
        return [compare_where(lab, labs[codes.digest], self._find_reached(before, edit)) for codes, _, edit in after]

    def _find_reached(self, before: Codes, edit: Edit) -> Array:
        """Return where an edit means to change something, bool [R, C]: the cells it reaches, or places of its part."""
        reached: Array = edit.selection.reach(self.grid) > 0
        if not isinstance(edit.params, StyleTransfer):
            return reached
        part = self.read_parts().find(edit.params.part)
        fine = min(_PLACES_IN_CELL, self.card.resolution_px // self.grid.rows)
        rows, columns = fine * self.grid.rows, fine * self.grid.columns
        covered = self.map_parts(before).cover(part, rows, columns) >= _MOSTLY
        return covered & reached.repeat(fine, 0).repeat(fine, 1)

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
        delta = codes.style_delta
        if delta is not None and not delta.fits(self.painter.generator.config.style_channels):
            raise EngineError(
                f'This face does not fit the model "{self.card.name}": a part of it has the style of other layers.',
                "Open the model it was made with.",
            )
        for hold in codes.held:
            self.check(hold.codes)


def _name(levels: tuple[Level, ...]) -> str:
    return " or ".join(levels)
