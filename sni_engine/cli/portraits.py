"""`sni portraits`: procedural portraits on one sheet, one factor at a time, or as a labelled folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from tyro.conf import arg

from sni_engine.cli.terminal import DeviceName, UsageError, counting, opt, read_flags, reading


def run(words: Sequence[str]) -> None:
    """Run `sni portraits`."""
    read_flags(portraits, words)


def portraits(
    *,
    count: Annotated[int, arg(help="how many")] = 64,
    size: Annotated[int, arg(help="side of each in pixels, 16 or more")] = 128,
    seed: Annotated[int, arg(help="of the first; the next ones follow it")] = 0,
    variety: Annotated[float, arg(help="0 alike, 1 everything")] = 1.0,
    sheet: Annotated[Path | None, opt(metavar="FILE.png", help="put all on one picture")] = None,
    sweep: Annotated[
        str | None,
        opt(metavar="FACTORS", help="fill the sheet with one portrait and one factor at a time: nose,age or all"),
    ] = None,
    out: Annotated[Path | None, opt(metavar="FOLDER", help="write pictures, part masks and labels.csv")] = None,
    coverage: Annotated[bool, arg(help="write the parts' shares of each pixel to the folder, too")] = False,
    guide: Annotated[Path | None, opt(metavar="FILE.md", help="write the table of factors into a document")] = None,
    device: DeviceName = "auto",
) -> None:
    """Draw procedural portraits: the pictures our own models learn from."""
    if sheet is None and out is None and guide is None:
        raise UsageError("Nothing was asked for.", "Name a picture with --sheet, or a folder with --out.")
    if count < 1:
        raise UsageError(f"--count: {count} portraits cannot be drawn.", "Ask for 1 or more.")
    if sweep is not None and sheet is None:
        raise UsageError("--sweep has no picture to go to.", "Name one with --sheet.")
    if coverage and out is None:
        raise UsageError("--coverage has no folder to go to.", "Name one with --out.")
    from sni_engine.device import choose_device

    where = str(choose_device(device))
    if guide is not None:
        write_guide(guide)
    if sheet is not None and sweep is not None:
        draw_sweeps(sweep, seed, size, variety, sheet, where)
    elif sheet is not None:
        draw_sheet(range(seed, seed + count), size, variety, sheet, where)
        print(f"{sheet}: {count} portraits")
    if out is not None:
        fill_folder(out, count, size, seed, variety, where, coverage)
        print(f"{out}: {count} portraits with masks and labels")


def write_guide(path: Path) -> None:
    """Renew the tables of a document."""
    from sni_engine.api.files import read_bytes, replace_file
    from sni_engine.portraits.guide import renew_guide

    text = renew_guide(read_bytes(path).decode())
    with replace_file(path) as stream:
        stream.write(text.encode())
    print(f"{path}: the table of factors")


def draw_sweeps(words: str, seed: int, size_px: int, variety: float, path: Path, device: str) -> None:
    """Draw one line of pictures for each factor, from one end of its range to the other."""
    from sni_engine.portraits import choose_names, sample_factors, write_sweeps

    with reading("--sweep"):
        names = choose_names(words)
    row = sample_factors([seed], variety)[0]
    with counting("Drawing factors", len(names)) as show:
        for done in write_sweeps(row, names, path, size_px, device):
            show(done)
    print(f"{path}: {len(names)} factors")


def draw_sheet(seeds: range, size_px: int, variety: float, path: Path, device: str) -> None:
    """Draw portraits side by side on one picture."""
    import numpy as np

    from sni_engine.portraits import render_batches, write_sheet

    pictures: list[np.ndarray] = []
    with counting("Drawing portraits", len(seeds)) as show:
        for _, batch, _, _ in render_batches(seeds, size_px, variety, device=device):
            pictures.extend(batch)
            show(len(pictures))
    write_sheet(np.stack(pictures), path)


def fill_folder(
    folder: Path, count: int, size_px: int, seed: int, variety: float, device: str, coverage: bool = False
) -> None:
    """Write a labelled folder; one that was stopped is taken up where it was."""
    from sni_engine.portraits import write_folder

    with counting("Writing portraits", count) as show:
        for done in write_folder(folder, count, size_px, seed, variety, device, coverage):
            show(done)
