"""One factor at a time: tables in which a single factor walks through its range and everything else stands still."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file
from sni_engine.portraits.factors import FACTOR_NAMES, FACTORS, Factor, find_factor
from sni_engine.portraits.frame import TRAINING_FRAME
from sni_engine.portraits.render import render

STEPS = 7
MARGIN_PX = 92  # for the captions
PAPER, INK = (48, 48, 48), (230, 230, 230)

NEEDS: dict[str, dict[str, str | float]] = {
    "hair_volume": {"hair_style": "curly", "hat": "none"},
    "hair_length": {"hair_style": "long", "hat": "none"},
    "fringe": {"hair_style": "bob", "hat": "none"},
    "hair_part": {"hair_style": "sidepart", "fringe": "swept", "hat": "none"},
    "hairline": {"hair_style": "crop", "fringe": "none", "hat": "none"},
    "hair_tone": {"hair_style": "bob", "hair_dye": "natural", "hair_grey": 0, "hair_red": 0, "hat": "none"},
    "hair_red": {"hair_style": "bob", "hair_dye": "natural", "hair_grey": 0, "hair_tone": 0.6, "hat": "none"},
    "hair_grey": {"hair_style": "bob", "hair_dye": "natural", "hat": "none"},
    "hair_dye": {"hair_style": "bob", "hat": "none"},
    "hair_style": {"hat": "none"},
    "beard": {"age": 0.5},
    "beard_len": {"beard": "full", "age": 0.5},
    "ear_size": {"hair_style": "crop", "hat": "none"},
    "eyeshadow_hue": {"eyeshadow": 1},
    "lipstick_hue": {"lipstick": 1},
    "mouth_open": {"smile": 0.8},
    "glasses_hue": {"glasses": "rect", "glasses_dark": 0},
    "glasses_dark": {"glasses": "rect", "glasses_hue": 0.55},
    "hat_hue": {"hat": "beanie"},
    "hat_light": {"hat": "beret"},
    "earring": {"hair_style": "crop"},
    "earring_metal": {"earring": "hoop", "hair_style": "crop"},
    "rim_hue": {"rim": 1},
    "bg_hue": {"bg_sat": 1},
    "bg_hue2": {"bg_sat": 1, "bg_kind": "vertical"},
    "bg_seed": {"bg_kind": "bokeh"},
    "cloth_hue": {"cloth_sat": 0.8},
    "cloth_pattern": {"clothes": "crew"},
}
"""What else must hold for a factor to show: other factors' options or values."""


def list_values(factor: Factor, steps: int = STEPS) -> list[float]:
    """Return the values of a sweep: every option of a category, 0 and the range of a sparse factor, else even steps."""
    if factor.options:
        return [float(i) for i in range(len(factor.options))]
    if factor.kind == "sparse":
        return [0.0, *np.linspace(factor.low, factor.high, steps - 1).tolist()]
    return [float(value) for value in np.linspace(factor.low, factor.high, steps)]


def sweep_factor(row: np.ndarray, name: str, steps: int = STEPS) -> np.ndarray:
    """Return factors [S, 81] of one portrait, float32 [81], with the factor swept and set so that the factor shows.

    Raises EngineError for a name that is no factor.
    """
    factor = _find(name)
    values = list_values(factor, steps)
    table = np.repeat(row[None], len(values), 0)
    for other, value in NEEDS.get(name, {}).items():
        number = find_factor(other).options.index(value) if isinstance(value, str) else value
        table[:, FACTOR_NAMES.index(other)] = number
    table[:, FACTOR_NAMES.index(name)] = values
    return table


def write_sweeps(
    row: np.ndarray, names: Sequence[str], path: str | os.PathLike[str], size_px: int = 128, device: str = "cpu"
) -> Iterator[int]:
    """Write a PNG with one captioned line of pictures for each factor; yield how many lines are drawn so far."""
    lines = []
    for name in names:
        pictures = render(sweep_factor(row, name), size_px, TRAINING_FRAME, device)[0].cpu().numpy()
        lines.append(_caption_line(name, pictures))
        yield len(lines)
    width = max(line.width for line in lines)
    sheet = Image.new("RGB", (width, sum(line.height for line in lines)), PAPER)
    top = 0
    for line in lines:
        sheet.paste(line, (0, top))
        top += line.height
    with replace_file(Path(path)) as stream:
        sheet.save(stream, "PNG", optimize=True)


def _caption_line(name: str, pictures: np.ndarray) -> Image.Image:
    count, height, width = pictures.shape[:3]
    line = Image.new("RGB", (MARGIN_PX + count * width, height), PAPER)
    ImageDraw.Draw(line).text((4, height // 2 - 6), name, fill=INK)
    line.paste(Image.fromarray(np.concatenate(list(pictures), 1)), (MARGIN_PX, 0))
    return line


def choose_names(words: str) -> list[str]:
    """Return the factors that words with commas between them stand for: names, groups such as 'nose', or 'all'.

    Raises EngineError for a word that is none of these.
    """
    names = []
    for word in words.split(","):
        group = [factor.name for factor in FACTORS if word in ("all", factor.group)]
        names += group or [_find(word).name]
    return names


def _find(name: str) -> Factor:
    try:
        return find_factor(name)
    except KeyError:
        raise EngineError(
            f"There is no factor {name}.", "Choose one of docs/portraits.md, one of its groups, or 'all'."
        ) from None
