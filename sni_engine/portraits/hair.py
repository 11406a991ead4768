"""Hair: a thick shell around the skull cut by an opening for the face, volumes joined to it, curls and strands."""

import torch

from sni_engine.portraits.masks import HAIR, HAT
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
    measure_sphere,
    smooth_max,
    smooth_min,
    smooth_step,
)

BUZZ_NUMBER = 1


def measure_hair(scene: Scene, point: Point) -> Tensor:
    """Return the signed distance [N, R] of points in head coordinates to the hair."""
    return _measure(scene, _follow_torso(scene, point), rough=False)


def measure_rough_hair(scene: Scene, point: Point) -> Tensor:
    """Return the distance without ears, curls and ragged fringe: enough for shadows."""
    return _measure(scene, _follow_torso(scene, point), rough=True)


def measure_combed_hair(scene: Scene, point: Point) -> Tensor:
    """Return the distance with grooves between the strands, for normals."""
    hung = _follow_torso(scene, point)
    d = _measure(scene, hung, rough=False)
    style, twist = scene.hair.style, _twist_strands(scene, hung)
    strands = torch.sin(twist * style.groove_count + 2 * torch.sin(twist * 5))
    strands = strands + 0.5 * torch.sin(twist * style.groove_count * 2.3 + 1.7 + hung[1] * 2)
    return d - style.groove * strands * 0.6


def _follow_torso(scene: Scene, point: Point) -> Point:
    """Long hair follows the torso below the chin."""
    hangs = scene.hair.hangs
    if "hangs" not in scene.shows:
        return point
    share = smooth_step(-0.55, -1.6, point[1]) * torch.clamp(hangs, max=1)
    return blend_triples(point, move_to_body(scene.pose, point), share)


def _twist_strands(scene: Scene, point: Point) -> Tensor:
    """Return the angle around the head that stays the same along a strand."""
    x, y, z = point
    hair = scene.hair
    angle = torch.atan2(x - hair.parting_x * 0.5, z + 0.28)
    swirl = hair.style.swirl * y * hair.parting_side * 0.5
    return angle + swirl + hair.style.wave * 0.18 * torch.sin(y * 7 + angle * 2)


def _measure(scene: Scene, point: Point, rough: bool) -> Tensor:
    x, y, z = point
    style = scene.hair.style
    folded = (torch.sqrt(x * x + 0.0004), y, z)
    d = _measure_shell(scene, point, folded, rough)
    if "top" in scene.shows:
        d = torch.where(style.top > 0, smooth_min(d, _measure_top(scene, point), 0.24), d)
    d = torch.where(style.shell > 0, d, d + FAR)
    d = _hang_volumes(scene, point, folded, d)
    d = _tie_volumes(scene, point, folded, d)
    if not rough and "curl" in scene.shows:
        d = d + _curl(scene, point)
    return smooth_max(d, y - 0.12 * z - scene.hair.cut_y, 0.03)


def _measure_shell(scene: Scene, point: Point, folded: Point, rough: bool) -> Tensor:
    _, y, z = point
    hair, style, (rx, ry, rz) = scene.hair, scene.hair.style, scene.head.cranium
    centre = (0, 0.25 + style.height * 0.2, -0.12)
    d = measure_ellipsoid(point, centre, (rx + style.side, ry + style.height, rz + style.back))
    d = d - hair.fringe * smooth_step(0.2, 0.7, z)
    d = smooth_max(d, -_measure_opening(scene, point, folded, rough), 0.055)
    d = smooth_max(d, (style.nape + style.nape_slope * (z + 0.1) - y) * 0.85, 0.05)
    if rough or "shows_ears" not in scene.shows:
        return d
    size = scene.head.ear_size
    ear = measure_ellipsoid(folded, (scene.head.ear_x + 0.06, -0.10, -0.06), (0.2, 0.23 * size, 0.17 * size))
    return torch.where(style.shows_ears > 0, smooth_max(d, -ear, 0.05), d)


def _measure_opening(scene: Scene, point: Point, folded: Point, rough: bool) -> Tensor:
    """An arch over the face, extruded to the front: flatter for a fringe, tilted or notched for the others."""
    x, y, z = point
    hair, style = scene.hair, scene.hair.style
    notch = hair.vee * ((x - hair.parting_x) ** 2 + 0.003).sqrt() * 1.0
    height = y - hair.tilt * x + notch - hair.vee * 0.12
    if not rough:
        height = height + 0.022 * torch.sin(x * 24 + 2 * torch.sin(x * 7)) * hair.fringe * 20
    across = folded[0] / (style.opening_width * scene.head.width)
    above = (height - style.opening_y).clamp_min(0) / hair.opening_height
    across, above = across * across, above * above
    round_arch = (across + above + 1e-6).sqrt()
    square_arch = (across * across + above * above + 1e-6).sqrt().sqrt()
    d = (blend(round_arch, square_arch, torch.clamp(hair.flatness + 0.3, max=1)) - 1) * 0.5
    return smooth_max(d, style.opening_z - z, 0.12)


def _measure_top(scene: Scene, point: Point) -> Tensor:
    x, y, z = point
    style = scene.hair.style
    leaning = (x, y - scene.hair.tilt * 0.3 * x, z)
    return measure_ellipsoid(
        leaning, (style.top_x, style.top_y, style.top_z), (style.top_rx, style.top_ry, style.top_rz)
    )


def _hang_volumes(scene: Scene, point: Point, folded: Point, d: Tensor) -> Tensor:
    """Join what hangs beside the face and behind the neck."""
    style, width = scene.hair.style, scene.head.width
    if "curtain" in scene.shows:
        x = style.curtain_x * width + 0.06 * smooth_step(-0.4, -1.2, point[1])
        radii = (style.curtain_rx, style.curtain_ry, style.curtain_rz)
        curtain = measure_ellipsoid(folded, (x, style.curtain_y, style.curtain_z), radii)
        d = torch.where(style.curtain > 0, smooth_min(d, curtain, 0.12), d)
    if "fall" in scene.shows:
        radii = (style.fall_rx * width, style.fall_ry, style.fall_rz)
        fall = measure_ellipsoid(point, (0, style.fall_y, style.fall_z), radii)
        d = torch.where(style.fall > 0, smooth_min(d, fall, 0.12), d)
    return d


def _tie_volumes(scene: Scene, point: Point, folded: Point, d: Tensor) -> Tensor:
    """Join bun, ponytail, pairs and braid."""
    style = scene.hair.style
    if "bun" in scene.shows:
        d = torch.where(style.bun > 0, smooth_min(d, _measure_bun(scene, point), 0.04), d)
    if "pair" in scene.shows:
        d = torch.where(style.pair > 0, smooth_min(d, _measure_pair(scene, folded), 0.05), d)
    if "braid" in scene.shows:
        d = torch.where(style.braid > 0, smooth_min(d, _measure_braid(scene, point) * 0.85, 0.08), d)
    return d


def _measure_bun(scene: Scene, point: Point) -> Tensor:
    """A bun, or for style.bun = 2 a ponytail that swings out from one."""
    style = scene.hair.style
    x, zero = style.bun_x, 0 * style.bun_x
    bun = measure_ellipsoid(
        point, (x, style.bun_y, style.bun_z), (style.bun_radius, style.bun_radius * 0.88, style.bun_radius)
    )
    knot = (x, 1.02 + zero, -0.72 + zero)
    bend = (x * 2.25, 0.72 + zero, -0.86 + zero)
    end = (x * 2.55, -0.35 + zero - 0.3 * scene.hair.length, -0.62 + zero)
    tail = smooth_min(
        measure_capsule(point, knot, bend, 0.20, 0.22), measure_capsule(point, bend, end, 0.23, 0.05), 0.15
    )
    return torch.where(style.bun > 1, smooth_min(bun, tail, 0.06), bun)


def _measure_pair(scene: Scene, folded: Point) -> Tensor:
    """Two buns, or pigtails with a knot where the pair sits wide."""
    side_x, y, z = folded
    style = scene.hair.style
    flare = (style.pair_x > 0.8) * 0.32
    below = y - style.pair_y
    radii = (style.pair_rx * (1 - flare * 0.9 * below), style.pair_ry, style.pair_rz)
    pair = measure_ellipsoid((side_x + flare * below, y, z), (style.pair_x, style.pair_y, style.pair_z), radii)
    knot = measure_sphere(folded, (style.pair_x - flare * 0.62, style.pair_y + 0.56, style.pair_z), 0.10)
    return torch.minimum(pair, knot + (flare == 0) * FAR)


def _measure_braid(scene: Scene, point: Point) -> Tensor:
    x, y, z = point
    side_x = x * scene.hair.parting_side
    knots = 0.028 * torch.cos(y * 17 + 6 * (side_x - 0.7)).abs()
    radius = 0.135 - 0.05 * smooth_step(-0.6, -1.6, y) + knots
    return measure_capsule((side_x, y, z), (0.72, -0.3, 0.05), (0.62, -1.75, 0.30), 0.0, 0.0) - radius


def _curl(scene: Scene, point: Point) -> Tensor:
    x, y, z = point
    k = scene.hair.style.curl_count
    a = k * x + 1.3 * torch.sin(y * 3.1)
    b = k * y + 1.1 * torch.sin(z * 3.7)
    c = k * z + 2 * x
    if "frizz" in scene.shows:
        # bends of their own scale in every direction, or the waves line up like knitting
        frizz = scene.hair.frizz
        a = a + frizz * torch.sin(y * 9.7 + 2.1 * torch.sin(z * 5.3))
        b = b + frizz * torch.sin(z * 11.3 + 2.3 * torch.sin(x * 6.1))
        c = c + frizz * torch.sin(x * 10.9 + 1.9 * torch.sin(y * 7.7))
    return scene.hair.style.curl * torch.sin(a) * torch.sin(b) * torch.sin(c)


def paint_hair(scene: Scene, point: Point, direction: Point, normal: Point) -> Surface:
    """Paint strands, or skin that shines through a buzz cut, and the headband."""
    x, y, z = point
    style, pigments = scene.hair.style, scene.pigments
    twist = _twist_strands(scene, _follow_torso(scene, point))
    streaks = 0.5 + 0.5 * torch.sin(twist * style.groove_count * 1.7 + 3 * torch.sin(twist * 6))
    tone = 0.82 + 0.32 * streaks * (style.groove > 0.002)
    buzz = (scene.hair.number == BUZZ_NUMBER).float()
    stubble = torch.sin(x * 97 + 3 * torch.sin(y * 61)) * torch.sin(z * 89 + 3 * torch.sin(x * 53))
    colour = tuple(
        blend(hair * tone, hair * 0.55 + skin * 0.22 + 0.03 * stubble * skin, buzz)
        for hair, skin in zip(pigments.hair, pigments.skin)
    )
    band = smooth_step(0.012, -0.012, (y - 0.64 + 0.30 * z).abs() - 0.075) * scene.hat.headband * (z > -0.55)
    zero = torch.zeros_like(x)
    return Surface(
        *blend_triples(colour, pigments.hat, band),
        *normal,
        gloss=0.05 * band,
        shine=zero + 40.0,
        label=torch.where(band > 0.5, HAT, HAIR),
        spark=zero,
        flat=zero,
        scatter=zero,
        # fine curls sparkle like noise under a full highlight
        hair=(1 - band) * (1 - 0.9 * buzz) * (1 - 0.75 * (style.groove < 0.008)),
    )
