"""Colours in linear light: ramps through hand-picked stops, hue rings, and a soft HSL."""

from collections.abc import Sequence

import torch

from sni_engine.portraits.vectors import Amount, Point, Tensor, blend

# Free HSL gave garish backgrounds and clothes; walking these rings was the largest single gain in looks.
BACKDROP_RING = (
    "#ecc7a2", "#e8ab8e", "#dd979b", "#bd97c2", "#9a9cd3", "#86aedb", "#7fc0c9", "#8cc2a4", "#b3c78c", "#e6d08f",
    "#ecc7a2",
)  # fmt: skip
CLOTH_RING = (
    "#b8503f", "#d98a45", "#e2bf63", "#8da45c", "#4a8a70", "#3f7f98", "#4a62a0", "#6f5596", "#a85a86", "#b8503f",
)  # fmt: skip
CLOTH_GREYS = ("#2b2f3a", "#565a63", "#8f8d89", "#c9c3b8", "#f0ebe2")


def read_colour(code: str) -> list[float]:
    """Turn '#rrggbb' into linear red, green and blue, 0..1."""
    return [(int(code[i : i + 2], 16) / 255) ** 2.2 for i in (1, 3, 5)]


def pick_from_ramp(stops: Sequence[str], t: Tensor) -> Point:
    """Walk the '#rrggbb' stops with t in 0..1, piecewise linear in linear light."""
    colours = torch.tensor([read_colour(s) for s in stops], device=t.device)
    last = len(stops) - 1
    u = t.clamp(0, 1) * last
    i = u.floor().clamp(0, last - 1).long()
    f = u - i
    a, b = colours[i], colours[i + 1]
    red, green, blue = (a[..., k] * (1 - f) + b[..., k] * f for k in range(3))
    return red, green, blue


def pick_from_list(codes: Sequence[str], index: Tensor) -> Point:
    """Return the colour at each integer index [N] as three tensors [N, 1]."""
    rows = torch.tensor([read_colour(c) for c in codes], device=index.device)[index]
    return rows[:, 0:1], rows[:, 1:2], rows[:, 2:3]


def pick_from_ring(stops: Sequence[str], hue: Tensor, saturation: Tensor, lightness: Tensor) -> Point:
    """Walk a ring with hue (any number, period 1); saturation pulls from grey, lightness 0..1 darkens or lightens."""
    colour = pick_from_ramp(stops, hue % 1)
    grey = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    dark = (1 - 2 * lightness).clamp(0, 1)
    bright = (2 * lightness - 1).clamp(0, 1)
    red, green, blue = (_shift_lightness(blend(grey, c, saturation), dark, bright) for c in colour)
    return red, green, blue


def _shift_lightness(channel: Tensor, dark: Tensor, bright: Tensor) -> Tensor:
    return blend(channel * (1 - 0.78 * dark), 0.35 * channel + 0.55, bright * 0.75)


def build_from_hsl(hue: Tensor, saturation: Tensor, lightness: Tensor) -> Point:
    """Return a soft HSL colour, all three 0..1."""
    red, green, blue = (_read_hsl_channel(n, hue, saturation, lightness) for n in (0.0, 8.0, 4.0))
    return red, green, blue


def _read_hsl_channel(offset: float, hue: Tensor, saturation: Tensor, lightness: Tensor) -> Tensor:
    k = (offset + hue * 12) % 12
    a = saturation * torch.minimum(lightness, 1 - lightness)
    v = lightness - a * torch.minimum(torch.minimum(k - 3, 9 - k), torch.ones_like(k)).clamp_min(-1)
    return v.clamp(0, 1) ** 2.2


def darken(colour: Point, red: Amount, green: Amount, blue: Amount) -> Point:
    """Take the given shares off the three channels."""
    return colour[0] * (1 - red), colour[1] * (1 - green), colour[2] * (1 - blue)


def scale_colour(colour: Point, gain: Amount) -> Point:
    """Multiply the three channels."""
    return colour[0] * gain, colour[1] * gain, colour[2] * gain


def map_tone(colour: Point) -> Point:
    """Linear light to display values 0..1: a little saturation, an extended Reinhard shoulder, gamma, an S-curve."""
    grey = 0.3 * colour[0] + 0.6 * colour[1] + 0.1 * colour[2]
    red, green, blue = (_map_channel(c, grey) for c in colour)
    return red, green, blue


def _map_channel(channel: Tensor, grey: Tensor) -> Tensor:
    q = (grey + (channel - grey) * 1.10).clamp_min(0) * 1.30
    q = (q * (1 + q * 0.20) / (1 + q)).clamp(0, 1) ** (1 / 2.2)
    # the shoulder alone looks flat: this S-curve gives the contrast back
    return q + 0.16 * q * (1 - q) * (2 * q - 1) * 1.6 + 0.02 * q * (1 - q)
