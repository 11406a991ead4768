"""A person's own pictures: scaled once, kept as a memory map, and opened at once the next time.

The map's folder is named after what it was made from (names, sizes, dates, settings): a changed picture is a new map.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import PIL

from sni_engine.api.errors import EngineError
from sni_engine.api.file_lock import FileLock
from sni_engine.api.files import read_bytes
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.api.training import Fit
from sni_engine.train.array_file import ArrayFile
from sni_engine.train.dataset import PictureSet
from sni_engine.train.decode import UnusableError, decode_picture, quiet_decoders
from sni_engine.train.disk import refuse_if_full
from sni_engine.train.picture_files import Entry, PictureFiles, list_pictures, show_name
from sni_engine.train.room import Room

_VERSION = 1  # goes up when the same file comes to give other pixels
_CHUNK = 64  # pictures decoded before they are written
_READERS = 8
_ROOM_BYTES = 512 * 2**20  # for what all readers unpack, and for their pixels; a larger picture is read alone


@dataclass(frozen=True)
class Scaled:
    """What a cache says of itself: how many pictures, which files could not be used and why, a digest per chunk."""

    version: int
    count: int
    skipped: tuple[str, ...]
    digests: tuple[str, ...]


def open_pictures(root: Path, size_px: int, fit: Fit, cache: Path) -> Generator[tuple[int, int], None, PictureSet]:
    """Yield how many files are read and of how many; return the pictures as a memory map in order of name.

    Files that cannot be used are skipped and listed with the reason. Raises EngineError when `root` is neither folder
    nor zip file, when fewer than two pictures are left, or when `cache` cannot take the scaled pictures.
    """
    files = list_pictures(root)
    folder = cache / f"pictures-{size_px}px-{fit}-{_name_content(files, size_px, fit)}"
    scaled = _read_cache(folder, size_px)
    if scaled is None:
        with contextlib.closing(FileLock(_lock_of(folder))) as lock:
            yield from lock.wait(lambda: (0, len(files.entries)))
            scaled = _read_cache(folder, size_px)  # another run may have made it meanwhile
            if scaled is None:
                _clear_leftovers(folder)
                scaled = yield from _fill_cache(files, folder, size_px, fit)
    skipped = (*files.unread, *scaled.skipped)
    if scaled.count < 2:
        reasons = f" {'; '.join(skipped[:3])}." if skipped else ""
        reasons += f" {files.others} files are of other kinds." if files.others else ""
        raise EngineError(
            f"{root} holds {scaled.count} readable pictures.{reasons}", "Training needs two at the very least."
        )
    return PictureSet(_describe_file(folder, scaled.count, size_px).map(), skipped=skipped)


def _name_content(files: PictureFiles, size_px: int, fit: Fit) -> str:
    # another Pillow may read what this one skips
    digest = hashlib.blake2b(repr((_VERSION, PIL.__version__, size_px, fit)).encode(), digest_size=8)
    for entry in files.entries:
        digest.update(repr((entry.name, entry.size, entry.stamp)).encode(errors="surrogatepass"))
    return digest.hexdigest()


def _describe_file(folder: Path, count: int, size_px: int) -> ArrayFile:
    return ArrayFile(folder / "pictures.npy", (count, size_px, size_px, 3), np.dtype(np.uint8))


def _read_cache(folder: Path, size_px: int) -> Scaled | None:
    """Return what is cached, checked byte for byte; None where there is nothing or nothing sound."""
    with contextlib.suppress(EngineError, PlainError, OSError, ValueError):
        scaled = load_json(Scaled, read_bytes(folder / "index.json"))
        file = _describe_file(folder, scaled.count, size_px)
        if scaled.version == _VERSION and file.is_whole() and tuple(_digest_chunks(file)) == scaled.digests:
            return scaled
    return None


def _digest_chunks(file: ArrayFile) -> Iterator[str]:
    for first in range(0, file.shape[0], _CHUNK * 16):
        rows = file.read(first, min(first + _CHUNK * 16, file.shape[0]))
        yield hashlib.blake2b(rows, digest_size=16).hexdigest()


def _fill_cache(files: PictureFiles, folder: Path, size_px: int, fit: Fit) -> Generator[tuple[int, int], None, Scaled]:
    """Scale every picture into a folder beside the final one, then put it in place at once."""
    if files.entries:
        refuse_if_full(folder.parent, _describe_file(folder, len(files.entries), size_px).nbytes, "the scaled pictures")
    with _making(folder) as part:
        file = _describe_file(part, len(files.entries), size_px)
        file.reserve()
        skipped: list[str] = []
        count = done = 0
        for pictures, reasons in _decode_all(files, size_px, fit):
            file.write(count, pictures)
            count, skipped, done = count + len(pictures), [*skipped, *reasons], done + len(pictures) + len(reasons)
            yield done, len(files.entries)
        file.shorten(count)
        file = replace(file, shape=(count, *file.shape[1:]))
        scaled = Scaled(_VERSION, count, tuple(skipped), tuple(_digest_chunks(file)))
        (part / "index.json").write_text(dump_json(scaled), encoding="utf-8")
    return scaled


@contextlib.contextmanager
def _making(folder: Path) -> Iterator[Path]:
    """Give a private folder that takes the place of `folder` when the block ends well, and is gone when it does not."""
    part = folder.with_name(f".{folder.name}.part")
    try:
        part.mkdir()
        yield part
        shutil.rmtree(folder, ignore_errors=True)  # what was there proved damaged
        os.replace(part, folder)
    except OSError as error:
        raise EngineError(
            f"The scaled pictures could not be kept in {folder.parent}: {error.strerror or error}.",
            "Make room, or set SNI_HOME to another folder.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.lock")


def _clear_leftovers(folder: Path) -> None:
    """Remove the half-made folders of readings that were killed: this one's, whose lock is held, and all unlocked."""
    shutil.rmtree(folder.with_name(f".{folder.name}.part"), ignore_errors=True)
    for part in folder.parent.glob(".pictures-*.part"):
        with contextlib.closing(FileLock(part.with_suffix(".lock"))) as lock:
            if lock.take():
                shutil.rmtree(part, ignore_errors=True)


def _decode_all(files: PictureFiles, size_px: int, fit: Fit) -> Iterator[tuple[np.ndarray, list[str]]]:
    """Yield the pictures uint8 [n, H, W, 3] of some files at a time, and for each other file its name and reason."""

    def decode(entry: Entry) -> np.ndarray | str:
        try:
            # always in this order, so that nobody who unpacks pixels waits for one who waits for them
            with packed.holding(opener.count_bytes(entry)), opener.read(entry) as stream:
                return decode_picture(stream, size_px, fit, pixels)
        except UnusableError as error:
            return f"{show_name(entry.name)}: {error}"

    packed, pixels = Room(_ROOM_BYTES), Room(_ROOM_BYTES)
    with files.opening() as opener, quiet_decoders(), ThreadPoolExecutor(min(_READERS, os.cpu_count() or 1)) as pool:
        for first in range(0, len(files.entries), _CHUNK):
            results = list(pool.map(decode, files.entries[first : first + _CHUNK]))
            pictures = [result for result in results if not isinstance(result, str)]
            stacked = np.stack(pictures) if pictures else np.zeros((0, size_px, size_px, 3), np.uint8)
            yield stacked, [result for result in results if isinstance(result, str)]
