"""How the painting tools paint, as everybody who shows or uses it may know: width, soft edge, both halves at once."""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from sni_engine.api.arrays import Array
from sni_engine.api.cells import mirror, soften

SIZES = range(1, 5)
EDGES = (0.0, 1.0, 2.0)


@dataclass(frozen=True)
class Settings:
    """size: the brush's width in cells. edge: how many cells wide a soft edge is, 0 for a hard one.

    mirrored: what is painted on one half is painted on the other, too. one_piece: the wand takes the piece of a part
    that is under it, such as one eye, rather than the whole part.
    """

    size: int = SIZES[0]
    edge: float = EDGES[0]
    mirrored: bool = False
    one_piece: bool = False

    def shape(self, covered: Array) -> Array:
        """Return what covered cells [R, C] become: on both halves, with a soft edge."""
        both = np.maximum(covered, mirror(covered)) if self.mirrored else covered
        return soften(both, self.edge)


class Painting(QObject):
    """Holds the settings of the painting tools and tells everybody of every change."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._settings = Settings()

    @property
    def settings(self) -> Settings:
        """The settings now."""
        return self._settings

    def set_size(self, size: int) -> None:
        """Make the brush `size` cells wide, within limits."""
        self._change(replace(self._settings, size=min(max(size, SIZES[0]), SIZES[-1])))

    def set_edge(self, edge: float) -> None:
        """Make edges soft over so many cells, within limits."""
        self._change(replace(self._settings, edge=min(max(edge, EDGES[0]), EDGES[-1])))

    def set_mirrored(self, mirrored: bool) -> None:
        """Paint both halves, or one."""
        self._change(replace(self._settings, mirrored=mirrored))

    def set_one_piece(self, alone: bool) -> None:
        """Let the wand take pieces of parts, or whole ones."""
        self._change(replace(self._settings, one_piece=alone))

    def _change(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)
