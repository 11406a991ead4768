"""The four solids that are traced, skin, torso, hair and hat: their distance, relief, paint and bounding ellipsoid."""

from collections.abc import Callable
from dataclasses import dataclass

import torch

from sni_engine.portraits.clothes import measure_torso, paint_torso
from sni_engine.portraits.hair import measure_combed_hair, measure_hair, paint_hair
from sni_engine.portraits.hats import measure_hat, paint_hat
from sni_engine.portraits.head import measure_head
from sni_engine.portraits.pose import aim_rays
from sni_engine.portraits.relief import raise_relief
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.skin import paint_head
from sni_engine.portraits.surface import Painter
from sni_engine.portraits.vectors import Point, Tensor, Triple, dot, rotate_back

Measure = Callable[[Scene, Point], Tensor]

MISSED = 1e9  # the distance of rays that hit nothing


@dataclass(frozen=True)
class Solid:
    """number: in hit maps, where 0 is nothing; normal_step: head units; tolerance: of a hit, in usual ones."""

    number: int
    measure: Measure
    measure_with_relief: Measure
    paint: Painter
    normal_step: float
    tolerance: float = 1.0
    rounds: int = 9  # of tracing, at most: rays that graze a cheek or a nose need them, or the backdrop shines through


def _measure_face(scene: Scene, point: Point) -> Tensor:
    return measure_head(scene, point) - raise_relief(scene, point)


HEAD_NUMBER = 1

# a brim is so thin to grazing rays that it needs a wider hit
SOLIDS: tuple[Solid, ...] = (
    Solid(HEAD_NUMBER, measure_head, _measure_face, paint_head, 0.006),
    Solid(2, measure_torso, measure_torso, paint_torso, 0.008),
    Solid(3, measure_hair, measure_combed_hair, paint_hair, 0.010),
    Solid(4, measure_hat, measure_hat, paint_hat, 0.008, tolerance=2.0),
)


def enter_bounds(scene: Scene, u: Tensor, v: Tensor) -> list[tuple[Tensor, Tensor]]:
    """Return where rays enter (MISSED if they do not) and leave the bounds of each solid, [N, R] each."""
    pose = scene.pose
    in_world, in_head = aim_rays(pose, u, v)
    in_body = rotate_back(pose.body_turn, in_world)
    always = torch.ones_like(scene.age.old)
    hair_centre, hair_radii = _bound_hair(scene)
    return [
        _cross(pose.camera_in_head, in_head, (0, -0.15, 0), (scene.head.ear_x + 0.22, 1.45, 1.12), always),
        _cross(pose.camera_in_body, in_body, (0, -2.0, -0.3), (1.95, 1.75, 1.05), always),
        _cross(pose.camera_in_head, in_head, hair_centre, hair_radii, scene.hair.style.shell),
        _cross(pose.camera_in_head, in_head, (0, 0.75, 0.05), (1.42, 0.95, 1.5), scene.hat.fitted),
    ]


def _bound_hair(scene: Scene) -> tuple[Triple, Triple]:
    """Return centre and radii, generous: rays that graze a tight bound tear holes."""
    style = scene.hair.style
    curtain = 0.3 * style.curtain * (1 - style.long)
    y = 0.2 - 0.75 * style.long - curtain - 0.55 * style.braid
    ry = 1.15 + 0.95 * style.long + curtain + 0.2 * style.bun.clamp_max(1) + 0.75 * style.braid + 0.35 * style.pair
    rx = scene.head.cranium[0] + style.side + 0.16 + 0.15 * style.curtain + 0.12 * style.pair * (style.pair_x > 0.8)
    rx = rx + 0.42 * (style.bun > 1) + 0.30 * style.pair
    return (0, y, -0.1), (rx, ry, 1.25 + torch.zeros_like(rx))


def _cross(origin: Point, direction: Point, centre: Triple, radii: Triple, used: Tensor) -> tuple[Tensor, Tensor]:
    """Return entry and exit distances of rays through an ellipsoid."""
    offset = tuple((o - c) / r for o, c, r in zip(origin, centre, radii))
    step = tuple(d / r for d, r in zip(direction, radii))
    a, b = dot(step, step), dot(offset, step)
    discriminant = b * b - a * (dot(offset, offset) - 1)
    root = discriminant.clamp_min(0).sqrt()
    hit = (discriminant > 0) & (used > 0)
    return torch.where(hit, (-b - root) / a, MISSED), torch.where(hit, (-b + root) / a, 0.0)
