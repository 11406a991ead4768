"""A portrait set drawn once and kept: one memory-mapped file per array, written in blocks, each with its digest.

    for count in draw_portrait_set(spec, folder): ...   # goes on where it stopped, draws damaged blocks again
    data = open_portrait_set(spec, folder)

A block counts when its digest stands in blocks.json, which is replaced only after the block has reached the disk.
"""

import contextlib
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.files import read_bytes, replace_file
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.api.training import PortraitSpec
from sni_engine.train.array_file import ArrayFile
from sni_engine.train.dataset import Labelled, PictureSet
from sni_engine.train.disk import refuse_if_full

BLOCK = 256


@dataclass(frozen=True)
class Blocks:
    """The digests of a set's blocks, in order; empty text for a block that is not there yet."""

    version: int
    digests: tuple[str, ...]


@dataclass(frozen=True)
class StoredSet:
    """Where the parts of one set are."""

    spec: PortraitSpec
    folder: Path

    @property
    def arrays(self) -> tuple[ArrayFile, ArrayFile, ArrayFile]:
        """Pictures uint8 [N, H, W, 3], masks uint8 [N, H, W], factors float32 [N, F]."""
        from sni_engine.portraits import FACTORS

        count, side = self.spec.count, self.spec.size_px
        return (
            ArrayFile(self.folder / "pictures.npy", (count, side, side, 3), np.dtype(np.uint8)),
            ArrayFile(self.folder / "masks.npy", (count, side, side), np.dtype(np.uint8)),
            ArrayFile(self.folder / "factors.npy", (count, len(FACTORS)), np.dtype(np.float32)),
        )

    @property
    def starts(self) -> range:
        """The first portrait of each block."""
        return range(0, self.spec.count, BLOCK)

    def stop(self, start: int) -> int:
        """The portrait after a block's last."""
        return min(start + BLOCK, self.spec.count)

    def read_digests(self) -> list[str]:
        """Return each block's digest; empty texts where nothing, or nothing sensible, is written."""
        with contextlib.suppress(EngineError, PlainError):
            blocks = load_json(Blocks, read_bytes(self.folder / "blocks.json"))
            if blocks.version == 1 and len(blocks.digests) == len(self.starts):
                return list(blocks.digests)
        return [""] * len(self.starts)

    def write_digests(self, digests: list[str]) -> None:
        """Replace the list of blocks."""
        with replace_file(self.folder / "blocks.json") as stream:
            stream.write(dump_json(Blocks(1, tuple(digests))).encode())

    def is_complete(self) -> bool:
        """Say whether every file and every block's digest is there; contents are not checked."""
        return all(array.is_whole() for array in self.arrays) and all(self.read_digests())

    def is_intact(self, start: int, digest: str) -> bool:
        """Say whether a block is on the disk as it was drawn; reads it all, without mapping it."""
        if not digest:
            return False
        try:
            return _digest(*(array.read(start, self.stop(start)) for array in self.arrays)) == digest
        except (OSError, ValueError):
            return False


def count_missing_bytes(spec: PortraitSpec, folder: Path) -> int:
    """Return how much room drawing a set will take that its files have not reserved yet."""
    return sum(array.nbytes for array in StoredSet(spec, folder).arrays if not array.is_whole())


def count_missing(spec: PortraitSpec, folder: Path) -> int:
    """Return how many portraits of a set are still to be drawn; contents are not checked."""
    stored = StoredSet(spec, folder)
    if not all(array.is_whole() for array in stored.arrays):
        return sum(stored.stop(start) - start for start in stored.starts if not _old_block(folder, start).exists())
    digests = zip(stored.starts, stored.read_digests())
    there = (start for start, digest in digests if not digest and not _old_block(folder, start).exists())
    return sum(stored.stop(start) - start for start in there)


def draw_portrait_set(spec: PortraitSpec, folder: Path, device: str = "cpu") -> Iterator[int]:
    """Check what is stored and draw what is missing or damaged, block by block; yields how many portraits are right.

    One process at a time draws: another waits, telling how far the first is. What is complete is only checked, by any
    number of them. Blocks of the older format (one .npz each) are taken over instead of drawn, then removed. Raises
    EngineError when the folder holds another set, when the disk has no room, or when the system refuses.
    """
    stored = StoredSet(spec, folder)
    _claim(stored)
    with contextlib.closing(FileLock(folder / ".drawing.lock")) as lock:
        if not stored.is_complete():
            yield from lock.wait(lambda: spec.count - count_missing(spec, folder))
            _reserve(stored)
        for index, start in enumerate(stored.starts):
            if not stored.is_intact(start, stored.read_digests()[index]):
                yield from lock.wait(lambda: start)  # noqa: B023 - asked at once
                if not stored.is_intact(start, stored.read_digests()[index]):  # nobody else has mended it meanwhile
                    _write_block(stored, index, _take_over(stored, start) or _draw(stored, start, device))
            yield stored.stop(start)
    for start in stored.starts:
        _old_block(folder, start).unlink(missing_ok=True)


def _write_block(stored: StoredSet, index: int, block: Labelled) -> None:
    parts = (block.pictures, block.masks, block.factors)
    for array, rows in zip(stored.arrays, parts):
        array.write(stored.starts[index], rows)
    digests = stored.read_digests()
    digests[index] = _digest(*(np.ascontiguousarray(rows).data for rows in parts))
    stored.write_digests(digests)


def open_portrait_set(spec: PortraitSpec, folder: Path) -> PictureSet:
    """Return a stored set as memory maps, which cost no memory until they are read.

    Contents are what `draw_portrait_set` has checked or drawn. Raises EngineError when a block or a file is missing.
    """
    stored = StoredSet(spec, folder)
    missing = [start for start, digest in zip(stored.starts, stored.read_digests()) if not digest]
    if missing:
        raise EngineError(f"{folder} lacks portraits {missing[0]} to {stored.stop(missing[0]) - 1}.", "Draw it first.")
    pictures, masks, factors = (array.map() for array in stored.arrays)
    return PictureSet(pictures, masks, factors)


def _claim(stored: StoredSet) -> None:
    """Write down which set the folder is for. Raises EngineError when it is for another."""
    refuse_other(stored.spec, stored.folder)
    path = stored.folder / "set.json"
    if path.exists():
        return
    try:
        stored.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(f"{stored.folder} could not be made: {error.strerror}.", "Set SNI_HOME.") from error
    with replace_file(path) as stream:
        stream.write(dump_json(stored.spec).encode())


def refuse_other(spec: PortraitSpec, folder: Path) -> None:
    """Raise EngineError when a folder holds another set, or does not know which."""
    path = folder / "set.json"
    if not path.exists():
        return
    try:
        there = load_json(PortraitSpec, read_bytes(path))
    except PlainError as error:
        raise EngineError(f"{path} is damaged ({error}).", "Delete that folder; the set is drawn again.") from error
    if there != spec:
        raise EngineError(f"{folder} holds another portrait set.", "Choose another folder.")


def _reserve(stored: StoredSet) -> None:
    """Make the files that are not there at their full size; blocks of a file that had to be made are drawn again."""
    missing = [array for array in stored.arrays if not array.is_whole()]
    if not missing:
        return
    refuse_if_full(stored.folder, sum(array.nbytes for array in missing), "the portraits")
    for array in missing:
        array.reserve()


def _draw(stored: StoredSet, start: int, device: str) -> Labelled:
    from sni_engine.portraits import TRAINING_FRAME, render_batches

    spec = stored.spec
    seeds = range(spec.seed + start, spec.seed + stored.stop(start))
    batches = list(render_batches(seeds, spec.size_px, spec.variety, TRAINING_FRAME, device=device))
    _, pictures, masks, factors = (np.concatenate(part) for part in zip(*batches, strict=True))
    return Labelled(pictures, masks, factors)


def _old_block(folder: Path, start: int) -> Path:
    return folder / f"{start:06d}.npz"


def _take_over(stored: StoredSet, start: int) -> Labelled | None:
    """Return a block of the older format, or None where there is none that fits."""
    try:
        with np.load(_old_block(stored.folder, start), allow_pickle=False) as block:
            rows = Labelled(block["pictures"], block["masks"], block["factors"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    parts = (rows.pictures, rows.masks, rows.factors)
    wanted = [replace(array, shape=(stored.stop(start) - start, *array.shape[1:])) for array in stored.arrays]
    fits = all(part.shape == array.shape and part.dtype == array.dtype for part, array in zip(parts, wanted))
    return rows if fits else None


def _digest(*parts: bytes | memoryview) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
