"""Portraits on disk: contact sheets, and labelled folders that can be stopped and taken up again."""

import csv
import io
import math
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file
from sni_engine.portraits.factors import FACTOR_NAMES, FACTORS, option_name
from sni_engine.portraits.frame import TRAINING_FRAME
from sni_engine.portraits.masks import PART_COLOURS, PARTS, measure_visibility
from sni_engine.portraits.render import check_size, render, render_coverage
from sni_engine.portraits.sampling import check_seeds, check_variety, sample_factors

GAP_PX = 2
GAP_GREY = 48
BATCH = 64  # portraits with the same parts are drawn together, so more are faster
TABLE_WRITES = 64  # the table is written whole each time, so long runs write it this often and not after every batch

_CATEGORIES = tuple(factor.name for factor in FACTORS if factor.options)
COLUMNS: tuple[str, ...] = (
    "seed",
    *FACTOR_NAMES,
    *(f"{name}_name" for name in _CATEGORIES),
    *(f"visible_{part}" for part in PARTS),
)
"""Header of labels.csv: seed, factor values, readable options, and each part's share of the pixels."""


def write_sheet(pictures: np.ndarray, path: str | os.PathLike[str], columns: int | None = None) -> None:
    """Write uint8 pictures [N, H, W, 3] side by side as one PNG, near-square unless columns says otherwise."""
    count, height, width = pictures.shape[:3]
    columns = columns or max(1, math.ceil(math.sqrt(count)))
    rows = max(1, math.ceil(count / columns))
    step_y, step_x = height + GAP_PX, width + GAP_PX
    sheet = np.full((rows * step_y + GAP_PX, columns * step_x + GAP_PX, 3), GAP_GREY, np.uint8)
    for i, picture in enumerate(pictures):
        top, left = GAP_PX + i // columns * step_y, GAP_PX + i % columns * step_x
        sheet[top : top + height, left : left + width] = picture
    _write_whole(Path(path), _encode_png(Image.fromarray(sheet)))


def write_folder(
    out: str | os.PathLike[str],
    count: int,
    size_px: int = 128,
    seed: int = 0,
    variety: float = 1.0,
    device: str = "cpu",
    coverage: bool = False,
) -> Iterator[int]:
    """Write pictures/, masks/ (palette PNGs of part numbers) and labels.csv; yield how many portraits are done so far.

    coverage: also write coverage/ (NPZ files, `quarters` uint8 [H, W, 14], see render_coverage); pictures that are
    there without it are drawn again, to the same bytes.

    Portrait i has seed `seed + i`. Portraits whose two files and table row exist are kept, so a stopped run goes on
    where it was. Raises EngineError at the first step for numbers out of range, for a folder that holds other
    things, and for one made with another seed, size or variety.
    """
    check_size(size_px)
    check_variety(variety)
    if count < 0:
        raise EngineError(f"{count} portraits cannot be written.", "Choose 0 or more.")
    check_seeds((seed, seed + max(count - 1, 0)))
    folder = _Folder(Path(out), size_px, coverage)
    rows = _adopt_rows(folder, count, seed, variety)
    missing = [i for i in range(count) if i not in rows or not folder.holds(i)]
    done, unsaved = count - len(missing), 0
    yield done
    try:
        for first in range(0, len(missing), BATCH):
            some = missing[first : first + BATCH]
            rows.update(_write_portraits(folder, some, seed, variety, device))
            done, unsaved = done + len(some), unsaved + len(some)
            if unsaved * TABLE_WRITES >= count:
                folder.write_table(rows)
                unsaved = 0
            yield done
    finally:
        if unsaved:  # also when the caller stops early
            folder.write_table(rows)


@dataclass(frozen=True)
class _Folder:
    """The places of one labelled set; opening it makes the folders or refuses with EngineError."""

    root: Path
    size_px: int
    coverage: bool
    table: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", self.root / "labels.csv")
        _refuse_strangers(self.root)
        try:
            for path in map(self.root.joinpath, ("pictures", "masks", *(["coverage"] if self.coverage else []))):
                path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EngineError(
                f"The folder {self.root} cannot be made: {error.strerror}.", "Choose another folder."
            ) from error

    def find_picture(self, number: int) -> Path:
        return self.root / "pictures" / f"{number:06d}.png"

    def find_mask(self, number: int) -> Path:
        return self.root / "masks" / f"{number:06d}.png"

    def find_coverage(self, number: int) -> Path:
        return self.root / "coverage" / f"{number:06d}.npz"

    def holds(self, number: int) -> bool:
        files = [self.find_picture(number), self.find_mask(number)]
        return all(path.exists() for path in ([*files, self.find_coverage(number)] if self.coverage else files))

    def write_table(self, rows: dict[int, list[str]]) -> None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows[number] for number in sorted(rows))
        _write_whole(self.table, text.getvalue().encode())


def _refuse_strangers(root: Path) -> None:
    """Raise EngineError if the folder is a file or holds anything this module did not write; hidden files may stay."""
    if root.exists() and not root.is_dir():
        raise EngineError(f"{root} is a file, not a folder.", "Choose a new or empty folder.")
    png, npz = re.compile(r"\d{6,}\.png"), re.compile(r"\d{6,}\.npz")
    expected = {"labels.csv": None, "pictures": png, "masks": png, "coverage": npz}
    for entry in sorted(root.iterdir()) if root.exists() else ():
        if entry.name.startswith("."):
            continue
        if entry.name not in expected:
            _refuse(root, entry.name)
        pattern = expected[entry.name]
        if pattern is None:
            continue
        for file in sorted(entry.iterdir()) if entry.is_dir() else ():
            if not pattern.fullmatch(file.name) and not file.name.startswith("."):
                _refuse(root, f"{entry.name}/{file.name}")


def _refuse(root: Path, name: str) -> None:
    raise EngineError(
        f"The folder {root} holds other things, such as {name}.",
        "Choose a new or empty folder, or one that an earlier run has made.",
    )


def _adopt_rows(folder: _Folder, count: int, seed: int, variety: float) -> dict[int, list[str]]:
    """Return the rows of an earlier run by portrait number, once they are known to be of the same set."""
    factors = sample_factors(range(seed, seed + count), variety, TRAINING_FRAME)
    rows = _read_table(folder, seed)
    for number, row in rows.items():
        if number < count and row[1 : 1 + len(FACTOR_NAMES)] != _format_factors(factors[number]):
            raise _describe_mixture(folder)
    # a table always begins with portrait 0; under another seed the same files would get other numbers
    if rows and min(rows) != 0:
        raise _describe_mixture(folder)
    for number in rows:
        if folder.find_picture(number).exists():
            with Image.open(folder.find_picture(number)) as picture:
                if picture.size != (folder.size_px, folder.size_px):
                    raise _describe_mixture(folder)
            break
    return rows


def _read_table(folder: _Folder, seed: int) -> dict[int, list[str]]:
    if not folder.table.exists():
        return {}
    with folder.table.open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    if not lines or tuple(lines[0]) != COLUMNS or any(len(line) != len(COLUMNS) for line in lines):
        raise EngineError(
            f"The table {folder.table} was not made by this version.", "Choose a new folder, or remove the table."
        )
    return {int(line[0]) - seed: line for line in lines[1:]}


def _describe_mixture(folder: _Folder) -> EngineError:
    return EngineError(
        f"The folder {folder.root} holds portraits of another seed, size or variety.",
        "Choose a new folder, or ask for the same seed, size and variety as before.",
    )


def _write_portraits(
    folder: _Folder, numbers: Sequence[int], seed: int, variety: float, device: str
) -> dict[int, list[str]]:
    """Draw and write some portraits; return their table rows."""
    factors = sample_factors([seed + number for number in numbers], variety, TRAINING_FRAME)
    draw = render_coverage if folder.coverage else render
    pictures, masks, *shares = (t.cpu().numpy() for t in draw(factors, folder.size_px, TRAINING_FRAME, device))
    for number, picture, mask in zip(numbers, pictures, masks):
        _write_whole(folder.find_picture(number), _encode_png(Image.fromarray(picture)))
        _write_whole(folder.find_mask(number), _encode_png(_paint_mask(mask)))
    for number, quarters in zip(numbers, shares[0] if shares else ()):
        _write_whole(folder.find_coverage(number), _encode_npz(quarters))
    return {number: _format_row(seed + number, values, mask) for number, values, mask in zip(numbers, factors, masks)}


def _format_row(seed: int, values: np.ndarray, mask: np.ndarray) -> list[str]:
    by_name = dict(zip(FACTOR_NAMES, values))
    options = [option_name(name, by_name[name]) for name in _CATEGORIES]
    return [str(seed), *_format_factors(values), *options, *(f"{share:.6f}" for share in measure_visibility(mask))]


def _format_factors(values: np.ndarray) -> list[str]:
    """The shortest text that reads back as the same float32; whole numbers for options."""
    return [str(int(value)) if factor.options else str(value) for factor, value in zip(FACTORS, values)]


def _paint_mask(mask: np.ndarray) -> Image.Image:
    """Return a picture whose pixel values are part numbers and whose palette makes them visible."""
    image = Image.fromarray(mask)
    image.putpalette([channel for colour in PART_COLOURS for channel in colour])
    return image


def _encode_png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _encode_npz(quarters: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, quarters=quarters)
    return buffer.getvalue()


def _write_whole(path: Path, content: bytes) -> None:
    """Write all or nothing: a reader, or a crash, never meets half a file. Raises EngineError."""
    with replace_file(path) as stream:
        stream.write(content)
