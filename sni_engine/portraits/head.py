"""The solid of skin: skull, face, nose, ears, neck and beard as ellipsoids and capsules joined with fillets."""

import torch

from sni_engine.portraits.scene import Scene
from sni_engine.portraits.vectors import (
    Point,
    Tensor,
    blend,
    measure_capsule,
    measure_ellipsoid,
    measure_sphere,
    smooth_max,
    smooth_min,
    smooth_step,
)


def measure_head(scene: Scene, point: Point) -> Tensor:
    """Return the signed distance [N, R] of points in head coordinates to the skin, beard included."""
    d = smooth_min(_measure_skull(scene, point, fold_sides(point)), measure_nose(scene, point), 0.085)
    d = smooth_min(d, measure_ear(scene, point), 0.045)
    return _grow_beard(scene, point, d) if "facial_hair" in scene.shows else d


def fold_sides(point: Point) -> Point:
    """Mirror the left half onto the right, rounded so that no crease shows in the middle."""
    x, y, z = point
    return torch.sqrt(x * x + 0.0012), y, z


def _measure_skull(scene: Scene, point: Point, folded: Point) -> Tensor:
    head, eyes, mouth = scene.head, scene.eyes, scene.mouth
    d = measure_ellipsoid(point, (0, 0.25, -0.10), head.cranium)
    d = smooth_min(d, measure_ellipsoid(point, (0, -0.30, 0.08), head.jaw), 0.25)
    d = smooth_min(d, measure_ellipsoid(point, (0, head.chin_y, 0.36), (head.chin_radius * 1.15, 0.16, 0.20)), 0.26)
    d = smooth_min(d, measure_sphere(folded, (head.cheek_x, head.cheek_y, 0.44), head.cheek_radius), 0.22)
    d = smooth_min(d, measure_ellipsoid(point, (0, mouth.y, 0.52), (0.26, 0.2, 0.18)), 0.2)
    d = smooth_min(d, measure_ellipsoid(folded, (0.27, scene.brows.y + 0.01, 0.55), (0.24, 0.07, 0.14)), 0.14)
    neck = measure_capsule(point, head.neck_top, head.neck_bottom, head.neck_radius, head.neck_radius * 1.03)
    d = smooth_min(d, neck, 0.12)
    lids = measure_sphere(folded, (eyes.x, eyes.y, eyes.z), eyes.lid_radius)
    return smooth_min(d, lids, 0.035)


def measure_nose(scene: Scene, point: Point) -> Tensor:
    """Return the signed distance to the bridge, tip and wings of the nose."""
    nose, folded = scene.nose, fold_sides(point)
    bridge = measure_capsule(point, (0, 0.06, nose.bridge_z), (0, nose.y + 0.03, nose.z - 0.02), 0.06, 0.085)
    tip_radii = (nose.tip_radius * nose.width, nose.tip_radius * 0.95, nose.tip_radius)
    tip = measure_ellipsoid(point, (0, nose.y, nose.z), tip_radii)
    wing_centre = (0.095 * nose.width, nose.y - 0.015, nose.z - 0.10)
    wing = measure_ellipsoid(folded, wing_centre, (0.065 * nose.width, 0.065, 0.085))
    return smooth_min(smooth_min(bridge, tip, 0.09), wing, 0.04)


def measure_ear(scene: Scene, point: Point) -> Tensor:
    """Return the signed distance to both ears: flattened shells that flare backwards, with a hollow."""
    x, y, z = fold_sides(point)
    size = scene.head.ear_size
    beside = (x - scene.head.ear_x + 0.38 * (z + 0.10), y, z)
    shell = measure_ellipsoid(beside, (0.03, -0.09, -0.12), (0.06, 0.20 * size, 0.135 * size))
    hollow = measure_ellipsoid(beside, (0.10, -0.075, -0.085), (0.065, 0.125 * size, 0.08 * size))
    return smooth_max(shell, -hollow, 0.035)


def _grow_beard(scene: Scene, point: Point, d: Tensor) -> Tensor:
    head, beard = scene.head, scene.beard
    cover = cover_with_beard(scene, fold_sides(point))
    if "extension" in scene.shows:
        centre = (0, head.chin_y + 0.04 - 0.45 * beard.extension, 0.36)
        tuft = measure_ellipsoid(point, centre, (0.30 * head.width, 0.16 + beard.extension * 0.8, 0.24))
        d = torch.where(beard.extension > 0, smooth_min(d, tuft + 0.10 * (1 - cover), 0.1), d)
    # thinner towards the cheeks: an even thickness ends in a cliff
    taper = 0.25 + 0.75 * smooth_step(-0.12, -0.60, point[1])
    d = d - beard.thickness * cover * cover * (3 - 2 * cover) * taper
    # steep edges make the distance too long, and rays would jump to and fro across them
    return torch.where(beard.thickness > 0, 0.45 * d, d)


def cover_with_beard(scene: Scene, folded: Point) -> Tensor:
    """Return where the beard grows, 0..1, for points of the face with x >= 0."""
    x, y, z = folded
    beard = scene.beard
    cheek_line = -0.10 - 0.40 * smooth_step(0.72, 0.22, x / scene.head.width)
    cheeks = smooth_step(0.03, -0.06, y - cheek_line) * smooth_step(-0.04, 0.10, z) * beard.cheeks
    goatee_y, goatee_x = (y - (scene.mouth.y - 0.22)) / 0.26, x / 0.19
    goatee = smooth_step(1.15, 0.8, goatee_x * goatee_x + goatee_y * goatee_y) * beard.goatee
    front = smooth_step(-0.1, 0.05, z)
    # cut along the jaw, or the beard is painted on the neck
    jaw = smooth_step(-0.07, 0.07, z - 0.08 + 0.95 * (y + 0.74))
    below = torch.maximum(cheeks, goatee) * _spare_lips(scene, x, y)
    return torch.maximum(below, _cover_with_moustache(scene, x, y)) * front * jaw


def _cover_with_moustache(scene: Scene, x: Tensor, y: Tensor) -> Tensor:
    mouth = scene.mouth
    s = x / (mouth.half_width + 0.02)
    bottom = mouth.y + mouth.curve * (s * s - 0.35) + mouth.upper_lip * 0.6
    # the top comes down to the lip at the corners: an even height looks like a stuck-on bar
    top = blend(scene.nose.y - 0.085, bottom + 0.035, s.clamp(0, 1) ** 2)
    bottom = bottom - 0.10 * (s - 0.75).clamp_min(0)
    between = smooth_step(0.02, -0.03, y - top) * smooth_step(-0.02, 0.01, y - bottom)
    return between * smooth_step(1.12, 0.85, s) * scene.beard.moustache


def _spare_lips(scene: Scene, x: Tensor, y: Tensor) -> Tensor:
    mouth = scene.mouth
    height = 0.070 + 0.055 * mouth.fullness * 0.5 + 0.14 * mouth.opening
    above = (y - mouth.y + 0.015 + mouth.opening * 0.07 - mouth.curve * 0.15) / height
    return smooth_step(0.85, 1.4, (x / (mouth.half_width * 1.04)) ** 2 + above**2)
