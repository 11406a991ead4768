"""Numbers to colours: the colour map "inferno", perceptually uniform and clear to colour-blind eyes."""

import numpy as np

from sni_engine.api.arrays import Array

# every eighth entry of matplotlib's table "inferno" by van der Walt and Smith, which they gave away (CC0); in between,
# straight lines are off by less than two levels of 255
_STOPS = (
    "000004 040312 0b0724 150b37 210c4a 2e0a5a 3c0965 4a0c6b 57106d 63146e 70196e 7d1e6d 89226a 962766 a32b61 af315c "
    "bb3755 c63e4d d14644 db4f3b e35932 eb6528 f1711e f67f14 f98d0a fb9c06 fcab0f fbba1f f9ca32 f5d949 f2e865 f3f586 "
    "fcffa4"
)
_DIM = 0.55  # how bright a picture stays under the heat
_FULL_FROM = 0.35  # of the scale's top: the heat hides the picture; below, it lets more and more of it through


def map_colours(values: Array, top: float) -> Array:
    """Return values [...] from 0 to `top`, and more, as colours uint8 [..., 3]; black is 0."""
    return _table()[np.clip(values * (255 / top), 0, 255).round().astype(np.uint8)]


def lay_heat(picture: Array, values: Array, top: float) -> Array:
    """Return a picture uint8 [H, W, 3], dimmed and nearly without colour, under the heat of values [H, W]."""
    grey = picture @ np.array([0.299, 0.587, 0.114], np.float32)  # [H, W]
    under = _DIM * (0.75 * grey[..., None] + 0.25 * picture)
    share = np.clip(values / top, 0, 1)[..., None]
    part = np.clip(share / _FULL_FROM, 0, 1)
    opacity = part * part * (3 - 2 * part)  # without an edge at either end, and nothing stays nothing
    return (under + (map_colours(values, top) - under) * opacity).round().clip(0, 255).astype(np.uint8)


def _table() -> Array:
    """Return the colour map, uint8 [256, 3]."""
    stops = np.array([[int(stop[i : i + 2], 16) for i in (0, 2, 4)] for stop in _STOPS.split()])
    at = np.linspace(0, 255, len(stops))
    channels = [np.interp(np.arange(256), at, stops[:, channel]) for channel in range(3)]
    return np.stack(channels, -1).round().astype(np.uint8)
