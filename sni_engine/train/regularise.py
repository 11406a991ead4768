"""What is asked of the generator besides fooling the discriminator; the papers' recipe asks nothing."""

import torch
from torch import Tensor
from torch.nn import functional as F

from sni_engine.api.codes import GridSpec
from sni_engine.train.batch import LOCALITY, PATH_LENGTH, Codes, precision
from sni_engine.train.dice import Dice
from sni_engine.train.losses import range_loss
from sni_engine.train.state import RunState

_FAINT = 0.02  # a change inside of a hundredth of the range: below it a ratio would only measure rounding

_PATH_DECAY = 0.99  # of the mean path length, per penalty (StyleGAN2, appendix B)


def demand(state: RunState, codes: Codes, w: Tensor, made: Tensor, autocast: bool) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the sum of all that is due at this step, and the parts worth telling.

    w, made: the styles and pictures [N, 3, H, W] of `codes`, with their graphs. Half of them serve the penalties.
    """
    config = state.config
    total, told = config.range_weight * range_loss(made), {}
    half = (len(made) + 1) // 2  # the first ones: the same of every batch, over however many processes it is dealt
    some = _thin(codes, half)
    is_local = config.locality and state.images_seen >= config.locality_from
    if is_local and state.step % config.locality_every == 0:
        told["locality"] = _penalise_spread(state, some, w[:half], made[:half], autocast)
        total = total + config.locality * config.locality_every * told["locality"]
    if config.path_length and state.step % config.path_length_every == 0:
        told["path length"] = _penalise_path(state, some)
        total = total + config.path_length * config.path_length_every * told["path length"]
    return total, {name: part.detach() for name, part in told.items()}


def _thin(codes: Codes, n: int) -> Codes:
    style, global_, shared, local, noise = codes
    return style[:n], global_[:n], shared[:n], local[:n], [each[:n] for each in noise]


def _penalise_spread(state: RunState, codes: Codes, w: Tensor, made: Tensor, autocast: bool) -> Tensor:
    rng, generator = state.rng(LOCALITY), state.generator
    _, global_, shared, local, noise = codes
    cells = draw_cells(state.config.generator.grid, len(local), rng)
    with precision(state, autocast):
        columns = generator.map_cells(global_, shared, resample_cells(local, cells, rng))
        again = generator.from_map(columns, w, noise)
    return locality_loss(made, again, cells)


def _penalise_path(state: RunState, codes: Codes) -> Tensor:
    """Return how unevenly the picture follows w (StyleGAN2, equation 4); the mean length is a number of the run."""
    style, global_, shared, local, noise = codes
    generator = state.generator
    w = generator.map_style(style)  # [N, D]
    pictures = generator.from_map(generator.map_cells(global_, shared, local), w, noise)
    rng = state.rng(PATH_LENGTH)
    direction = rng.randn(*pictures.shape).to(pictures) / pictures[0, 0].numel() ** 0.5
    (slope,) = torch.autograd.grad((pictures * direction).sum(), w, create_graph=True)
    lengths = slope.square().sum(1).sqrt()  # [N]
    known = state.numbers.get("path length", 0.0)
    mean = known + (1 - _PATH_DECAY) * (state.ranks.average(lengths.detach().mean()).item() - known)
    state.numbers["path length"] = mean
    return (lengths - mean).square().mean()


def draw_cells(grid: GridSpec, n: int, rng: Dice) -> Tensor:
    """Return one rectangle of cells per picture, 0 or 1 [N, R, C]: up to three eighths high and three quarters wide."""
    tops, heights = _draw_spans(grid.rows, max(1, grid.rows * 3 // 8), n, rng)
    lefts, widths = _draw_spans(grid.columns, max(1, grid.columns * 3 // 4), n, rng)
    rows, columns = torch.arange(grid.rows), torch.arange(grid.columns)
    in_rows = (rows >= tops[:, None]) & (rows < (tops + heights)[:, None])  # [N, R]
    in_columns = (columns >= lefts[:, None]) & (columns < (lefts + widths)[:, None])  # [N, C]
    return (in_rows[:, :, None] & in_columns[:, None, :]).float()


def _draw_spans(count: int, longest: int, n: int, rng: Dice) -> tuple[Tensor, Tensor]:
    """Return where spans start and how long they are [N], every place in reach equally likely."""
    lengths = rng.randint(1, longest + 1, n)
    starts = (rng.rand(n) * (count - lengths + 1)).long()
    return starts, lengths


def resample_cells(local: Tensor, cells: Tensor, rng: Dice) -> Tensor:
    """Return local codes [N, R, C, l] drawn anew where `cells` [N, R, C] is 1."""
    fresh = rng.randn(*local.shape).to(local.device)
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
