"""The lines of lids, lips and brows on the face, shared by the relief and the paint."""

from typing import NamedTuple

import torch

from sni_engine.portraits.scene import Scene
from sni_engine.portraits.vectors import Tensor, gauss

LID_HALF_WIDTH = 0.84  # of the opening between the lids, in lid radii


class Lids(NamedTuple):
    """Places about an eye in lid radii, along its tilt: across (outer corner positive) and above."""

    across: Tensor
    above: Tensor
    upper: Tensor  # height of the upper lid's edge
    lower: Tensor


def trace_lids(scene: Scene, side_x: Tensor, y: Tensor) -> Lids:
    """Return the lid lines at places of the face [N, R]; side_x is the distance from the middle."""
    eyes = scene.eyes
    ex, ey = (side_x - eyes.x) / eyes.lid_radius, (y - eyes.y) / eyes.lid_radius
    across = eyes.tilt_cos * ex + eyes.tilt_sin * ey
    above = -eyes.tilt_sin * ex + eyes.tilt_cos * ey
    almond = 1 - (across / LID_HALF_WIDTH) ** 2
    return Lids(across, above, eyes.upper_lid * almond * (1 + 0.12 * across), -eyes.lower_lid * almond)


class Lips(NamedTuple):
    """Heights of the lines of the mouth."""

    across: Tensor  # -1 and 1 at the corners
    within: Tensor  # above 0 between the corners
    within_cut: Tensor  # the same, never below 0
    middle: Tensor
    upper_inner: Tensor
    lower_inner: Tensor
    upper_outer: Tensor
    lower_outer: Tensor


def trace_lips(scene: Scene, x: Tensor, y: Tensor) -> Lips:
    """Return the lip lines at places of the face [N, R]."""
    mouth = scene.mouth
    s = x / mouth.half_width
    within = 1 - s * s
    within_cut = within.clamp_min(0)
    middle = mouth.y + mouth.curve * (s * s - 0.35).clamp_max(1.2)
    upper_inner = middle + mouth.opening * 0.030 * within
    lower_inner = middle - mouth.opening * 0.20 * within
    bow = 1 - 0.28 * gauss(s / 0.16)
    peaks = 1 + 0.25 * gauss((s.abs() - 0.3) / 0.2)
    upper_outer = upper_inner + mouth.upper_lip * within_cut.sqrt() * bow * peaks
    lower_outer = lower_inner - mouth.lower_lip * within_cut.sqrt()
    return Lips(s, within, within_cut, middle, upper_inner, lower_inner, upper_outer, lower_outer)


def trace_brow(scene: Scene, side_x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the signed distance to the brow and the place along it, 0 at the inner and 1 at the outer end."""
    brows = scene.brows
    length = brows.outer_x - brows.inner_x
    s = (side_x - brows.inner_x) / length
    arc = brows.y + brows.tilt * (s - 0.5) + brows.arch * (1 - (2 * s - 0.98) ** 2) - brows.arch * 0.5
    thickness = brows.thickness * (1 - 0.55 * s.clamp(0, 1) ** 2)
    beyond = ((s - 0.5).abs() - 0.5).clamp_min(0) * length
    return torch.sqrt((y - arc) ** 2 + beyond * beyond * 2) - thickness, s
