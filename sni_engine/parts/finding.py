"""Finding a model's parts, and where those of a picture are."""

from collections.abc import Generator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes
from sni_engine.api.errors import EngineError
from sni_engine.api.generators import reword
from sni_engine.api.models import ModelCard
from sni_engine.api.parts import PartMap, PartSet, name_unnamed
from sni_engine.drawing import Painter
from sni_engine.parts.features import check_layer, choose_layer, draw_samples, gather_points, list_sides
from sni_engine.parts.kmeans import cluster

_DRAWING = 0.6  # of the time, about


def find_parts(
    painter: Painter, card: ModelCard, layer: int | None, clusters: int, seed: int, samples: int
) -> Generator[float, None, PartSet]:
    """Yield how far it is, 0 to 1, and return the parts of a model, none of them named. Raises EngineError.

    The features of `samples` faces at every place of a layer, None for the one that suits the model, fall into
    `clusters` directions (Editing in Style, section 3.1).
    """
    config = painter.generator.config
    layer = choose_layer(config) if layer is None else check_layer(config, layer)
    codes = draw_samples(card.grid, seed, samples)
    features = yield from reword(gather_points(painter, codes, layer, seed), lambda done: done * _DRAWING)
    points = F.normalize(features, dim=1)
    if clusters > len(points):
        raise EngineError(f"{len(points)} places cannot fall into {clusters} clusters.", "Draw more samples.")
    steps = cluster(points, clusters, seed)
    directions = yield from reword(steps, lambda done: _DRAWING + done * (1 - _DRAWING))
    side_px = list_sides(config)[layer]
    return PartSet(card.ref, layer, side_px, directions.numpy(), seed, samples, name_unnamed(clusters))


def check_parts(painter: Painter, card: ModelCard, parts: PartSet) -> None:
    """Raise EngineError for parts of another model, or that do not fit this one."""
    if parts.model.digest != card.digest:
        raise EngineError(
            f'These are the parts of the model "{parts.model.name}", not of "{card.name}".',
            "Find the parts of this model.",
        )
    sides = list_sides(painter.generator.config)
    if parts.layer >= len(sides) or sides[parts.layer] != parts.side_px:
        raise EngineError(f'These parts do not fit the model "{card.name}".', "Find the parts of this model anew.")


def map_parts(painter: Painter, codes: Codes, parts: PartSet) -> PartMap:
    """Return where the parts of the picture of `codes` are. Parts are those of this very model."""
    near = measure_nearness(painter.features(codes, parts.layer), parts)
    clusters, size_px = to_labels(near)[0], painter.generator.config.resolution_px
    return PartMap(clusters, clusters if parts.side_px == size_px else to_labels(enlarge(near, size_px))[0])


@torch.inference_mode()
def measure_nearness(features: Tensor, parts: PartSet) -> Tensor:
    """Return the cosine of every place with every cluster [N, K, h, w], of features [N, C, h, w]."""
    count, channels, height, width = features.shape
    if channels != parts.centroids.shape[1]:
        raise EngineError("These parts do not fit the model.", "Find the parts of this model anew.")
    rows = features.float().permute(0, 2, 3, 1).reshape(-1, channels)
    directions = torch.from_numpy(parts.centroids.copy()).to(rows)
    near = F.normalize(rows, dim=1) @ directions.T
    return near.reshape(count, height, width, -1).permute(0, 3, 1, 2)


def enlarge(near: Tensor, size_px: int) -> Tensor:
    """Return cosines [N, K, h, w] at the size of the picture: borders between clusters run smoothly through places."""
    return F.interpolate(near, size=(size_px, size_px), mode="bilinear", align_corners=False)


def to_labels(near: Tensor) -> Array:
    """Return the nearest cluster of each place, uint8 [N, h, w], read-only; of equals the first."""
    labels: Array = near.argmax(1).to(torch.uint8).cpu().numpy()
    labels.flags.writeable = False
    return np.ascontiguousarray(labels)
