"""`sni parts measure`: how far a model's named parts agree with masks that a network sees in its faces."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from sni_engine.api.errors import EngineError
from sni_engine.cli.terminal import counting

if TYPE_CHECKING:
    from sni_engine.api.parts import PartSet
    from sni_engine.drawing import Painter
    from sni_engine.part_naming import Agreement


def measure_agreement(
    model: str | None, file: Path | None, device: str, faces: int
) -> "tuple[Agreement, dict[str, float]]":
    """Return the agreement of each part, and that of the network itself with true masks. Raises EngineError."""
    from sni_engine.api.generators import drain
    from sni_engine.part_naming import agree_with_portraits, open_reader

    painter, parts = open_parts(model, file, device)
    with counting("Looking at faces", faces) as show:
        agreement = drain(agree_with_portraits(painter, parts, faces), lambda done: show(round(done * faces)))
    return agreement, open_reader(painter).info.scores


def open_parts(model: str | None, file: Path | None, device: str) -> "tuple[Painter, PartSet]":
    """Return what draws a model's faces, and the parts that are kept of it, or a file's. Raises EngineError."""
    from sni_engine.checkpoints.format import read_model
    from sni_engine.checkpoints.parts import find_parts, read_parts
    from sni_engine.checkpoints.store import find_model
    from sni_engine.device import choose_device
    from sni_engine.drawing import Painter
    from sni_engine.parts.finding import check_parts

    path = find_model(model)
    generator, card = read_model(path)
    painter = Painter(generator, choose_device(device))
    parts = find_parts(card.digest, path) if file is None else read_parts(file)
    if parts is None:
        raise EngineError(f'The model "{card.name}" has no parts yet.', 'Find them with "sni parts find".')
    check_parts(painter, card, parts)
    return painter, parts


def format_agreement(agreement: "Agreement", ceiling: dict[str, float], markdown: bool) -> str:
    """Return the agreement as JSON, or as a table."""
    if not markdown:
        values = {
            "mean_iou": agreement.mean,
            "iou": agreement.parts,
            "share": agreement.shares,
            "segmenter_iou": ceiling,
            "faces": agreement.faces,
        }
        return json.dumps(values, indent=2)
    rows = [
        f"| {name} | {agreement.shares[name]:.1%} | {value:.2f} |"
        for name, value in sorted(agreement.parts.items(), key=lambda item: -item[1])
    ]
    head = ["| part | share of the pixels | agreement (IoU) |", "|---|---:|---:|"]
    return "\n".join([*head, *rows, f"| mean | | {agreement.mean:.3f} |"])
