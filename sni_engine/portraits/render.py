"""Factors -> pictures and part masks: the entrance to the renderer."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from sni_engine.api.errors import EngineError
from sni_engine.portraits.factors import FACTORS
from sni_engine.portraits.frame import TRAINING_FRAME, Frame
from sni_engine.portraits.rays import gather_rays
from sni_engine.portraits.sampling import sample_factors
from sni_engine.portraits.scene import Scene, derive_scene
from sni_engine.portraits.trace import Rays, View, lay_grid, take_nearest, trace_view
from sni_engine.portraits.vectors import Tensor

SMALLEST_SIZE_PX = 16
EDGE_SHARE = 0.16  # of the pixels of a 128 px picture, smoothed by extra rays
LARGEST_EDGE_SHARE = 0.5
EXTRA_RAYS = ((-0.33, 0.17), (0.17, 0.33), (0.17, -0.35))  # in pixels


def render(
    factors: np.ndarray | Tensor, size_px: int = 128, frame: Frame = TRAINING_FRAME, device: str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Draw the portraits of factors [N, 81] as one batch: pictures uint8 [N, H, W, 3] and part masks uint8 [N, H, W].

    A picture does not depend on the others of its batch. Masks come from the centre of each pixel, never mixed.
    4 to 16 portraits at once are fastest on a CPU. Raises EngineError for a size under 16 or a wrong factor table.
    """
    check_size(size_px)
    table = torch.as_tensor(factors, device=device)
    if table.ndim != 2 or table.shape[1] != len(FACTORS):
        raise EngineError(
            f"Portraits need {len(FACTORS)} factors each, not a table of shape {tuple(table.shape)}.",
            "Make the table with sample_factors.",
        )
    if not len(table):
        empty = torch.zeros((0, size_px, size_px, 3), dtype=torch.uint8, device=device)
        return empty, empty[..., 0]
    with torch.inference_mode():
        picture, mask = _render(derive_scene(table.float(), frame.extent), len(table), size_px, table.device)
    return picture.clone(), mask.clone()  # ordinary tensors again, also for callers that train on them


def check_size(size_px: int) -> None:
    """Raise EngineError for a picture side that is not a whole number of at least 16."""
    if size_px != int(size_px) or size_px < SMALLEST_SIZE_PX:
        raise EngineError(f"A portrait cannot be {size_px} pixels wide.", f"Choose {SMALLEST_SIZE_PX} or more.")


def render_batches(
    seeds: Sequence[int],
    size_px: int = 128,
    variety: float = 1.0,
    frame: Frame = TRAINING_FRAME,
    batch: int = 16,
    device: str = "cpu",
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Yield seeds int64 [B], pictures uint8 [B, H, W, 3], masks uint8 [B, H, W] and factors float32 [B, 81].

    Each batch holds up to `batch` portraits, in the order of the seeds; close the iterator to stop.
    Raises EngineError at the first step for a size, variety or seed out of range.
    """
    check_size(size_px)
    for first in range(0, len(seeds), batch):
        some = np.asarray(seeds[first : first + batch], np.int64)
        factors = sample_factors(some, variety, frame)
        pictures, masks = render(factors, size_px, frame, device)
        yield some, pictures.cpu().numpy(), masks.cpu().numpy(), factors


def _render(scene: Scene, count: int, size_px: int, device: torch.device) -> tuple[Tensor, Tensor]:
    pixel = 2.0 / size_px
    u, v = lay_grid(size_px, count, pixel, device)
    view = trace_view(scene, Rays(u, v, pixel, grid_px=size_px))
    colour = _smooth_edges(scene, view, u, v, size_px)
    picture = (colour.reshape(count, size_px, size_px, 3) * 255 + 0.5).clamp(0, 255).to(torch.uint8)
    return picture, view.label.reshape(count, size_px, size_px).to(torch.uint8)


def _smooth_edges(scene: Scene, view: View, u: Tensor, v: Tensor, size_px: int) -> Tensor:
    """Return the colours [N, R, 3] with the most contrasted pixels averaged over extra rays.

    A fixed share of the pixels, not a threshold, so that a picture does not depend on the others of its batch.
    """
    pixel, count = 2.0 / size_px, len(u)
    contrast = _measure_contrast(view.colour.reshape(count, size_px, size_px, 3))
    chosen = int(min(EDGE_SHARE * 128 / size_px, LARGEST_EDGE_SHARE) * size_px * size_px)
    index = contrast.reshape(count, -1).topk(chosen, 1).indices
    # start just in front of the nearest neighbour, which the centre rays have found already
    near = take_nearest(view.distance.reshape(count, 1, size_px, size_px)).reshape(count, -1) - 0.08
    some_u, some_v, start = gather_rays(index, u, v, near)
    extra = trace_view(
        scene,
        Rays(
            torch.cat([some_u + right * pixel for right, _ in EXTRA_RAYS], 1),
            torch.cat([some_v + up * pixel for _, up in EXTRA_RAYS], 1),
            pixel,
            start=start.repeat(1, len(EXTRA_RAYS)),
        ),
    )
    index = index[..., None].expand(-1, -1, 3)
    total = extra.colour.reshape(count, len(EXTRA_RAYS), chosen, 3).sum(1) + view.colour.gather(1, index)
    return view.colour.scatter(1, index, total / (len(EXTRA_RAYS) + 1))


def _measure_contrast(colour: Tensor) -> Tensor:
    """Return the largest step to a neighbour, [N, H, W]."""
    contrast = torch.zeros(colour.shape[:3], device=colour.device)
    down = (colour[:, 1:] - colour[:, :-1]).abs().amax(-1)
    right = (colour[:, :, 1:] - colour[:, :, :-1]).abs().amax(-1)
    contrast[:, 1:] = torch.maximum(contrast[:, 1:], down)
    contrast[:, :-1] = torch.maximum(contrast[:, :-1], down)
    contrast[:, :, 1:] = torch.maximum(contrast[:, :, 1:], right)
    contrast[:, :, :-1] = torch.maximum(contrast[:, :, :-1], right)
    return contrast
