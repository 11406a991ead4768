"""What is asked of the generator besides fooling the discriminator. Each is optional and off in the papers' recipe."""

import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.codes import GridSpec

_FAINT = 0.02  # a change inside of a hundredth of the range: below it a ratio would only measure rounding


def draw_cells(grid: GridSpec, n: int, rng: torch.Generator) -> Tensor:
    """Return one rectangle of cells per picture, 0 or 1 [N, R, C]: up to three eighths high and three quarters wide."""
    tops, heights = _draw_spans(grid.rows, max(1, grid.rows * 3 // 8), n, rng)
    lefts, widths = _draw_spans(grid.columns, max(1, grid.columns * 3 // 4), n, rng)
    rows, columns = torch.arange(grid.rows), torch.arange(grid.columns)
    in_rows = (rows >= tops[:, None]) & (rows < (tops + heights)[:, None])  # [N, R]
    in_columns = (columns >= lefts[:, None]) & (columns < (lefts + widths)[:, None])  # [N, C]
    return (in_rows[:, :, None] & in_columns[:, None, :]).float()


def _draw_spans(count: int, longest: int, n: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return where spans start and how long they are [N], every place in reach equally likely."""
    lengths = torch.randint(1, longest + 1, (n,), generator=rng)
    starts = (torch.rand(n, generator=rng) * (count - lengths + 1)).long()
    return starts, lengths


def resample_cells(local: Tensor, cells: Tensor, rng: torch.Generator) -> Tensor:
    """Return local codes [N, R, C, l] drawn anew where `cells` [N, R, C] is 1."""
    fresh = torch.randn(local.shape, generator=rng).to(local.device)
    return torch.where(cells[..., None].to(local.device) > 0, fresh, local)


def locality_loss(before: Tensor, after: Tensor, cells: Tensor) -> Tensor:
    """Return the change outside the resampled cells over the change inside, mean over pictures [N, 3, H, W].

    Ours, not the paper's: there, locality comes from the codes' independence alone (section 3). The quotient does not
    reward small changes: a mouth that stays the same is no better than one whose neighbourhood moves along.
    """
    change = (after.float() - before.float()).abs().mean(1)  # [N, H, W]
    inside = F.interpolate(cells[:, None].to(change), size=change.shape[1:], mode="nearest")[:, 0]
    area = inside.sum((1, 2))
    changed_inside = (change * inside).sum((1, 2)) / area
    changed_outside = (change * (1 - inside)).sum((1, 2)) / (inside[0].numel() - area)
    return (changed_outside / (changed_inside + _FAINT)).mean()
