"""The torso: its solid under the clothes, collar and hood, and the paint of cloth, patterns and jacket."""

import torch

from sni_engine.portraits.colours import darken, scale_colour
from sni_engine.portraits.masks import CLOTHES, NECK
from sni_engine.portraits.pose import move_to_body
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.surface import Surface
from sni_engine.portraits.vectors import (
    FAR,
    Point,
    Tensor,
    blend,
    blend_triples,
    measure_capsule,
    measure_ellipsoid,
    smooth_max,
    smooth_min,
    smooth_step,
)

SHIRT = (0.74, 0.74, 0.76)  # under a jacket


def measure_torso(scene: Scene, point: Point) -> Tensor:
    """Return the signed distance [N, R] of points in head coordinates to the torso and what it wears."""
    return _measure_worn(scene, move_to_body(scene.pose, point))[0]


def _measure_worn(scene: Scene, point: Point) -> tuple[Tensor, Tensor, Tensor]:
    """Return the distances to everything, to cloth alone, and inwards from the edge of the cloth (body coordinates)."""
    clothes = scene.clothes
    lifted = (point[0], point[1] - clothes.lift, point[2])
    d = _measure_body(scene, lifted)
    inside = _measure_cover(scene, lifted)
    cover = smooth_step(-0.012, 0.012, inside)
    thicker = 0.03 * clothes.turtleneck * cover * smooth_step(-1.75, -1.5, lifted[1])
    d = d - 0.035 * cover - thicker
    cloth = torch.where(inside > 0, d, d + FAR)
    if "collar" in scene.shows:
        collar = _measure_collar(scene, lifted)
        d, cloth = torch.minimum(d, collar), torch.minimum(cloth, collar)
    if "hood" in scene.shows:
        hood = _measure_hood(scene, lifted)
        d, cloth = smooth_min(d, hood, 0.06), torch.minimum(cloth, hood)
    return d, cloth, inside


def _measure_body(scene: Scene, lifted: Point) -> Tensor:
    width, head = scene.clothes.shoulder, scene.head
    x, y, z = lifted
    folded = (torch.sqrt(x * x + 0.004), y, z)
    d = measure_ellipsoid(lifted, (0, -2.6, -0.30), (1.0 * width, 1.05, 0.5))
    d = smooth_min(d, measure_ellipsoid(folded, (0.86 * width, -2.12, -0.34), (0.42 * width, 0.40, 0.36)), 0.3)
    d = smooth_min(d, measure_ellipsoid(lifted, (0, -1.74, -0.40), (0.66 * width, 0.26, 0.24)), 0.3)
    # the neck belongs to the head's pose, so it is not lifted with the torso
    upright = (x, y + scene.clothes.lift, z)
    neck = measure_capsule(
        upright, head.neck_top_in_body, head.neck_bottom_in_body, head.neck_radius, head.neck_radius * 1.03
    )
    return smooth_min(d, neck, 0.20)


def _measure_cover(scene: Scene, lifted: Point) -> Tensor:
    """Return the way inwards from the edge of the cloth: above 0 where the body is covered."""
    clothes = scene.clothes
    x, y, z = lifted
    side_x = torch.sqrt(x * x + 0.004)
    inside = torch.sqrt(x * x + (y + 1.42) ** 2 + (z + 0.12) ** 2) - clothes.neckline
    vee = (clothes.vee_y + clothes.vee_slope * side_x - y) * 0.55
    inside = torch.where(clothes.vee > 0, torch.minimum(inside, smooth_max(vee, -z - 0.1, 0.05)), inside)
    # a ceiling, or cloth climbs the neck
    inside = torch.minimum(inside, -1.14 - 0.30 * (z + 0.3) - y)
    turtleneck_top = -1.24 + 0.12 * (z + 0.2)
    return torch.where(clothes.turtleneck > 0, turtleneck_top - y, inside)


def _measure_collar(scene: Scene, lifted: Point) -> Tensor:
    x, y, z = lifted
    side_x, front = torch.sqrt(x * x + 0.004), smooth_step(-0.4, 0.3, z)
    ring_y = -1.46 - 0.13 * front
    away = torch.sqrt(x * x + (z + 0.30) ** 2) - (0.40 + scene.head.neck_radius - 0.34 + 0.45 * (ring_y - y))
    beyond = (y - ring_y).abs() - (0.10 + 0.05 * front)
    d = torch.sqrt(away * away + beyond.clamp_min(0) ** 2) - 0.03
    # open at the front: a closed one shows a keyhole
    opening = (0.05 + 0.62 * (y + 1.66) - side_x) * 0.8 - 2 * smooth_step(-0.05, -0.2, z)
    d = smooth_max(d, opening, 0.02)
    return torch.where(scene.clothes.collar > 0, d * 0.8, d + FAR)


def _measure_hood(scene: Scene, lifted: Point) -> Tensor:
    x, y, z = lifted
    ring_y = -1.56 - 0.34 * (z + 0.3)
    away = torch.sqrt(x * x + (z + 0.34) ** 2)
    d = torch.sqrt((away - 0.56) ** 2 + ((y - ring_y) * 0.9) ** 2) - (0.155 - 0.07 * z)
    return torch.where(scene.clothes.hood > 0, d * 0.8, d + FAR)


def paint_torso(scene: Scene, point: Point, direction: Point, normal: Point) -> Surface:
    """Paint cloth where it covers and skin where it does not."""
    clothes, pigments = scene.clothes, scene.pigments
    x, y, z = body_point = move_to_body(scene.pose, point)
    _, cloth, inside = _measure_worn(scene, body_point)
    lifted = (x, y - clothes.lift, z)
    is_cloth = smooth_step(-0.01, 0.01, torch.where(cloth < 0.01, torch.ones_like(inside), inside))
    colour = _paint_jacket(scene, lifted, cloth, _paint_pattern(scene, lifted))
    seam = torch.exp(-(((inside - 0.045) / 0.012) ** 2)) * 0.25 * (clothes.jacket < 1) * (clothes.collar < 1)
    skin_gloss = torch.zeros_like(x) + 0.12 + 0.08 * (1 - pigments.skin_tone)
    zero = torch.zeros_like(x)
    return Surface(
        *blend_triples(pigments.skin, darken(colour, seam, seam, seam), is_cloth),
        *normal,
        gloss=blend(skin_gloss, 0.03, is_cloth),
        shine=zero + 14.0,
        label=torch.where(is_cloth > 0.5, CLOTHES, NECK),
        spark=zero,
        flat=zero,
        scatter=1 - is_cloth,
        hair=zero,
    )


def _paint_pattern(scene: Scene, lifted: Point) -> Point:
    x, y, _ = lifted
    pattern = scene.clothes.pattern
    stripes = (pattern == 1) & (torch.sin(y * 30) > 0.1)
    dots = (pattern == 2) & (torch.sin(x * 19) * torch.sin(y * 19 + 1) > 0.55)
    yoke = (pattern == 3) & (y > -1.78 + 0.1 * x.abs())
    share = ((stripes | dots | yoke) & (scene.clothes.jacket < 1)).float() * 0.85
    return blend_triples(scene.pigments.cloth, scene.pigments.cloth_pattern, share)


def _paint_jacket(scene: Scene, lifted: Point, cloth: Tensor, colour: Point) -> Point:
    """Shirt in the opening, darker lapels beside it, shirt collar above."""
    x, y, z = lifted
    is_jacket = scene.clothes.jacket > 0
    edge = -2.15 + 1.55 * x.abs() - y
    colour = blend_triples(colour, SHIRT, (is_jacket & (edge < 0) & (z > -0.15)).float())
    lapel = is_jacket & (edge >= 0) & (edge < 0.30) & (z > -0.2)
    colour = blend_triples(colour, scale_colour(scene.pigments.cloth, 0.72), lapel.float())
    near_neck = torch.sqrt(x * x + (z + 0.3) ** 2) < 0.56
    collar = is_jacket & (cloth < 0.012) & (y > -1.75) & near_neck
    return blend_triples(colour, SHIRT, (collar & ~lapel).float())
