"""Eyes, lashes and brows: an eyeball seen through the opening that the lids leave, so that gaze is truly 3-D."""

from typing import NamedTuple

import torch

from sni_engine.portraits.colours import darken, scale_colour
from sni_engine.portraits.outlines import LID_HALF_WIDTH, Lids
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.vectors import (
    Point,
    Tensor,
    add,
    blend_triples,
    dot,
    gauss,
    measure_length,
    move_along,
    normalise,
    smooth_step,
    subtract,
)

FACE_Z = 0.2  # the eyes exist only in front of this depth: the folded head has a back, too
PUPIL = (0.006, 0.005, 0.006)
CORNER_PINK = (0.55, 0.2, 0.18)


class Eyeball(NamedTuple):
    """What a ray meets behind the lids."""

    normal: Point
    gaze: Point
    colour: Point


def paint_lids(scene: Scene, lids: Lids, front: Tensor, colour: Point) -> Point:
    """Add eye shadow and the crease above the eye."""
    window = smooth_step(1.15, 0.85, lids.across.abs()) * front
    height = lids.above - lids.upper
    if "eyeshadow" in scene.shows:
        shadow = smooth_step(-0.02, 0.06, height) * smooth_step(0.36, 0.08, height)
        colour = blend_triples(colour, scene.pigments.eye_shadow, shadow * window * scene.eyes.shadow * 0.55)
    crease = gauss((height - 0.20 + 0.05 * scene.eyes.openness) / 0.05) * window * 0.32
    return darken(colour, crease * 0.75, crease, crease)


def open_lids(lids: Lids, z: Tensor) -> Tensor:
    """Return where the eyeball shows, 0..1."""
    inside = torch.minimum(lids.upper - lids.above, lids.above - lids.lower)
    return smooth_step(-0.025, 0.025, inside) * (z > FACE_Z)


def look_at_eyeball(scene: Scene, point: Point, direction: Point, side: Tensor, lids: Lids) -> Eyeball:
    """Follow rays from the lids to the eyeball; side is -1 and 1 for the two eyes."""
    eyes = scene.eyes
    offset = subtract(point, (side * eyes.x, eyes.y, eyes.z))
    radius = eyes.lid_radius * 0.965
    along = dot(offset, direction)
    beyond = dot(offset, offset) - radius * radius
    length = -along - (along * along - beyond).clamp_min(0).sqrt()
    normal = normalise(*(o + d * length for o, d in zip(offset, direction)))
    gaze = normalise(eyes.gaze[0] - side * 0.03, eyes.gaze[1], eyes.gaze[2])  # slightly converging
    return Eyeball(normal, gaze, _paint_eyeball(scene, normal, gaze, lids))


def _paint_eyeball(scene: Scene, normal: Point, gaze: Point, lids: Lids) -> Point:
    eyes = scene.eyes
    from_gaze = (2 - 2 * dot(normal, gaze).clamp(-1, 1)).clamp_min(0).sqrt()  # chord, close to the angle
    under_lid = 0.50 + 0.50 * smooth_step(-0.02, 0.26, lids.upper - lids.above)
    over_lid = 0.78 + 0.22 * smooth_step(0.0, 0.16, lids.above - lids.lower)
    white = under_lid * over_lid * (1 - 0.22 * (lids.across / LID_HALF_WIDTH) ** 2)
    iris = _paint_iris(scene, normal, gaze, from_gaze, under_lid)
    iris = blend_triples(iris, PUPIL, smooth_step(0.03, -0.03, from_gaze - eyes.pupil_radius))
    is_iris = smooth_step(0.03, -0.03, from_gaze - eyes.iris_radius)
    colour = blend_triples((0.90 * white, 0.88 * white, 0.87 * white), iris, is_iris)
    corner = gauss((lids.across + 0.80) / 0.09, lids.above / 0.16) * 0.7
    return blend_triples(colour, CORNER_PINK, corner)


def _paint_iris(scene: Scene, normal: Point, gaze: Point, from_gaze: Tensor, under_lid: Tensor) -> Point:
    """Brighter at the bottom and near the edge, with rays and a dark rim."""
    radius = scene.eyes.iris_radius
    r = (from_gaze / radius).clamp(0, 1)
    height = ((normal[1] - gaze[1]) / radius).clamp(-1, 1)
    angle = torch.atan2(normal[1] - gaze[1], normal[0] - gaze[0])
    light = 0.75 + 0.55 * smooth_step(0.35, 0.85, r) - 0.55 * height
    rays = 1 + 0.12 * torch.sin(angle * 19) + 0.08 * torch.sin(angle * 31 + 1)
    light = light * rays * (1 - 0.72 * smooth_step(0.78, 1.0, r))
    red, green, blue = (c * light * 1.15 * (0.55 + 0.45 * under_lid) for c in scene.pigments.iris)
    return red, green, blue


def reflect_key(scene: Scene, eyeball: Eyeball, direction: Point) -> Tensor:
    """Return the catch light of the key lamp and its fainter echo across the pupil."""
    normal, gaze = eyeball.normal, eyeball.gaze
    half = normalise(*subtract(scene.lamps.key_in_head, direction))
    # pulled towards the gaze, so that it stays on the iris
    spot = normalise(half[0] + gaze[0] * 0.9, half[1] + gaze[1] * 0.9 + 0.10, half[2] + gaze[2] * 0.9)
    near = measure_length(subtract(normal, spot))
    echo = measure_length(add(move_along(normal, gaze, -2), spot))
    return smooth_step(0.15, 0.10, near) * 0.95 + smooth_step(0.085, 0.05, echo) * 0.35


def draw_lashes(scene: Scene, lids: Lids, z: Tensor) -> Tensor:
    """Return the darkness 0..1 of the lashes: a thick upper rim with an outer flick, a thin lower rim."""
    lashes, on_face = scene.eyes.lashes, z > FACE_Z
    across, height = lids.across, lids.above - lids.upper
    thickness = (0.045 + 0.05 * lashes) * (0.55 + 0.9 * smooth_step(-0.5, 0.9, across) * (0.4 + 0.6 * lashes))
    rim = (height - thickness * 0.35).abs() - thickness
    upper = smooth_step(0.03, -0.03, rim) * smooth_step(1.02 + 0.08, 0.90, across.abs()) * on_face
    low_rim = (lids.above - lids.lower + 0.01).abs() - 0.012
    lower = smooth_step(0.035, 0.0, low_rim) * smooth_step(0.95, 0.8, across.abs()) * on_face * (0.25 + 0.35 * lashes)
    return torch.maximum(torch.maximum(upper, lower), _draw_flick(lids, lashes, on_face)) * 0.92


def _draw_flick(lids: Lids, lashes: Tensor, on_face: Tensor) -> Tensor:
    across = lids.across
    line = (lids.above - 0.02 - 0.55 * (across - 0.80)).abs() - 0.05 * smooth_step(1.14, 0.8, across)
    ends = smooth_step(0.03, -0.03, line) * smooth_step(0.74, 0.82, across) * smooth_step(1.16, 1.05, across)
    return ends * lashes * on_face


def mix_lash_colour(scene: Scene) -> Point:
    """Return the brows' colour, nearly black."""
    red, green, blue = (c + 0.003 for c in scale_colour(scene.pigments.brows, 0.25))
    return red, green, blue


def draw_brows(distance: Tensor, along: Tensor, side_x: Tensor, y: Tensor, front: Tensor) -> Tensor:
    """Return the cover 0..1 of the brows with a ragged edge, from trace_brow's distance and place along."""
    hairs = 0.12 * torch.sin((side_x * 1.0 + y * 0.9) * 150)
    cover = smooth_step(0.012, -0.010, distance + 0.004 * hairs) * front
    return cover * (0.80 + 0.12 * (1 - along.clamp(0, 1)))
