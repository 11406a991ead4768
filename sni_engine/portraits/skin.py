"""The paint of the head: skin with its reds and freckles, stubble and beard, mouth, eyes and brows as soft decals."""

from dataclasses import dataclass

import torch

from sni_engine.portraits.colours import darken, scale_colour
from sni_engine.portraits.eyes import (
    draw_brows,
    draw_lashes,
    look_at_eyeball,
    mix_lash_colour,
    open_lids,
    paint_lids,
    reflect_key,
)
from sni_engine.portraits.head import cover_with_beard, measure_ear, measure_nose
from sni_engine.portraits.masks import BEARD, BROWS, EARS, EYES, MOUTH, NECK, NOSE, SKIN
from sni_engine.portraits.mouth import cover_lips, cover_opening, draw_lip_line, paint_opening
from sni_engine.portraits.outlines import Lids, trace_brow, trace_lids, trace_lips
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.surface import Surface
from sni_engine.portraits.vectors import Point, Tensor, blend, blend_triples, gauss, smooth_step


@dataclass
class _Coat:
    """The paint so far; each step lays one thing over it."""

    point: Point
    side_x: Tensor  # distance from the middle
    front: Tensor  # 1 on the face, 0 behind
    colour: Point
    gloss: Tensor
    shine: Tensor
    label: Tensor

    def mark(self, where: Tensor, part: int) -> None:
        """Label the places where a mask is True."""
        self.label = torch.where(where, part, self.label)


def paint_head(scene: Scene, point: Point, direction: Point, normal: Point) -> Surface:
    """Paint everything that sits on the head's skin."""
    x, y, z = point
    coat = _start_coat(scene, point)
    lids = trace_lids(scene, coat.side_x, y)
    _paint_reds(scene, coat, lids)
    _paint_stubble(scene, coat)
    _label_skin(scene, coat)
    cavity = _paint_mouth(scene, coat)
    _paint_beard(scene, coat)
    coat.colour = paint_lids(scene, lids, coat.front, coat.colour)
    side = torch.sign(x)
    opening = open_lids(lids, z)
    eyeball = look_at_eyeball(scene, point, direction, side, lids)
    coat.colour = blend_triples(coat.colour, eyeball.colour, opening)
    coat.mark(opening > 0.5, EYES)
    dark = _paint_lashes_and_brows(scene, coat, lids)
    flat = torch.maximum(opening, cavity)
    return Surface(
        *coat.colour,
        *blend_triples(normal, eyeball.normal, opening),
        gloss=blend(coat.gloss, 0.0, opening),
        shine=coat.shine,
        label=coat.label,
        spark=reflect_key(scene, eyeball, direction) * opening * (1 - dark),
        flat=flat,
        scatter=(1 - flat) * torch.where(coat.label == BEARD, 0.2, 1.0),
        hair=torch.zeros_like(x),
    )


def _start_coat(scene: Scene, point: Point) -> _Coat:
    x, _, z = point
    red, green, blue = (c.expand_as(x) for c in scene.pigments.skin)
    return _Coat(
        point=point,
        side_x=x.abs(),
        front=smooth_step(0.15, 0.35, z),
        colour=(red, green, blue),
        gloss=torch.zeros_like(x) + 0.13 + 0.10 * (1 - scene.pigments.skin_tone),
        shine=torch.full_like(x, 15.0),
        label=torch.full_like(x, SKIN, dtype=torch.long),
    )


def _paint_reds(scene: Scene, coat: _Coat, lids: Lids) -> None:
    """Warm cheeks, nose tip and ears, darker eye sockets, freckles."""
    x, y, _ = coat.point
    pigments, side_x, front = scene.pigments, coat.side_x, coat.front
    cheeks = gauss((side_x - 0.40 * scene.head.width) / 0.19, (y + 0.26) / 0.15) * front
    tip = gauss(x / 0.14, (y - scene.nose.y) / 0.12) * front
    ears = smooth_step(0.03, -0.01, measure_ear(scene, coat.point))
    red = (0.12 + 0.62 * pigments.blush) * cheeks + 0.20 * tip + 0.22 * ears
    flushed = (coat.colour[0] * (1 + 0.10 * red), coat.colour[1] * (1 - 0.42 * red), coat.colour[2] * (1 - 0.36 * red))
    sockets = gauss(lids.across / 1.05, (lids.above + 0.05) / 0.85) * front * 0.16
    coat.colour = darken(flushed, sockets * 0.8, sockets * 1.1, sockets)
    if "freckles" in scene.shows:
        spots = torch.sin(x * 71 + 3 * torch.sin(y * 37)) * torch.sin(y * 67 + 3 * torch.sin(x * 41 + 1))
        m = smooth_step(0.55, 0.8, spots) * gauss((side_x - 0.24) / 0.26, (y + 0.2) / 0.13)
        m = m * front * pigments.freckles * 0.52
        coat.colour = darken(coat.colour, m * 0.6, m, m)


def _paint_stubble(scene: Scene, coat: _Coat) -> None:
    strength = scene.beard.stubble
    if "stubble" not in scene.shows:
        return
    x, y, z = coat.point
    cheek_line = -0.12 - 0.46 * smooth_step(0.70, 0.30, coat.side_x / scene.head.width)
    m = smooth_step(0.08, -0.08, y - cheek_line) * smooth_step(-0.25, 0.0, z) * strength * 0.55
    lip_y = (scene.nose.y + scene.mouth.y) * 0.5
    m = torch.maximum(m, gauss(x / 0.2, (y - lip_y + 0.04) / 0.07) * strength * 0.5)
    red, green, blue = (c * 0.8 + 0.02 for c in scene.pigments.brows)
    coat.colour = blend_triples(coat.colour, (red, green, blue), m * coat.front)


def _label_skin(scene: Scene, coat: _Coat) -> None:
    """Tell nose, ears and neck from the rest, and darken the nostrils."""
    _, y, z = coat.point
    nose = scene.nose
    coat.mark(measure_nose(scene, coat.point) < 0.022, NOSE)
    coat.mark(measure_ear(scene, coat.point) < 0.015, EARS)
    coat.mark((y < scene.head.chin_y - 0.08) & (z < 0.42) & (y < -0.62 - 0.75 * z), NECK)
    nostrils = gauss((coat.side_x - 0.052 * nose.width) / 0.030, (y - (nose.y - 0.082)) / 0.024) * coat.front
    coat.colour = darken(coat.colour, 0.62 * nostrils, 0.75 * nostrils, 0.75 * nostrils)


def _paint_mouth(scene: Scene, coat: _Coat) -> Tensor:
    """Paint lips and opening; return where one looks into the mouth, 0..1."""
    x, y, _ = coat.point
    lipstick, lips = scene.mouth.lipstick, trace_lips(scene, x, y)
    cover = cover_lips(y, lips, coat.front)
    coat.colour = blend_triples(coat.colour, scene.pigments.lips, cover * (0.80 + 0.2 * lipstick))
    coat.gloss = blend(coat.gloss, 0.30 + 0.35 * lipstick, cover)
    coat.shine = blend(coat.shine, 34.0, cover)
    coat.mark(cover > 0.5, MOUTH)
    line = draw_lip_line(scene, y, lips, coat.front)
    coat.colour = darken(coat.colour, 0.70 * line, 0.85 * line, 0.82 * line)
    if "opening" not in scene.shows:
        return torch.zeros_like(x)
    cavity = cover_opening(scene, y, lips, coat.front)
    coat.colour = blend_triples(coat.colour, paint_opening(scene, x, y, lips), cavity)
    coat.gloss = blend(coat.gloss, 0.25, cavity)
    coat.mark(cavity > 0.5, MOUTH)
    return cavity


def _paint_beard(scene: Scene, coat: _Coat) -> None:
    is_beard = scene.beard.kind >= 2
    if "beard" not in scene.shows:
        return
    _, y, z = coat.point
    # from the foot of the slope on: skin on a beard's edge is a pale outline
    m = smooth_step(0.06, 0.42, cover_with_beard(scene, (coat.side_x, y, z)) * is_beard)
    coat.colour = blend_triples(coat.colour, scale_colour(scene.pigments.beard, 0.9), m)
    coat.gloss = blend(coat.gloss, 0.10, m)
    coat.mark(m > 0.5, BEARD)


def _paint_lashes_and_brows(scene: Scene, coat: _Coat, lids: Lids) -> Tensor:
    """Paint both; return the darkness 0..1 of the lashes, which hide the catch light."""
    _, y, z = coat.point
    dark = draw_lashes(scene, lids, z)
    coat.colour = blend_triples(coat.colour, mix_lash_colour(scene), dark)
    coat.mark(dark > 0.5, EYES)
    distance, along = trace_brow(scene, coat.side_x, y)
    brows = draw_brows(distance, along, coat.side_x, y, coat.front)
    coat.colour = blend_triples(coat.colour, scene.pigments.brows, brows * 0.92)
    coat.mark(brows > 0.5, BROWS)
    coat.gloss = blend(coat.gloss, 0.04, torch.maximum(brows, dark))
    return dark
