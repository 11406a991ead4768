"""Where head, torso and camera stand: the turns and shifts between world, head and body coordinates."""

import math
from dataclasses import dataclass

import torch

from sni_engine.portraits.vectors import (
    Point,
    Tensor,
    Turn,
    add,
    build_turn,
    invert_turn,
    join_turns,
    normalise,
    rotate,
    rotate_back,
    subtract,
)

Values = dict[str, Tensor]  # factor name -> [N, 1]

RADIANS = math.pi / 180
CAMERA_DISTANCE = 7.0  # head units; far enough for a calm, weak perspective
HEAD_PIVOT = (0, -0.75, -0.15)
BODY_PIVOT = (0, -1.3, -0.25)


@dataclass(frozen=True)
class Pose:
    """Turns go from the named coordinates to the world; points are camera and shift in the named coordinates."""

    extent: float
    head_turn: Turn
    body_turn: Turn
    camera_in_head: Point
    camera_in_body: Point
    head_to_body_turn: Turn
    head_to_body_shift: Point


def derive_pose(values: Values, extent: float) -> Pose:
    """Turn the head fully and the torso a third as far, and move the camera instead of the portrait."""
    yaw, scale = values["yaw"], values["scale"]
    head = build_turn(yaw * RADIANS, values["pitch"] * RADIANS, values["roll"] * RADIANS)
    body = build_turn(yaw * RADIANS * 0.35, 0 * yaw, values["roll"] * RADIANS * 0.15)
    camera = (
        -values["shift_x"] / scale,
        -(values["shift_y"] + 0.03) / scale,
        CAMERA_DISTANCE / scale,
    )
    origin = torch.zeros_like(scale)
    neck = rotate(head, (origin - HEAD_PIVOT[0], origin - HEAD_PIVOT[1], origin - HEAD_PIVOT[2]))
    return Pose(
        extent=extent,
        head_turn=head,
        body_turn=body,
        camera_in_head=add(rotate_back(head, subtract(camera, HEAD_PIVOT)), HEAD_PIVOT),
        camera_in_body=add(rotate_back(body, subtract(camera, BODY_PIVOT)), BODY_PIVOT),
        head_to_body_turn=join_turns(invert_turn(body), head),
        head_to_body_shift=add(rotate_back(body, subtract(add(neck, HEAD_PIVOT), BODY_PIVOT)), BODY_PIVOT),
    )


def aim_rays(pose: Pose, u: Tensor, v: Tensor) -> tuple[Point, Point]:
    """Return the unit directions, in world and in head coordinates, of picture places u, v in -1..1 (v up), [N, R]."""
    in_world = normalise(u * pose.extent, v * pose.extent, torch.full_like(u, -CAMERA_DISTANCE))
    return in_world, rotate_back(pose.head_turn, in_world)


def find_points(pose: Pose, direction: Point, distance: Tensor) -> Point:
    """Return the points at a distance along rays with these directions, all in head coordinates."""
    x, y, z = (torch.addcmul(c, d, distance) for c, d in zip(pose.camera_in_head, direction))
    return x, y, z


def move_to_body(pose: Pose, point: Point) -> Point:
    """Take head coordinates to body coordinates."""
    return add(rotate(pose.head_to_body_turn, point), pose.head_to_body_shift)
