"""Glasses and earrings, laid over the lit picture: found by closest approach of a ray instead of tracing."""

from dataclasses import dataclass

import torch

from sni_engine.portraits.colours import scale_colour
from sni_engine.portraits.masks import EARRING, GLASSES, HAIR
from sni_engine.portraits.pose import aim_rays
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.vectors import (
    Point,
    Tensor,
    blend,
    blend_triples,
    dot,
    measure_length,
    move_along,
    smooth_step,
    subtract,
)

LENS_BEND = 0.22  # of the plane the lenses lie in
SUN_LENS = (0.02, 0.02, 0.025)
STUD, HOOP, DROP = 1, 2, 3


@dataclass(frozen=True)
class Layer:
    """The picture so far, along rays: colour in linear light, part labels, distance to what is hit."""

    colour: Point
    label: Tensor
    distance: Tensor
    direction: Point  # head coordinates
    softness: Tensor  # of edges, about half a pixel

    def lay(self, colour: Point, cover: Tensor, part: int) -> "Layer":
        """Return this layer with a colour over it, labelled where it covers more than half."""
        label = torch.where(cover > 0.5, part, self.label)
        return Layer(blend_triples(self.colour, colour, cover), label, self.distance, self.direction, self.softness)


def lay_accessories(
    scene: Scene, u: Tensor, v: Tensor, distance: Tensor, colour: Point, label: Tensor, pixel: Tensor
) -> tuple[Point, Tensor]:
    """Return colour and labels [N, R] with glasses and earrings over them; pixel is its width in u, [1, 1]."""
    _, direction = aim_rays(scene.pose, u, v)
    layer = Layer(colour, label, distance, direction, softness=pixel * scene.pose.extent * 0.6 + 0.002)
    if "glasses" in scene.shows:
        layer = _lay_temples(scene, _lay_lenses(scene, layer))
    if "earring" in scene.shows:
        layer = _lay_earrings(scene, layer)
    return layer.colour, layer.label


def measure_frames(scene: Scene, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the distances, in the plane of the lenses, to the lens (signed) and to the centre line of the frames."""
    glasses, eyes = scene.glasses, scene.eyes
    side_x = x.abs()
    lens_x, lens_y = side_x - (eyes.x + 0.015), y - (eyes.y - 0.015)
    lifted_y = lens_y - glasses.lift * lens_x * 0.9 * (lens_x > 0) * 0.6
    corner_x = lens_x.abs() - glasses.half_width + glasses.corner
    corner_y = lifted_y.abs() - glasses.half_height + glasses.corner
    outside = (corner_x.clamp_min(0) ** 2 + corner_y.clamp_min(0) ** 2 + 1e-9).sqrt()
    lens = outside + torch.maximum(corner_x, corner_y).clamp_max(0) - glasses.corner
    inner_x = eyes.x + 0.015 - glasses.half_width
    bridge_y = eyes.y + 0.06 - 0.9 * (x * x)
    bridge = torch.where(side_x < inner_x + 0.02, (y - bridge_y).abs(), torch.full_like(x, 9.0))
    return lens, torch.minimum(lens.abs(), bridge)


def _lay_lenses(scene: Scene, layer: Layer) -> Layer:
    """Lay dark or clear lenses with a reflection, then the frames around them."""
    glasses, pigments, lamps = scene.glasses, scene.pigments, scene.lamps
    x, y, t = _meet_lens_plane(scene, layer.direction)
    lens, frame = measure_frames(scene, x, y)
    soft = layer.softness
    visible = (t < layer.distance + 0.02) & (glasses.worn > 0)
    cover = smooth_step(soft, -soft, lens) * visible
    gleam = smooth_step(0.25, 0.9, torch.sin((x + y * 1.6) * 5.5 + lamps.azimuth * 0.05)) * 0.5
    reflection = (gleam + 0.5 * smooth_step(-0.1, 0.2, y)) * cover
    tint = glasses.dark * 0.82
    sun_lens = blend_triples(SUN_LENS, pigments.glasses, 0.25)
    red, green, blue = (
        blend(c, s + 0.10 * reflection, cover * tint) + reflection * 0.035 * (1 - tint) * ambient
        for c, s, ambient in zip(layer.colour, sun_lens, lamps.ambient)
    )
    label = torch.where((cover > 0.5) & (glasses.dark > 0), GLASSES, layer.label)
    tinted = Layer((red, green, blue), label, layer.distance, layer.direction, soft)
    rim = smooth_step(soft, -soft, frame - glasses.rim) * visible
    return tinted.lay(_paint_rim(scene, frame), rim, GLASSES)


def _paint_rim(scene: Scene, frame: Tensor) -> Point:
    profile = 1 - (frame / scene.glasses.rim).clamp(0, 1) ** 2
    light = 0.55 + 0.6 * profile * (0.5 + 0.5 * scene.lamps.key[1])
    red, green, blue = (c * light * 1.3 + 0.10 * profile**4 for c in scene.pigments.glasses)
    return red, green, blue


def _meet_lens_plane(scene: Scene, direction: Point) -> tuple[Tensor, Tensor, Tensor]:
    """Return x, y and distance where rays meet the bent plane of the lenses; three steps are plenty."""
    camera, glasses = scene.pose.camera_in_head, scene.glasses
    t = (glasses.z - camera[2]) / direction[2]
    for _ in range(3):
        x = camera[0] + direction[0] * t
        t = (glasses.z - LENS_BEND * x * x - camera[2]) / direction[2]
    return camera[0] + direction[0] * t, camera[1] + direction[1] * t, t


def _lay_temples(scene: Scene, layer: Layer) -> Layer:
    """Lay the two arms from the frames to the ears."""
    glasses, eyes = scene.glasses, scene.eyes
    half_width = eyes.x + 0.015 + glasses.half_width
    soft, colour = layer.softness, scale_colour(scene.pigments.glasses, 0.8)
    for side in (-1.0, 1.0):
        hinge = (side * half_width, eyes.y + 0.05 + 0 * half_width, glasses.z - LENS_BEND * half_width * half_width)
        ear = (side * (scene.head.ear_x + 0.03), eyes.y + 0.06 + 0 * half_width, -0.02 + 0 * half_width)
        gap, t = _approach_segment(scene.pose.camera_in_head, layer.direction, hinge, ear)
        cover = smooth_step(soft, -soft, gap - glasses.rim * 0.9) * (t < layer.distance + 0.03) * glasses.worn
        layer = layer.lay(colour, cover, GLASSES)
    return layer


def _approach_segment(origin: Point, direction: Point, a: Point, b: Point) -> tuple[Tensor, Tensor]:
    """Return how close rays come to the segment a-b, and the distance along the rays."""
    edge, offset = subtract(b, a), subtract(origin, a)
    ee, ed = dot(edge, edge), dot(edge, direction)
    ew, dw = dot(edge, offset), dot(direction, offset)
    s = ((ew - ed * dw) / (ee - ed * ed).clamp_min(1e-5)).clamp(0, 1)
    t = s * ed - dw
    gap = subtract(move_along(offset, direction, t), (edge[0] * s, edge[1] * s, edge[2] * s))
    return measure_length(gap), t


def _lay_earrings(scene: Scene, layer: Layer) -> Layer:
    """Lay a stud, hoop or drop under each ear."""
    kind, head, soft = scene.earring, scene.head, layer.softness
    radius = torch.where(kind == STUD, 0.045, torch.where(kind == HOOP, 0.11, 0.06))
    hang = torch.where(kind == STUD, 0.0, torch.where(kind == HOOP, 0.09, 0.14))
    for side in (-1.0, 1.0):
        centre = (side * (head.ear_x + 0.055), -0.11 - 0.20 * head.ear_size - hang, -0.10)
        offset = subtract(scene.pose.camera_in_head, centre)
        along = dot(offset, layer.direction)
        near = move_along(offset, layer.direction, -along)
        gap = _measure_earring(kind, near, radius)
        # an earlobe hides half an earring, hair all of it
        slack = torch.where(layer.label == HAIR, -0.05, 0.06)
        cover = smooth_step(soft, -soft, gap) * (-along < layer.distance + slack) * (kind > 0)
        layer = layer.lay(scale_colour(scene.pigments.metal, _light_earring(kind, near, radius)), cover, EARRING)
    return layer


def _measure_earring(kind: Tensor, near: Point, radius: Tensor) -> Tensor:
    """near: from the centre to the closest place of the ray."""
    distance = measure_length(near)
    hoop = (distance - 0.085).abs() - 0.017
    ball = distance - radius
    drop = torch.minimum(ball, torch.maximum(near[0].abs() - 0.012, (near[1] - 0.12).abs() - 0.1))
    return torch.where(kind == HOOP, hoop, torch.where(kind == DROP, drop, ball))


def _light_earring(kind: Tensor, near: Point, radius: Tensor) -> Tensor:
    spot = ((near[0] / radius + 0.3) ** 2 + (near[1] / radius - 0.35) ** 2) * 4
    ball = 0.45 + 0.9 * torch.exp(-spot) + 0.3 * (1 - (measure_length(near) / radius).clamp(0, 1))
    hoop = 0.6 + 0.5 * torch.sin(torch.atan2(near[1], near[0]) * 2) ** 2
    return torch.where(kind == HOOP, hoop, ball)
