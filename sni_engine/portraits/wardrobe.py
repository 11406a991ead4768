"""Factors -> the measures of hair, hat, glasses, earrings and clothes, in head units."""

from dataclasses import dataclass, replace

import torch

from sni_engine.portraits.features import Age, Nose
from sni_engine.portraits.hair_styles import HairStyle, gather_styles
from sni_engine.portraits.pose import Values
from sni_engine.portraits.vectors import Tensor

NO_CUT = 9.0  # a height above everything


def read_option(value: Tensor) -> Tensor:
    """Return the option numbers, int64 [N], of a categorical factor [N, 1]."""
    return value.round().long().squeeze(1)


@dataclass(frozen=True)
class Hat:
    """Switches are 0 or 1; `fitted` hats cut the hair at the rim, a headband only colours it."""

    beanie: Tensor
    cap: Tensor
    fedora: Tensor
    headband: Tensor
    beret: Tensor
    fitted: Tensor
    rim_y: Tensor


def derive_hat(values: Values) -> Hat:
    """Choose the hat and the height of its rim."""
    kind = values["hat"].round()
    beanie, cap, fedora, headband, beret = ((kind == i).float() for i in range(1, 6))
    fitted = ((kind == 1) | (kind == 2) | (kind == 3) | (kind == 5)).float()
    return Hat(beanie, cap, fedora, headband, beret, fitted, rim_y=0.40 + 0.02 * fedora)


@dataclass(frozen=True)
class Hair:
    """The style fitted to one head: parting side (-1, 1), fringe and the opening for the face."""

    style: HairStyle[Tensor]
    number: Tensor  # of the style
    length: Tensor
    parting_side: Tensor
    parting_x: Tensor
    fringe: Tensor  # thickness
    flatness: Tensor  # 1 for a straight fringe
    tilt: Tensor  # of a swept fringe
    vee: Tensor  # of a curtain fringe
    opening_height: Tensor
    cut_y: Tensor  # no hair above: the rim of a hat

    @property
    def frizz(self) -> Tensor:
        """Above 0 where curls are fine."""
        return (self.style.curl_count - 11).clamp_min(0) * 0.1

    @property
    def hangs(self) -> Tensor:
        """Above 0 where hair follows the torso below the chin."""
        return self.style.long + self.style.braid


def derive_hair(values: Values, age: Age, hat: Hat) -> Hair:
    """Fit the style: volume, length, parting, fringe and hairline."""
    style = gather_styles(read_option(values["hair_style"]))
    side = torch.where(values["hair_part"] >= 0, 1.0, -1.0)
    style = _press_under_hat(style, hat)
    style = _fit_length(_fit_volume(style, values["hair_volume"] - 0.5, side), values["hair_length"])
    straight, swept, curtain = ((values["fringe"].round() == i).float() * style.takes_fringe for i in (1, 2, 3))
    hairline = values["hairline"]
    receded = style.hairline + 0.05 * hairline * (1 - straight) + 0.07 * age.old * (1 - straight) * (hairline > 0)
    top = receded - straight * 0.27 - swept * 0.12 - curtain * 0.02
    return Hair(
        style=style,
        number=values["hair_style"].round(),
        length=values["hair_length"],
        parting_side=side,
        parting_x=values["hair_part"] * 0.25,
        fringe=0.05 * straight + 0.03 * swept + 0.02 * curtain,
        flatness=straight,
        tilt=swept * side * 0.38,
        vee=curtain * 0.42,
        opening_height=(top - style.opening_y).clamp_min(0.08),
        cut_y=torch.where(hat.fitted > 0, hat.rim_y + 0.02, torch.full_like(side, NO_CUT)),
    )


def _press_under_hat(style: HairStyle[Tensor], hat: Hat) -> HairStyle[Tensor]:
    """Flatten thick hair under a fitted hat, or it comes out through the band."""
    pressed = 0.09 + 0.3 * (style.side - 0.09)
    return replace(style, side=torch.where(hat.fitted > 0, torch.minimum(style.side, pressed), style.side))


def _fit_volume(style: HairStyle[Tensor], volume: Tensor, side: Tensor) -> HairStyle[Tensor]:
    """volume: -0.5..0.5; side: the parting, to which lopsided styles lean."""
    return replace(
        style,
        side=style.side * (1 + 0.35 * volume),
        height=style.height * (1 + 0.5 * volume),
        back=style.back * (1 + 0.3 * volume),
        top_x=style.top_x * side,
        top_ry=style.top_ry * (1 + 0.4 * volume),
        curtain_rx=style.curtain_rx * (1 + 0.3 * volume),
        bun_x=style.bun_x * side,
        bun_radius=style.bun_radius * (1 + 0.4 * volume),
        pair_rx=style.pair_rx * (1 + 0.3 * volume),
    )


def _fit_length(style: HairStyle[Tensor], length: Tensor) -> HairStyle[Tensor]:
    """Lengthen what hangs: centres go down by as much as radii grow."""
    long = (style.long > 0).float()
    drop = (0.30 * length - 0.1) * (0.25 + 0.75 * long) * style.curtain
    fall = 0.2 * (length - 0.3) * long
    return replace(
        style,
        curtain_y=style.curtain_y - drop,
        curtain_ry=style.curtain_ry + drop,
        fall_y=style.fall_y - fall,
        fall_ry=style.fall_ry + fall,
        pair_ry=style.pair_ry * (1 + 0.3 * (length - 0.5)),
    )


@dataclass(frozen=True)
class Glasses:
    worn: Tensor  # switch
    dark: Tensor  # switch: sunglasses
    half_width: Tensor
    half_height: Tensor
    corner: Tensor  # radius
    lift: Tensor  # of the outer corners
    z: Tensor
    rim: Tensor  # half thickness


#            half width, half height, corner, lift
_LENSES = (
    (0.2, 0.2, 0.1, 0),
    (0.235, 0.235, 0.232, 0),
    (0.26, 0.185, 0.07, 0),
    (0.26, 0.19, 0.14, 0.35),
    (0.275, 0.225, 0.15, 0.1),
)


def derive_glasses(values: Values, nose: Nose) -> Glasses:
    """Choose the frames and set them on the nose."""
    kind = values["glasses"].round()
    lens = torch.tensor(_LENSES, dtype=torch.float32, device=kind.device)[read_option(values["glasses"])]  # [N, 4]
    return Glasses(
        worn=(kind > 0).float(),
        dark=(kind == 4).float(),
        half_width=lens[:, 0:1],
        half_height=lens[:, 1:2],
        corner=lens[:, 2:3],
        lift=lens[:, 3:4],
        z=0.86 + (nose.z - 0.79) * 0.3,
        rim=torch.where(kind == 1, 0.019, 0.028),
    )


@dataclass(frozen=True)
class Clothes:
    """Switches are 0 or 1."""

    shoulder: Tensor
    lift: Tensor  # of the torso: children have shorter necks
    neckline: Tensor  # radius
    vee_y: Tensor  # lowest point of a V neckline
    vee_slope: Tensor
    vee: Tensor
    turtleneck: Tensor
    collar: Tensor
    hood: Tensor
    jacket: Tensor
    pattern: Tensor  # 0 plain, 1 stripes, 2 dots, 3 yoke


# neckline radius, V depth (9: none), V slope, turtleneck, collar, hood, jacket; in the order of the factor's options
_CUTS = (
    (0.50, 9, 1, 0, 0, 0, 0),
    (0.46, -1.98, 1.5, 0, 0, 0, 0),
    (0.3, 9, 1, 1, 0, 0, 0),
    (0.44, -1.70, 1.9, 0, 1, 0, 0),
    (0.52, 9, 1, 0, 0, 1, 0),
    (0.74, 9, 1, 0, 0, 0, 0),
    (0.44, -1.70, 1.9, 0, 1, 0, 1),
)


def derive_clothes(values: Values, age: Age) -> Clothes:
    """Choose the cut and fit it to the shoulders."""
    kind = read_option(values["clothes"])
    cut = torch.tensor(_CUTS, dtype=torch.float32, device=kind.device)[kind]  # [N, 7]
    neckline, vee_y, vee_slope, turtleneck, collar, hood, jacket = (cut[:, i : i + 1] for i in range(7))
    return Clothes(
        shoulder=(1 + 0.12 * values["shoulders"]) * (1 - 0.12 * age.child),
        lift=0.16 + 0.04 * age.child,
        neckline=neckline,
        vee_y=vee_y,
        vee_slope=vee_slope,
        vee=(vee_y < 0).float(),
        turtleneck=turtleneck,
        collar=collar,
        hood=hood,
        jacket=jacket,
        pattern=values["cloth_pattern"].round(),
    )
