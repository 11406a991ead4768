"""The paint of the mouth: lips, the line between them, and teeth, tongue and cavity of an open one."""

import torch

from sni_engine.portraits.outlines import Lips
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.vectors import Point, Tensor, blend_triples, gauss, smooth_step

CAVITY = (0.16, 0.022, 0.025)
TONGUE = (0.55, 0.13, 0.13)
TEETH = (0.86, 0.83, 0.76)
TOOTH_WIDTH = 0.062


def cover_lips(y: Tensor, lips: Lips, front: Tensor) -> Tensor:
    """Return where the lips are, 0..1, the opening between them included."""
    inside = torch.minimum(lips.upper_outer - y, y - lips.lower_outer)
    return smooth_step(-0.010, 0.006, inside) * (lips.within > 0) * front


def draw_lip_line(scene: Scene, y: Tensor, lips: Lips, front: Tensor) -> Tensor:
    """Return the darkness 0..1 of the line between closed lips."""
    closed = 1 - smooth_step(0.0, 0.12, scene.mouth.opening)
    return gauss((y - lips.middle) / 0.010) * smooth_step(1.06, 0.92, lips.across.abs()) * front * closed


def cover_opening(scene: Scene, y: Tensor, lips: Lips, front: Tensor) -> Tensor:
    """Return where one looks into the mouth, 0..1."""
    open_ = smooth_step(-0.006, 0.006, _measure_depth(y, lips))
    return open_ * (lips.within > 0) * front * (scene.mouth.opening > 0)


def _measure_depth(y: Tensor, lips: Lips) -> Tensor:
    return torch.minimum(lips.upper_inner - y, y - lips.lower_inner)


def paint_opening(scene: Scene, x: Tensor, y: Tensor, lips: Lips) -> Point:
    """Return the colours inside the mouth."""
    mouth = scene.mouth
    dark = 1.1 - 0.75 * smooth_step(0, 0.05, _measure_depth(y, lips))
    tongue_y = (y - lips.lower_inner) / (0.085 * mouth.opening + 0.01)
    tongue = smooth_step(1.0, 0.75, (x / (mouth.half_width * 0.62)) ** 2 + tongue_y**2)
    colour = blend_triples((CAVITY[0] * dark, CAVITY[1] * dark, CAVITY[2] * dark), TONGUE, tongue * 0.8)
    return _paint_teeth(scene, x, y, lips, colour)


def _paint_teeth(scene: Scene, x: Tensor, y: Tensor, lips: Lips, colour: Point) -> Point:
    edge = lips.upper_inner - (0.030 + 0.050 * scene.mouth.opening * lips.within_cut)
    cover = smooth_step(-0.006, 0.006, y - edge) * smooth_step(0.97, 0.86, lips.across.abs())
    gaps = 1 - 0.10 * gauss((torch.remainder(x, TOOTH_WIDTH) - TOOTH_WIDTH / 2) / 0.006)
    under_lip = 0.62 + 0.38 * smooth_step(0, 0.035, lips.upper_inner - y)
    shade = under_lip * (1 - 0.35 * lips.across * lips.across) * gaps
    return blend_triples(colour, (TEETH[0] * shade, TEETH[1] * shade, TEETH[2] * shade), cover)
