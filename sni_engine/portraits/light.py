"""Light on the hit points: key with soft shadow, tinted fill, occlusion, highlights, rim, and light under skin."""

from dataclasses import dataclass

import torch

from sni_engine.portraits.accessories import measure_frames
from sni_engine.portraits.hair import measure_rough_hair
from sni_engine.portraits.hats import measure_hat
from sni_engine.portraits.pose import aim_rays
from sni_engine.portraits.rays import gather_rays, pick_rays, scatter_rays
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.surface import Surface
from sni_engine.portraits.vectors import (
    Point,
    Tensor,
    blend,
    dot,
    measure_capsule,
    measure_ellipsoid,
    move_along,
    normalise,
    rotate,
    smooth_min,
    smooth_step,
)

SHADOW_STEPS = 6
OCCLUSION_TAPS = ((0.07, 3.2), (0.20, 1.5))  # height over the surface, weight
LIGHT_WRAP = (0.42, 0.16, 0.10)  # red light travels furthest under skin


@dataclass(frozen=True)
class Shade:
    """How much light reaches hit points, 0..1, [N, R]."""

    key: Tensor
    ambient: Tensor


def cast_shade(scene: Scene, point: Point, normal: Point, counts: Tensor) -> Shade:
    """Trace occlusion and key shadow for hit points in head coordinates; counts: bool [N, R], the real ones."""
    near, far = (weight * _close_in(scene, point, normal, height) for height, weight in OCCLUSION_TAPS)
    travelled, key = torch.full_like(point[0], 0.05), torch.ones_like(point[0])
    # points turned away from the key light are dark without a shadow
    picked = pick_rays((dot(normal, scene.lamps.key_in_head) > -0.35) & counts)
    ambient = (1 - (near + far)).clamp(0.25, 1)
    if picked is None:
        return Shade(key, ambient)
    index, keep = picked
    x, y, z = gather_rays(index, *move_along(point, normal, 0.04))
    travelled, lit = gather_rays(index, travelled, key)
    for _ in range(SHADOW_STEPS):
        gap = _measure_rough(scene, move_along((x, y, z), scene.lamps.key_in_head, travelled))
        lit = torch.minimum(lit, (0.5 + 5.0 * gap / (travelled + 0.12)).clamp(0, 1))
        travelled = travelled + gap.clamp(0.05, 0.35)
    return Shade(scatter_rays(key, index, keep, lit), ambient)


def _close_in(scene: Scene, point: Point, normal: Point, height: float) -> Tensor:
    """Return how much nearer other surfaces are than an open one would be at a height."""
    return (height - _measure_rough(scene, move_along(point, normal, height))).clamp_min(0)


def _measure_rough(scene: Scene, point: Point) -> Tensor:
    """Return the distance to a cheap stand-in of skull, jaw, nose, hair and hat."""
    head, nose = scene.head, scene.nose
    d = measure_ellipsoid(point, (0, 0.25, -0.10), head.cranium)
    d = smooth_min(d, measure_ellipsoid(point, (0, -0.32, 0.08), (head.jaw[0], head.jaw[1] + 0.01, head.jaw[2])), 0.25)
    bridge = measure_capsule(point, (0, 0.0, nose.bridge_z), (0, nose.y, nose.z), 0.05, nose.tip_radius)
    d = smooth_min(d, bridge, 0.08)
    if "shell" in scene.shows:
        d = torch.minimum(d, measure_rough_hair(scene, point))
    if "hat" in scene.shows:
        d = torch.minimum(d, measure_hat(scene, point))
    return d


def light_surface(
    scene: Scene, u: Tensor, v: Tensor, point: Point, surface: Surface, shade: Shade, is_head: Tensor
) -> Point:
    """Return the linear colour [N, R] of hit points; is_head is 1 where the head's skin was hit."""
    lamps = scene.lamps
    toward_world, _ = aim_rays(scene.pose, u, v)
    view = (-toward_world[0], -toward_world[1], -toward_world[2])
    normal = rotate(scene.pose.head_turn, surface.normal)
    ambient = blend(shade.ambient, (shade.ambient + 1) * 0.5, surface.flat)
    key = _soften_key(scene, point, shade.key, is_head)
    facing = dot(normal, lamps.key)
    half = normalise(lamps.key[0] + view[0], lamps.key[1] + view[1], lamps.key[2] + view[2])
    highlight = surface.gloss * torch.exp(surface.shine * (dot(normal, half).clamp(0, 1) - 1) * 1.4) * (key * 0.8 + 0.2)
    strands = _light_strands(scene, point, normal, half)
    hair = surface.hair * smooth_step(-0.2, 0.5, facing) * (key * 0.7 + 0.3)
    rim = _light_rim(scene, normal, view) * ambient
    diffuse = _light_diffuse(scene, normal, facing, surface, key, ambient)
    red, green, blue = (
        colour
        + (highlight + hair * (0.10 * strands[0] + 0.30 * strands[1] * (scene.pigments.hair[j] * 1.2 + 0.015)))
        * lamps.key_colour[j]
        + lamps.rim_colour[j] * rim * (0.22 + 0.78 * surface.colour[j].clamp(0, 1)) * 0.95
        + surface.spark * 1.3
        for j, colour in enumerate(diffuse)
    )
    return red, green, blue


def _soften_key(scene: Scene, point: Point, key: Tensor, is_head: Tensor) -> Tensor:
    """Ease the edge of the shadow and add the shadow of glasses on the face."""
    key = key * key * (3 - 2 * key)
    glasses, toward = scene.glasses, scene.lamps.key_in_head
    if "glasses" not in scene.shows:
        return key
    x, y, z = point
    _, frame = measure_frames(scene, x + 0.10 * toward[0], y + 0.10 * toward[1])
    edge = smooth_step(0.055, 0.0, frame - glasses.rim)
    return key * (1 - edge * (z > 0.35) * glasses.worn * is_head * 0.35)


def _light_strands(scene: Scene, point: Point, normal: Point, half: Point) -> tuple[Tensor, Tensor]:
    """Return a sharp and a wide highlight along the strands (Kajiya and Kay 1989), which fall away from the crown."""
    x, y, z = point
    down = rotate(scene.pose.head_turn, (x * 0.9, y * 0 - 1.0, z * 0.9 + 0.2))
    tangent = normalise(*move_along(down, normal, -dot(down, normal)))
    along = dot(tangent, half)
    sharp = (1 - (along + 0.06) ** 2).clamp(1e-4, 1)
    wide = (1 - (along - 0.12) ** 2).clamp(1e-4, 1)
    return torch.exp(40 * torch.log(sharp)), torch.exp(12 * torch.log(wide))


def _light_rim(scene: Scene, normal: Point, view: Point) -> Tensor:
    grazing = (1 - dot(normal, view).clamp(0, 1)) ** 3
    return smooth_step(-0.15, 0.7, dot(normal, scene.lamps.rim)) * grazing * scene.lamps.rim_strength


def _light_diffuse(
    scene: Scene, normal: Point, facing: Tensor, surface: Surface, key: Tensor, ambient: Tensor
) -> list[Tensor]:
    """Return key and fill on the matte surface; skin wraps light around the edge, most of all red."""
    lamps, scatter = scene.lamps, surface.scatter
    sky = 0.5 + 0.5 * normal[1]
    fill = (0.5 + 0.5 * (normal[0] * -torch.sign(lamps.key[0]) * 0.6 + normal[2] * 0.6)).clamp(0, 1)
    red_key = torch.exp(torch.log(key.clamp_min(1e-4)) * (1 - 0.35 * scatter))
    red_ambient = torch.exp(torch.log(ambient) * (1 - 0.35 * scatter))
    colour = []
    for j, widest in enumerate(LIGHT_WRAP):
        wrap = 0.12 + (widest - 0.12) * scatter
        lit = ((facing + wrap) / (1 + wrap)).clamp(0, 1)
        around = lamps.ambient[j] * (0.55 + 0.45 * sky + 0.35 * fill) * (ambient if j else red_ambient)
        colour.append(surface.colour[j] * (lamps.key_colour[j] * lit * (key if j else red_key) + around))
    return colour
