"""Factors -> the colours of skin, hair, lips, eyes, clothes and accessories, in linear light."""

from dataclasses import dataclass

import torch

from sni_engine.portraits.colours import (
    CLOTH_GREYS,
    CLOTH_RING,
    build_from_hsl,
    pick_from_list,
    pick_from_ramp,
    pick_from_ring,
    read_colour,
)
from sni_engine.portraits.pose import Values
from sni_engine.portraits.vectors import Point, Tensor, blend_triples
from sni_engine.portraits.wardrobe import read_option

_SKINS = ("#593828", "#754b34", "#966141", "#b67b55", "#cd9570", "#dca985", "#e6b999", "#edc7ab")
_HAIRS = ("#0d0a0a", "#1d1310", "#33200f", "#4f3018", "#7a4f25", "#9e7845", "#c9a66c", "#e6d09f")
_RED_HAIRS = ("#220a08", "#45190f", "#74301a", "#9b4c26", "#b9703f", "#d0a078")
_GREY_HAIRS = ("#55534f", "#8c8a87", "#b9b7b3", "#dedbd6")
_DYES = ("#000000", "#e0709a", "#3b67b8", "#2f9a96", "#7a4fae", "#5a9a4a")  # the first is never seen: natural
_LIPSTICKS = ("#b8203a", "#d13f3a", "#c2185b", "#e0708a", "#8a1f3d", "#a8523e")
_IRISES = (
    "#2a1508", "#4a2a12", "#6b4220", "#8a6a34", "#6f8040", "#4f8a5a", "#4f8fa0", "#3f7fb8", "#6f9cc0", "#8a98a2",
)  # fmt: skip
_GOLD, _SILVER = "#e8b64a", "#d4d8de"
_BLACK_FRAME = (0.012, 0.011, 0.012)


@dataclass(frozen=True)
class Pigments:
    """Each colour is three tensors [N, 1]; the last three steer how skin takes colour and gloss."""

    skin: Point
    hair: Point
    beard: Point  # the hair before dye
    brows: Point
    lips: Point
    iris: Point
    eye_shadow: Point
    cloth: Point
    cloth_pattern: Point
    hat: Point
    hat_trim: Point
    glasses: Point
    metal: Point
    skin_tone: Tensor
    freckles: Tensor
    blush: Tensor


def derive_pigments(values: Values) -> Pigments:
    """Mix every colour that is painted on the portrait."""
    skin, lightness = _mix_skin(values), values["cloth_light"]
    plain = pick_from_ramp(_HAIRS, values["hair_tone"])
    grown = _mix_grown_hair(values, plain)
    same = torch.zeros_like(lightness)
    return Pigments(
        skin=skin,
        hair=_mix_dye(values, grown),
        beard=grown,
        brows=_mix_brows(values, grown, skin),
        lips=_mix_lips(values, skin),
        iris=pick_from_ramp(_IRISES, values["iris_hue"]),
        eye_shadow=build_from_hsl((values["eyeshadow_hue"] * 0.75 + 0.5) % 1, 0.35 + same, 0.42 + same),
        cloth=_mix_cloth(values),
        cloth_pattern=pick_from_ring(
            CLOTH_RING,
            values["cloth_hue"] + 0.12 + 0.3 * (lightness > 0.5),
            0.5 + 0.4 * values["cloth_sat"],
            torch.where(lightness > 0.5, 0.22 + same, 0.95 + same),
        ),
        hat=pick_from_ring(CLOTH_RING, values["hat_hue"], 0.9 + same, 0.18 + 0.55 * values["hat_light"]),
        hat_trim=pick_from_ring(CLOTH_RING, values["hat_hue"] + 0.4, 0.7 + same, 0.85 - 0.6 * values["hat_light"]),
        glasses=_mix_glasses(values),
        metal=blend_triples(read_colour(_GOLD), read_colour(_SILVER), (values["earring_metal"] > 0.5).float()),
        skin_tone=values["skin_tone"],
        freckles=values["freckles"],
        blush=values["blush"],
    )


def _mix_skin(values: Values) -> Point:
    red, green, blue = pick_from_ramp(_SKINS, values["skin_tone"])
    warm = values["undertone"]
    return red * (1 + 0.06 * warm), green * (1 - 0.04 * warm), blue * (1 - 0.05 * warm.abs() - 0.13 * warm)


def _mix_grown_hair(values: Values, plain: Point) -> Point:
    tone = values["hair_tone"]
    redness = ((values["hair_red"] - 0.68) / 0.32).clamp(0, 1) * 0.75
    reddish = blend_triples(plain, pick_from_ramp(_RED_HAIRS, tone), redness)
    return blend_triples(reddish, pick_from_ramp(_GREY_HAIRS, tone), values["hair_grey"])


def _mix_dye(values: Values, grown: Point) -> Point:
    dye = read_option(values["hair_dye"])
    dyed = (dye > 0).float().unsqueeze(1)
    return blend_triples(grown, pick_from_list(_DYES, dye), dyed * 0.9)


def _mix_brows(values: Values, grown: Point, skin: Point) -> Point:
    """Between the hair and a darker natural tone: fair brows vanish on fair skin and glare on dark skin."""
    darker = pick_from_ramp(_HAIRS, values["hair_tone"] * 0.72)
    red, green, blue = (hair * 0.75 + 0.02 * s for hair, s in zip(blend_triples(grown, darker, 0.55), skin))
    return red, green, blue


def _mix_lips(values: Values, skin: Point) -> Point:
    bare = (skin[0] * 0.86, skin[1] * 0.55, skin[2] * 0.56)
    return blend_triples(bare, pick_from_ramp(_LIPSTICKS, values["lipstick_hue"]), values["lipstick"] * 0.85)


def _mix_cloth(values: Values) -> Point:
    saturation, lightness = values["cloth_sat"], values["cloth_light"]
    dyed = pick_from_ring(CLOTH_RING, values["cloth_hue"], 0.55 + 0.5 * saturation, 0.12 + 0.66 * lightness)
    return blend_triples(dyed, pick_from_ramp(CLOTH_GREYS, lightness), (saturation < 0.22).float() * 0.9)


def _mix_glasses(values: Values) -> Point:
    hue = values["glasses_hue"]
    same = torch.zeros_like(hue)
    coloured = build_from_hsl(hue, 0.55 + same, 0.45 + same)
    return blend_triples(coloured, _BLACK_FRAME, (values["glasses_dark"] > 0.4).float())
