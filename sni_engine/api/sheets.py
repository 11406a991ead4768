"""Contact sheets: pictures in a grid with a name under each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.history import History, Node
from sni_engine.api.pictures import Filter, PictureForm, scale_picture

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont, ImageFont

MOST_PICTURES = 1000
_PAPER, _INK, _QUIET, _GOLD = (250, 250, 249), (38, 38, 40), (120, 120, 124), (214, 150, 20)
_OTHER_FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "arial.ttf")


@dataclass(frozen=True)
class Entry:
    """One picture of a sheet: its number, the name a person gave it, and whether it is starred."""

    number: str
    name: str = ""
    star: bool = False


@dataclass(frozen=True)
class SheetForm:
    """How a sheet is laid out. cell_px: side of each picture, None for its own. columns: None for a balanced grid."""

    cell_px: int | None = None
    columns: int | None = None
    labels: bool = True
    filter: Filter = "smooth"

    def __post_init__(self) -> None:
        if self.columns is not None and not 1 <= self.columns <= MOST_PICTURES:
            raise EngineError(f"A sheet cannot have {self.columns} columns.", f"Choose 1 to {MOST_PICTURES}.")
        PictureForm(self.cell_px, self.filter)  # it knows which sizes and filters there are


def choose_nodes(history: History, words: str) -> tuple[Node, ...]:
    """Return the nodes that `words` name: "starred", "all", "path", or numbers joined by commas.

    Raises EngineError when there are none.
    """
    named = {
        "starred": [node for node in history.nodes if node.star],
        "all": list(history.nodes),
        "path": list(history.path()),
    }
    nodes = named[words.strip()] if words.strip() in named else [_find(history, word) for word in words.split(",")]
    if not nodes:
        raise EngineError("No step is starred.", 'Star some, or choose "all" or "path".')
    return tuple(nodes)


def _find(history: History, word: str) -> Node:
    numbers = {str(node.id): node for node in history.nodes}
    if word.strip() not in numbers:
        known = ", ".join([*list(numbers)[:12], *(["…"] if len(numbers) > 12 else [])])
        raise EngineError(
            f'There is no step "{word.strip()}".', f'Write "starred", "all", "path", or numbers of {known}.'
        )
    return numbers[word.strip()]


def describe_nodes(nodes: Sequence[Node]) -> tuple[Entry, ...]:
    """Return what a sheet writes under the pictures of nodes."""
    return tuple(Entry(str(node.id), node.label, node.star) for node in nodes)


def count_columns(count: int, columns: int | None) -> int:
    """Return how many columns a sheet of so many pictures has: a balanced grid, rather wide than tall."""
    return min(count, columns or math.ceil(math.sqrt(count)))


def scale_cell(picture: Array, form: SheetForm) -> Array:
    """Return a picture uint8 [h, w, 3] as large as it will be on a sheet."""
    return scale_picture(picture, PictureForm(form.cell_px, form.filter))


def draw_sheet(pictures: Sequence[Array], entries: Sequence[Entry], form: SheetForm) -> Array:
    """Return one picture uint8 [H, W, 3] of pictures uint8 [h, w, 3] of one size. Raises EngineError."""
    from PIL import Image, ImageDraw

    if not 1 <= len(pictures) <= MOST_PICTURES:
        raise EngineError(f"A sheet cannot hold {len(pictures)} pictures.", f"Choose 1 to {MOST_PICTURES}.")
    cells = [scale_cell(picture, form) for picture in pictures]
    height, width = cells[0].shape[:2]
    gap = max(4, width // 16)
    text_px = min(22, max(9, width // 12)) if form.labels else 0
    step_x, step_y = width + gap, height + gap + (text_px + text_px // 2 if text_px else 0)
    columns = count_columns(len(cells), form.columns)
    rows = math.ceil(len(cells) / columns)
    image = Image.new("RGB", (gap + columns * step_x, gap + rows * step_y), _PAPER)
    draw = ImageDraw.Draw(image)
    for index, (cell, entry) in enumerate(zip(cells, entries, strict=True)):
        left, top = gap + index % columns * step_x, gap + index // columns * step_y
        image.paste(Image.fromarray(cell), (left, top))
        if text_px:
            _write_label(draw, entry, left, top + height + max(2, text_px // 4), width, text_px)
    return np.asarray(image)


def _write_label(draw: "ImageDraw", entry: Entry, left: int, top: int, width: int, text_px: int) -> None:
    font = _choose_font(entry.name, text_px)
    end = left + width
    if entry.star:
        end -= text_px + text_px // 4
        _draw_star(draw, left + width - text_px / 2, top + text_px * 0.55, text_px / 2)
    draw.text((left, top), entry.number, _QUIET, font)
    start = left + draw.textlength(f"{entry.number}  ", font)
    draw.text((start, top), _shorten(draw, entry.name, font, end - start), _INK, font)


def _shorten(draw: "ImageDraw", text: str, font: "FreeTypeFont | ImageFont", room: float) -> str:
    text = " ".join(text.split())
    if draw.textlength(text, font) <= room:
        return text
    while text and draw.textlength(f"{text}…", font) > room:
        text = text[:-1]
    return f"{text.rstrip()}…" if text else ""


def _draw_star(draw: "ImageDraw", x: float, y: float, radius: float) -> None:
    turns = [(index * math.pi / 5 - math.pi / 2, radius if index % 2 == 0 else radius * 0.42) for index in range(10)]
    draw.polygon([(x + far * math.cos(turn), y + far * math.sin(turn)) for turn, far in turns], _GOLD)


def _choose_font(text: str, size_px: int) -> "FreeTypeFont | ImageFont":
    """Return Pillow's own font, the same everywhere, or for letters beyond it one of the system's."""
    from PIL import ImageFont

    if not text.isascii():
        for name in _OTHER_FONTS:
            try:
                return ImageFont.truetype(name, size_px)
            except OSError:
                continue
    return ImageFont.load_default(size_px)
