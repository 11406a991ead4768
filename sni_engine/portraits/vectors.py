"""Small three-vector maths: a point is three tensors [N, R] (portraits, rays), a parameter is a tensor [N, 1]."""

from collections.abc import Sequence

import torch

Tensor = torch.Tensor
Amount = float | Tensor
Point = tuple[Tensor, Tensor, Tensor]
Triple = Sequence[Amount]
Turn = Sequence[Tensor]  # nine entries of a rotation, row by row

FAR = 9.0  # added to a distance to take a solid out of the scene


def smooth_step(start: Amount, end: Amount, x: Tensor) -> Tensor:
    """Rise from 0 at start to 1 at end with flat ends; start may lie above end."""
    t = (x - start).div_(end - start).clamp_(0, 1)
    return (t * -2).add_(3).mul_(t).mul_(t)


def smooth_min(a: Tensor, b: Tensor, width: float) -> Tensor:
    """Join two solids with a fillet: the quadratic polynomial minimum of Inigo Quilez."""
    return torch.minimum(a, b).addcmul_(*_overlap(a, b, width), value=-0.25 / width)


def smooth_max(a: Tensor, b: Tensor, width: float) -> Tensor:
    """Intersect two solids with a rounded edge."""
    return torch.maximum(a, b).addcmul_(*_overlap(a, b, width), value=0.25 / width)


def _overlap(a: Tensor, b: Tensor, width: float) -> tuple[Tensor, Tensor]:
    """Return twice, as factors of its square, how deep two distances lie in the fillet; 0 outside."""
    h = (a - b).abs_().clamp_max_(width).sub_(width)
    return h, h


def gauss(*ratios: Tensor) -> Tensor:
    """Return exp(-(a² + b² + …)): a soft spot, 1 where every ratio is 0."""
    total = ratios[0] ** 2
    for ratio in ratios[1:]:
        total = total + ratio**2
    return torch.exp(-total.clamp_max(30))  # beyond are denormal numbers, which are slow and too small to see


def measure_ellipsoid(point: Point, centre: Triple, radii: Triple) -> Tensor:
    """Return the first-order signed distance to an ellipsoid."""
    x, y, z = _look_from(centre, point)
    x, y, z = x / radii[0], y / radii[1], z / radii[2]
    squared = _square(x, y, z)
    slope = _square(x / radii[0], y / radii[1], z / radii[2]).sqrt_()
    return (squared - squared.sqrt()).div_(slope)


def measure_sphere(point: Point, centre: Triple, radius: Amount) -> Tensor:
    """Return the signed distance to a sphere."""
    return _square(*_look_from(centre, point)).sqrt_() - radius


def _look_from(centre: Triple, point: Point) -> Point:
    x, y, z = (p if isinstance(c, int | float) and c == 0 else p - c for p, c in zip(point, centre))
    return x, y, z


def _square(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    """Return the squared length in three passes; never 0, so that it may divide."""
    return torch.addcmul(torch.addcmul(x * x, y, y), z, z).add_(1e-9)


def measure_capsule(point: Point, a: Triple, b: Triple, radius_a: Amount, radius_b: Amount) -> Tensor:
    """Return the distance to the segment a-b less a radius that runs from radius_a to radius_b."""
    bx, by, bz = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    x, y, z = point[0] - a[0], point[1] - a[1], point[2] - a[2]
    h = ((x * bx + y * by + z * bz) / (bx * bx + by * by + bz * bz)).clamp(0, 1)
    x, y, z = x - bx * h, y - by * h, z - bz * h
    return _square(x, y, z).sqrt_() - (radius_a + (radius_b - radius_a) * h)


def blend(a: Amount, b: Amount, share: Amount) -> Tensor:
    """Return a where share is 0 and b where it is 1."""
    return a + (b - a) * share  # type: ignore[return-value]  # one of the three is always a tensor


def blend_triples(a: Triple, b: Triple, share: Amount) -> Point:
    """Blend two points or colours."""
    return (blend(a[0], b[0], share), blend(a[1], b[1], share), blend(a[2], b[2], share))


def add(a: Point, b: Triple) -> Point:
    """Add two points."""
    return (a[0] + b[0], a[1] + b[1], a[2] + b[2])


def subtract(a: Point, b: Triple) -> Point:
    """Return the way from b to a."""
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def move_along(origin: Point, direction: Triple, length: Amount) -> Point:
    """Return origin + direction · length."""
    return (
        origin[0] + direction[0] * length,
        origin[1] + direction[1] * length,
        origin[2] + direction[2] * length,
    )


def dot(a: Sequence[Tensor], b: Triple) -> Tensor:
    """Return the inner product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def measure_length(v: Point) -> Tensor:
    """Return the length of a vector."""
    return (v[0] ** 2 + v[1] ** 2 + v[2] ** 2).sqrt()


def normalise(x: Tensor, y: Tensor, z: Tensor) -> Point:
    """Return the unit vector of (x, y, z)."""
    r = torch.rsqrt(x * x + y * y + z * z + 1e-12)
    return x * r, y * r, z * r


def rotate(turn: Turn, v: Triple) -> Point:
    """Turn a vector."""
    return (dot(turn[0:3], v), dot(turn[3:6], v), dot(turn[6:9], v))


def rotate_back(turn: Turn, v: Triple) -> Point:
    """Turn a vector by the inverse of a turn."""
    return (dot(turn[0::3], v), dot(turn[1::3], v), dot(turn[2::3], v))


def join_turns(a: Turn, b: Turn) -> Turn:
    """Return the turn that does b first, then a."""
    return [dot(a[3 * i : 3 * i + 3], b[j::3]) for i in range(3) for j in range(3)]


def invert_turn(a: Turn) -> Turn:
    """Return the opposite turn (the transpose)."""
    return [a[3 * j + i] for i in range(3) for j in range(3)]


def build_turn(yaw: Tensor, pitch: Tensor, roll: Tensor) -> Turn:
    """Return the turn of three angles in radians [N, 1]: pitch first, then yaw, then roll."""
    cy, sy, cp, sp, cr, sr = yaw.cos(), yaw.sin(), pitch.cos(), pitch.sin(), roll.cos(), roll.sin()
    zero, one = torch.zeros_like(cy), torch.ones_like(cy)
    nod = [one, zero, zero, zero, cp, sp, zero, -sp, cp]
    shake = [cy, zero, sy, zero, one, zero, -sy, zero, cy]
    lean = [cr, -sr, zero, sr, cr, zero, zero, zero, one]
    return join_turns(lean, join_turns(shake, nod))
