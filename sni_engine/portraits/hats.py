"""Hats: beanie, cap, fedora and beret as cut ellipsoids and discs, with bands and trims. Headbands are painted hair."""

import torch

from sni_engine.portraits.masks import HAT
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.surface import Surface
from sni_engine.portraits.vectors import (
    FAR,
    Point,
    Tensor,
    blend_triples,
    gauss,
    measure_capsule,
    measure_ellipsoid,
    measure_sphere,
    smooth_max,
    smooth_min,
)

BERET_LEAN = (0.97, 0.24)  # cosine and sine


def measure_hat(scene: Scene, point: Point) -> Tensor:
    """Return the signed distance [N, R] of points in head coordinates to the hat; only for scenes with a fitted hat."""
    return _measure_with_brim(scene, point)[0]


def _measure_with_brim(scene: Scene, point: Point) -> tuple[Tensor, Tensor]:
    """Return the distance and where the nearest part is a visor or brim, 0 or 1."""
    hat = scene.hat
    rim_y = hat.rim_y + 0.12 * point[2]
    crowned = hat.beanie + hat.cap + hat.fedora
    solids, brim = [], torch.zeros_like(point[0])
    if "crowned" in scene.shows:
        crown = _fold_beanie(scene, point, rim_y, _measure_crown(scene, point, rim_y))
        disc = _measure_brim(scene, point, rim_y)
        brim = (disc < crown).float()
        crown = torch.where(hat.cap + hat.fedora > 0, torch.minimum(crown, disc), crown)
        solids.append(torch.where(crowned > 0, crown, crown + FAR))
    if "beret" in scene.shows:
        beret = _measure_beret(scene, point, rim_y)
        solids.append(torch.where(hat.beret > 0, beret, beret + FAR))
    nearest = solids[0]
    for solid in solids[1:]:
        nearest = torch.minimum(nearest, solid)
    return nearest, brim


def _measure_crown(scene: Scene, point: Point, rim_y: Tensor) -> Tensor:
    x, y, _ = point
    hat, (rx, _, rz) = scene.hat, scene.head.cranium
    height = 0.80 + 0.08 * hat.beanie + 0.14 * hat.fedora
    d = measure_ellipsoid(point, (0, 0.36, -0.12), (rx + 0.13 - 0.03 * hat.fedora, height, rz + 0.13))
    dent = 1.22 - 0.12 * gauss(x / 0.22)
    d = torch.where(hat.fedora > 0, smooth_max(d, y - dent, 0.12), d)
    return smooth_max(d, rim_y - y, 0.04)


def _fold_beanie(scene: Scene, point: Point, rim_y: Tensor, crown: Tensor) -> Tensor:
    """Give a beanie its ribs, folded band and bobble."""
    x, y, z = point
    hat, (rx, _, rz) = scene.hat, scene.head.cranium
    height = 0.80 + 0.08 * hat.beanie + 0.14 * hat.fedora
    ribs = 0.012 * torch.sin(torch.atan2(x, z + 0.1) * 42)
    band = measure_ellipsoid(point, (0, 0.36, -0.12), (rx + 0.13 + 0.055, height + 0.1, rz + 0.13 + 0.055))
    band = smooth_max(band, (y - rim_y - 0.10).abs() - 0.13, 0.06) - ribs
    crown = torch.where(hat.beanie > 0, torch.minimum(crown - 0.3 * ribs, band), crown)
    wool = 0.03 * torch.sin(23 * x) * torch.sin(23 * y) * torch.sin(23 * z)
    bobble = measure_sphere(point, (0, 1.32, -0.15), 0.2) + wool
    return torch.where(hat.beanie > 0, torch.minimum(crown, bobble), crown)


def _measure_brim(scene: Scene, point: Point, rim_y: Tensor) -> Tensor:
    """A cap's visor or a fedora's brim: a bent disc, thick enough that grazing rays meet it."""
    x, y, z = point
    is_cap = scene.hat.cap > 0
    radius, centre_z = torch.where(is_cap, 0.66, 1.22), torch.where(is_cap, 0.60, -0.10)
    away = torch.sqrt((x / torch.where(is_cap, 1.02, 1.0)) ** 2 + (z - centre_z) ** 2) - radius
    bend = torch.where(is_cap, 0.20, -0.14) * x * x
    slope = torch.where(is_cap, 0.12 * (z - 0.6), 0.10 * (z + 0.1) * (z > 0))
    above = (y - (rim_y + 0.02 - bend - slope)).abs()
    d = torch.sqrt(away.clamp_min(0) ** 2 + above * above) - 0.036
    return torch.where(is_cap, smooth_max(d, 0.25 - z, 0.05), d) * 0.8


def _measure_beret(scene: Scene, point: Point, rim_y: Tensor) -> Tensor:
    x, y, z = point
    (cosine, sine), (rx, ry, rz) = BERET_LEAN, scene.head.cranium
    leaning = (cosine * x + sine * y, -sine * x + cosine * y, z)
    d = measure_ellipsoid(leaning, (0.20, 0.70, -0.12), (1.0, 0.34, 0.98))
    d = smooth_min(d, measure_capsule(leaning, (0.2, 1.0, -0.12), (0.2, 1.12, -0.12), 0.03, 0.03), 0.05)
    d = smooth_max(d, rim_y - 0.02 - y, 0.08)
    band = measure_ellipsoid(point, (0, 0.25, -0.12), (rx + 0.12, ry + 0.12, rz + 0.12))
    band = smooth_max(band, (y - rim_y - 0.05).abs() - 0.07, 0.03)
    return torch.minimum(d, band)


def paint_hat(scene: Scene, point: Point, direction: Point, normal: Point) -> Surface:
    """Paint the hat, with the trim colour on a fedora's band, a beanie's fold and bobble, and a cap's visor."""
    x, y, z = point
    hat, pigments = scene.hat, scene.pigments
    _, brim = _measure_with_brim(scene, point)
    height = y - hat.rim_y - 0.12 * z - 0.10
    on_fedora = (hat.fedora > 0) & (height.abs() < 0.085) & (brim == 0)
    on_beanie = (hat.beanie > 0) & ((height.abs() < 0.14) | (y > 1.14))
    on_cap = (brim > 0) & (hat.cap > 0)
    zero = torch.zeros_like(x)
    return Surface(
        *blend_triples(pigments.hat, pigments.hat_trim, (on_fedora | on_beanie | on_cap).float() * 0.85),
        *normal,
        gloss=zero + 0.03,
        shine=zero + 12.0,
        label=torch.full_like(x, HAT, dtype=torch.long),
        spark=zero,
        flat=zero,
        scatter=zero,
        hair=zero,
    )
