"""How much each channel of style space contributes to each cluster of a model's parts (Editing in Style, section 3.2).

Every feature map of N pictures is brought to zero mean and unit variance; a channel's contribution to a cluster is the
share of its squares that lies where the cluster is: M[k, c] = sum over n, h, w of A² U / (N H W). Over all clusters the
shares of a channel sum to 1. What a part holds is the sum of its clusters' rows, so names and merging cost nothing.
"""

import contextlib
import re
from collections import abc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.array_cache import read_cached, write_cached
from sni_engine.api.arrays import Array, freeze
from sni_engine.api.parts import PartSet
from sni_engine.api.paths import cache_folder
from sni_engine.metrics.faces import draw_faces, draw_noises, split_seeds
from sni_engine.networks.adain import AdainLayer, instance_norm
from sni_engine.networks.generator import Generator
from sni_engine.parts.finding import measure_nearness

_FIRST_SEED = 2**43  # away from the faces that people meet
_TOLERANCE = 1e-3


class ContributionMeter:
    """Weighs a model's channels, and remembers it: here for the parts seen last, for all in the cache folder."""

    def __init__(self, generator: Generator, pictures: int) -> None:
        self._generator = generator
        self._pictures = pictures
        self._known: tuple[str, Array] | None = None

    def measure(self, parts: PartSet) -> abc.Generator[float, None, tuple[Array, ...]]:
        """Yield how far it is, 0 to 1, and return the contributions [K, C] of each layer of style space."""
        channels = self._generator.config.style_channels
        if self._known is None or self._known[0] != parts.digest:
            shares = _read(parts, sum(channels))
            if shares is None:
                layers = yield from weigh_channels(self._generator, parts, self._pictures)
                shares = np.concatenate(layers, 1)
                _write(parts, shares)
            self._known = (parts.digest, shares)
        return tuple(np.split(self._known[1], np.cumsum(channels)[:-1], 1))


@torch.inference_mode()
def weigh_channels(generator: Generator, parts: PartSet, count: int) -> abc.Generator[float, None, tuple[Array, ...]]:
    """Yield how far it is, 0 to 1, and return the contributions [K, C] of each layer, over `count` drawn pictures."""
    clusters = len(parts.centroids)
    channels = generator.config.style_channels
    energies = [torch.zeros(clusters, each, dtype=torch.float64) for each in channels]
    areas = [torch.zeros(clusters, dtype=torch.float64) for _ in channels]
    device = next(generator.parameters()).device
    for seeds in split_seeds(_FIRST_SEED, count, device):
        yield (seeds.start - _FIRST_SEED) / count
        features, labels = look_inside(generator, seeds, parts)
        for index, each in enumerate(features):
            energy, area = sum_squares(each, labels, clusters)
            energies[index] += energy
            areas[index] += area
    return tuple(share_out(energy, area) for energy, area in zip(energies, areas, strict=True))


def look_inside(generator: Generator, seeds: range, parts: PartSet) -> tuple[list[Tensor], Tensor]:
    """Return the features [N, C, h, w] that each layer of style space scales, and the cluster of each place [N, h, w].

    An adain layer scales what its instance norm gives; that is taken from behind the style, which changes no square
    once every map is normalised again.
    """
    device = next(generator.parameters()).device
    faces, noise = draw_faces(generator.config.grid, seeds, device), draw_noises(generator, seeds, device)
    columns = generator.map_cells(faces.global_, faces.shared, faces.local)
    with listening(generator, parts.layer) as (heard, output):
        generator.from_map(columns, generator.map_style(faces.style), noise)
    return heard, measure_nearness(output[0], parts).argmax(1)


@contextlib.contextmanager
def listening(generator: Generator, layer: int) -> Iterator[tuple[list[Tensor], list[Tensor]]]:
    """Note what the layers of style space scale while the block runs, and the output of one layer of the generator."""
    heard: list[Tensor] = []
    output: list[Tensor] = []
    hooks = [generator.layers[layer].register_forward_hook(lambda _, given, made: output.append(made))]
    for each in generator.style_layers():
        if isinstance(each, AdainLayer):
            hooks.append(each.register_forward_hook(lambda _, given, made: heard.append(made)))
        else:
            hooks.append(each.register_forward_hook(lambda _, given, made: heard.append(given[0])))
    try:
        yield heard, output
    finally:
        for hook in hooks:
            hook.remove()


def sum_squares(features: Tensor, labels: Tensor, clusters: int) -> tuple[Tensor, Tensor]:
    """Return the squares of normalised features [N, C, h, w] summed over each cluster [K, C], and its places [K].

    labels [N, H, W]: clusters of places, taken at the features' size as they lie nearest.
    """
    sized = F.interpolate(labels[:, None].float(), size=features.shape[2:], mode="nearest").long().flatten().cpu()
    squares = instance_norm(features).square().permute(0, 2, 3, 1).flatten(0, 2)  # [N·h·w, C]
    squares = squares.cpu().double()  # some devices know no double
    energy = squares.new_zeros(clusters, squares.shape[1]).index_add_(0, sized, squares)
    return energy, torch.bincount(sized, minlength=clusters).double()


def share_out(energy: Tensor, area: Tensor) -> Array:
    """Return each cluster's share of every channel's energy [K, C]; a channel without any is shared out by area."""
    total = energy.sum(0)
    shares = torch.where(total > 0, energy / total.clamp_min(1e-30), (area / area.sum())[:, None])
    return freeze(shares.numpy())


# -- kept, since they follow from the model and its clusters


def _read(parts: PartSet, channels: int) -> Array | None:
    path = _path(parts)
    shares = None if path is None else read_cached(path)
    if shares is None:
        return None
    fits = shares.shape == (len(parts.centroids), channels) and shares.min() >= 0
    return shares if fits and np.abs(shares.sum(0) - 1).max() < _TOLERANCE else None


def _write(parts: PartSet, shares: Array) -> None:
    """Keep contributions; a cache that cannot be written is done without."""
    path = _path(parts)
    if path is not None:
        write_cached(path, shares)


def _path(parts: PartSet) -> Path | None:
    if not re.fullmatch(r"[0-9a-f]{32}", parts.model.digest):  # nothing tells such a model from others
        return None
    return cache_folder() / "contributions" / f"{parts.digest}.npy"
