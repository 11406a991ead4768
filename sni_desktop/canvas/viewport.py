"""Where the picture lies in the widget: plain numbers, no widget."""

from dataclasses import dataclass, replace
from typing import Self

MARGIN = 24
SMALLEST, LARGEST = 64.0, 4096.0


@dataclass(frozen=True)
class Viewport:
    """The square the picture fills, in logical pixels of a widget of `width` × `height`.

    fitted: it follows the widget's size until the person zooms or pans.
    """

    width: float
    height: float
    left: float = 0.0
    top: float = 0.0
    side: float = 512.0
    fitted: bool = True

    def fit(self) -> Self:
        """Return the picture centred and as large as the widget allows."""
        side = min(max(min(self.width, self.height) - 2 * MARGIN, SMALLEST), LARGEST)
        side = float(int(side))
        left, top = (self.width - side) // 2, (self.height - side) // 2
        return replace(self, side=side, left=left, top=top, fitted=True)

    def resize(self, width: float, height: float) -> Self:
        """Return the viewport of a widget of another size; the middle stays in the middle."""
        grown = replace(self, width=width, height=height)
        if self.fitted:
            return grown.fit()
        left = self.left + (width - self.width) / 2
        return replace(grown, left=left, top=self.top + (height - self.height) / 2)._kept_in_sight()

    def zoom(self, factor: float, x: float, y: float) -> Self:
        """Return the picture scaled around a point, which stays where it is."""
        side = min(max(self.side * factor, SMALLEST), LARGEST)
        factor = side / self.side
        left, top = x + (self.left - x) * factor, y + (self.top - y) * factor
        return replace(self, side=side, left=left, top=top, fitted=False)._kept_in_sight()

    def pan(self, dx: float, dy: float) -> Self:
        """Return the picture moved."""
        return replace(self, left=self.left + dx, top=self.top + dy, fitted=False)._kept_in_sight()

    def _kept_in_sight(self) -> Self:
        """Return it with a corner of the picture still on the widget."""
        left = min(max(self.left, MARGIN - self.side), self.width - MARGIN)
        return replace(self, left=left, top=min(max(self.top, MARGIN - self.side), self.height - MARGIN))

    def to_cells(self, x: float, y: float, rows: int, columns: int) -> tuple[float, float]:
        """Return a point in units of cells, row first; it may lie outside the grid."""
        return (y - self.top) / self.side * rows, (x - self.left) / self.side * columns

    def percent(self, picture_px: int, pixel_ratio: float) -> float:
        """Return the zoom as people say it: 100 is one screen pixel per picture pixel."""
        return self.side * pixel_ratio / picture_px * 100
