"""Factors -> the lamps and what stands behind the portrait: directions, strengths and colours in linear light."""

from dataclasses import dataclass

import torch

from sni_engine.portraits.colours import BACKDROP_RING, build_from_hsl, pick_from_ring
from sni_engine.portraits.pose import RADIANS, Pose, Values
from sni_engine.portraits.vectors import Point, Tensor, blend_triples, normalise, rotate_back

VERTICAL, BOKEH, BANDS, SUNBURST, HILLS = range(1, 6)
DISC_COUNT = 12
_NOISE_STEP, _NOISE_GAIN = 12.9898, 43758.5453  # the usual one-line sine hash of shaders


@dataclass(frozen=True)
class Disc:
    """One out-of-focus light of a bokeh background, in picture units (-1..1)."""

    x: Tensor
    y: Tensor
    radius: Tensor
    strength: Tensor
    warmth: Tensor


@dataclass(frozen=True)
class Backdrop:
    kind: Tensor  # 0 radial, 1 vertical, 2 bokeh, 3 bands, 4 sunburst, 5 hills
    first: Point  # colours
    second: Point
    seed: Tensor
    discs: tuple[Disc, ...]


def derive_backdrop(values: Values) -> Backdrop:
    """Choose the two colours and scatter the discs."""
    hue, lightness, seed = values["bg_hue"], values["bg_light"], values["bg_seed"]
    saturation = 0.25 + 0.9 * values["bg_sat"]
    return Backdrop(
        kind=values["bg_kind"].round(),
        first=pick_from_ring(BACKDROP_RING, hue, saturation, 0.12 + 0.42 * lightness),
        second=pick_from_ring(BACKDROP_RING, hue + 0.14 * values["bg_hue2"], saturation, 0.40 + 0.36 * lightness),
        seed=seed,
        discs=tuple(_scatter_disc(seed, i) for i in range(DISC_COUNT)),
    )


def _scatter_disc(seed: Tensor, number: int) -> Disc:
    def draw(stream: float) -> Tensor:
        return torch.remainder(torch.sin((seed * 97.31 + number * _NOISE_STEP) * stream) * _NOISE_GAIN, 1.0)

    return Disc(
        x=draw(1.0) * 2.4 - 1.2,
        y=draw(1.7) * 2.4 - 1.1,
        radius=0.07 + 0.16 * draw(2.3),
        strength=0.10 + 0.30 * draw(3.1),
        warmth=draw(4.3) * 0.75,
    )


@dataclass(frozen=True)
class Lamps:
    """Directions point to the lamp."""

    key: Point  # direction
    key_in_head: Point
    key_colour: Point
    ambient: Point  # colour
    rim: Point  # direction
    rim_colour: Point
    rim_strength: Tensor
    azimuth: Tensor  # degrees


def derive_lamps(values: Values, pose: Pose, backdrop: Backdrop) -> Lamps:
    """Aim the key light, tint the fill by the backdrop, and put the rim light behind the other side."""
    azimuth, elevation = values["light_az"] * RADIANS, values["light_el"] * RADIANS
    warmth, contrast, exposure = values["light_warm"], values["light_contrast"], 1 + 0.12 * values["exposure"]
    key = (azimuth.sin() * elevation.cos(), elevation.sin(), azimuth.cos() * elevation.cos())
    strength = (1.08 + 0.50 * contrast) * exposure
    same = torch.zeros_like(azimuth)
    other_side = -torch.sign(values["light_az"] + 1e-3)
    return Lamps(
        key=key,
        key_in_head=rotate_back(pose.head_turn, key),
        key_colour=(strength * (1 + 0.10 * warmth), strength, strength * (1 - 0.16 * warmth)),
        ambient=_mix_ambient((1.0 - 0.45 * contrast) * exposure, warmth, backdrop),
        rim=normalise(other_side * 0.8, 0.35 + same, -0.45 + same),
        rim_colour=blend_triples(build_from_hsl(values["rim_hue"], 0.6 + same, 0.7 + same), (1.0, 1.0, 1.0), 0.45),
        rim_strength=0.25 + 0.75 * values["rim"],
        azimuth=values["light_az"],
    )


def _mix_ambient(strength: Tensor, warmth: Tensor, backdrop: Backdrop) -> Point:
    bounce = blend_triples(backdrop.first, backdrop.second, 0.5)
    red, green, blue = (
        strength * (0.42 * (1 - 0.10 * warmth * lean) + 0.22 * bounce[i]) for i, lean in enumerate((1, 0, -1))
    )
    return red, green, blue
