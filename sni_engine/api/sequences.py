"""What frames a moving picture has: codes between codes, holds, there and back; nothing is drawn here.

Every level goes along a straight line. For the style that is the arc of a great circle, only a little faster in its
middle, because the mapping network normalises a style before it looks at it; the cells' own layers do likewise with
local, shared and global codes. Going along the arc at an even pace would differ from a line by less than easing does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import LEVELS, Codes, Hold
from sni_engine.api.errors import EngineError
from sni_engine.api.style_delta import mix_deltas

MOST_FRAMES = 10_000
_MOST_PIXELS = 2**34  # in all; a thousand frames of 4096 px are hours of work and fill a disk as it is
Pace = Literal["gentle", "even"]
PACES: tuple[Pace, ...] = ("gentle", "even")


@dataclass(frozen=True)
class Timing:
    """How long a sequence takes and how it moves.

    frames: in all, holds included. fps: frames in a second. hold: additional frames that each stop stays.
    loop: go back as it came, so that the end meets the beginning. pace: gentle starts and stops, or even.
    """

    frames: int = 48
    fps: float = 24.0
    hold: int = 0
    loop: bool = False
    pace: Pace = "gentle"

    def __post_init__(self) -> None:
        if not 1 <= self.frames <= MOST_FRAMES:
            raise EngineError(f"A sequence cannot have {self.frames} frames.", f"Ask for 1 to {MOST_FRAMES}.")
        if not 1 <= self.fps <= 120:
            raise EngineError(f"{self.fps:g} frames a second cannot be shown.", "Choose 1 to 120.")
        if self.hold < 0:
            raise EngineError(f"A stop cannot hold {self.hold} frames.", "Choose 0 or more.")
        if self.pace not in PACES:
            raise EngineError(f'"{self.pace}" is no pace.', f"Choose {' or '.join(PACES)}.")

    @property
    def seconds(self) -> float:
        """How long the sequence lasts."""
        return self.frames / self.fps


@dataclass(frozen=True)
class Frame:
    """One picture of a sequence, and for how many frames it stays."""

    codes: Codes
    count: int = 1


def count_least(stops: int, timing: Timing) -> int:
    """Return how few frames can show this many stops with their holds."""
    return max(1, _count_visits(stops, timing.loop)) * (1 + timing.hold)


def check_amount(timing: Timing, size_px: int) -> None:
    """Raise EngineError when a sequence of this size [px, the longer side] is more than anybody can wait for."""
    most = _MOST_PIXELS // size_px**2
    if timing.frames > most:
        title = f"{timing.frames} frames of {size_px} px are too much: they take hours and fill the disk."
        raise EngineError(title, f"Choose {most} frames or fewer, or a smaller size.")


def _count_visits(stops: int, loop: bool) -> int:
    return 2 * (stops - 1) if loop and stops > 1 else stops


def plan_frames(stops: Sequence[Codes], timing: Timing) -> tuple[Frame, ...]:
    """Return the frames of a way along `stops`: each stop is shown as it is, the counts sum to `timing.frames`.

    Raises EngineError when there are too few frames to show every stop.
    """
    least = count_least(len(stops), timing)
    if timing.frames < least:
        raise EngineError(
            f"{timing.frames} frames are too few for {len(stops)} stops.", f"Ask for {least} or more, or hold for less."
        )
    visits = [*stops, *stops[-2:0:-1]] if timing.loop else list(stops)
    if len(visits) == 1:
        return (Frame(visits[0], timing.frames),)
    goals = [*visits[1:], visits[0]] if timing.loop else visits[1:]
    moving = timing.frames - timing.hold * len(visits) - (0 if timing.loop else 1)
    frames: list[Frame] = []
    for index, (start, goal) in enumerate(zip(visits, goals, strict=False)):
        count = (index + 1) * moving // len(goals) - index * moving // len(goals)
        frames.append(Frame(start, 1 + timing.hold))
        frames += [Frame(blend_codes(start, goal, _ease(step / count, timing.pace))) for step in range(1, count)]
    return tuple(frames) if timing.loop else (*frames, Frame(visits[-1], 1 + timing.hold))


def _ease(way: float, pace: Pace) -> float:
    return way if pace == "even" else way * way * (3 - 2 * way)


def blend_codes(start: Codes, goal: Codes, way: float) -> Codes:
    """Return codes on the line from `start` (0) to `goal` (1), exactly these at its ends.

    The noise stays that of the start until the goal itself. Raises EngineError for codes of different grids.
    """
    if any(start.level(level).shape != goal.level(level).shape for level in LEVELS):
        raise EngineError("These faces have different grids of codes.", "Choose faces made with the same model.")
    if way <= 0 or start == goal:
        return start
    if way >= 1:
        return goal
    far = np.float32(way)
    moved = {level: (1 - far) * start.level(level) + far * goal.level(level) for level in LEVELS}
    offset = mix_deltas(start.style_delta, goal.style_delta, way)
    return replace(start.with_levels(moved), held=_blend_holds(start, goal, far), style_delta=offset)


def _blend_holds(start: Codes, goal: Codes, way: np.float32) -> tuple[Hold, ...]:
    """Return holds between two pictures'. A cell that one holds as the other shows it stays still all the way."""
    still: dict[str, Hold] = {}
    for here, there in ((start, goal), (goal, start)):
        still.update((hold.codes.digest, hold) for hold in there.held if hold.codes == here)
    free = 1 - np.minimum(_add_weights(still.values(), start), 1)
    merged = dict(still)
    for held, share in ((start.held, 1 - way), (goal.held, way)):
        for hold in held:
            if hold.codes.digest not in still:
                known = merged.get(hold.codes.digest)
                cells = hold.cells * share * free + (0 if known is None else known.cells)
                merged[hold.codes.digest] = Hold(np.minimum(cells, 1), hold.codes)
    most = np.maximum(_add_weights(merged.values(), start), 1)  # where both hold the other, they share the cell
    return tuple(Hold(hold.cells / most, hold.codes) for hold in merged.values() if hold.cells.any())


def _add_weights(holds: Iterable[Hold], like: Codes) -> Array:
    return sum((hold.cells for hold in holds), np.zeros(like.local.shape[:2], np.float32))
