"""A walk through the real window with a real mouse and keyboard: python tools/walk.py FOLDER

Starts a screen of its own (Xvfb), a window manager (openbox) and the program, works it with xdotool as a person would,
and puts a screenshot of every stop into FOLDER. What was done is read from the journal that the program keeps, so that
every stop can be checked. tests/end_to_end/test_walk.py does that.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from sni_engine.api.codec import read_project
from sni_engine.api.journal import State, read_journal

NEEDED = ("Xvfb", "openbox", "xdotool", "import")
_CANVAS = (214, 214, 214)  # the light theme's, around the picture
_SIZE = (1320, 860)
_PATIENCE_S = 60.0


def list_missing() -> list[str]:
    """Return the programs that are needed and not here."""
    return [name for name in NEEDED if shutil.which(name) is None]


@dataclass(frozen=True)
class Frame:
    """Where the picture is on the screen, in pixels."""

    left: int
    top: int
    side: int

    def cell(self, row: float, column: float) -> tuple[int, int]:
        """Return the middle of a cell of an 8 × 8 grid, x first."""
        return int(self.left + (column + 0.5) * self.side / 8), int(self.top + (row + 0.5) * self.side / 8)


class Walk:
    """One screen with one program on it."""

    def __init__(self, display: str, home: Path, shots: Path) -> None:
        self._env = {
            **os.environ,
            "DISPLAY": display,
            "SNI_HOME": str(home),
            "HOME": str(home),
            "QT_QPA_PLATFORM": "xcb",
        }
        self.home = home
        self._shots = shots
        self._stop = 0
        self._program: subprocess.Popen[bytes] | None = None

    # -- the program -------------------------------------------------------------------------------------------------

    def start(self, *arguments: str) -> None:
        """Start the program and wait for its window and its first picture."""
        command = [sys.executable, "-m", "sni_desktop", "--device", "cpu", *arguments]
        self._program = subprocess.Popen(command, env=self._env, cwd=Path(__file__).parents[1])
        window = self._wait(lambda: self._xdotool("search", "--onlyvisible", "--name", "SNI Desktop", check=False))
        self._window = window.split()[-1]
        self._xdotool("windowactivate", "--sync", self._window)
        self._xdotool("windowmove", self._window, "20", "20")
        self._xdotool("windowsize", self._window, *map(str, _SIZE))
        self.wait_until(lambda state: True)

    def wait_for_end(self) -> int:
        """Wait until the program has ended; returns its exit code."""
        assert self._program is not None
        return self._program.wait(_PATIENCE_S)

    def end(self) -> None:
        """End the program, if it still runs."""
        if self._program is not None and self._program.poll() is None:
            self._program.kill()
            self._program.wait()

    # -- what is on screen -------------------------------------------------------------------------------------------

    def state(self) -> State | None:
        """Return what the program's journal holds now."""
        journals = sorted((self.home / "state" / "recovery").glob("*.journal"))
        return read_journal(journals[-1]) if journals else None

    def wait_until(self, is_so: Callable[[State], bool]) -> State:
        """Wait until the journal says so."""

        def look() -> State | None:
            state = self.state()
            return state if state is not None and is_so(state) else None

        return self._wait(look)

    def wait_for_dialog(self, title: str) -> str:
        """Wait for a dialog, and give it the keys; returns its window."""
        found = self._wait(lambda: self._xdotool("search", "--onlyvisible", "--name", f"^{title}$", check=False))
        window = str(found.split()[-1])
        self._xdotool("windowactivate", "--sync", window)
        time.sleep(0.3)
        return window

    def shoot(self, name: str, window: str = "") -> Path:
        """Take a picture for the next stop of the tour, of the program's window or of another one."""
        time.sleep(0.6)  # until it is painted
        self._stop += 1
        path = self._shots / f"{self._stop:02d}-{name}.png"
        subprocess.run(["import", "-window", window or self._window, str(path)], env=self._env, check=True)
        return path

    def find_picture(self) -> Frame:
        """Find the picture by the canvas's colour around it, as soon as it is there."""
        frame: Frame = self._wait(self._look_for_picture)
        return frame

    def _look_for_picture(self) -> Frame | None:
        path = self.home / "look.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self._env, check=True)
        pixels = np.asarray(Image.open(path).convert("RGB")).astype(int)
        canvas = np.abs(pixels - _CANVAS).max(2) <= 1
        rows, columns = np.flatnonzero(canvas.mean(1) > 0.03), np.flatnonzero(canvas.mean(0) > 0.03)
        if not len(rows) or not len(columns):
            return None
        inside = ~canvas[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        across, down = np.flatnonzero(inside.mean(0) > 0.3), np.flatnonzero(inside.mean(1) > 0.3)
        if not len(across) or not len(down):
            return None
        side = min(across[-1] - across[0], down[-1] - down[0]) + 1
        return Frame(int(columns[0] + across[0]), int(rows[0] + down[0]), int(side))

    # -- mouse and keys ----------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys, one after the other, such as "ctrl+z"."""
        for key in keys:
            self._xdotool("key", "--clearmodifiers", key)
            time.sleep(0.15)

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--delay", "20", text)

    def click(self, x: int, y: int, times: int = 1) -> None:
        """Click with the left button."""
        self._xdotool("mousemove", str(x), str(y), "click", "--repeat", str(times), "--delay", "80", "1")
        time.sleep(0.2)

    def drag(self, *cells: tuple[float, float]) -> None:
        """Paint over cells, row and column."""
        frame = self.find_picture()
        places = [frame.cell(*cell) for cell in cells]
        self._xdotool("mousemove", *map(str, places[0]), "mousedown", "1")
        for (x1, y1), (x2, y2) in zip(places, places[1:], strict=False):
            for part in (0.25, 0.5, 0.75, 1.0):
                self._xdotool("mousemove", str(int(x1 + (x2 - x1) * part)), str(int(y1 + (y2 - y1) * part)))
                time.sleep(0.02)
        self._xdotool("mouseup", "1")
        time.sleep(0.2)

    def _xdotool(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(["xdotool", *words], env=self._env, capture_output=True, text=True, timeout=30)
        if check and done.returncode:
            raise RuntimeError(f"xdotool {' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    def _wait(self, look, patience_s=_PATIENCE_S):  # type: ignore[no-untyped-def]
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(0.2)
        raise TimeoutError(f"nothing came of it: {look}")


@contextlib.contextmanager
def open_screen(home: Path, shots: Path, display: int = 77) -> Iterator[Walk]:
    """Give a walk a screen with a window manager; everything ends with it."""
    shots.mkdir(parents=True, exist_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    name = f":{display}"
    screen = subprocess.Popen(["Xvfb", name, "-screen", "0", "1400x920x24", "-nolisten", "tcp"])
    walk = Walk(name, home, shots)
    manager = None
    try:
        time.sleep(1)
        manager = subprocess.Popen(["openbox"], env=walk._env)
        time.sleep(0.5)
        yield walk
    finally:
        walk.end()
        for process in (manager, screen):
            if process is not None:
                process.terminate()
                process.wait()


def go(walk: Walk) -> Path:
    """A face, nine mouths, locked eyes, another style, a branch, a film, save, close, go on; returns the project."""
    walk.start()
    walk.shoot("welcome")
    walk.press("Escape", "ctrl+shift+n")
    walk.wait_for_dialog("New face")
    walk.type("31")
    walk.press("Return")
    walk.wait_until(lambda state: state.project.history.root.seed == 31)
    walk.drag((5, 3), (5, 5), (6, 5), (6, 3))
    walk.wait_until(lambda state: state.project.selection.cells[5:7, 3:6].sum() == 6)
    walk.shoot("mouth")
    choose_a_mouth(walk)
    restyle_around_the_eyes(walk)
    branch(walk)
    film = walk.home / "face-morph.webp"
    walk.press("ctrl+shift+e")
    walk.shoot("film", walk.wait_for_dialog("Export sequence"))
    walk.press("Return")
    walk._wait(film.exists)
    return save_close_and_go_on(walk)


def choose_a_mouth(walk: Walk) -> None:
    """Ask for nine, look at the fourth, take it."""
    walk.press("ctrl+shift+r")
    time.sleep(2)
    walk.press("4")
    walk.shoot("nine-mouths")
    walk.press("Return")
    deadline = time.monotonic() + _PATIENCE_S
    while len(walk.wait_until(lambda state: True).project.history.nodes) < 2 and time.monotonic() < deadline:
        walk.press("4", "Return")  # on a slow machine they were not there yet; without candidates these keys do nothing
        time.sleep(1)
    walk.wait_until(lambda state: len(state.project.history.nodes) == 2)


def restyle_around_the_eyes(walk: Walk) -> None:
    """Lock the eyes, then give everything else another style."""
    walk.drag((3, 2), (3, 5), (4, 5), (4, 2))
    walk.press("l")
    walk.wait_until(lambda state: state.project.selection.locked[3:5, 2:6].sum() == 8)
    walk.shoot("locked-eyes")
    walk.press("shift+r")
    walk.wait_until(lambda state: bool(state.project.history.current.codes.held))
    walk.shoot("another-style")


def branch(walk: Walk) -> None:
    """Go back, do something else, and return to the branch that was left."""
    walk.press("ctrl+z")
    left = walk.wait_until(lambda state: state.project.history.current_id == 1).project.history
    walk.drag((0, 1), (0, 6), (1, 6), (1, 1))
    walk.press("r")
    walk.wait_until(lambda state: len(state.project.history.nodes) == len(left.nodes) + 1)
    walk.shoot("branches")
    walk.press("ctrl+f")
    walk.type("style")
    walk.press("Return")
    walk.wait_until(lambda state: state.project.history.current_id == 2)
    walk.press("Escape")


def save_close_and_go_on(walk: Walk) -> Path:
    """Save, quit, open the file again, and do one more step."""
    path = walk.home / "face.sni"
    walk.press("ctrl+s")
    walk.wait_for_dialog("Save as")
    walk.press("ctrl+a")
    walk.type(str(path))
    walk.press("Return")
    walk._wait(path.exists)
    before = read_project(path).history
    walk.press("ctrl+q")
    if walk.wait_for_end() != 0:
        raise RuntimeError("the program did not end as it should")
    walk.start(str(path))
    walk.wait_until(lambda state: state.project.history == before)
    walk.drag((5, 3), (5, 5), (6, 5), (6, 3))
    walk.press("r")
    walk.wait_until(lambda state: len(state.project.history.nodes) == len(before.nodes) + 1)
    walk.shoot("going-on")
    return path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, open_screen(Path(home), Path(sys.argv[1])) as walk:
        go(walk)
