"""Turn a finished run into the model that is shipped: card, licence, limits, and sheets of unpicked samples.

python tools/ship_model.py runs/portraits-64 resources/models/portraits-64 ["what else to know of the run"]
"""

import sys
from dataclasses import fields
from pathlib import Path

import numpy as np

from sni_engine.api.codes import Codes, Level
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.selection import parse_cells, select_all
from sni_engine.checkpoints.format import read_model, write_model
from sni_engine.device import choose_device
from sni_engine.drawing import Painter
from sni_engine.methods import METHODS
from sni_engine.metrics.locality import measure_locality
from sni_engine.portraits import write_sheet
from sni_engine.seeds import draw_codes
from sni_engine.train.config import MAY_CHANGE, PRESETS, TrainConfig
from sni_engine.train.run_folder import RunFolder

PLACES = {"mouth": "5:7,3:5", "eyes": "3:5,2:6", "hair": "0:2,1:7"}
SHEETS: dict[str, tuple[Level, str]] = {
    "style": ("style", "all"),
    "global": ("global", "all"),
    "shared": ("shared", "all"),
    "local": ("local", "all"),
    **{name: ("local", cells) for name, cells in PLACES.items()},
}
CAPTIONS = {
    "style": "The style code",
    "global": "The global code",
    "shared": "The shared codes of all four quadrants",
    "local": "The local codes of all cells",
    "mouth": f"The local codes of the mouth's cells ({PLACES['mouth']})",
    "eyes": f"The local codes of the eyes' cells ({PLACES['eyes']})",
    "hair": f"The local codes of the hair's cells ({PLACES['hair']})",
}
ROWS, REDRAWS = 5, 8  # as in the paper's figures: so many faces, each with so many resamplings
FACES = 100
LIMITS = (
    "It draws clay-like portraits, not photographs, at 64 px; larger exports are enlarged.",
    "It learnt from portraits of small variety: adults facing the viewer within some 20 degrees.",
    "Glasses, hats and earrings are rare and often smeared; some faces have uneven eyes or blotched cheeks.",
    "Neighbours of a changed cell change a little too; pixels more than three and a half cells away never do.",
    "The global code has 4 numbers and each quadrant's 2, where the paper has 1 and 1.",
    "The discriminator saw through a network trained on the portraits' labels (projected recipe); the paper's did not.",
)


def main(run: Path, out: Path, note: str = "") -> None:
    """Write OUT.safetensors, OUT.md and the two sheets."""
    generator, card = read_model(run / "model.safetensors")
    config = RunFolder(run).read_config()
    if config.recipe != "projected" or config.resolution_px != 64:
        raise SystemExit("The limits written in this tool are those of the 64 px projected recipe; write others first.")
    facts = {"command": command(config, card.facts["images seen"], out.name), **card.facts}
    if note:
        facts["note"] = note
    painter = Painter(generator, choose_device("cpu"))
    facts |= measure(painter)
    write_model(out.with_suffix(".safetensors"), generator, out.name, "Apache-2.0", facts, LIMITS)
    write_sheet(np.stack([painter.draw(codes(painter, seed)) for seed in range(FACES)]), out.with_suffix(".png"), 10)
    for name, (level, cells) in SHEETS.items():
        pictures = np.stack(redraw_pictures(painter, level, cells))
        write_sheet(pictures, sheet_path(out, name), 1 + REDRAWS)
    out.with_suffix(".md").write_text(describe(out.name, facts), encoding="utf-8")


def command(config: TrainConfig, images: str, name: str) -> str:
    """Return the command line that a run amounts to: its preset, and every setting that differs from it."""
    preset = PRESETS["portraits-64"]
    differing = [item.name for item in fields(config) if getattr(config, item.name) != getattr(preset, item.name)]
    flags = [f" --{item.replace('_', '-')} {getattr(config, item)}" for item in differing if item not in MAY_CHANGE]
    return f"sni train --preset portraits-64 --images {images}{''.join(flags)} --out runs/{name}"


def codes(painter: Painter, seed: int) -> Codes:
    """Return the codes of a seed."""
    return draw_codes(painter.generator.config.grid, seed)


def resampled(painter: Painter, before: Codes, edit: Edit) -> Codes:
    """Return what an edit makes of codes."""
    *_, after = METHODS[Resample](before, edit, painter.generator.config.grid)
    assert isinstance(after, Codes)
    return after


def measure(painter: Painter) -> dict[str, str]:
    """Return how local resampling is, over the first faces."""
    grid = painter.generator.config.grid
    found = {}
    for name, cells in PLACES.items():
        selection = select_all(grid).with_cells(parse_cells(cells, grid))
        inside, outside = [], []
        for seed in range(FACES):
            before = codes(painter, seed)
            after = resampled(painter, before, Edit(Resample(), selection, seed + 1000))
            locality = measure_locality(painter.draw(before), painter.draw(after), selection, grid)
            inside.append(locality.inside)
            outside.append(locality.outside or 0.0)
        ratio = np.mean(inside) / np.mean(outside)
        found[f"locality, {name}"] = (
            f"ΔE {np.mean(inside):.1f} inside, {np.mean(outside):.2f} outside, {ratio:.1f} times"
        )
    return found


def sheet_path(out: Path, name: str) -> Path:
    """Return where a sheet of resamplings goes."""
    folder = out.with_name(f"{out.name}-sheets")
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.png"


def redraw_pictures(painter: Painter, level: Level, cells: str) -> list[np.ndarray]:
    """Return rows of a face and its resamplings of one level in some cells."""
    grid = painter.generator.config.grid
    selection = select_all(grid, (level,)).with_cells(parse_cells(cells, grid))
    pictures = []
    for seed in range(ROWS):
        face = codes(painter, seed)
        edits = [Edit(Resample(), selection, 100 * seed + again + 1) for again in range(REDRAWS)]
        pictures += [painter.draw(face), *(painter.draw(resampled(painter, face, edit)) for edit in edits)]
    return pictures


def describe(name: str, facts: dict[str, str]) -> str:
    """Return the card as a page."""
    rows = "\n".join(f"| {key} | {value} |" for key, value in facts.items())
    limits = "\n".join(f"- {limit}" for limit in LIMITS)
    sheets = "\n\n".join(f"**{what}**\n\n![{what}]({name}-sheets/{key}.png)" for key, what in CAPTIONS.items())
    return f"""# {name}

Made by this program's own trainer on this program's own portraits. Licence: Apache 2.0.

| | |
|---|---|
{rows}

Locality is the mean CIELAB difference per pixel when the named cells' local codes are drawn anew, over faces 0 to
{FACES - 1} (mouth {PLACES["mouth"]}, eyes {PLACES["eyes"]}, hair {PLACES["hair"]}; rows, columns).

## What it cannot do

{limits}

## Unpicked samples, seeds 0 to {FACES - 1}

![Samples]({name}.png)

## One level drawn anew

Each row: a face, then eight resamplings of the same codes of it.

{sheets}
"""


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), " ".join(sys.argv[3:]))
