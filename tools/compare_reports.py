"""Put the reports of several models side by side, one row each, for docs/results.md.

python tools/compare_reports.py name=REPORT.json ...      (reports are written by `sni measure-model MODEL --out FILE`)
"""

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sni_engine.metrics.tables import format_table

Report = dict[str, Any]
COLUMNS: dict[str, Callable[[Report], str]] = {
    "Fréchet": lambda r: f"{r['frechet']['distance']:.3f}",
    "precision": lambda r: f"{r['frechet']['precision']:.2f}",
    "recall": lambda r: f"{r['frechet']['recall']:.2f}",
    "path z": lambda r: read_path(r, "z_full"),
    "path w": lambda r: read_path(r, "w_full"),
    "path w, end": lambda r: read_path(r, "w_end"),
    "path w, style only": lambda r: read_path(r, "w_style"),
    "bits z": lambda r: f"{r['separability']['z']['bits_per_attribute']:.3f}",
    "bits w": lambda r: f"{r['separability']['w']['bits_per_attribute']:.3f}",
    "bits w, style only": lambda r: f"{r['separability']['w_style']['bits_per_attribute']:.3f}",
    "mouth": lambda r: read_ratio(r, "mouth"),
    "eyes": lambda r: read_ratio(r, "eyes"),
    "hair": lambda r: read_ratio(r, "hair"),
    "yaw by style": lambda r: f"{r['locality']['style']['moved']['yaw']:.1f}°",
}


def read_path(report: Report, name: str) -> str:
    """Return a path length with its standard error; nothing where the model has no such path."""
    path = report["path_length"].get(name)
    return f"{path['mean']:.1f} ± {path['error']:.1f}" if path else ""


def read_ratio(report: Report, place: str) -> str:
    """Return how many times more a place changes inside than outside; nothing where there are no cells."""
    edit = report["locality"].get(place)
    return f"{edit['ratio']:.1f}" if edit and edit["ratio"] is not None else ""


def main(words: Sequence[str]) -> None:
    """Print the table."""
    rows = []
    for word in words:
        name, _, path = word.partition("=")
        report = json.loads(Path(path).read_text(encoding="utf-8"))
        rows.append([name, *(read(report) for read in COLUMNS.values())])
    print(format_table(["model", *COLUMNS], rows))


if __name__ == "__main__":
    main(sys.argv[1:])
