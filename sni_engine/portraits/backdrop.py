"""What stands behind the portrait: gradients, bands, sunburst, hills and out-of-focus lights, in linear light."""

import torch

from sni_engine.portraits.colours import scale_colour
from sni_engine.portraits.lamps import BANDS, BOKEH, HILLS, SUNBURST, VERTICAL, Disc
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.vectors import Point, Tensor, blend_triples, smooth_step

LAMP_COLOUR = (1.0, 0.86, 0.66)

#          height, swing, frequency, brightness; from far to near
_RIDGES = ((0.05, 0.12, 2.2, 0.86), (-0.25, 0.14, 1.6, 0.70), (-0.55, 0.10, 2.6, 0.55))


def paint_backdrop(scene: Scene, u: Tensor, v: Tensor) -> Point:
    """Return the colours behind picture places u, v in -1..1 (v up), [N, R]."""
    backdrop = scene.backdrop
    kind = backdrop.kind
    colour = blend_triples(backdrop.first, backdrop.second, _shape_gradient(scene, u, v))
    if "hills" in scene.shows:
        hills = _paint_hills(scene, u, v)
        red, green, blue = (torch.where(kind == HILLS, h, c) for h, c in zip(hills, colour))
        colour = (red, green, blue)
    if "bokeh" in scene.shows:
        for disc in backdrop.discs:
            colour = _add_disc(scene, disc, u, v, colour)
    vignette = 1 - 0.18 * smooth_step(0.7, 1.6, (u * u + v * v).sqrt())
    return scale_colour(colour, vignette)


def _shape_gradient(scene: Scene, u: Tensor, v: Tensor) -> Tensor:
    """Return the share of the second colour."""
    kind, seed = scene.backdrop.kind, scene.backdrop.seed
    r = torch.sqrt((u * 0.9) ** 2 + (v - 0.15) ** 2)
    t = torch.where(kind == VERTICAL, 0.5 + 0.5 * v, smooth_step(1.5, 0.1, r))
    if "bands" in scene.shows:
        phase = (u * (seed * 6.28).cos() + v * (seed * 6.28).sin()) * 2.2
        bands = 0.5 + 0.28 * torch.tanh(3 * torch.sin(phase * 2 + seed * 9)) + 0.25 * v
        t = torch.where(kind == BANDS, bands, t)
    if "sunburst" in scene.shows:
        beams = torch.tanh(5 * torch.sin(torch.atan2(v + 0.1, u) * 11))
        burst = 0.5 + 0.22 * beams * smooth_step(0.0, 0.8, r) + 0.28 * smooth_step(1.4, 0.1, r)
        t = torch.where(kind == SUNBURST, burst, t)
    return t


def _paint_hills(scene: Scene, u: Tensor, v: Tensor) -> Point:
    backdrop, seed = scene.backdrop, scene.backdrop.seed
    colour = blend_triples(backdrop.first, backdrop.second, (0.35 + 0.65 * (v * 0.5 + 0.5)).clamp(0, 1))
    for i, (height, swing, frequency, brightness) in enumerate(_RIDGES):
        ridge = height + swing * torch.sin(u * frequency + seed * 17 + i * 2.1)
        ridge = ridge + swing * 0.4 * torch.sin(u * frequency * 2.7 + seed * 31 + i)
        below = smooth_step(0.03, -0.03, v - ridge)
        colour = blend_triples(colour, scale_colour(backdrop.first, brightness), below)
    return colour


def _add_disc(scene: Scene, disc: Disc, u: Tensor, v: Tensor, colour: Point) -> Point:
    """Add one light, brighter at its rim as lenses draw it."""
    away = torch.sqrt((u - disc.x) ** 2 + (v - disc.y) ** 2)
    rim = 0.75 + 0.35 * smooth_step(0.6, 1.0, away / disc.radius)
    share = smooth_step(0.035, -0.035, away - disc.radius) * rim * disc.strength * (scene.backdrop.kind == BOKEH)
    tint = blend_triples(scene.backdrop.second, LAMP_COLOUR, disc.warmth)
    red, green, blue = (c + (t * 1.15 - c * 0.3) * share for c, t in zip(colour, tint))
    return red, green, blue
