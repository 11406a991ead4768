"""Changes shown to the discriminator alike on real and made pictures, differentiable (DiffAugment, Zhao et al. 2020).

Random numbers come from the generator passed in, so that a resumed run sees the same ones.
"""

import torch
from torch import Tensor
from torch.nn import functional as F


def augment(pictures: Tensor, strength: str, rng: torch.Generator) -> Tensor:
    """Return pictures [N, 3, H, W] changed by "none", "shift" or "full"."""
    if strength == "none":
        return pictures
    if strength == "shift":
        return shift(pictures, 1 / 16, rng)
    return cut_hole(shift(change_colour(pictures, rng), 1 / 8, rng), 1 / 2, rng)


def _uniform(rng: torch.Generator, like: Tensor) -> Tensor:
    """One number from -0.5 to 0.5 per picture [N, 1, 1, 1]; drawn on the CPU, the same on every device."""
    return torch.rand(len(like), 1, 1, 1, generator=rng).sub(0.5).to(like.device)


def change_colour(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Change brightness, saturation and contrast."""
    pictures = pictures + _uniform(rng, pictures)
    grey = pictures.mean(1, keepdim=True)
    pictures = (pictures - grey) * (_uniform(rng, pictures) * 2 + 1) + grey
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return (pictures - mean) * (_uniform(rng, pictures) + 1) + mean


def shift(pictures: Tensor, most: float, rng: torch.Generator) -> Tensor:
    """Move by up to `most` of the side, edges repeated."""
    n, _, height, width = pictures.shape
    reach = max(1, round(height * most))
    moves = torch.randint(0, 2 * reach + 1, (2, n, 1), generator=rng).to(pictures.device)
    padded = F.pad(pictures, (reach,) * 4, mode="replicate")
    rows = (moves[0] + torch.arange(height, device=pictures.device))[:, :, None]  # [N, H, 1]
    columns = (moves[1] + torch.arange(width, device=pictures.device))[:, None, :]  # [N, 1, W]
    index = torch.arange(n, device=pictures.device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[index, rows, columns].permute(0, 3, 1, 2)


def cut_hole(pictures: Tensor, side: float, rng: torch.Generator) -> Tensor:
    """Grey out a square of `side` of the picture, somewhere."""
    n, _, height, width = pictures.shape
    half = round(height * side / 2)
    centres = torch.randint(0, height + 1, (2, n, 1), generator=rng).to(pictures.device)
    rows = (torch.arange(height, device=pictures.device) - centres[0]).abs() < half  # [N, H]
    columns = (torch.arange(width, device=pictures.device) - centres[1]).abs() < half
    return pictures * ~(rows[:, None, :, None] & columns[:, None, None, :])


def flip(pictures: Tensor, rng: torch.Generator) -> Tensor:
    """Mirror each picture half of the time."""
    chosen = torch.rand(len(pictures), 1, 1, 1, generator=rng).to(pictures.device) < 0.5
    return torch.where(chosen, pictures.flip(3), pictures)
