"""Factors -> the measures of the face: age, head, eyes, nose, mouth, brows and beard, in head units."""

from dataclasses import dataclass

import torch

from sni_engine.portraits.pose import RADIANS, Pose, Values
from sni_engine.portraits.vectors import Point, Tensor, add, normalise, rotate, rotate_back, subtract

NECK_TOP = (0, -0.55, -0.20)  # head coordinates
NECK_BOTTOM = (0, -1.5, -0.34)  # body coordinates
YOUNGEST_BEARD = 0.22  # of the age factor


@dataclass(frozen=True)
class Age:
    """child and old are both 0 for adults."""

    child: Tensor
    old: Tensor


def derive_age(values: Values) -> Age:
    """Read the two ends of the age factor."""
    age = values["age"]
    return Age(child=(1 - age / 0.35).clamp(0, 1), old=((age - 0.55) / 0.45).clamp(0, 1))


@dataclass(frozen=True)
class Head:
    width: Tensor
    cranium: Point  # radii
    jaw: Point  # radii
    chin_y: Tensor
    chin_radius: Tensor
    cheek_radius: Tensor
    cheek_x: Tensor
    cheek_y: Tensor
    ear_size: Tensor
    ear_x: Tensor
    neck_radius: Tensor
    neck_top: Point  # head coordinates
    neck_bottom: Point
    neck_top_in_body: Point
    neck_bottom_in_body: Point


def derive_head(values: Values, age: Age, pose: Pose) -> Head:
    """Size the skull, jaw, cheeks, ears and the neck that joins head and torso."""
    jaw, smile = values["jaw"], values["smile"].clamp_min(0)
    zero = torch.zeros_like(jaw)
    width = 1 + 0.105 * values["face_width"]
    neck_top = (zero + NECK_TOP[0], zero + NECK_TOP[1], zero + NECK_TOP[2])
    neck_bottom = (zero + NECK_BOTTOM[0], zero + NECK_BOTTOM[1], zero + NECK_BOTTOM[2])
    shift = pose.head_to_body_shift
    return Head(
        width=width,
        cranium=(0.76 * width, 0.74 + 0.03 * age.child, 0.84 + zero),
        jaw=(
            0.60 * width * (1 + 0.21 * jaw) * (1 + 0.07 * age.child),
            0.66 + 0.06 * values["chin"] - 0.05 * age.child,
            0.66 + zero,
        ),
        chin_y=-0.82 - 0.14 * values["chin"] + 0.10 * age.child,
        chin_radius=0.20 * (1 + 0.34 * jaw) * (1 - 0.1 * age.child),
        cheek_radius=0.15 + 0.12 * values["cheeks"] + 0.05 * age.child + 0.025 * smile - 0.03 * age.old,
        cheek_x=0.36 * width,
        cheek_y=-0.30 + 0.05 * smile - 0.05 * age.old,
        ear_size=1 + 0.30 * values["ear_size"] + 0.12 * age.old,
        ear_x=0.785 * width,
        neck_radius=0.355 * (1 + 0.17 * values["neck_width"]) * (1 - 0.14 * age.child),
        neck_top=neck_top,
        neck_bottom=rotate_back(pose.head_to_body_turn, subtract(neck_bottom, shift)),
        neck_top_in_body=add(rotate(pose.head_to_body_turn, neck_top), shift),
        neck_bottom_in_body=neck_bottom,
    )


@dataclass(frozen=True)
class Eyes:
    """Places in head units; lid heights and iris sizes in lid radii; the right eye mirrors the left."""

    x: Tensor
    y: Tensor
    z: Tensor
    lid_radius: Tensor
    tilt_cos: Tensor
    tilt_sin: Tensor
    upper_lid: Tensor
    lower_lid: Tensor
    openness: Tensor
    gaze: Point
    iris_radius: Tensor
    pupil_radius: Tensor
    lashes: Tensor
    shadow: Tensor


def derive_eyes(values: Values, age: Age, head: Head) -> Eyes:
    """Place the eyes and aim them: the gaze takes back half the turn of the head, as people look at a camera."""
    smile, openness = values["smile"].clamp_min(0), values["eye_open"]
    lid_radius = 0.218 * (1 + 0.19 * values["eye_size"]) * (1 + 0.14 * age.child - 0.06 * age.old)
    tilt = values["eye_tilt"] * 0.23
    aside = -values["yaw"] * RADIANS * 0.55 + 0.38 * values["gaze_x"]
    above = -values["pitch"] * RADIANS * 0.45 + 0.22 * values["gaze_y"] - 0.02
    iris_radius = 0.50 + 0.06 * age.child
    return Eyes(
        x=0.315 * head.width * (1 + 0.11 * values["eye_space"]),
        y=-0.03 - 0.05 * age.child,
        z=0.50 - (lid_radius - 0.2) * 0.6,
        lid_radius=lid_radius,
        tilt_cos=tilt.cos(),
        tilt_sin=tilt.sin(),
        upper_lid=0.05 + 0.50 * openness,
        lower_lid=0.30 + 0.14 * openness - 0.13 * smile,
        openness=openness,
        gaze=normalise(aside.sin(), above.sin(), aside.cos() * above.cos()),
        iris_radius=iris_radius,
        pupil_radius=iris_radius * (0.34 + 0.2 * values["pupil"]),
        lashes=values["lashes"],
        shadow=values["eyeshadow"],
    )


@dataclass(frozen=True)
class Nose:
    y: Tensor  # of the tip
    z: Tensor
    width: Tensor
    tip_radius: Tensor
    bridge_z: Tensor


def derive_nose(values: Values, age: Age) -> Nose:
    """Size the nose."""
    length = values["nose_length"]
    return Nose(
        y=-0.285 - 0.085 * length + 0.05 * age.child,
        z=0.79 + 0.062 * length - 0.05 * age.child,
        width=1 + 0.45 * values["nose_width"],
        tip_radius=0.108 * (1 + 0.30 * values["nose_tip"]) * (1 - 0.1 * age.child + 0.1 * age.old),
        bridge_z=0.62 + 0.095 * values["nose_bridge"] - 0.03 * age.child,
    )


@dataclass(frozen=True)
class Mouth:
    y: Tensor
    half_width: Tensor
    curve: Tensor  # rise of the corners
    opening: Tensor
    upper_lip: Tensor  # heights
    lower_lip: Tensor
    fullness: Tensor
    smile: Tensor  # 0 for straight and frowning mouths
    lipstick: Tensor


def derive_mouth(values: Values, age: Age, head: Head) -> Mouth:
    """Size the mouth; a wide grin may not leave a narrow jaw."""
    smile, fullness = values["smile"].clamp_min(0), values["lip_full"]
    half_width = 0.24 * (1 + 0.29 * values["mouth_width"]) * (1 + 0.28 * smile) * (1 - 0.08 * age.child) * head.width
    return Mouth(
        y=-0.565 + 0.03 * age.child - 0.02 * values["nose_length"] - 0.02 * values["chin"],
        half_width=torch.minimum(half_width, 0.55 * head.jaw[0]),
        curve=0.11 * values["smile"],
        opening=values["mouth_open"] * (0.55 + 0.45 * smile),
        upper_lip=0.024 + 0.04 * fullness,
        lower_lip=0.034 + 0.052 * fullness,
        fullness=fullness,
        smile=smile,
        lipstick=values["lipstick"],
    )


@dataclass(frozen=True)
class Brows:
    y: Tensor
    thickness: Tensor
    tilt: Tensor
    arch: Tensor
    inner_x: Tensor
    outer_x: Tensor


def derive_brows(values: Values, age: Age, eyes: Eyes) -> Brows:
    """Place the brows over the lids."""
    return Brows(
        y=eyes.y + eyes.lid_radius * 1.0 + 0.10 + 0.065 * values["brow_raise"],
        thickness=0.022 + 0.030 * values["brow_thick"] + 0.004 * age.old,
        tilt=-0.015 + 0.07 * values["brow_tilt"],
        arch=0.025 + 0.08 * values["brow_arch"],
        inner_x=eyes.x - 0.20,
        outer_x=eyes.x + 0.23,
    )


@dataclass(frozen=True)
class Beard:
    """Shares are 0 or 1 except stubble, which is a strength."""

    kind: Tensor  # 0 none, 1 stubble, 2 moustache, 3 goatee, 4 short, 5 full
    stubble: Tensor
    moustache: Tensor
    goatee: Tensor
    cheeks: Tensor
    thickness: Tensor
    extension: Tensor  # below the chin


def derive_beard(values: Values) -> Beard:
    """Grow a beard, but none on the youngest faces."""
    kind, length = values["beard"].round() * (values["age"] > YOUNGEST_BEARD), values["beard_len"]
    return Beard(
        kind=kind,
        stubble=((kind == 1) | (kind >= 3)).float() * 0.5 + (kind == 1) * 0.35,
        moustache=((kind == 2) | (kind >= 3)).float(),
        goatee=((kind == 3) | (kind >= 4)).float(),
        cheeks=(kind >= 4).float(),
        thickness=(0.035 + 0.03 * length + (kind == 5) * (0.05 + 0.05 * length)) * (kind >= 2),
        extension=(kind == 5).float() * (0.10 + 0.16 * length) + (kind == 3) * 0.05,
    )
