"""Losses of the two players: logistic as in StyleGAN2, hinge for feature heads, R1 (Mescheder et al. 2018)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def judge_loss(recipe: str, real: Tensor, made: Tensor) -> Tensor:
    """Return the discriminator's loss from its logits on real and made pictures."""
    if recipe == "projected":
        return F.relu(1 - real).mean() + F.relu(1 + made).mean()
    return F.softplus(-real).mean() + F.softplus(made).mean()


def generator_loss(recipe: str, made: Tensor) -> Tensor:
    """Return the generator's loss: non-saturating logistic, or the hinge game's plain mean."""
    return -made.mean() if recipe == "projected" else F.softplus(-made).mean()


def gradient_penalty(judge: nn.Module, real: Tensor) -> Tensor:
    """Return half the squared gradient of the logits at real pictures (R1); in float32 even under autocast."""
    real = real.detach().float().requires_grad_()
    with torch.autocast(real.device.type, enabled=False):
        (gradient,) = torch.autograd.grad(judge(real).sum(), real, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean() / 2
