"""Picking some rays of a batch, working on them alone, and writing the results back."""

import torch

from sni_engine.portraits.vectors import Tensor

PICK_MULTIPLE = 64


def pick_rays(mask: Tensor) -> tuple[Tensor, Tensor] | None:
    """Return the places of the True entries of a mask [N, R] as an index [N, M] and which entries count, bool [N, M].

    None if there are none. This is the one question a GPU must answer before the work can go on.

    Rows are padded to one length with copies of their own first place, so a padded lane computes (and writes back)
    exactly what that ray does; nothing counts in a row without any True.
    """
    counts = mask.sum(1)
    most = int(counts.max())
    if not most:
        return None
    length = -(-most // PICK_MULTIPLE) * PICK_MULTIPLE
    index = _pick_one_row(mask, length) if len(mask) == 1 else _pick_rows(mask, counts, length)
    return index, (counts > 0)[:, None].expand(len(mask), length)


def _pick_one_row(mask: Tensor, length: int) -> Tensor:
    places = mask[0].nonzero().T
    index = torch.zeros((1, length), dtype=torch.long, device=mask.device)
    found = places.shape[1]
    if found:
        index[:, :found] = places
        index[:, found:] = places[:, :1]
    return index


def _pick_rows(mask: Tensor, counts: Tensor, length: int) -> Tensor:
    rows, width = mask.shape
    # places that are not picked all go to one spare column, which is cut off again
    column = torch.where(mask, mask.cumsum(1) - 1, length)
    index = torch.zeros((rows, length + 1), dtype=torch.long, device=mask.device)
    index.scatter_(1, column, torch.arange(width, device=mask.device).expand(rows, width))
    is_real = torch.arange(length, device=mask.device) < counts[:, None]
    index = torch.where(is_real, index[:, :length], index[:, :1])
    return torch.where(counts[:, None] > 0, index, 0)


def gather_rays(index: Tensor, *channels: Tensor) -> list[Tensor]:
    """Return each channel [N, R] at the picked places, [N, M]."""
    return [channel.gather(1, index) for channel in channels]


def scatter_rays(base: Tensor, index: Tensor, keep: Tensor, values: Tensor | float) -> Tensor:
    """Return base [N, R] with values [N, M] (or broadcastable) at the picked places that count."""
    if not torch.is_tensor(values):
        values = torch.full(index.shape, values, dtype=base.dtype, device=base.device)
    return base.scatter(1, index, torch.where(keep, values.expand(index.shape), base.gather(1, index)))
