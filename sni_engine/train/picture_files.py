"""Where a person's pictures come from: a folder or a zip archive, as a list of entries that can be opened.

Nothing is unpacked: names in an archive decide the order and the words of a message, never where something is written.
"""

import contextlib
import io
import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sni_engine.api.errors import EngineError
from sni_engine.train.decode import SUFFIXES, UnusableError

LARGEST_ENTRY_BYTES = 512 * 2**20
_LEFT_OUT = ("masks", "__MACOSX")  # a portrait folder's part masks, and what Macs put into archives


@dataclass(frozen=True)
class Entry:
    """A file that may be a picture. stamp: changes with its content; mtime_ns in folders, the CRC in archives."""

    name: str
    size: int
    stamp: int


@dataclass(frozen=True)
class PictureFiles:
    """The entries of one folder or archive in order of name, and how many files there are of other kinds.

    unread: the folders within that could not be searched, each with the reason.
    """

    root: Path
    entries: tuple[Entry, ...]
    others: int
    unread: tuple[str, ...] = ()

    @contextlib.contextmanager
    def opening(self) -> Iterator["Opener"]:
        """Let entries be opened while the block runs. Raises EngineError when folder or archive have gone since."""
        if self.root.is_dir():
            yield Opener(self.root, None)
            return
        try:
            archive = zipfile.ZipFile(self.root)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise EngineError(f"{self.root} is not there any more, or another file.", "Choose it again.") from error
        with archive:
            yield Opener(self.root, archive)


@dataclass(frozen=True, eq=False)
class Opener:
    """Opens entries; from several threads too."""

    root: Path
    archive: zipfile.ZipFile | None

    def count_bytes(self, entry: Entry) -> int:
        """Return how much memory the stream of an entry takes: archives are unpacked, files are read bit by bit."""
        return entry.size if self.archive else 0

    def read(self, entry: Entry) -> BinaryIO:
        """Return a stream that can be searched. Raises UnusableError with the reason."""
        try:
            return self._read_packed(entry, self.archive) if self.archive else self._open_file(entry)
        except OSError as error:
            raise UnusableError(f"could not be read: {error.strerror or error}") from error

    def _open_file(self, entry: Entry) -> BinaryIO:
        path = self.root / entry.name
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe with a picture's name would be waited for for ever
            raise UnusableError("not an ordinary file")
        return path.open("rb")

    def _read_packed(self, entry: Entry, archive: zipfile.ZipFile) -> BinaryIO:
        info = archive.getinfo(entry.name)
        if ".." in PurePosixPath(entry.name.replace("\\", "/")).parts or entry.name.startswith(("/", "\\")):
            raise UnusableError("its name leads out of the archive")
        if info.flag_bits & 1:
            raise UnusableError("locked with a password")
        if entry.size > LARGEST_ENTRY_BYTES:
            raise UnusableError("larger than any picture when unpacked; it may be a trap")
        try:
            with archive.open(info) as packed:
                return io.BytesIO(packed.read(LARGEST_ENTRY_BYTES))  # no more than announced, whatever the data says
        except Exception as error:  # damaged archives make zlib, lzma, zipfile and struct raise, each its own
            raise UnusableError(f"damaged in the archive ({error})") from error


def list_pictures(root: Path) -> PictureFiles:
    """Return what may be pictures in a folder or zip archive. Raises EngineError when it is neither."""
    unread: list[str] = []
    if root.is_dir():
        found = sorted(_walk(root, unread), key=lambda entry: entry.name)
    elif root.is_file():
        found = sorted(_read_index(root), key=lambda entry: entry.name)
    else:
        raise EngineError(f"{root} is not a folder or zip file.", "Choose a folder of pictures, or a zip file of them.")
    shown = [entry for entry in found if not _is_hidden(entry.name)]
    entries = tuple(entry for entry in shown if PurePosixPath(entry.name).suffix.lower() in SUFFIXES)
    return PictureFiles(root, entries, len(shown) - len(entries), tuple(sorted(unread)))


def show_name(name: str) -> str:
    """Return a file's name as text that any terminal can take: no control codes, no broken letters."""
    return "".join(letter if letter.isprintable() else "?" for letter in name.encode(errors="replace").decode())


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return parts[-1].startswith(".") or any(part in _LEFT_OUT for part in parts[:-1])


def _walk(root: Path, unread: list[str]) -> Iterator[Entry]:
    """Yield the files below a folder; folders that cannot be searched are added to `unread`."""

    def note(error: OSError) -> None:
        place = Path(os.path.relpath(error.filename, root)).as_posix()
        unread.append(f"{show_name(place)}: a folder that could not be searched ({error.strerror})")

    for folder, _, names in os.walk(root, onerror=note):  # does not follow links to folders, which may lead in a circle
        for name in names:
            path = Path(folder, name)
            try:
                found = path.stat()
                size, changed = found.st_size, found.st_mtime_ns
            except OSError:  # a link to nowhere; it is listed when it cannot be opened
                size, changed = 0, 0
            yield Entry(path.relative_to(root).as_posix(), size, changed)


def _read_index(root: Path) -> list[Entry]:
    try:
        with zipfile.ZipFile(root) as archive:
            named = {info.filename: info for info in archive.infolist() if not info.is_dir()}  # the last of twins
            return [Entry(info.filename, info.file_size, info.CRC) for info in named.values()]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise EngineError(f"{root} is not a readable zip file ({error}).", "Pack it anew, or unpack it.") from error
