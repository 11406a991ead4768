"""Losses of the two players: logistic as in StyleGAN2, hinge for feature heads, R1 (Mescheder et al. 2018)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def judge_loss(recipe: str, real: Tensor, made: Tensor) -> Tensor:
    """Return the discriminator's loss from its logits on real and made pictures."""
    real, made = real.float(), made.float()  # autocast leaves them in bf16, which has three digits
    if recipe == "projected":
        return F.relu(1 - real).mean() + F.relu(1 + made).mean()
    return F.softplus(-real).mean() + F.softplus(made).mean()


def generator_loss(recipe: str, made: Tensor) -> Tensor:
    """Return the generator's loss: non-saturating logistic, or the hinge game's plain mean."""
    made = made.float()
    return -made.mean() if recipe == "projected" else F.softplus(-made).mean()


def range_loss(made: Tensor) -> Tensor:
    """Return the mean square of what lies beyond -1..1, which no picture file can show."""
    return (made.float().abs() - 1).clamp_min(0).square().mean()


def gradient_penalty(judge: nn.Module, real: Tensor) -> Tensor:
    """Return half the squared gradient of the logits at real pictures (R1); in float32 even under autocast."""
    real = real.detach().float().requires_grad_()
    with torch.autocast(real.device.type, enabled=False):
        (gradient,) = torch.autograd.grad(judge(real).sum(), real, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean() / 2
