"""Fine relief of the face, added to the solid only where normals are taken: bump mapping at no cost to the tracing."""

import torch

from sni_engine.portraits.head import cover_with_beard
from sni_engine.portraits.outlines import Lips, trace_brow, trace_lids, trace_lips
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.vectors import Point, Tensor, gauss, smooth_step


def raise_relief(scene: Scene, point: Point) -> Tensor:
    """Return how far the skin stands out beyond its solid, in head units [N, R], at points in head coordinates."""
    x, y, z = point
    side_x, front = x.abs(), smooth_step(0.25, 0.45, z)
    lips = trace_lips(scene, x, y)
    height = _raise_lips(y, lips, scene) * front
    height = height - _press_lip_line(scene, y, lips) * front
    height = height - _press_dimples(scene, side_x, y)
    height = height - _press_chin_fold(scene, x, y)
    height = height - _press_smile_fold(scene, side_x, y, front)
    height = height + 0.016 * smooth_step(0.015, -0.03, trace_brow(scene, side_x, y)[0]) * front
    height = _press_lid_creases(scene, side_x, y, front, height)
    if "old" in scene.shows:
        height = _press_wrinkles(scene, x, y, front, height)
    height = height - _press_nostrils(scene, side_x, y) * front
    if "facial_hair" in scene.shows:
        height = height + _comb_beard(scene, point)
    return height


def _raise_lips(y: Tensor, lips: Lips, scene: Scene) -> Tensor:
    upper = ((y - lips.upper_inner) / (lips.upper_outer - lips.upper_inner + 0.004)).clamp(0, 1)
    lower = ((lips.lower_inner - y) / (lips.lower_inner - lips.lower_outer + 0.004)).clamp(0, 1)
    on_upper = ((y > lips.upper_inner) & (y < lips.upper_outer)).float()
    on_lower = ((y < lips.lower_inner) & (y > lips.lower_outer)).float()
    swell = on_upper * upper * (1 - upper) * 4 * 0.020 + on_lower * lower * (1 - lower) * 4 * 0.026
    return swell * lips.within_cut.sqrt()


def _press_lip_line(scene: Scene, y: Tensor, lips: Lips) -> Tensor:
    closed = 1 - scene.mouth.opening.clamp(0, 1)
    return 0.022 * gauss((y - lips.middle) / 0.014) * smooth_step(1.12, 0.9, lips.across.abs()) * closed


def _press_dimples(scene: Scene, side_x: Tensor, y: Tensor) -> Tensor:
    mouth = scene.mouth
    corner = gauss((side_x - mouth.half_width * 1.08) / 0.03, (y - (mouth.y + mouth.curve * 0.7)) / 0.045)
    return 0.02 * corner * (0.35 + mouth.smile)


def _press_chin_fold(scene: Scene, x: Tensor, y: Tensor) -> Tensor:
    mouth = scene.mouth
    return 0.016 * gauss((y - (mouth.y - mouth.lower_lip - 0.09 - 0.16 * mouth.opening)) / 0.03, x / 0.13)


def _press_smile_fold(scene: Scene, side_x: Tensor, y: Tensor, front: Tensor) -> Tensor:
    """The fold from the wings of the nose past the corners of the mouth."""
    nose, mouth = scene.nose, scene.mouth
    t = ((nose.y + 0.02 - y) / (nose.y - mouth.y + 0.05)).clamp(0, 1.2)
    start = 0.135 * nose.width
    fold_x = start + (mouth.half_width + 0.07 - start) * t**1.2
    window = smooth_step(-0.02, 0.08, nose.y + 0.03 - y) * smooth_step(mouth.y - 0.12, mouth.y + 0.02, y) * front
    depth = 0.011 * mouth.smile + 0.013 * scene.age.old
    return depth * gauss((side_x - fold_x) / 0.036) * window * smooth_step(1.1, 0.75, t)


def _press_lid_creases(scene: Scene, side_x: Tensor, y: Tensor, front: Tensor, height: Tensor) -> Tensor:
    eyes, old = scene.eyes, scene.age.old
    lids = trace_lids(scene, side_x, y)
    window = smooth_step(1.05, 0.7, lids.across.abs()) * front
    upper = gauss((lids.above - lids.upper - 0.20 + 0.05 * eyes.openness) / 0.055)
    lower = gauss((lids.above - lids.lower + 0.34 + 0.05 * old) / 0.06)
    height = height - eyes.lid_radius * 0.07 * upper * window
    return height - eyes.lid_radius * (0.015 + 0.045 * old) * lower * window * (0.3 + 0.7 * old)


def _press_wrinkles(scene: Scene, x: Tensor, y: Tensor, front: Tensor, height: Tensor) -> Tensor:
    """Lines across the forehead and two between the brows."""
    old, side_x = scene.age.old, x.abs()
    waves = (torch.sin((y - 0.06 * torch.cos(x * 5)) * 62) * 0.5 + 0.5) ** 2
    lines = (
        0.0055 * old * waves * smooth_step(0.24, 0.34, y) * smooth_step(0.62, 0.5, y) * smooth_step(0.5, 0.3, side_x)
    )
    frown = 0.006 * old * gauss((side_x - 0.035) / 0.012) * smooth_step(0.02, 0.08, y) * smooth_step(0.24, 0.16, y)
    return height - lines * front - frown


def _press_nostrils(scene: Scene, side_x: Tensor, y: Tensor) -> Tensor:
    nose = scene.nose
    return 0.05 * gauss((side_x - 0.052 * nose.width) / 0.026, (y - (nose.y - 0.085)) / 0.022)


def _comb_beard(scene: Scene, point: Point) -> Tensor:
    x, y, z = point
    cover = cover_with_beard(scene, (x.abs(), y, z))
    a = torch.atan2(x, 0.25 - y) * 22
    strands = torch.sin(a + 1.6 * torch.sin(y * 9) + 1.2 * torch.sin(a * 0.31)) + 0.4 * torch.sin(a * 2.3 + 1)
    return 0.006 * strands * cover * (scene.beard.kind >= 2)
