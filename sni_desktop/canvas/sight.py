"""Puts on a canvas everything that belongs to looking: other pictures, outlines, legend, divider and badges."""

from sni_desktop.activities.seeing import Seeing
from sni_desktop.canvas.badge import BadgeLayer
from sni_desktop.canvas.divider import Divider
from sni_desktop.canvas.layers import Place, Veil
from sni_desktop.canvas.legend import LegendLayer
from sni_desktop.canvas.seen import OutlineLayer, SeenPictures
from sni_desktop.canvas.view import CanvasView


def see(canvas: CanvasView, seeing: Seeing) -> None:
    """Let a canvas show what is compared, and tell the influence view which cell is pointed at."""
    canvas.set_picture_source(SeenPictures(seeing), seeing.changed)
    canvas.add_layer(OutlineLayer(seeing), Place.OVER_SELECTION)
    canvas.add_layer(LegendLayer(seeing), Place.ON_TOP)
    canvas.add_layer(BadgeLayer(seeing), Place.ON_TOP)
    canvas.add_handle(Divider(seeing.comparing))
    canvas.hover_changed.connect(seeing.influencing.look_at)
    seeing.changed.connect(lambda: canvas.set_veil(choose_veil(seeing)))


def choose_veil(seeing: Seeing) -> Veil:
    """Return how much gives way: everything to a picture that is held up, grid and tints to maps and the split view."""
    if seeing.comparing.now.held:
        return "full"
    return "light" if seeing.is_on else "none"
