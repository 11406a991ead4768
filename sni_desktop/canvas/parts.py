"""Puts on a canvas everything that belongs to parts: the wand, the colours over the picture, what is pointed at."""

from sni_desktop.activities.seeing import Seeing
from sni_desktop.canvas.announce import announce
from sni_desktop.canvas.layers import Place
from sni_desktop.canvas.part_layer import NamesLayer, PartsLayer, PointedLayer, SeenParts
from sni_desktop.canvas.tools.wand import Wand
from sni_desktop.canvas.view import CanvasView
from sni_desktop.document import Document


def show_parts(canvas: CanvasView, document: Document, seeing: Seeing) -> None:
    """Let a canvas show and select parts; they are asked for while the wand is in hand or the colours are shown."""
    parts = seeing.parts
    seen = SeenParts(seeing)
    wand = Wand(document, canvas.painting, parts, seen, lambda text: announce(canvas, text))

    def follow_tool(tool: str) -> None:
        wand.forget()
        parts.want(wand.name, tool == wand.name)

    def point(place: tuple[float, float] | None) -> None:
        is_looked_at = canvas.tool == wand.name or parts.state.is_on
        is_there = place is not None and is_looked_at and seen.is_step(document.snapshot)
        parts.point_at((place[1], place[0]) if is_there and place is not None else None)

    canvas.add_tool(wand)
    canvas.add_layer(PartsLayer(seeing, seen), Place.OVER_PICTURE, parts.changed)
    canvas.add_layer(PointedLayer(seeing, seen), Place.OVER_PICTURE)
    canvas.add_layer(NamesLayer(seeing, seen), Place.OVER_SELECTION)
    canvas.set_cell_taker(wand.name, wand.take_cell, wand.name_cell)
    canvas.tool_changed.connect(follow_tool)
    canvas.pointer_changed.connect(point)
