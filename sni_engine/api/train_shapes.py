"""Changing a run's settings so that what depends on the change follows: resolution, grid, source of pictures."""

import math
from dataclasses import fields, replace

from sni_engine.api.architecture import LARGEST_PX, MOST_WIDTHS
from sni_engine.api.training import TrainConfig, TrainWishes

_NARROWEST = 16  # channels of a layer that is added
_SMALLEST_PX, _LARGEST_PX = 16, 1024  # what people are offered


def list_resolutions(cells: int) -> list[int]:
    """Return the sides in pixels that a grid of so many rows can be doubled to, from 16 to 1024."""
    if cells < 1:
        return []
    sides = [cells * 2**doublings for doublings in range(1, MOST_WIDTHS)]
    return [side for side in sides if _SMALLEST_PX <= side <= min(_LARGEST_PX, LARGEST_PX)]


def loosen(config: TrainConfig) -> TrainWishes:
    """Return the settings as wishes, which may pass through states that make no sense."""
    return TrainWishes(**{item.name: getattr(config, item.name) for item in fields(TrainConfig)})


def with_resolution(config: TrainConfig, resolution_px: int) -> TrainWishes:
    """Return the settings for another side in pixels: layers are added or left out at the large end.

    Channels stay what they are at each size; each doubling that is added has half the channels of the one before.
    A side that the grid cannot be doubled to is kept, and `problems` tells of it.
    """
    return _fit(replace(loosen(config), resolution_px=resolution_px), config)


def with_cells(config: TrainConfig, cells: int) -> TrainWishes:
    """Return the settings for another grid, at the side in pixels that is nearest to what it was."""
    sides = list_resolutions(cells)
    side = min(sides, key=lambda side: abs(math.log(side / max(1, config.resolution_px)))) if sides else 0
    return _fit(replace(loosen(config), cells=cells, resolution_px=side or config.resolution_px), config)


def _fit(new: TrainWishes, old: TrainConfig) -> TrainWishes:
    """Return `new` with the layers its side and grid need, made from those of `old`."""
    doublings = math.log2(new.resolution_px / new.cells) if min(new.resolution_px, new.cells) > 0 else 0.0
    is_sound = old.widths and old.judge_widths and min(old.cells, old.resolution_px) > 0
    if doublings < 1 or doublings % 1 or not is_sound:
        return new
    widths = tuple(_width_at(old.widths, math.log2(new.cells / old.cells) + at) for at in range(int(doublings) + 1))
    shift = math.log2(old.resolution_px / new.resolution_px)
    up = tuple(reversed(old.judge_widths))  # from its smallest size up, as the generator's
    count = len(up) - round(shift)
    first = 0
    while count > 1 and (new.resolution_px % 2 ** (count - 1) or new.resolution_px >> (count - 1) < 2):
        count, first = count - 1, first + 1
    if count < 1:
        return new
    judge = tuple(_width_at(up, float(at)) for at in range(first, first + count))
    return replace(new, widths=widths, judge_widths=tuple(reversed(judge)))


def _width_at(widths: tuple[int, ...], at: float) -> int:
    """Return the channels at a doubling, counted from the first width's size; beyond the last they are halved."""
    step = round(at)
    if step < len(widths):
        return widths[max(0, step)]
    last = widths[-1]
    return max(min(_NARROWEST, last), last >> (step - len(widths) + 1))


def with_data(config: TrainConfig, data: str) -> TrainWishes:
    """Return the settings for another source of pictures, "" for our portraits.

    The projected recipe needs our labels: with a person's own pictures the run is plain, and changes pictures as much
    as small sets need.
    """
    if data and config.recipe == "projected":
        return replace(loosen(config), data=data, recipe="plain", augment="adaptive")
    return replace(loosen(config), data=data)
