"""Parts and their style in the real window: python tools/walk_parts.py FOLDER

Works the program with a real mouse and keyboard as tools/walk.py does: hair is picked with the wand, takes its look
from another face while the strength is dragged, and is given back; then the mouth is picked and drawn anew.
"""

import sys
import tempfile
import time
from pathlib import Path

from walk import Walk, open_screen  # type: ignore[import-not-found]

from sni_engine.api.edits import StyleTransfer
from sni_engine.api.history import History

# where things are in the window, in pixels, while it is of the size that walks have
_BLEND_TAB, _PART_STYLE, _PARTS_TAB = (1115, 82), (1244, 289), (1171, 82)
_STRENGTH, _FULL = (1059, 374), (1299, 374)
_HAIR, _MOUTH = (1.0, 3.5), (6.3, 4.4)  # row and column of the picture
_FACE, _REFERENCE = 36, 42  # dark hair, red hair


def go(walk: Walk) -> History:
    """Return the history of what was done."""
    walk.start()
    walk.press("Escape", "ctrl+shift+n")
    walk.wait_for_dialog("New face")
    walk.type(str(_FACE))
    walk.press("Return")
    walk.wait_until(lambda state: state.project.history.root.seed == _FACE)
    walk.press("w")
    point(walk, _HAIR)
    walk.shoot("wand")
    pick(walk, _HAIR, 10)
    walk.press("p")
    walk.shoot("parts")
    walk.press("p", "ctrl+d")
    take_reference(walk)
    strength(walk)
    walk.press("ctrl+z")
    walk.wait_until(lambda state: state.project.history.current_id == 0)
    walk.shoot("undone")
    click(walk, _PARTS_TAB)
    pick(walk, _MOUTH, 1)
    walk.press("r")
    walk.wait_until(lambda state: len(state.project.history.nodes) == 3)
    walk.shoot("another-mouth")
    return walk.wait_until(lambda state: True).project.history


def point(walk: Walk, cell: tuple[float, float]) -> None:
    """Move the pointer there, from nearby so that it is seen to move."""
    x, y = walk.find_picture().cell(cell[0] - 0.5, cell[1] - 0.5)
    walk._xdotool("mousemove", str(x - 3), str(y), "mousemove", str(x), str(y))
    time.sleep(1.5)  # where parts are is asked for when the wand is taken


def pick(walk: Walk, cell: tuple[float, float], least: int) -> None:
    """Click a part, and wait until at least so many cells of it are selected."""
    point(walk, cell)
    walk._xdotool("click", "1")
    walk.wait_until(lambda state: int((state.project.selection.cells > 0).sum()) >= least)


def take_reference(walk: Walk) -> None:
    """Open the Blend panel, and choose a face to take the look from."""
    click(walk, _BLEND_TAB)
    click(walk, _PART_STYLE)
    walk.press("alt+g", "e")
    walk.wait_for_dialog("Face to move toward")
    walk.type(str(_REFERENCE))
    walk.press("Return")
    time.sleep(1)


def strength(walk: Walk) -> None:
    """Drag the strength to its end; on the way the picture is a draft, letting go makes it a step."""
    (x1, y), (x2, _) = _STRENGTH, _FULL
    move(walk, _STRENGTH, "mousedown", "1")
    for share in range(1, 21):
        move(walk, (x1 + (x2 - x1) * share // 20, y))
        time.sleep(0.05)
    time.sleep(2)  # the first draft of a model measures what belongs to its parts
    walk.shoot("dragging")
    walk._xdotool("mouseup", "1")
    walk.wait_until(lambda state: isinstance(_last(state.project.history), StyleTransfer))
    walk.shoot("another-hair")


def click(walk: Walk, place: tuple[int, int]) -> None:
    """Click somewhere in the window."""
    move(walk, place, "click", "1")
    time.sleep(0.5)


def move(walk: Walk, place: tuple[int, int], *then: str) -> None:
    """Move the pointer somewhere in the window, and do something there."""
    walk._xdotool("mousemove", "--window", walk._window, *map(str, place), *then)


def _last(history: History) -> object:
    edit = history.current.edit
    return None if edit is None else edit.params


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, open_screen(Path(home), Path(sys.argv[1])) as walk:
        go(walk)
