"""Turn a finished run into the model that is shipped: card, licence, limits, scores, and sheets of unpicked samples.

python tools/ship_model.py runs/portraits-64 resources/models/portraits-64 [--report REPORT.json] [--note TEXT]

REPORT.json is what `sni measure-model runs/portraits-64/model.safetensors --out REPORT.json` wrote; it is measured now
when there is none.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from sni_engine.api.codes import Codes, Level
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.models import ModelCard
from sni_engine.api.selection import parse_cells, select_all
from sni_engine.api.train_presets import PRESETS
from sni_engine.api.training import MAY_CHANGE, TrainConfig
from sni_engine.checkpoints.format import read_model, write_model
from sni_engine.cli.measuring import collect, make_plan, open_subject
from sni_engine.device import choose_device
from sni_engine.drawing import Painter
from sni_engine.methods import METHODS
from sni_engine.metrics.redraws import PLACES
from sni_engine.metrics.tables import format_report
from sni_engine.portraits import write_sheet
from sni_engine.seeds import draw_codes
from sni_engine.train.run_folder import RunFolder

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
    **{name: f"The local codes of the cells {cells} ({name})" for name, cells in PLACES.items()},
}
ROWS, REDRAWS = 5, 8  # as in the paper's figures: so many faces, each with so many resamplings
FACES = 100


def main(words: Sequence[str]) -> None:
    """Write OUT.safetensors, OUT.md and the sheets."""
    flags = read_flags(words)
    run, out = flags.run, flags.out
    generator, card = read_model(run / "model.safetensors")
    config = RunFolder(run).read_config()
    report = read_report(flags.report, card) if flags.report else measure(run / "model.safetensors")
    facts = {"command": command(config, card.facts["images seen"], out.name), **card.facts, **list_scores(report)}
    if flags.note:
        facts["note"] = flags.note
    limits = list_limits(config)
    write_model(out.with_suffix(".safetensors"), generator, out.name, "Apache-2.0", facts, limits)
    painter = Painter(generator, choose_device("cpu"))
    grid = generator.config.grid
    write_sheet(painter.draw_many([draw_codes(grid, seed) for seed in range(FACES)]), out.with_suffix(".png"), 10)
    for name, (level, cells) in SHEETS.items():
        write_sheet(redraw_pictures(painter, level, cells), sheet_path(out, name), 1 + REDRAWS)
    out.with_suffix(".md").write_text(describe(out.name, facts, limits, report), encoding="utf-8")


def read_flags(words: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--note", default="")
    return parser.parse_args(words)


def measure(model: Path) -> dict[str, Any]:
    """Return the report of `sni measure-model`."""
    return collect(open_subject(str(model), None, None, None, "auto"), make_plan(None, False, None, 0))


def read_report(path: Path, card: ModelCard) -> dict[str, Any]:
    """Return a report that was written before. Exits when it is about another model."""
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if report["model"]["digest"] != card.digest:
        raise SystemExit(f"{path} is about another model: measure this one.")
    return report


def command(config: TrainConfig, images: str, name: str) -> str:
    """Return the command line that a run amounts to: its preset, and every setting that differs from it."""
    preset_name = f"portraits-{config.resolution_px}"
    preset = PRESETS[preset_name]
    differing = [item.name for item in fields(config) if getattr(config, item.name) != getattr(preset, item.name)]
    flags = [f" --{item.replace('_', '-')} {getattr(config, item)}" for item in differing if item not in MAY_CHANGE]
    return f"sni train --preset {preset_name} --images {images}{''.join(flags)} --out runs/{name}"


def list_scores(report: dict[str, Any]) -> dict[str, str]:
    """Return the figures that a person choosing among models wants, for the card."""
    edits, frechet, paths = report["locality"], report["frechet"], report["path_length"]
    scores = {
        f"locality, {name}": f"ΔE {edits[name]['inside']:.1f} inside, {edits[name]['outside']:.2f} outside,"
        f" {edits[name]['ratio']:.1f} times"
        for name in PLACES
    }
    scores["style keeps the pose"] = f"yaw moves {edits['style']['moved']['yaw']:.1f}° on average"
    scores["Fréchet distance"] = f"{frechet['distance']:.3f} to {frechet['real']}"
    scores["precision, recall"] = f"{frechet['precision']:.2f}, {frechet['recall']:.2f}"
    scores["path length"] = f"z {paths['z_full']['mean']:.1f}, w {paths['w_full']['mean']:.1f} (full)"
    return scores


def list_limits(config: TrainConfig) -> tuple[str, ...]:
    """Return what a model of such a run cannot do, in plain sentences."""
    limits = [
        f"It draws clay-like portraits, not photographs, at {config.resolution_px} px; larger exports are enlarged.",
        "Neighbours of a changed cell change a little too; pixels more than three and a half cells away never do.",
    ]
    if config.variety < 0.5:
        limits.append("It learnt from portraits of small variety: adults facing the viewer within some 20 degrees.")
        limits.append("Glasses, hats and earrings are rare and often smeared; some faces have uneven eyes.")
    if (config.global_code, config.shared) != (1, 1):
        codes = f"The global code has {config.global_code} numbers and each quadrant's {config.shared}"
        limits.append(f"{codes}, where the paper has 1 and 1.")
    if config.recipe == "projected":
        limits.append("The discriminator saw through a network trained on the portraits' labels; the paper's did not.")
    if config.locality:
        limits.append("A penalty on changes outside resampled cells helped it to be local; the paper's model had none.")
    return tuple(limits)


def sheet_path(out: Path, name: str) -> Path:
    """Return where a sheet of resamplings goes."""
    folder = out.with_name(f"{out.name}-sheets")
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.png"


def redraw_pictures(painter: Painter, level: Level, cells: str) -> np.ndarray:
    """Return rows of a face and its resamplings of one level in some cells, uint8 [N, H, W, 3]."""
    grid = painter.generator.config.grid
    selection = select_all(grid, (level,)).with_cells(parse_cells(cells, grid))
    drawn: list[Codes] = []
    for seed in range(ROWS):
        face = draw_codes(grid, seed)
        drawn.append(face)
        for again in range(REDRAWS):
            *_, after = METHODS[Resample](face, Edit(Resample(), selection, 100 * seed + again + 1), grid)
            assert isinstance(after, Codes)
            drawn.append(after)
    return painter.draw_many(drawn)


def describe(name: str, facts: dict[str, str], limits: Sequence[str], report: dict[str, Any]) -> str:
    """Return the card as a page."""
    rows = "\n".join(f"| {key} | {value} |" for key, value in facts.items())
    cannot = "\n".join(f"- {limit}" for limit in limits)
    sheets = "\n\n".join(f"**{what}**\n\n![{what}]({name}-sheets/{key}.png)" for key, what in CAPTIONS.items())
    tables = format_report(report).split("\n", 2)[2]  # without its heading
    return f"""# {name}

Made by this program's own trainer on this program's own portraits. Licence: Apache 2.0.

| | |
|---|---|
{rows}

## What it cannot do

{cannot}

## Unpicked samples, seeds 0 to {FACES - 1}

![Samples]({name}.png)

## One level drawn anew

Each row: a face, then {REDRAWS} resamplings of the same codes of it.

{sheets}

## Figures

`sni measure-model {name}`; what each figure means: [docs/metrics.md](../../docs/metrics.md).

{tables}"""


if __name__ == "__main__":
    main(sys.argv[1:])
