"""The fourteen part labels of a portrait mask: numbers, names and display colours."""

import numpy as np

PARTS: tuple[str, ...] = (
    "background",
    "skin",
    "hair",
    "brows",
    "eyes",
    "nose",
    "mouth",
    "ears",
    "neck",
    "clothes",
    "glasses",
    "hat",
    "beard",
    "earring",
)
"""Names in label order. Eyes include lashes, mouth includes teeth, glasses are frames and dark lenses.

Stubble is skin.
"""

BACKGROUND, SKIN, HAIR, BROWS, EYES, NOSE, MOUTH, EARS, NECK, CLOTHES, GLASSES, HAT, BEARD, EARRING = range(14)

PART_COLOURS: tuple[tuple[int, int, int], ...] = (
    (40, 40, 46),
    (232, 184, 150),
    (110, 70, 40),
    (60, 30, 20),
    (80, 160, 240),
    (240, 140, 110),
    (220, 50, 80),
    (250, 200, 120),
    (200, 150, 120),
    (90, 120, 200),
    (20, 220, 200),
    (240, 220, 60),
    (150, 90, 30),
    (255, 255, 255),
)
"""Display colours in label order, 0..255."""


def measure_visibility(mask: np.ndarray) -> np.ndarray:
    """Return each part's share of the pixels, float64 [14], of one uint8 mask [H, W]."""
    return np.bincount(mask.ravel(), minlength=len(PARTS)) / mask.size


def colour_masks(masks: np.ndarray) -> np.ndarray:
    """Return uint8 pictures [..., 3] of uint8 masks [...] in the display colours."""
    pictures: np.ndarray = np.asarray(PART_COLOURS, np.uint8)[masks]
    return pictures
