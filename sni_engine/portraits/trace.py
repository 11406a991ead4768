"""Sphere tracing: where the rays of a batch first meet the solids, and what they see there."""

from dataclasses import dataclass

import torch

from sni_engine.portraits.accessories import lay_accessories
from sni_engine.portraits.backdrop import paint_backdrop
from sni_engine.portraits.colours import map_tone
from sni_engine.portraits.light import cast_shade, light_surface
from sni_engine.portraits.pose import aim_rays, find_points
from sni_engine.portraits.rays import gather_rays, pick_rays, scatter_rays
from sni_engine.portraits.scene import Scene
from sni_engine.portraits.solids import HEAD_NUMBER, MISSED, SOLIDS, Solid, enter_bounds
from sni_engine.portraits.surface import Surface, build_blank_surface, place_surface
from sni_engine.portraits.vectors import Point, Tensor, move_along, normalise

CELL_PX = 4  # side of the cells that share a first, coarse march
CONE_STEPS = 9
FIRST_STEPS, STEPS_PER_ROUND = 4, 6
_HITTABLE = 1e8  # distances below are real, MISSED is above
_TETRAHEDRON = ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1))


@dataclass(frozen=True)
class Rays:
    """u, v: picture places [N, R] in -1..1, v up; pixel: width of a pixel in u.

    grid_px: side of the picture if the rays are its full grid, else 0; start: distance [N, R] before which nothing
    is hit (MISSED: nothing at all); candidates: for each solid where it can be hit, bool [N, R].
    """

    u: Tensor
    v: Tensor
    pixel: float
    grid_px: int = 0
    start: Tensor | None = None
    candidates: tuple[Tensor, ...] | None = None


@dataclass(frozen=True)
class View:
    """What rays see: display colour 0..1 [N, R, 3]; labels, distance (MISSED: backdrop) and solid (0: none) [N, R]."""

    colour: Tensor
    label: Tensor
    distance: Tensor
    solid: Tensor


def trace_view(scene: Scene, rays: Rays) -> View:
    """Follow rays into the scene and return what they see."""
    distance, number = _find_hits(scene, rays)
    colour = paint_backdrop(scene, rays.u, rays.v)
    label = torch.zeros_like(number)
    picked = pick_rays(distance < _HITTABLE)
    if picked:
        index, keep = picked
        lit, parts = _see_hits(scene, rays, index, keep, distance, number)
        red, green, blue = (scatter_rays(old, index, keep, new) for old, new in zip(colour, lit))
        colour, label = (red, green, blue), scatter_rays(label, index, keep, parts)
    pixel = torch.full((1, 1), rays.pixel, device=rays.u.device)
    colour, label = lay_accessories(scene, rays.u, rays.v, distance, colour, label, pixel)
    return View(torch.stack(map_tone(colour), -1), label, distance, number)


def _find_hits(scene: Scene, rays: Rays) -> tuple[Tensor, Tensor]:
    """Return the distance to the first solid and its number (0: none), [N, R]."""
    tolerance = max(0.004, rays.pixel * scene.pose.extent * 0.45)
    distance = torch.full_like(rays.u, MISSED)
    number = torch.zeros_like(rays.u, dtype=torch.long)
    for i, (solid, (entry, leave)) in enumerate(zip(SOLIDS, _skip_empty_space(scene, rays))):
        leave = torch.minimum(leave, distance)  # what is behind another solid need not be found
        possible = entry < leave
        picked = pick_rays(possible if rays.candidates is None else possible & rays.candidates[i])
        if picked is None:
            continue
        index, keep = picked
        u, v, entry, leave = gather_rays(index, rays.u, rays.v, entry, leave)
        t, hit = _march(scene, solid, u, v, entry, leave, tolerance * solid.tolerance)
        hit = hit & keep
        distance = scatter_rays(distance, index, hit, t)
        number = scatter_rays(number, index, hit, solid.number)
    return distance, number


def _skip_empty_space(scene: Scene, rays: Rays) -> list[tuple[Tensor, Tensor]]:
    """Return entry and exit for each solid, the entries moved on past what is known to be empty."""
    spans = enter_bounds(scene, rays.u, rays.v)
    if rays.grid_px and rays.grid_px % CELL_PX == 0:
        spans = _march_cells(scene, rays, spans)
    if rays.start is None:
        return spans
    known = rays.start < _HITTABLE
    return [
        (torch.where((entry < _HITTABLE) & known, torch.maximum(entry, rays.start), MISSED), leave)
        for entry, leave in spans
    ]


def _march_cells(scene: Scene, rays: Rays, spans: list[tuple[Tensor, Tensor]]) -> list[tuple[Tensor, Tensor]]:
    """March one thick ray for each cell of pixels, and let the pixels start where it had to stop."""
    count, cells = len(rays.u), rays.grid_px // CELL_PX
    u, v = lay_grid(cells, count, rays.pixel * CELL_PX, rays.u.device)
    radius = float(rays.pixel * scene.pose.extent * 2.83 * 1.25)  # half a cell's diagonal, and a quarter more
    marched = []
    for solid, (entry, leave), (cell_entry, cell_leave) in zip(SOLIDS, spans, enter_bounds(scene, u, v)):
        inside = cell_entry < _HITTABLE
        picked = pick_rays(inside)
        if picked is None:
            marched.append((torch.full_like(entry, MISSED), leave))
            continue
        index, keep = picked
        start = _march_cone(scene, solid, gather_rays(index, u, v, cell_entry, cell_leave), radius)
        start = scatter_rays(torch.full_like(u, MISSED), index, keep, start).reshape(count, 1, cells, cells)
        # a cell whose centre misses the bound may still hold rays that hit: it inherits from its neighbours
        start = torch.where(inside.reshape(count, 1, cells, cells), start, take_nearest(start))
        start = start.repeat_interleave(CELL_PX, 2).repeat_interleave(CELL_PX, 3).reshape(count, -1)
        open_ = (entry < _HITTABLE) & (start < _HITTABLE)
        marched.append((torch.where(open_, torch.maximum(entry, start), MISSED), leave))
    return marched


def lay_grid(side: int, count: int, step: float, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return u, v of the centres of a square grid, [count, side²], row by row from the top."""
    c = (torch.arange(side, device=device) + 0.5) * step - 1
    u = c.repeat(side).expand(count, -1).contiguous()
    return u, (-c).repeat_interleave(side).expand(count, -1).contiguous()


def take_nearest(distance: Tensor) -> Tensor:
    """Return the smallest distance among each place and its eight neighbours, [N, 1, H, W]."""
    return -torch.nn.functional.max_pool2d(-distance, 3, 1, 1)


def _march_cone(scene: Scene, solid: Solid, channels: list[Tensor], radius: float) -> Tensor:
    """Return distances before which no ray within the radius hits; MISSED where none ever does."""
    u, v, entry, leave = channels
    t, (_, direction) = entry, aim_rays(scene.pose, u, v)
    for _ in range(CONE_STEPS):
        gap = solid.measure(scene, find_points(scene.pose, direction, t))
        t = torch.minimum(t + (gap - radius).clamp_min(0), leave + 0.01)
    return torch.where(t < leave, t, MISSED)


def _march(
    scene: Scene, solid: Solid, u: Tensor, v: Tensor, entry: Tensor, leave: Tensor, tolerance: float
) -> tuple[Tensor, Tensor]:
    """Return distances and where they are hits. After a few steps only the rays still on their way are taken on."""
    t, gap = _take_steps(scene, solid, [u, v, entry, leave], FIRST_STEPS)
    for _ in range(solid.rounds):
        on_the_way = (gap > tolerance * 0.6) & (t < leave)
        picked = pick_rays(on_the_way)
        if picked is None:
            break
        index, keep = picked
        far_t, far_gap = _take_steps(scene, solid, gather_rays(index, u, v, t, leave), STEPS_PER_ROUND)
        t, gap = scatter_rays(t, index, keep, far_t), scatter_rays(gap, index, keep, far_gap)
    return t, (gap < tolerance) & (t < leave)


def _take_steps(scene: Scene, solid: Solid, channels: list[Tensor], count: int) -> tuple[Tensor, Tensor]:
    """channels: u, v, distance so far, exit. Return the distances reached and the last gaps."""
    u, v, t, leave = channels
    _, direction = aim_rays(scene.pose, u, v)
    for _ in range(count):
        gap = solid.measure(scene, find_points(scene.pose, direction, t))
        t = torch.minimum(t + gap, leave + 0.01)
    return t, gap


def _see_hits(
    scene: Scene, rays: Rays, index: Tensor, keep: Tensor, distance: Tensor, number: Tensor
) -> tuple[Point, Tensor]:
    """Return linear colour and part labels of the picked hits, [N, M]."""
    u, v, distance, number = gather_rays(index, rays.u, rays.v, distance, number)
    _, direction = aim_rays(scene.pose, u, v)
    point = move_along(scene.pose.camera_in_head, direction, distance)
    surface = build_blank_surface(distance)
    for solid in SOLIDS:
        picked = pick_rays((number == solid.number) & keep)
        if picked:
            surface = _paint_solid(scene, solid, picked, point, direction, rays.pixel, surface)
    shade = cast_shade(scene, point, surface.normal, keep)
    is_head = (number == HEAD_NUMBER).float()
    return light_surface(scene, u, v, point, surface, shade, is_head), surface.label


def _paint_solid(
    scene: Scene,
    solid: Solid,
    picked: tuple[Tensor, Tensor],
    point: Point,
    direction: Point,
    pixel: float,
    surface: Surface,
) -> Surface:
    index, keep = picked
    x, y, z, dx, dy, dz = gather_rays(index, *point, *direction)
    normal = _find_normal(scene, solid, (x, y, z), max(solid.normal_step, pixel * 0.6))
    return place_surface(surface, index, keep, solid.paint(scene, (x, y, z), (dx, dy, dz), normal))


def _find_normal(scene: Scene, solid: Solid, point: Point, step: float) -> Point:
    """Return unit normals from four distances around each point."""
    x, y, z = (torch.cat([c + corner[i] * step for corner in _TETRAHEDRON], 1) for i, c in enumerate(point))
    a, b, c, d = solid.measure_with_relief(scene, (x, y, z)).chunk(4, 1)
    return normalise(a - b - c + d, -a - b + c + d, -a + b - c + d)
