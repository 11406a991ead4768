"""Procedural, labelled portraits: seeds -> factors -> clay-like heads with exact part masks.

    factors = sample_factors(range(16))
    pictures, masks = render(factors, size_px=64)

Read in this order: factors, sampling, scene (what a portrait is made of), solids (its shapes), trace, light, render.
"""

from sni_engine.portraits.export import write_folder, write_sheet
from sni_engine.portraits.factors import FACTOR_NAMES, FACTORS, Factor, find_factor, option_name
from sni_engine.portraits.frame import BUST_FRAME, TRAINING_FRAME, Frame
from sni_engine.portraits.masks import PART_COLOURS, PARTS, colour_masks
from sni_engine.portraits.render import render, render_batches
from sni_engine.portraits.sampling import sample_factors

__all__ = [
    "BUST_FRAME",
    "FACTORS",
    "FACTOR_NAMES",
    "PARTS",
    "PART_COLOURS",
    "TRAINING_FRAME",
    "Factor",
    "Frame",
    "colour_masks",
    "find_factor",
    "option_name",
    "render",
    "render_batches",
    "sample_factors",
    "write_folder",
    "write_sheet",
]
