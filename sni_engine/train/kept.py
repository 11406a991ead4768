"""Checkpoints kept along a run's way: spread over it, never more than wished, the first to go when disks are full."""

import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.files import scratch_beside
from sni_engine.train.disk import SPARE_BYTES, count_free_bytes
from sni_engine.train.run_folder import RunFolder

_FULL = (errno.ENOSPC, errno.EDQUOT)


def keep_checkpoint(run: RunFolder, images_seen: int, most: int) -> None:
    """Keep the newest checkpoint, which is of so many images, and let others go beyond `most`. Raises EngineError.

    Starred ones always stay, and do not count.
    """
    if most:
        link(run.checkpoint, run.kept_checkpoint(images_seen))
    for images in choose_dropped(run.list_kept(), run.read_stars(), most):
        with contextlib.suppress(OSError):  # somebody reads it, on Windows: then it goes the next time
            run.kept_checkpoint(images).unlink(missing_ok=True)


def choose_dropped(kept: Iterable[int], starred: Iterable[int], most: int) -> list[int]:
    """Return which checkpoints to let go so that at most `most` without a star stay, spread over the run.

    One at a time, that which leaves the smallest gap; the newest last of all.
    """
    left, stars, dropped = sorted(kept), set(starred), []
    while len(free := [images for images in left if images not in stars]) > most:
        older = [images for images in free if images != left[-1]]
        ends = [0, *left, left[-1]]
        gaps = {images: ends[place + 2] - ends[place] for place, images in enumerate(left)}
        dropped.append(min(older or free, key=lambda images: (gaps[images], images)))
        left.remove(dropped[-1])
    return dropped


def link(source: Path, target: Path) -> None:
    """Let a second name stand for a file that nobody changes; a copy where the disk knows no such names.

    What was at `target` is replaced. Raises EngineError.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineError(f"{target.parent} could not be made: {error.strerror}.", "Choose another folder.") from error
    with scratch_beside(target) as scratch:
        try:
            os.link(source, scratch / target.name)
        except OSError:
            shutil.copyfile(source, scratch / target.name)
        os.replace(scratch / target.name, target)


def make_room(run: RunFolder) -> list[int]:
    """Let kept checkpoints go while the disk has no room for another one; returns which."""
    dropped: list[int] = []
    with contextlib.suppress(OSError):
        needed = run.checkpoint.stat().st_size * 3 // 2  # the checkpoint, the model, a sheet
        while count_free_bytes(run.path) < needed + SPARE_BYTES and drop_one(run, dropped):
            pass
    return dropped


def with_room(run: RunFolder, action: Callable[[], object], dropped: list[int]) -> None:
    """Write something; when the disk is full, let kept checkpoints go one at a time, and try again. Raises EngineError.

    dropped: where the images of those that went are added.
    """
    while True:
        try:
            action()
            return
        except EngineError as error:
            is_full = isinstance(error.__cause__, OSError) and error.__cause__.errno in _FULL
            if not is_full or not drop_one(run, dropped):
                raise


def drop_one(run: RunFolder, dropped: list[int]) -> bool:
    """Let the kept checkpoint go that is missed least; say whether there was one without a star."""
    kept, stars = run.list_kept(), run.read_stars()
    free = len([images for images in kept if images not in stars])
    if not free:
        return False
    (images,) = choose_dropped(kept, stars, free - 1)
    with contextlib.suppress(OSError):
        run.kept_checkpoint(images).unlink()
        dropped.append(images)
        return True
    return False


def tell_dropped(dropped: Iterable[int]) -> str:
    """Return the sentence for checkpoints that had to go; nothing where none had to."""
    names = ", ".join(map(str, sorted(dropped)))
    return f"The disk is nearly full. Checkpoints kept at these images were deleted: {names}." if names else ""
