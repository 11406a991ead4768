"""Moving pictures as files: numbered PNGs, GIF, animated WebP and PNG, frame after frame as they are drawn.

Each writer takes one picture at a time and yields how many it has, so that drawing and packing share the memory of a
single frame, and closing the iterator leaves nothing behind. Pillow packs every frame; what holds the frames together
(GIF89a; the WebP container; PNG, third edition, section 11.3.6) is a few bytes each and written here, because
Pillow's own writers want all frames at once and cannot be stopped.
"""

import io
import os
import struct
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file, scratch_beside
from sni_engine.api.pictures import OWN_SIZE, PictureForm, encode_picture, scale_picture
from sni_engine.api.png_state import SIGNATURE, make_chunk, read_chunks, state_chunks
from sni_engine.api.video import write_mp4

Picture = tuple[Array, int]  # uint8 [H, W, 3], and for how many frames it stays
FOLDER = ""
_SAMPLE_PX = 96  # colours are chosen from so much of a frame: choosing from more takes seconds and gains nothing
_WEBP_BYTES = 2**32 - 2  # its size is written in four bytes
_GIF_FPS = 50  # programs show frames shorter than 20 ms for 100 ms


@dataclass(frozen=True)
class Animation:
    """What a moving picture is written as.

    pictures: how many different ones come. fps: frames in a second. form: size, filter, and quality of WebP and MP4.
    state: a .sni file's bytes for an animated PNG to carry.
    """

    pictures: int
    fps: float
    form: PictureForm = OWN_SIZE
    state: bytes | None = None


def choose_writer(path: Path) -> str:
    """Return the suffix that decides the kind of file, "" for a folder of PNGs. Raises EngineError for others."""
    suffix = Path(path).suffix.lower()
    if suffix not in WRITERS:
        kinds = ", ".join(sorted(kind for kind in WRITERS if kind))
        raise EngineError(
            f"{path} does not name a kind of sequence that can be written.",
            f"End it with {kinds}, or with nothing for a folder of PNGs.",
        )
    return suffix


def check_animation(path: Path, animation: Animation) -> None:
    """Raise EngineError for what can be known to fail before anything is drawn."""
    suffix = choose_writer(path)
    if suffix == ".gif" and animation.fps > _GIF_FPS:
        raise EngineError(f"A GIF shows at most {_GIF_FPS} frames a second.", "Choose fewer, or another format.")
    if suffix == FOLDER and Path(path).is_dir() and any(Path(path).iterdir()):
        raise EngineError(f"The folder {path} is not empty.", "Choose a new one, so that no file of yours is replaced.")
    if suffix == FOLDER and Path(path).is_file():
        raise EngineError(f"{path} is a file.", "Choose a new folder, or a name that ends with .webp, .gif or .mp4.")


def write_animation(path: Path, pictures: Iterable[Picture], animation: Animation) -> Generator[int, None, None]:
    """Write pictures in the order they come, in one step; yield how many are in.

    Closing the iterator removes what was written. Raises EngineError; what was at `path` is then unchanged.
    """
    check_animation(path, animation)
    yield from WRITERS[choose_writer(path)](Path(path), _scale_alike(pictures, animation.form), animation)


def _scale_alike(pictures: Iterable[Picture], form: PictureForm) -> Iterator[Picture]:
    """Yield pictures at their form's size. Raises EngineError for one of another shape than the first."""
    shape: tuple[int, ...] = ()
    for picture, count in pictures:
        scaled = scale_picture(picture, form)
        shape = shape or scaled.shape
        if scaled.shape != shape:
            sizes = f"{shape[1]} x {shape[0]} and {scaled.shape[1]} x {scaled.shape[0]} px"
            raise EngineError(f"The pictures of a sequence differ in size: {sizes}.", "Draw all with one model.")
        yield scaled, count


def _write_folder(path: Path, pictures: Iterable[Picture], animation: Animation) -> Iterator[int]:
    with scratch_beside(path) as scratch:
        made = scratch / path.name
        made.mkdir()
        number = 0
        for index, (picture, count) in enumerate(pictures):
            data = encode_picture(picture, "PNG")
            for _ in range(count):
                number += 1
                (made / f"frame-{number:05d}.png").write_bytes(data)
            yield index + 1
        if path.is_dir():
            path.rmdir()  # it is empty; Windows renames over nothing else
        os.rename(made, path)


def _in_one_file(
    begin: Callable[[BinaryIO, Animation, Array], None],
    add: Callable[[BinaryIO, Animation, Array, int, int], None],
    end: Callable[[BinaryIO], object],
) -> Callable[[Path, Iterable[Picture], Animation], Iterator[int]]:
    """Return a writer of a file that begins, takes one frame after another with its number and milliseconds, and ends.

    Milliseconds are those between rounded moments, so that roundings do not add up.
    """

    def write(path: Path, pictures: Iterable[Picture], animation: Animation) -> Iterator[int]:
        with replace_file(path) as stream:
            shown = 0
            for index, (picture, count) in enumerate(pictures):
                if index == 0:
                    begin(stream, animation, picture)
                start, shown = shown, shown + count
                moments = [round(frame * 100 / animation.fps) * 10 for frame in (start, shown)]
                add(stream, animation, picture, index, max(10, moments[1] - moments[0]))
                yield index + 1
            end(stream)

    return write


# -- GIF: each frame has a palette of its own, the best 256 colours for it


def _begin_gif(stream: BinaryIO, _: Animation, picture: Array) -> None:
    height, width = picture.shape[:2]
    stream.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0x70, 0, 0))
    stream.write(b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0")  # again and again


def _add_gif(stream: BinaryIO, animation: Animation, picture: Array, _: int, milliseconds: int) -> None:
    from PIL import GifImagePlugin, Image

    image = Image.fromarray(picture)
    sample = image.resize((min(image.width, _SAMPLE_PX), min(image.height, _SAMPLE_PX)), Image.Resampling.NEAREST)
    palette = sample.quantize(256, Image.Quantize.MEDIANCUT, kmeans=2)
    smooth = animation.form.filter == "smooth"  # gradients would show steps; sharp pixels are to stay even
    dither = Image.Dither.FLOYDSTEINBERG if smooth else Image.Dither.NONE
    paletted = image.quantize(palette=palette, dither=dither)
    for part in GifImagePlugin.getdata(paletted, duration=milliseconds, include_color_table=True):
        stream.write(part)


# -- animated WebP


def _begin_webp(stream: BinaryIO, _: Animation, picture: Array) -> None:
    height, width = picture.shape[:2]
    canvas = b"\x02\0\0\0" + _three(width - 1) + _three(height - 1)
    stream.write(b"RIFF\0\0\0\0WEBP" + _riff(b"VP8X", canvas) + _riff(b"ANIM", b"\0\0\0\xff\0\0"))


def _add_webp(stream: BinaryIO, animation: Animation, picture: Array, _: int, milliseconds: int) -> None:
    height, width = picture.shape[:2]
    still = encode_picture(picture, "WEBP", PictureForm(quality=animation.form.quality))
    head = bytes(6) + _three(width - 1) + _three(height - 1) + _three(min(milliseconds, 0xFFFFFF)) + b"\x02"
    stream.write(_riff(b"ANMF", head + b"".join(_read_webp(still))))
    if stream.tell() > _WEBP_BYTES:
        raise EngineError("An animated WebP holds no more than 4 GiB.", "Choose fewer frames, a smaller size, or .mp4.")


def _end_webp(stream: BinaryIO) -> None:
    size = stream.tell() - 8
    stream.seek(4)
    stream.write(struct.pack("<I", size))
    stream.seek(0, io.SEEK_END)


def _read_webp(data: bytes) -> Iterator[bytes]:
    """Yield the chunks of a still WebP that hold its pixels."""
    place = 12
    while place + 8 <= len(data):
        kind, length = data[place : place + 4], struct.unpack("<I", data[place + 4 : place + 8])[0]
        padded = 8 + length + length % 2
        if kind in (b"VP8 ", b"VP8L", b"ALPH"):
            yield data[place : place + padded]
        place += padded


def _riff(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")


# -- animated PNG


def _begin_apng(stream: BinaryIO, animation: Animation, picture: Array) -> None:
    height, width = picture.shape[:2]
    stream.write(SIGNATURE + make_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)))
    stream.write(make_chunk(b"acTL", struct.pack(">II", animation.pictures, 0)))
    if animation.state is not None:
        stream.write(state_chunks(animation.state, one_face=False))


def _add_apng(stream: BinaryIO, _: Animation, picture: Array, index: int, milliseconds: int) -> None:
    height, width = picture.shape[:2]
    number = 2 * index - 1 if index else 0  # every frame but the first has two numbered chunks
    control = struct.pack(">IIIIIHHBB", number, width, height, 0, 0, min(milliseconds, 0xFFFF), 1000, 0, 0)
    stream.write(make_chunk(b"fcTL", control))
    still = encode_picture(picture, "PNG")
    pixels = b"".join(body for kind, body, _ in read_chunks(still) if kind == b"IDAT")
    stream.write(make_chunk(b"fdAT", struct.pack(">I", number + 1) + pixels) if index else make_chunk(b"IDAT", pixels))


def _write_video(path: Path, pictures: Iterable[Picture], animation: Animation) -> Iterator[int]:
    return write_mp4(path, pictures, animation.fps, animation.form.quality)


_write_apng = _in_one_file(_begin_apng, _add_apng, lambda stream: stream.write(make_chunk(b"IEND", b"")))
WRITERS: dict[str, Callable[[Path, Iterable[Picture], Animation], Iterator[int]]] = {
    ".webp": _in_one_file(_begin_webp, _add_webp, _end_webp),
    ".gif": _in_one_file(_begin_gif, _add_gif, lambda stream: stream.write(b";")),
    ".apng": _write_apng,
    ".png": _write_apng,
    ".mp4": _write_video,
    FOLDER: _write_folder,
}
