"""Features of one layer as points: what parts are found among, and what tells the parts of a picture."""

from collections.abc import Generator, Sequence

import numpy as np
import torch
from torch import Tensor

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.codes import LARGEST_SEED, Codes, GridSpec
from sni_engine.api.errors import EngineError
from sni_engine.api.parts import begins_small, list_layer_sides
from sni_engine.drawing import Painter
from sni_engine.seeds import draw_codes, make_rng

SIDE_PX = 64  # of the layer that suits most models; at 32 px eyes and lips are a place or two (docs/results.md)
_MOST_NUMBERS = 2**25  # of all points together, 128 MiB
_MOST_POINTS = 2**17  # six times as many take six times as long and find the same
_FACES, _PLACES = 400, 401  # streams of random numbers


def choose_layer(config: GeneratorConfig) -> int:
    """Return the first layer of the largest grid that is no larger than SIDE_PX, the very first if all are larger."""
    sides = list_sides(config)
    return sides.index(max((side for side in sides if side <= SIDE_PX), default=sides[0]))


def list_sides(config: GeneratorConfig) -> list[int]:
    """Return the side of each layer's grid, from coarse to fine, as the generator counts its layers."""
    is_more = begins_small(config.backbone, config.source)
    return list(list_layer_sides(config.grid.rows, len(config.widths) - 1, is_more))


def check_layer(config: GeneratorConfig, layer: int) -> int:
    """Return the index of a layer that is there. Raises EngineError."""
    sides = list_sides(config)
    if 0 <= layer < len(sides):
        return layer
    told = ", ".join(f"{index} ({side} px)" for index, side in enumerate(sides))
    raise EngineError(f"This model has no layer {layer}.", f"Its layers: {told}.")


def draw_samples(grid: GridSpec, seed: int, count: int) -> list[Codes]:
    """Draw the faces that parts are found on."""
    seeds = make_rng(seed, _FACES).integers(0, LARGEST_SEED, count)
    return [draw_codes(grid, int(each)) for each in seeds]


def gather_points(painter: Painter, codes: Sequence[Codes], layer: int, seed: int) -> Generator[float, None, Tensor]:
    """Yield how far it is, 0 to 1, and return features of faces at their places as rows [M, C], on the CPU.

    All places, or where they would be too many as many of each face as there is room for, drawn by `seed`.
    """
    rows: list[Tensor] = []
    dice = make_rng(seed, _PLACES)
    for start, found in painter.features_many(codes, layer):
        channels, places = found.shape[1], found.shape[2] * found.shape[3]
        room = max(1, min(places, min(_MOST_POINTS, _MOST_NUMBERS // channels) // len(codes)))
        points = found.flatten(2).transpose(1, 2)  # [N, H·W, C]
        for each in points:
            chosen = each if room == places else each[torch.from_numpy(np.sort(dice.permutation(places)[:room]))]
            rows.append(chosen.float().cpu())
        yield (start + len(found)) / len(codes)
    return torch.cat(rows)
