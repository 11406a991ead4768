"""What a hit point looks like before it is lit."""

from typing import NamedTuple, Protocol

import torch

from sni_engine.portraits.masks import BACKGROUND
from sni_engine.portraits.rays import scatter_rays
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.vectors import Point, Tensor


class Surface(NamedTuple):
    """Flat channels [N, R], so that hits of different solids can be gathered into one."""

    red: Tensor
    green: Tensor
    blue: Tensor
    normal_x: Tensor  # head coordinates
    normal_y: Tensor
    normal_z: Tensor
    gloss: Tensor
    shine: Tensor  # sharpness of the highlight
    label: Tensor  # int64, part number
    spark: Tensor  # catch light of the eye
    flat: Tensor  # 1 where own shading replaces occlusion: eyes, inside of the mouth
    scatter: Tensor  # 1 where light bleeds through: skin
    hair: Tensor  # strength of the strand highlight

    @property
    def colour(self) -> Point:
        """Linear light."""
        return self.red, self.green, self.blue

    @property
    def normal(self) -> Point:
        """Unit length, head coordinates."""
        return self.normal_x, self.normal_y, self.normal_z


class Painter(Protocol):
    """Paints the hits of one solid."""

    def __call__(self, scene: Scene, point: Point, direction: Point, normal: Point) -> Surface:
        """All in head coordinates, [N, R]; direction points away from the camera."""
        ...


def build_blank_surface(like: Tensor) -> Surface:
    """Return a black surface that faces the front, shaped as `like` [N, R]."""
    zero = torch.zeros_like(like)
    none = torch.full_like(like, BACKGROUND, dtype=torch.long)
    return Surface(zero, zero, zero, zero, zero, zero + 1, zero, zero + 20, none, zero, zero, zero, zero)


def place_surface(base: Surface, index: Tensor, keep: Tensor, part: Surface) -> Surface:
    """Write `part` [N, M] over `base` [N, R] at the gathered places."""
    return Surface(*(scatter_rays(old, index, keep, new) for old, new in zip(base, part)))
