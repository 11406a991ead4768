"""One file's bytes -> a square RGB picture: upright, on white, eight bits, cropped or padded. Runs nothing it reads.

Pillow goes by content, whatever the name, and would start Ghostscript for PostScript: FORMATS keeps it from that.
"""

import contextlib
import math
import warnings
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from sni_engine.api.training import Fit
from sni_engine.train.room import Room

SUFFIXES = frozenset(
    ".png .apng .jpg .jpeg .jpe .jfif .webp .bmp .gif .tif .tiff .avif .heic .heif .jp2 .tga .ppm .pgm .pbm".split()
)
FORMATS = tuple("PNG JPEG MPO WEBP BMP DIB GIF TIFF AVIF JPEG2000 TGA PPM".split())  # all that Pillow may try
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")

LARGEST_PIXELS = 178_956_970  # where Pillow itself stops believing a file; three bytes each
_SIMPLE = ("1", "L", "RGB", "CMYK", "YCbCr")
_PIXEL_BYTES = (24, 12)  # held at once with all copies made on the way: with alpha or deep grey; without
_STRIP = 64  # rows of deep grey that are scaled at a time
_SHARPER = 2  # JPEGs are decoded at no less than this many times the size they end at


class UnusableError(ValueError):
    """Why a file cannot serve as a picture, in a few words."""


def decode_picture(stream: BinaryIO, size_px: int, fit: Fit, room: Room) -> np.ndarray:
    """Return the first frame as uint8 [size_px, size_px, 3]. Raises UnusableError with the reason.

    room: what this and other threads may unpack pictures into.
    """
    with _opened(stream) as image:
        check_size(image.size, size_px, fit)
        image.draft(None, _draft_size(image.size, size_px, fit))  # only JPEGs can; nothing else minds
        with room.holding(image.width * image.height * _PIXEL_BYTES[image.mode in _SIMPLE]):
            image.load()
            return np.asarray(_make_square(_to_rgb(_turn_upright(image)), size_px, fit))


def decode_beside(
    stream: BinaryIO, size_px: int, fit: Fit, room: Room, small_px: int
) -> tuple[np.ndarray, np.ndarray, tuple[int, int]]:
    """Return what `decode_picture` does, the whole picture with `small_px` a side at most, and its size upright."""
    with _opened(stream) as image:
        check_size(image.size, size_px, fit)
        size = image.size
        image.draft(None, _draft_size(size, max(size_px, small_px), fit))
        with room.holding(image.width * image.height * _PIXEL_BYTES[image.mode in _SIMPLE]):
            image.load()
            upright = _to_rgb(_turn_upright(image))
            square = np.asarray(_make_square(upright, size_px, fit))
            is_turned = (upright.width > upright.height) != (size[0] > size[1])
            upright.thumbnail((small_px, small_px), Image.Resampling.LANCZOS)
            return square, np.asarray(upright), size[::-1] if is_turned else size


def measure_picture(stream: BinaryIO) -> tuple[int, int]:
    """Return width and height as the head of a file says. Raises UnusableError with the reason."""
    with _opened(stream) as image:
        return image.size


@contextlib.contextmanager
def _opened(stream: BinaryIO) -> Iterator[Image.Image]:
    """Open a picture for the block; whatever goes wrong there becomes UnusableError with the reason."""
    try:
        with Image.open(stream, formats=list_formats()) as image:
            yield image
    except UnusableError:
        raise
    except UnidentifiedImageError as error:
        raise UnusableError(_name_unknown(stream)) from error
    except Image.DecompressionBombError as error:
        raise UnusableError("more pixels than any camera's; it may be a trap") from error
    except MemoryError as error:
        raise UnusableError("too large for this machine's memory") from error
    except Exception as error:  # decoders of damaged files raise anything at all; each file is listed, none ends a run
        raise UnusableError(f"damaged or cut short ({_one_line(error)})") from error


def list_formats() -> list[str]:
    """Return those of FORMATS that this Pillow knows."""
    Image.init()  # loads Pillow's plugins; does nothing the next time
    return [name for name in FORMATS if name in Image.OPEN]


@contextlib.contextmanager
def quiet_decoders() -> Iterator[None]:
    """Silence Pillow's warnings about single files; whoever decodes in threads wraps them all in one of these."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _name_unknown(stream: BinaryIO) -> str:
    stream.seek(0)
    head = stream.read(12)
    if head[4:8] == b"ftyp" and head[8:] in _HEIC:
        return "HEIC, which needs converting to JPEG or PNG"
    return "not a picture of a known kind"


def _one_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:80]


def check_size(size: tuple[int, int], size_px: int, fit: Fit) -> None:
    """Refuse what would have to be blown up more than twice, and what no memory should be given to."""
    width, height = size
    if width * height > LARGEST_PIXELS:
        raise UnusableError(f"{width} x {height} pixels, more than any camera's; it may be a trap")
    side = min(size) if fit == "crop" else max(size)
    if side * 2 < size_px:
        raise UnusableError(f"only {width} x {height} pixels, too small for {size_px}")


def _draft_size(size: tuple[int, int], size_px: int, fit: Fit) -> tuple[int, int]:
    """Return the least size at which decoding loses nothing that scaling would keep."""
    scale = size_px * _SHARPER / (min(size) if fit == "crop" else max(size))
    return round(size[0] * scale) + 1, round(size[1] * scale) + 1


def _turn_upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a damaged EXIF block says nothing about the picture, which lies as it lies
        return image.copy()


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        image = _to_eight_bits(image)
    if image.mode in ("La", "RGBa"):  # premultiplied
        image = image.convert(image.mode[:-1] + "A")
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    return image.convert("RGB")


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Scale sixteen-bit and floating grey; Pillow itself would clip it."""
    values = np.asarray(image)
    low, high = float(values.min()), float(values.max())
    if not math.isfinite(low) or not math.isfinite(high):
        raise UnusableError("its values are not all numbers")
    white = (1.0 if high <= 1 else 255.0) if image.mode == "F" else 65535.0
    if low < 0 or high > white:
        raise UnusableError(f"its grey values go from {low:g} to {high:g}, which has no known white")
    eight = np.empty(values.shape, np.uint8)
    for first in range(0, len(values), _STRIP):  # whole photos as float64 would take eight bytes a pixel, twice
        strip = values[first : first + _STRIP].astype(np.float64)
        eight[first : first + _STRIP] = (strip * (255 / white)).round()
    return Image.fromarray(eight)


def _make_square(image: Image.Image, size_px: int, fit: Fit) -> Image.Image:
    """Scale to a square: the middle of the picture, or all of it between white bars."""
    size = (size_px, size_px)
    if fit == "crop":
        return ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    scale = size_px / max(image.size)
    width, height = (max(1, round(side * scale)) for side in image.size)
    square = Image.new("RGB", size, "white")
    square.paste(
        image.resize((width, height), Image.Resampling.LANCZOS), ((size_px - width) // 2, (size_px - height) // 2)
    )
    return square
