"""The contribution matrix: shares that sum to one over the clusters, exact on features that are known, and kept."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.generators import drain
from sni_engine.api.models import ModelRef
from sni_engine.api.parts import PartSet, name_unnamed
from sni_engine.api.paths import cache_folder
from sni_engine.contributions import ContributionMeter, share_out, sum_squares, weigh_channels
from sni_engine.networks.generator import Generator


def make_parts(config: GeneratorConfig, clusters: int = 5, seed: int = 0, model: str = "ab" * 16) -> PartSet:
    channels = config.widths[1]
    dice = torch.Generator().manual_seed(seed)
    directions = F.normalize(torch.randn(clusters, channels, generator=dice), dim=1)
    side_px, layer = 2 * config.grid.rows, 2 if config.source == "constant" and config.backbone == "adain" else 1
    names = name_unnamed(clusters)
    return PartSet(ModelRef("x", model), layer, side_px, directions.numpy(), 0, 1, names)


def test_shares_are_a_partition_of_every_channel(variant: GeneratorConfig) -> None:
    torch.manual_seed(1)
    generator = Generator(variant).eval()
    layers = drain(weigh_channels(generator, make_parts(variant), 6), lambda done: None)
    assert tuple(each.shape for each in layers) == tuple((5, count) for count in variant.style_channels)
    for shares in layers:
        assert shares.min() >= 0
        assert shares.max() <= 1 + 1e-6
        assert np.allclose(shares.sum(0), 1, atol=1e-5)
    assert np.ptp(np.concatenate(layers, 1), axis=1).max() > 0.01  # channels do differ


def test_the_sum_is_the_equation() -> None:
    """M[k, c] = sum over n, h, w of A² U / (N H W), A with zero mean and unit variance in every map."""
    torch.manual_seed(1)
    features, labels = torch.randn(3, 4, 6, 6) * 5 + 2, torch.randint(0, 3, (3, 3, 3))
    energy, area = sum_squares(features, labels, 3)
    shares = share_out(energy, area)
    wide = labels.repeat_interleave(2, 1).repeat_interleave(2, 2).numpy()
    maps = features.numpy().astype(np.float64)
    maps = (maps - maps.mean((2, 3), keepdims=True)) / maps.std((2, 3), keepdims=True)
    for cluster in range(3):
        expected = (maps**2 * (wide == cluster)[:, None]).sum((0, 2, 3)) / (3 * 6 * 6)
        assert np.allclose(shares[cluster], expected, atol=1e-5)


def test_a_channel_that_lives_in_one_cluster_is_all_its_own() -> None:
    features, labels = torch.zeros(2, 3, 8, 8), torch.zeros(2, 8, 8, dtype=torch.long)
    labels[:, :, 4:] = 1
    features[:, 0, :, 4:] = torch.tensor([1.0, -1.0]).repeat(2)  # no mean there, nothing elsewhere
    features[:, 1] = torch.tensor([1.0, -1.0]).repeat(4)
    shares = share_out(*sum_squares(features, labels, 2))
    assert np.allclose(shares[:, 0], [0, 1], atol=1e-5)
    assert np.allclose(shares[:, 1], [0.5, 0.5], atol=1e-5)
    assert np.allclose(shares[:, 2], [0.5, 0.5])  # without energy, by area


def test_what_was_measured_is_kept_for_the_same_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(1)
    config = GeneratorConfig(widths=(6, 5, 4))
    generator, parts = Generator(config).eval(), make_parts(config)
    first = drain(ContributionMeter(generator, 4).measure(parts), lambda done: None)
    assert len(_files()) == 1
    monkeypatch.setattr("sni_engine.contributions.weigh_channels", None)
    again = drain(ContributionMeter(generator, 4).measure(parts), lambda done: None)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    with pytest.raises(TypeError):
        drain(ContributionMeter(generator, 4).measure(make_parts(config, seed=1)), lambda done: None)


@pytest.mark.parametrize("damage", [b"", b"hello", b"\x93NUMPY"])
def test_a_damaged_cache_is_measured_anew(damage: bytes) -> None:
    config = GeneratorConfig(widths=(6, 5, 4))
    torch.manual_seed(1)
    generator, parts = Generator(config).eval(), make_parts(config)
    first = drain(ContributionMeter(generator, 4).measure(parts), lambda done: None)
    (path,) = _files()
    path.write_bytes(damage)
    again = drain(ContributionMeter(generator, 4).measure(parts), lambda done: None)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert path.read_bytes() != damage


def test_shares_that_are_no_partition_are_measured_anew() -> None:
    config = GeneratorConfig(widths=(6, 5, 4))
    generator, parts = Generator(config).eval(), make_parts(config)
    first = np.concatenate(drain(ContributionMeter(generator, 4).measure(parts), lambda done: None), 1)
    (path,) = _files()
    np.save(path, first / 2)
    again = np.concatenate(drain(ContributionMeter(generator, 4).measure(parts), lambda done: None), 1)
    assert np.array_equal(first, again)


def test_a_model_without_a_digest_is_not_kept() -> None:
    config = GeneratorConfig(widths=(6, 5, 4))
    drain(ContributionMeter(Generator(config), 4).measure(make_parts(config, model="")), lambda done: None)
    assert _files() == []


def _files() -> list[Path]:
    return sorted((cache_folder() / "contributions").glob("*"))
