"""`sni measure-transfer`: how much part style transfer changes inside and outside of parts, as JSON or as a table."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from tyro.conf import Positional, arg

from sni_engine.api.edits import Mode, StyleTransfer
from sni_engine.api.files import replace_file
from sni_engine.cli.terminal import DeviceName, counting, opt, read_flags, reading
from sni_engine.cli.transferring import parse_budgets

if TYPE_CHECKING:
    from sni_engine.metrics.style_transfer import TransferPlan
    from sni_engine.studio import Studio

Model = Annotated[Positional[str | None], arg(metavar="NAME|FILE", help="the model; without it, the shipped one")]


def run(words: Sequence[str]) -> None:
    """Run `sni measure-transfer`."""
    read_flags(measure_transfer, words)


def measure_transfer(
    model: Model = None,
    *,
    parts: Annotated[str, arg(metavar="NAMES", help="which parts, joined by commas")] = "eyes,nose,mouth,hair",
    pairs: Annotated[int, arg(help="this many pairs of a face and a reference")] = 500,
    epsilon: Annotated[str, arg(metavar="SHARE[,SHARE…]", help="the budgets to try, 0 to 1")] = "0.02,0.05,0.1,0.2,0.4",
    rho: Annotated[float, arg(help="how much change elsewhere weighs, 0 to 1")] = StyleTransfer.rho,
    mode: Annotated[Mode, arg(help="which channels go how far")] = "greedy",
    seed: Annotated[int, arg(help="decides every face")] = 0,
    markdown: Annotated[bool, arg(help="print a table instead of JSON")] = False,
    out: Annotated[Path | None, opt(metavar="FILE.json", help="write the JSON there too")] = None,
    device: DeviceName = "auto",
) -> None:
    """Measure squared errors in CIELAB inside and outside of parts, against a whole swap of style and new cells."""
    plan = make_plan(parts, pairs, epsilon, StyleTransfer(), seed)
    with reading("--rho"):
        plan = make_plan(parts, pairs, epsilon, StyleTransfer(rho=rho, mode=mode), seed)
    report = collect(open_studio(model, device), plan)
    text = json.dumps(report, indent=2, allow_nan=False) + "\n"
    if out is not None:
        with replace_file(out) as stream:
            stream.write(text.encode())
    print(format_report(report) if markdown else text, end="")


def make_plan(parts: str, pairs: int, epsilon: str, params: StyleTransfer, seed: int) -> "TransferPlan":
    """Return what to measure. Raises UsageError."""
    from sni_engine.metrics.style_transfer import TransferPlan

    names = tuple(dict.fromkeys(name.strip() for name in parts.split(",") if name.strip()))
    with reading("sni measure-transfer"):
        return TransferPlan(names, pairs, seed, parse_budgets(epsilon), params)


def open_studio(model: str | None, device: str) -> "Studio":
    """Open a model with everything a request needs. Raises EngineError."""
    from sni_engine.checkpoints.format import read_model
    from sni_engine.checkpoints.store import find_model
    from sni_engine.device import choose_device
    from sni_engine.drawing import Painter
    from sni_engine.studio import Studio

    path = find_model(model)
    generator, card = read_model(path)
    return Studio(Painter(generator, choose_device(device)), card, path)


def collect(studio: "Studio", plan: "TransferPlan") -> dict[str, Any]:
    """Measure, with a bar while it lasts, and return the report."""
    from sni_engine.metrics.style_transfer import measure_transfer as measure

    errors: dict[str, Any] = {}
    with counting("Transferring styles", plan.pairs) as show:
        for item in measure(studio, plan):
            if isinstance(item, int):
                show(item)
            else:
                errors = {part: {kind: asdict(error) for kind, error in rows.items()} for part, rows in item.items()}
    settings = {"rho": plan.params.rho, "mode": plan.params.mode, "pairs": plan.pairs, "seed": plan.seed}
    return {"model": studio.card.name, "digest": studio.card.digest, **settings, "parts": errors}


def format_report(report: dict[str, Any]) -> str:
    """Return one table: a row for each edit, two columns and their ratio for each part; errors times 10 000."""
    from sni_engine.metrics.tables import format_table

    parts = report["parts"]
    kinds = list(next(iter(parts.values())))
    head = ["edit", *(f"{part} {column}" for part in parts for column in ("in", "out", "ratio"))]
    rows = [[kind, *(cell for part in parts.values() for cell in _cells(part[kind]))] for kind in kinds]
    settings = f"{report['pairs']} pairs, seed {report['seed']}, rho {report['rho']:g}, {report['mode']}"
    return f"{format_table(head, rows)}\n\nMean squared errors in CIELAB, times 10 000; {settings}.\n"


def _cells(error: dict[str, Any]) -> tuple[str, str, str]:
    ratio = "" if error["ratio"] is None else f"{error['ratio']:.1f}"
    return f"{1e4 * error['inside']:.1f}", f"{1e4 * error['outside']:.1f}", ratio
