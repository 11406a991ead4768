"""Procedural, labelled portraits: seeds -> factors -> clay-like heads with exact part masks.

    factors = sample_factors(range(16))
    pictures, masks = render(factors, size_px=64)
    pictures, masks, quarters = render_coverage(factors, size_px=64)  # parts that share a pixel

Read in this order: factors, sampling, scene (what a portrait is made of), solids (its shapes), trace, light, render.
"""

from sni_engine.portraits.export import write_folder, write_sheet
from sni_engine.portraits.factors import FACTOR_NAMES, FACTORS, Factor, find_factor, option_name
from sni_engine.portraits.frame import BUST_FRAME, TRAINING_FRAME, Frame
from sni_engine.portraits.masks import PART_COLOURS, PARTS, colour_masks
from sni_engine.portraits.render import SAMPLES_PER_PIXEL, render, render_batches, render_coverage
from sni_engine.portraits.sampling import sample_factors
from sni_engine.portraits.sweeps import choose_names, sweep_factor, write_sweeps

__all__ = [
    "BUST_FRAME",
    "FACTORS",
    "FACTOR_NAMES",
    "PARTS",
    "PART_COLOURS",
    "SAMPLES_PER_PIXEL",
    "TRAINING_FRAME",
    "Factor",
    "Frame",
    "choose_names",
    "colour_masks",
    "find_factor",
    "option_name",
    "render",
    "render_batches",
    "render_coverage",
    "sample_factors",
    "sweep_factor",
    "write_folder",
    "write_sheet",
    "write_sweeps",
]
