"""Discriminators: shapes, gradients to the picture, minibatch deviation, and a trunk that keeps its statistics."""

import pytest
import torch

from sni_engine.api.architecture import DiscriminatorConfig
from sni_engine.networks.discriminator import ProjectedDiscriminator, ResidualDiscriminator
from sni_engine.networks.layers import add_deviation, measure_deviation


def test_residual_gives_one_logit_and_a_gradient() -> None:
    judge = ResidualDiscriminator(DiscriminatorConfig((4, 6, 8, 8)), 32)
    pictures = torch.randn(4, 3, 32, 32, requires_grad=True)
    logits = judge(pictures)
    logits.sum().backward()
    assert logits.shape == (4, 1)
    assert pictures.grad is not None
    assert pictures.grad.abs().sum() > 0


def test_too_many_halvings_are_refused() -> None:
    with pytest.raises(ValueError, match="too often"):
        ResidualDiscriminator(DiscriminatorConfig((4,) * 6), 32)


def test_projected_gives_a_logit_per_level_and_never_moves_its_statistics() -> None:
    judge = ProjectedDiscriminator(DiscriminatorConfig((4, 6, 8), head_width=5)).train()
    judge.standardise(torch.randn(8, 3, 16, 16))
    assert not any(module.training for module in ProjectedDiscriminator(judge_config()).modules())
    before = [buffer.clone() for buffer in judge.buffers()]
    assert judge(torch.randn(4, 3, 16, 16)).shape == (4, 4), "three levels of features, and the picture itself"
    assert all(torch.equal(a, b) for a, b in zip(before, judge.buffers(), strict=True))


def test_fixed_statistics_see_contrast_and_batch_statistics_do_not() -> None:
    """What the two ways of judging are for; neither changes the statistics that were learnt."""
    judge = ProjectedDiscriminator(judge_config())
    pictures = torch.randn(32, 3, 16, 16)
    for module in judge.trunk.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.training, module.momentum = True, None
    judge.trunk(pictures)  # learns what portraits are like
    before = [buffer.clone() for buffer in judge.trunk.buffers()]
    gaps = {}
    for batch in (True, False):
        judge.use_batch_statistics(batch)
        level, garish = judge.trunk(pictures)[0], judge.trunk(pictures * 2)[0]
        gaps[batch] = float((level - garish).detach().abs().mean())
    assert gaps[False] > 20 * gaps[True]
    changed = [
        not torch.equal(a, b) for a, b in zip(before, judge.trunk.buffers(), strict=True) if a.is_floating_point()
    ]
    assert not any(changed)


def judge_config() -> DiscriminatorConfig:
    return DiscriminatorConfig((4, 6, 8), head_width=5)


def test_standardised_features_have_mean_zero_and_deviation_one() -> None:
    judge = ProjectedDiscriminator(DiscriminatorConfig((4, 6), head_width=5)).train()
    pictures = torch.randn(16, 3, 16, 16)
    judge.standardise(pictures)
    level = judge.trunk(pictures)[0]
    standard = (level - judge.get_buffer("mean_0")[:, None, None]) * judge.get_buffer("scale_0")[:, None, None]
    torch.testing.assert_close(standard.mean((0, 2, 3)), torch.zeros(4), atol=1e-3, rtol=0)
    torch.testing.assert_close(standard.std((0, 2, 3)), torch.ones(4), atol=2e-2, rtol=0)


def test_deviation_is_nearly_zero_for_equal_pictures_and_not_for_others() -> None:
    same = torch.randn(1, 3, 4, 4).expand(8, 3, 4, 4)
    assert measure_deviation(same).max() < 1e-3
    assert measure_deviation(torch.randn(8, 3, 4, 4)).min() > 0.3
    assert add_deviation(same).shape == (8, 4, 4, 4)
