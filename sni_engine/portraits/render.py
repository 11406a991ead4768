"""Factors -> pictures and part masks: the entrance to the renderer."""

from collections.abc import Iterator, Sequence

import numpy as np
import torch

from sni_engine.api.errors import EngineError
from sni_engine.portraits.factors import FACTOR_NAMES, FACTORS
from sni_engine.portraits.frame import TRAINING_FRAME, Frame
from sni_engine.portraits.masks import PARTS
from sni_engine.portraits.rays import gather_rays
from sni_engine.portraits.sampling import sample_factors
from sni_engine.portraits.scene import Scene, derive_scene
from sni_engine.portraits.solids import SOLIDS
from sni_engine.portraits.trace import Rays, View, lay_grid, take_nearest, trace_view
from sni_engine.portraits.vectors import Tensor

SMALLEST_SIZE_PX = 16
EDGE_SHARE = 0.16  # of the pixels of a 128 px picture, smoothed by extra rays
LARGEST_EDGE_SHARE = 0.5
EXTRA_RAYS = ((-0.33, 0.17), (0.17, 0.33), (0.17, -0.35))  # in pixels
SAMPLES_PER_PIXEL = 1 + len(EXTRA_RAYS)
CPU_CHUNK_PX = 16 * 64 * 64  # drawn at once on a CPU: more leave its caches
SORT_KEYS = ("hair_style", "hat", "beard", "glasses", "bg_kind", "clothes")  # the dearest parts first


def render(
    factors: np.ndarray | Tensor, size_px: int = 128, frame: Frame = TRAINING_FRAME, device: str = "cpu"
) -> tuple[Tensor, Tensor]:
    """Draw the portraits of factors [N, 81]: pictures uint8 [N, H, W, 3] and part masks uint8 [N, H, W].

    A picture does not depend on the others it is drawn with. Masks come from the centre of each pixel, never mixed;
    render_coverage tells how parts share a pixel. On a CPU 64 and more at once are fastest: portraits with the same
    parts are then drawn together. Raises EngineError for a size under 16 or a wrong factor table.
    """
    pictures, samples = _draw(factors, size_px, frame, device, whole=False)
    return pictures, samples[..., 0]


def render_coverage(
    factors: np.ndarray | Tensor, size_px: int = 128, frame: Frame = TRAINING_FRAME, device: str = "cpu"
) -> tuple[Tensor, Tensor, Tensor]:
    """Draw as render does, and return each part's share of each pixel as well: uint8 [N, H, W, 14], in quarters.

    The shares of a pixel sum to SAMPLES_PER_PIXEL = 4. They come from the very rays whose colours were averaged, so
    they are mixed exactly where the picture is. Where a pixel got one ray, its part has all four quarters.
    """
    pictures, samples = _draw(factors, size_px, frame, device, whole=True)
    parts = torch.arange(len(PARTS), dtype=torch.uint8, device=samples.device)
    coverage = torch.zeros((*samples.shape[:3], len(PARTS)), dtype=torch.uint8, device=samples.device)
    for sample in samples.unbind(-1):
        coverage += sample.unsqueeze(-1) == parts
    return pictures, samples[..., 0], coverage


def _draw(factors: np.ndarray | Tensor, size_px: int, frame: Frame, device: str, whole: bool) -> tuple[Tensor, Tensor]:
    """Return pictures uint8 [N, H, W, 3] and the part that each ray saw, uint8 [N, H, W, 4]; [..., 0] is the centre.

    whole: with the extra rays; otherwise only the centres, [N, H, W, 1].
    """
    check_size(size_px)
    table = torch.as_tensor(factors).float()
    if table.ndim != 2 or table.shape[1] != len(FACTORS):
        raise EngineError(
            f"Portraits need {len(FACTORS)} factors each, not a table of shape {tuple(table.shape)}.",
            "Make the table with sample_factors.",
        )
    count, where = len(table), torch.device(device)
    pictures = torch.empty((count, size_px, size_px, 3), dtype=torch.uint8, device=where)
    samples = torch.empty((count, size_px, size_px, SAMPLES_PER_PIXEL if whole else 1), dtype=torch.uint8, device=where)
    with torch.inference_mode():
        for rows in _share_out(table, size_px, where):
            picture, sample = _draw_together(
                derive_scene(table[rows].to(where), frame.extent), len(rows), size_px, whole
            )
            pictures[rows.to(where)], samples[rows.to(where)] = picture, sample
    return pictures, samples


def _share_out(table: Tensor, size_px: int, device: torch.device) -> Sequence[Tensor]:
    """Return the rows to draw together, int64 [M] each: all on a GPU, and few that share their parts on a CPU."""
    if not len(table):
        return ()
    if device.type != "cpu":
        return (torch.arange(len(table)),)
    keys = table.cpu().numpy()[:, [FACTOR_NAMES.index(name) for name in reversed(SORT_KEYS)]]
    order = torch.from_numpy(np.lexsort(keys.T))
    return order.split(max(1, CPU_CHUNK_PX // (size_px * size_px)))


def check_size(size_px: int) -> None:
    """Raise EngineError for a picture side that is not a whole number of at least 16."""
    if size_px != int(size_px) or size_px < SMALLEST_SIZE_PX:
        raise EngineError(f"A portrait cannot be {size_px} pixels wide.", f"Choose {SMALLEST_SIZE_PX} or more.")


def render_batches(
    seeds: Sequence[int],
    size_px: int = 128,
    variety: float = 1.0,
    frame: Frame = TRAINING_FRAME,
    batch: int = 64,
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


def _draw_together(scene: Scene, count: int, size_px: int, whole: bool) -> tuple[Tensor, Tensor]:
    pixel = 2.0 / size_px
    u, v = lay_grid(size_px, count, pixel, scene.earring.device)
    view = trace_view(scene, Rays(u, v, pixel, grid_px=size_px))
    index = _pick_edges(view, size_px)
    extra = trace_view(scene, _aim_extra_rays(view, index, u, v, size_px))
    colour = _mix_colours(view, extra, index)
    picture = (colour.reshape(count, size_px, size_px, 3) * 255 + 0.5).clamp(0, 255).to(torch.uint8)
    labels = [view.label]
    if whole:
        labels += [view.label.scatter(1, index, seen) for seen in extra.label.chunk(len(EXTRA_RAYS), 1)]
    return picture, torch.stack(labels, -1).to(torch.uint8).reshape(count, size_px, size_px, len(labels))


def _pick_edges(view: View, size_px: int) -> Tensor:
    """Return the most contrasted pixels, int64 [N, M], which extra rays will smooth.

    A fixed share of the pixels, not a threshold, so that a picture does not depend on the others of its batch.
    """
    contrast = _measure_contrast(view.colour.reshape(-1, size_px, size_px, 3))
    chosen = int(min(EDGE_SHARE * 128 / size_px, LARGEST_EDGE_SHARE) * size_px * size_px)
    return contrast.reshape(len(view.label), -1).topk(chosen, 1, sorted=False).indices


def _aim_extra_rays(view: View, index: Tensor, u: Tensor, v: Tensor, size_px: int) -> Rays:
    """Return three rays for each picked pixel; they look only for solids that the centres around have found."""
    pixel, grid, times = 2.0 / size_px, (len(u), 1, size_px, size_px), len(EXTRA_RAYS)
    # start just in front of the nearest neighbour
    near = take_nearest(view.distance.reshape(grid)).reshape(u.shape) - 0.08
    some_u, some_v, start = gather_rays(index, u, v, near)
    candidates = []
    for solid in SOLIDS:
        beside = take_nearest((view.solid != solid.number).float().reshape(grid)).reshape(u.shape) == 0
        candidates.append(beside.gather(1, index).repeat(1, times))
    return Rays(
        torch.cat([some_u + right * pixel for right, _ in EXTRA_RAYS], 1),
        torch.cat([some_v + up * pixel for _, up in EXTRA_RAYS], 1),
        pixel,
        start=start.repeat(1, times),
        candidates=tuple(candidates),
    )


def _mix_colours(view: View, extra: View, index: Tensor) -> Tensor:
    """Return the colours [N, R, 3] with the picked pixels averaged over their rays."""
    index = index[..., None].expand(-1, -1, 3)
    total = extra.colour.unflatten(1, (len(EXTRA_RAYS), -1)).sum(1) + view.colour.gather(1, index)
    return view.colour.scatter(1, index, total / SAMPLES_PER_PIXEL)


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
