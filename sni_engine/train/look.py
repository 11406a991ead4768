"""A first look at what a run would learn from: some pictures beside their originals, and the sizes of all files.

Sizes come from the files' heads and are remembered, so that another resolution is judged at once. A file whose end is
not as it should be is read in full; damage in the middle shows when all are, before the run starts.
"""

from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.train_requests import CheckPictures, LookAtPictures, Original, PicturesChecked
from sni_engine.api.training import Fit, PortraitSpec
from sni_engine.train.decode import (
    LARGEST_PIXELS,
    UnusableError,
    check_size,
    decode_beside,
    decode_picture,
    measure_picture,
    quiet_decoders,
)
from sni_engine.train.picture_files import Entry, Opener, PictureFiles, list_pictures, show_name
from sni_engine.train.room import Room
from sni_engine.train.whole import looks_whole

FEW = 1000  # pictures; with fewer, small moves alone do not keep a model from repeating them
_TRIES = 4  # files tried for each picture that is shown
_ORIGINAL_PX = 192
_ROOM_BYTES = 512 * 2**20
_TOLD_EVERY = 16  # files

Size = tuple[int, int]


class FirstLook:
    """Remembers the files of one source and what is known of each."""

    def __init__(self) -> None:
        self._files: PictureFiles | None = None
        self._sizes: dict[Entry, Size | str] = {}

    def look(self, request: LookAtPictures) -> Generator[float, None, tuple[list[Original], list[np.ndarray], int]]:
        """Yield how far it is, 0 to 1; return originals, their pictures, and how many files there are.

        Raises EngineError when there is neither folder nor zip file.
        """
        files = self._list(Path(request.data))
        yield 0.1
        originals: list[Original] = []
        pictures: list[np.ndarray] = []
        with files.opening() as opener, quiet_decoders():
            for entry in _spread(files.entries, request.count, request.count * _TRIES):
                try:
                    original, picture = _read(opener, entry, request.size_px, request.fit)
                except UnusableError:
                    continue  # it is told of where all files are
                originals.append(original)
                pictures.append(picture)
                yield 0.1 + 0.9 * len(pictures) / request.count
                if len(pictures) == request.count:
                    break
        return originals, pictures, len(files.entries)

    def check(self, request: CheckPictures) -> Generator[float, None, PicturesChecked]:
        """Yield how far it is, 0 to 1; return how many files can be used. Raises EngineError as `look` does."""
        files = self._files
        if files is None or files.root != Path(request.data):
            files = self._list(Path(request.data))
        with files.opening() as opener, quiet_decoders():
            for number, entry in enumerate(files.entries):
                if entry not in self._sizes:
                    self._sizes[entry] = _measure(opener, entry)
                    if number % _TOLD_EVERY == 0:
                        yield number / len(files.entries)
        return judge_sizes(request, files, self._sizes)

    def _list(self, root: Path) -> PictureFiles:
        files = list_pictures(root)
        if self._files is None or self._files.root != root:
            self._sizes = {}
        self._files = files
        return files


def draw_portraits(request: LookAtPictures) -> Iterator[np.ndarray]:
    """Yield the first portraits of a run, uint8 [S, S, 3] each."""
    import torch

    from sni_engine.train.live_portraits import LivePortraits

    spec = PortraitSpec(0, request.size_px, request.variety)
    portraits = LivePortraits(spec, torch.device("cpu"))
    for number in range(request.count):
        yield portraits.read(np.array([number]))[0]


def judge_sizes(request: CheckPictures, files: PictureFiles, sizes: dict[Entry, Size | str]) -> PicturesChecked:
    """Return what the sizes of all files mean for a run."""
    skipped = list(files.unread)
    usable = enlarged = 0
    for entry in files.entries:
        size = sizes[entry]
        try:
            if isinstance(size, str):
                raise UnusableError(size)
            check_size(size, request.size_px, request.fit)
        except UnusableError as error:
            skipped.append(f"{show_name(entry.name)}: {error}")
            continue
        usable += 1
        enlarged += (min(size) if request.fit == "crop" else max(size)) < request.size_px
    return PicturesChecked(
        request.ticket,
        usable,
        tuple(_find_problems(usable, files)),
        tuple(_list_notes(usable, enlarged, files, request.size_px)),
        tuple(skipped),
    )


def _find_problems(usable: int, files: PictureFiles) -> Iterator[str]:
    if not files.entries:
        one = "its one file is of another kind"
        others = (
            f": {one if files.others == 1 else f'its {files.others} files are of other kinds'}" if files.others else ""
        )
        yield f"{files.root.name} holds no pictures{others}."
    elif usable < 2:
        what = "One picture" if usable else "None of the pictures"
        yield f"{what} can be used; training needs two at the very least."


def _list_notes(usable: int, enlarged: int, files: PictureFiles, size_px: int) -> Iterator[str]:
    if 2 <= usable < FEW:
        yield f"{usable} pictures are few: a model learns more from thousands."
    if enlarged:
        yield f"{enlarged} {'is' if enlarged == 1 else 'are'} smaller than {size_px} px and will be blown up."
    if files.others and files.entries:
        several = files.others != 1
        yield f"{files.others} {'files of other kinds are' if several else 'file of another kind is'} left out."


def _measure(opener: Opener, entry: Entry) -> Size | str:
    try:
        with opener.read(entry) as stream:
            size = measure_picture(stream)
            if not looks_whole(stream) and size[0] * size[1] <= LARGEST_PIXELS:
                stream.seek(0)
                decode_picture(stream, 1, "crop", Room(_ROOM_BYTES))  # the only way to be sure
            return size
    except UnusableError as error:
        return str(error)


def _read(opener: Opener, entry: Entry, size_px: int, fit: Fit) -> tuple[Original, np.ndarray]:
    room = Room(_ROOM_BYTES)
    with opener.read(entry) as stream:
        picture, small, (width, height) = decode_beside(stream, size_px, fit, room, _ORIGINAL_PX)
    return Original(show_name(entry.name), width, height, _freeze(small), find_square(width, height, fit)), picture


def find_square(width: int, height: int, fit: Fit) -> tuple[float, float, float, float]:
    """Return the square a run sees, in shares of a picture's width and height (api.train_requests.Original)."""
    side = min(width, height) if fit == "crop" else max(width, height)
    across, down = side / width, side / height
    return (1 - across) / 2, (1 - down) / 2, across, down


def stack_pictures(pictures: list[np.ndarray], size_px: int) -> Array:
    """Return pictures as one read-only array, uint8 [n, S, S, 3]."""
    return _freeze(np.stack(pictures) if pictures else np.zeros((0, size_px, size_px, 3), np.uint8))


def _freeze(array: np.ndarray) -> Array:
    array = np.ascontiguousarray(array)
    array.flags.writeable = False
    return array


def _spread(entries: tuple[Entry, ...], count: int, most: int) -> Iterator[Entry]:
    """Yield files from all over the list, the first from evenly spread places, then their neighbours."""
    places = [index * len(entries) // count for index in range(count)] if entries else []
    seen: set[int] = set()
    for step in range(max(1, most // max(1, count))):
        for place in places:
            index = (place + step) % len(entries)
            if index not in seen:
                seen.add(index)
                yield entries[index]


def refuse_bad_size(size_px: int, fit: str) -> None:
    """Raise EngineError for what no picture can be made into."""
    if not 1 <= size_px <= 2048 or fit not in ("crop", "pad"):
        raise EngineError(f"No pictures can be made with {size_px} px.", "Choose another resolution.")
