"""Changes shown to the discriminator alike on real and made pictures, differentiable (DiffAugment, Zhao et al. 2020).

How many pictures are changed may follow how well the discriminator knows the real ones by heart (ADA).

Random numbers come from the dice passed in, so that a resumed run sees the same ones.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.train.dice import Dice


def augment(pictures: Tensor, strength: str, rng: Dice, share: float = 1.0) -> Tensor:
    """Return pictures [N, 3, H, W] changed by "none", "shift", "full" or "adaptive".

    share: the probability of each of adaptive's changes, for each picture (ADA, Karras et al. 2020). Below about 0.8
    the changes do not leak into what the generator draws, because the unchanged pictures remain the likeliest.
    """
    if strength == "none":
        return pictures
    if strength == "shift":
        return shift(pictures, 1 / 16, rng)
    changes = (change_colour, lambda x, rng: shift(x, 1 / 8, rng), lambda x, rng: cut_hole(x, 1 / 2, rng))
    for change in changes:
        changed = change(pictures, rng)
        pictures = changed if strength == "full" else _choose(changed, pictures, share, rng)
    return pictures


def _choose(changed: Tensor, unchanged: Tensor, share: float, rng: Dice) -> Tensor:
    chosen = rng.rand(len(changed), 1, 1, 1).to(changed.device) < share
    return torch.where(chosen, changed, unchanged)


def _uniform(rng: Dice, like: Tensor) -> Tensor:
    """One number from -0.5 to 0.5 per picture [N, 1, 1, 1]; drawn on the CPU, the same on every device."""
    return rng.rand(len(like), 1, 1, 1).sub(0.5).to(like.device)


def change_colour(pictures: Tensor, rng: Dice) -> Tensor:
    """Change brightness, saturation and contrast."""
    pictures = pictures + _uniform(rng, pictures)
    grey = pictures.mean(1, keepdim=True)
    pictures = (pictures - grey) * (_uniform(rng, pictures) * 2 + 1) + grey
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return (pictures - mean) * (_uniform(rng, pictures) + 1) + mean


def shift(pictures: Tensor, most: float, rng: Dice) -> Tensor:
    """Move by up to `most` of the side, edges repeated."""
    n, _, height, width = pictures.shape
    reach = max(1, round(height * most))
    moves = rng.randint(0, 2 * reach + 1, 2, n, 1, dim=1).to(pictures.device)
    padded = F.pad(pictures, (reach,) * 4, mode="replicate")
    rows = (moves[0] + torch.arange(height, device=pictures.device))[:, :, None]  # [N, H, 1]
    columns = (moves[1] + torch.arange(width, device=pictures.device))[:, None, :]  # [N, 1, W]
    index = torch.arange(n, device=pictures.device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[index, rows, columns].permute(0, 3, 1, 2)


def cut_hole(pictures: Tensor, side: float, rng: Dice) -> Tensor:
    """Grey out a square of `side` of the picture, somewhere."""
    n, _, height, width = pictures.shape
    half = round(height * side / 2)
    centres = rng.randint(0, height + 1, 2, n, 1, dim=1).to(pictures.device)
    rows = (torch.arange(height, device=pictures.device) - centres[0]).abs() < half  # [N, H]
    columns = (torch.arange(width, device=pictures.device) - centres[1]).abs() < half
    return pictures * ~(rows[:, None, :, None] & columns[:, None, None, :])


def flip(pictures: Tensor, rng: Dice) -> Tensor:
    """Mirror each picture half of the time."""
    chosen = rng.rand(len(pictures), 1, 1, 1).to(pictures.device) < 0.5
    return torch.where(chosen, pictures.flip(3), pictures)


def follow_overfitting(share: float, signs: float, target: float, images: int, span: int) -> float:
    """Return the new share of changed pictures after `images` more (ADA, section 3.2).

    signs: mean sign of the discriminator's logits on real pictures, near 1 when it knows them by heart. The share
    would go from 0 to 1 within `span` images.
    """
    step = images / span if signs > target else -images / span
    return min(1.0, max(0.0, share + step))
