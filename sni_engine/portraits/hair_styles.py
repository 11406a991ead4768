"""The measures of each hair style, in head units: one row per style, all as changes to a plain cut."""

from dataclasses import astuple, dataclass, fields, replace
from functools import cache
from typing import Generic, TypeVar

import torch

from sni_engine.portraits.vectors import Tensor

Measure = TypeVar("Measure")


@dataclass(frozen=True)
class HairStyle(Generic[Measure]):
    """float in the table, [N, 1] in a scene. x is right, y up, z front; rx, ry, rz are radii; switches are 0 or 1."""

    shell: Measure  # switch: hair on the skull
    side: Measure  # thickness of the shell
    height: Measure
    back: Measure
    opening_width: Measure  # of the face
    opening_y: Measure
    opening_z: Measure
    hairline: Measure
    nape: Measure
    nape_slope: Measure
    shows_ears: Measure
    takes_fringe: Measure
    long: Measure  # switch: falls onto the shoulders
    groove: Measure  # depth of the strands
    groove_count: Measure
    swirl: Measure
    wave: Measure
    curl: Measure  # depth of the curls
    curl_count: Measure
    top: Measure  # switch: volume on top
    top_x: Measure
    top_y: Measure
    top_z: Measure
    top_rx: Measure
    top_ry: Measure
    top_rz: Measure
    curtain: Measure  # switch: volumes beside the face
    curtain_x: Measure
    curtain_y: Measure
    curtain_z: Measure
    curtain_rx: Measure
    curtain_ry: Measure
    curtain_rz: Measure
    fall: Measure  # switch: volume behind the neck
    fall_y: Measure
    fall_z: Measure
    fall_rx: Measure
    fall_ry: Measure
    fall_rz: Measure
    bun: Measure  # 1 bun, 2 ponytail
    bun_x: Measure
    bun_y: Measure
    bun_z: Measure
    bun_radius: Measure
    pair: Measure  # switch: two buns or pigtails
    pair_x: Measure
    pair_y: Measure
    pair_z: Measure
    pair_rx: Measure
    pair_ry: Measure
    pair_rz: Measure
    braid: Measure  # switch


PLAIN: HairStyle[float] = HairStyle(
    shell=1, side=0.07, height=0.10, back=0.07, opening_width=0.62, opening_y=0.12, opening_z=0.10, hairline=0.62,
    nape=-0.08, nape_slope=0.62, shows_ears=1, takes_fringe=1, long=0,
    groove=0.014, groove_count=16, swirl=0.6, wave=0, curl=0, curl_count=9,
    top=0, top_x=0, top_y=0.8, top_z=0.15, top_rx=0.55, top_ry=0.26, top_rz=0.55,
    curtain=0, curtain_x=0.74, curtain_y=-0.35, curtain_z=-0.05, curtain_rx=0.2, curtain_ry=0.8, curtain_rz=0.3,
    fall=0, fall_y=-0.35, fall_z=-0.42, fall_rx=0.78, fall_ry=0.95, fall_rz=0.42,
    bun=0, bun_x=0, bun_y=1.12, bun_z=-0.3, bun_radius=0.3,
    pair=0, pair_x=0.62, pair_y=0.82, pair_z=-0.25, pair_rx=0.28, pair_ry=0.28, pair_rz=0.28, braid=0,
)  # fmt: skip

STYLES: dict[str, HairStyle[float]] = {
    "bald": replace(PLAIN, shell=0, takes_fringe=0),
    "buzz": replace(
        PLAIN, side=0.022, height=0.03, back=0.02, groove=0, takes_fringe=0, hairline=0.60, opening_width=0.6
    ),
    "crop": replace(
        PLAIN, side=0.05, height=0.12, top=1, top_y=0.78, top_z=0.22, top_rx=0.56, top_ry=0.25, top_rz=0.52
    ),
    "sidepart": replace(
        PLAIN, side=0.06, height=0.1, swirl=1.4,
        top=1, top_x=0.16, top_y=0.78, top_z=0.25, top_rx=0.58, top_ry=0.27, top_rz=0.52,
    ),
    "quiff": replace(
        PLAIN, side=0.04, height=0.08, takes_fringe=0, swirl=0.1,
        top=1, top_y=0.86, top_z=0.34, top_rx=0.44, top_ry=0.3, top_rz=0.42,
    ),
    "messy": replace(
        PLAIN, side=0.09, height=0.15, curl=0.05, curl_count=7, swirl=1.8,
        top=1, top_y=0.82, top_z=0.2, top_rx=0.6, top_ry=0.28, top_rz=0.55,
    ),
    "curly": replace(
        PLAIN, side=0.15, height=0.22, back=0.15, curl=0.06, curl_count=11, groove=0.006,
        top=1, top_y=0.8, top_z=0.2, top_rx=0.62, top_ry=0.32, top_rz=0.58,
    ),
    "afro": replace(
        PLAIN, side=0.36, height=0.42, back=0.12, opening_width=0.68, hairline=0.60, opening_y=0.05, opening_z=-0.05,
        curl=0.020, curl_count=21, groove=0, takes_fringe=0, shows_ears=0, nape=-0.5,
    ),
    "bob": replace(
        PLAIN, side=0.12, height=0.13, back=0.12, shows_ears=0, nape=-0.3,
        curtain=1, curtain_y=-0.28, curtain_ry=0.62, curtain_rx=0.21, curtain_rz=0.36,
        fall=1, fall_y=-0.2, fall_ry=0.78,
    ),
    "long": replace(
        PLAIN, side=0.1, height=0.12, back=0.1, shows_ears=0, long=1, nape=-0.4,
        curtain=1, curtain_y=-0.55, curtain_ry=1.05, fall=1, fall_y=-0.65, fall_ry=1.3,
    ),
    "longwavy": replace(
        PLAIN, side=0.13, height=0.15, back=0.12, shows_ears=0, long=1, nape=-0.4, wave=1, curl=0.035, curl_count=6.5,
        curtain=1, curtain_y=-0.55, curtain_ry=1.05, curtain_rx=0.25, curtain_rz=0.34,
        fall=1, fall_y=-0.65, fall_ry=1.3, fall_rx=0.9,
    ),
    "topbun": replace(PLAIN, side=0.04, height=0.06, back=0.05, bun=1, swirl=0),
    "spacebuns": replace(PLAIN, side=0.05, height=0.07, pair=1, swirl=0),
    "pigtails": replace(
        PLAIN, side=0.05, height=0.08, swirl=0,
        pair=1, pair_x=1.0, pair_y=-0.22, pair_z=-0.25, pair_rx=0.2, pair_ry=0.5, pair_rz=0.22,
    ),
    "ponytail": replace(
        PLAIN, side=0.045, height=0.07, swirl=0, bun=2, bun_x=0.33, bun_y=0.92, bun_z=-0.62, bun_radius=0.22
    ),
    "braid": replace(
        PLAIN, side=0.08, height=0.1, shows_ears=0, braid=1,
        curtain=1, curtain_y=-0.15, curtain_ry=0.5, curtain_rx=0.15, curtain_rz=0.3,
    ),
}  # fmt: skip


@cache
def _build_table() -> Tensor:
    return torch.tensor([astuple(style) for style in STYLES.values()], dtype=torch.float32)  # [16, 52]


def gather_styles(index: Tensor) -> HairStyle[Tensor]:
    """Return the measures [N, 1] of the styles with these numbers, int64 [N]."""
    rows = _build_table().to(index.device)[index]
    return HairStyle(**{field.name: rows[:, i : i + 1] for i, field in enumerate(fields(HairStyle))})
