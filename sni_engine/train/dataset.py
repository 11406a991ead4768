"""Training pictures: a portrait set drawn once and kept in blocks on disk, or a person's own folder."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sni_engine.api.errors import EngineError
from sni_engine.api.files import read_bytes, replace_file
from sni_engine.api.plain import PlainError, dump_json, load_json

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
_BLOCK = 256


@dataclass(frozen=True)
class PortraitSpec:
    """Which procedural portraits to train on: `count` consecutive seeds from `seed` on.

    renderer: goes up when portraits come to look different, so that no run trains on a mixture.
    """

    count: int = 16384
    size_px: int = 64
    variety: float = 0.25
    seed: int = 0
    renderer: int = 2

    @property
    def name(self) -> str:
        """A folder name that changes with any of the numbers."""
        text = f"{self.count}-{self.size_px}-{self.variety}-{self.seed}-{self.renderer}"
        return f"portraits-{self.size_px}px-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"


@dataclass(frozen=True, eq=False)
class PictureSet:
    """pictures uint8 [N, H, W, 3]; masks uint8 [N, H, W] and factors float32 [N, F] where the set has labels."""

    pictures: np.ndarray
    masks: np.ndarray | None = None
    factors: np.ndarray | None = None
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pictures)


def draw_portrait_set(spec: PortraitSpec, folder: Path, device: str = "cpu") -> Iterator[int]:
    """Draw what is missing of a stored set, in blocks written whole; yields how many portraits are there."""
    folder.mkdir(parents=True, exist_ok=True)
    _claim(spec, folder)
    from sni_engine.portraits import TRAINING_FRAME, render_batches

    for start in range(0, spec.count, _BLOCK):
        stop = min(start + _BLOCK, spec.count)
        if not _block_path(folder, start).exists():
            seeds = range(spec.seed + start, spec.seed + stop)
            batches = list(render_batches(seeds, spec.size_px, spec.variety, TRAINING_FRAME, device=device))
            _, pictures, masks, factors = (np.concatenate(part) for part in zip(*batches, strict=True))
            with replace_file(_block_path(folder, start)) as stream:
                np.savez(stream, pictures=pictures, masks=masks, factors=factors)
        yield stop


def _block_path(folder: Path, start: int) -> Path:
    return folder / f"{start:06d}.npz"


def _claim(spec: PortraitSpec, folder: Path) -> None:
    path = folder / "set.json"
    if not path.exists():
        with replace_file(path) as stream:
            stream.write(dump_json(spec).encode())
        return
    try:
        there = load_json(PortraitSpec, read_bytes(path))
    except PlainError as error:
        raise EngineError(f"{path} is damaged ({error}).", "Delete that folder; the set is drawn again.") from error
    if there != spec:
        raise EngineError(f"{folder} holds another portrait set.", "Choose another folder.")


def open_portrait_set(spec: PortraitSpec, folder: Path) -> PictureSet:
    """Return a stored set. Raises EngineError when a block is missing or damaged."""
    parts: list[tuple[np.ndarray, ...]] = []
    for start in range(0, spec.count, _BLOCK):
        path = _block_path(folder, start)
        try:
            with np.load(path, allow_pickle=False) as block:
                parts.append((block["pictures"], block["masks"], block["factors"]))
        except (OSError, ValueError, KeyError) as error:
            raise EngineError(f"{path} is missing or damaged.", "Delete it and start again; it is redrawn.") from error
    pictures, masks, factors = (np.concatenate(part) for part in zip(*parts, strict=True))
    return PictureSet(pictures, masks, factors)


def open_folder(folder: Path, size_px: int) -> PictureSet:
    """Read every picture under `folder`, turned upright, cropped to its central square, scaled to `size_px`.

    Files that cannot be read are skipped and listed. Raises EngineError when fewer than two pictures are left.
    """
    if not folder.is_dir():
        raise EngineError(f"{folder} is not a folder.", "Choose a folder of pictures.")
    pictures, skipped = [], []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES or not path.is_file() or "masks" in path.relative_to(folder).parts[:-1]:
            continue
        try:
            pictures.append(_read_square(path, size_px))
        except Exception as error:  # decoders of damaged files raise anything; each is listed, none ends the run
            skipped.append(f"{path.name}: {error}")
    if len(pictures) < 2:
        raise EngineError(f"{folder} holds {len(pictures)} readable pictures.", "Training needs two at the very least.")
    return PictureSet(np.stack(pictures), skipped=tuple(skipped))


def _to_eight_bits(image: "Image.Image") -> "Image.Image":
    """Scale a sixteen-bit grey picture; Pillow itself would clip it."""
    if not image.mode.startswith("I"):
        return image
    from PIL import Image

    values = np.asarray(image).astype(np.float32) / 257
    return Image.fromarray(values.clip(0, 255).round().astype(np.uint8))


def _read_square(path: Path, size_px: int) -> np.ndarray:
    from PIL import Image, ImageOps

    with Image.open(path) as image:
        upright = _to_eight_bits(ImageOps.exif_transpose(image))
        if "A" in upright.getbands() or "transparency" in upright.info:
            backdrop = Image.new("RGBA", upright.size, "white")
            upright = Image.alpha_composite(backdrop, upright.convert("RGBA"))
        square = ImageOps.fit(upright.convert("RGB"), (size_px, size_px), Image.Resampling.LANCZOS)
    return np.asarray(square)
