"""A training run in the real window, begun, watched, stopped and edited with: python tools/walk_training.py FOLDER

Works the program with a real mouse and keyboard as tools/walk.py does, and reads from the run's folder what came of it.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from walk import Walk, open_screen  # type: ignore[import-not-found]

from sni_engine.api.run_watch import RunNow, RunWatch

_SETTINGS = (1000, 720)
_BLINKS_S = 20.0
_PATIENCE_S = 300.0  # a machine may have other things to do than training
# where things are in the settings, in pixels, while they are of that size
_NEW_RUN, _START = (251, 643), (953, 643)
_PRESET, _FOLDER, _PATH = (458, 66), (369, 143), (532, 181)
_PAUSE, _STOP, _SAMPLE, _OPEN = (251, 115), (370, 115), (612, 115), (877, 115)


class TrainingWalk:
    """The settings, as the walk sees them."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self._watch: RunWatch | None = None

    def open(self) -> None:
        """Open the settings at the page of runs, in the size that is known."""
        self.walk.press("ctrl+shift+t")
        self.window = self.walk.wait_for_dialog("Settings")
        self.walk._xdotool("windowmove", self.window, "60", "60")
        self.walk._xdotool("windowsize", "--sync", self.window, *map(str, _SETTINGS))

    def click(self, place: tuple[int, int]) -> None:
        """Click somewhere in the settings."""
        self.walk._xdotool("mousemove", "--window", self.window, *map(str, place), "click", "1")

    def click_and_see(self, place: tuple[int, int]) -> None:
        """Click, and wait until something else is shown and stays."""
        before = self._look()
        self.click(place)
        self.walk._wait(lambda: self._look() != before)
        self.wait_until_still()

    def wait_until_still(self) -> None:
        """Wait until what is shown has not changed for a second and a half; a cursor that blinks is not waited for."""
        seen, deadline = [b"", b"0", b"1"], time.monotonic() + _BLINKS_S
        while len(set(seen)) > 1 and time.monotonic() < deadline:
            time.sleep(0.5)
            seen = [*seen[1:], self._look()]

    def _look(self) -> bytes:
        """Return what is on the settings' window."""
        words = ["import", "-window", self.window, "-depth", "8", "rgb:-"]
        return subprocess.run(words, env=self.walk._env, check=True, capture_output=True).stdout

    def shoot(self, name: str) -> None:
        """Take a picture of the settings."""
        self.walk.shoot(name, self.window)

    def wait_for(self, is_so) -> RunNow:  # type: ignore[no-untyped-def]
        """Wait until the run is as it should be."""
        folder = self.walk.home / "data" / "runs" / "pictures"
        watch = self._watch = self._watch or RunWatch(folder)

        def look() -> RunNow | None:
            now = watch.look()
            return now if is_so(now) else None

        found: RunNow = self.walk._wait(look, _PATIENCE_S)
        return found


def make_pictures(folder: Path) -> Path:
    """Draw 300 portraits, as somebody's own pictures; returns where they are."""
    words = [sys.executable, "-m", "sni_engine.cli", "portraits", "--count", "300", "--size", "64"]
    subprocess.run([*words, "--variety", "0.4", "--out", str(folder)], cwd=Path(__file__).parents[1], check=True)
    return folder / "pictures"


def go(walk: Walk, images: int = 400) -> RunNow:
    """Begin a run on a folder, watch, pause, go on, sample, stop, and edit a face of its model; returns the run.

    images: after which it is paused.
    """
    pictures = make_pictures(walk.home / "mine")
    walk.start()
    walk.press("Escape")
    settings = TrainingWalk(walk)
    settings.open()
    settings.click_and_see(_NEW_RUN)
    fill_in(settings, pictures)
    settings.click(_START)
    settings.wait_for(lambda now: now.state == "training" and now.last.images_seen >= images)
    before = len(settings.wait_for(lambda now: True).sheets)
    settings.shoot("training")
    settings.click(_SAMPLE)
    settings.wait_for(lambda now: len(now.sheets) > before)
    settings.click(_PAUSE)
    paused = settings.wait_for(lambda now: now.state == "paused")
    settings.shoot("paused")
    settings.click(_PAUSE)
    settings.wait_for(lambda now: now.last.images_seen > paused.last.images_seen)
    settings.click(_STOP)
    stopped = settings.wait_for(lambda now: now.state == "stopped")
    settings.shoot("stopped")
    shipped = walk.wait_until(lambda state: True).project.model
    settings.click(_OPEN)
    walk.wait_until(lambda state: state.project.model != shipped)
    edit(walk)
    return stopped


def fill_in(settings: TrainingWalk, pictures: Path) -> None:
    """Choose the folder and the preset."""
    settings.click_and_see(_FOLDER)
    settings.click(_PATH)
    settings.walk.type(str(pictures))
    settings.walk.press("Tab")
    settings.click_and_see(_PRESET)
    settings.walk.press("End", "Return")
    settings.wait_until_still()
    settings.shoot("form")


def edit(walk: Walk) -> None:
    """Paint over the new model's face and resample."""
    walk.drag((3, 2), (3, 5), (4, 5), (4, 2))
    walk.press("r")
    walk.wait_until(lambda state: len(state.project.history.nodes) == 2)
    walk.shoot("edited")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home, open_screen(Path(home), Path(sys.argv[1])) as walk:
        go(walk, images=4400)
