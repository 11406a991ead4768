"""How different two colours look: sRGB to CIELAB, and the CIE 1976 difference."""

import numpy as np

from sni_engine.api.arrays import Array

# linear sRGB to XYZ under D65 (IEC 61966-2-1), each row divided by the white point's X, Y, Z
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]],
    np.float32,
)
_TO_XYZ /= _TO_XYZ.sum(1, keepdims=True)
_TO_LAB = np.array([[0, 116, 0], [500, -500, 0], [0, 200, -200]], np.float32)  # of the cube roots; L gets 16 less
_EPSILON = (6 / 29) ** 3


def linearise(srgb: Array) -> Array:
    """Return linear light, 0 to 1, float32, of sRGB values 0 to 1."""
    srgb = srgb.astype(np.float32)
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4).astype(np.float32)


_LINEAR = linearise(np.arange(256) / 255)  # of every byte: looked up in a tenth of the time


def to_lab(picture: Array) -> Array:
    """Return CIELAB values [..., 3] (D65) of sRGB pixels [..., 3], uint8 or floats from 0 to 1."""
    linear = _LINEAR[picture] if picture.dtype == np.uint8 else linearise(picture)
    xyz = linear.reshape(-1, 3) @ _TO_XYZ.T
    f = np.power(xyz, np.float32(1 / 3))
    np.copyto(f, xyz * np.float32(1 / (3 * (6 / 29) ** 2)) + np.float32(4 / 29), where=xyz <= _EPSILON)
    lab = f @ _TO_LAB.T
    lab[:, 0] -= 16
    return lab.reshape(picture.shape)


def lab_difference(a: Array, b: Array) -> Array:
    """Return the CIE 1976 difference of CIELAB values [..., 3], per pixel [...]."""
    step = a - b
    return np.sqrt(np.einsum("...c,...c->...", step, step))


def colour_difference(a: Array, b: Array) -> Array:
    """Return the CIE 1976 difference of two pictures uint8 [H, W, 3], per pixel [H, W]."""
    return lab_difference(to_lab(a), to_lab(b))
