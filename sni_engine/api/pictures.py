"""Pictures as files: the one place where pixels become PNG, JPEG or WebP, for the window and the command line alike."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file
from sni_engine.api.png_state import embed_state

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_PX = 8192
_LARGEST_SIDE = {"PNG": 65_535, "JPEG": 65_535, "WEBP": 16_383}
_FINE_QUALITY = 90  # from here on JPEG keeps colour as sharp as light

Filter = Literal["smooth", "sharp"]
FILTERS: tuple[Filter, ...] = ("smooth", "sharp")
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}


@dataclass(frozen=True)
class PictureForm:
    """How a picture is written.

    size_px: its width, None for its own. filter: how it gets there, "smooth" (Lanczos) or "sharp" (nearest pixel).
    quality: of JPEG and WebP, 1 to 100; at 100 WebP keeps every pixel.
    """

    size_px: int | None = None
    filter: Filter = "smooth"
    quality: int = 92

    def __post_init__(self) -> None:
        if self.size_px is not None and not 1 <= self.size_px <= LARGEST_PX:
            raise EngineError(f"A picture cannot be {self.size_px} px wide.", f"Choose a size from 1 to {LARGEST_PX}.")
        if self.filter not in FILTERS:
            raise EngineError(f'"{self.filter}" is no way to scale a picture.', f"Choose {' or '.join(FILTERS)}.")
        if not 1 <= self.quality <= 100:
            raise EngineError(f"A quality cannot be {self.quality}.", "Choose one from 1 to 100.")


OWN_SIZE = PictureForm()


def choose_format(path: Path) -> str:
    """Return the format that a file's name asks for: PNG, JPEG or WEBP. Raises EngineError for any other."""
    found = FORMATS.get(Path(path).suffix.lower())
    if found is None:
        raise EngineError(
            f"{path} does not name a kind of picture that can be written.", f"End it with {_join(FORMATS)}."
        )
    return found


def _join(suffixes: "dict[str, str]") -> str:
    *most, last = suffixes
    return f"{', '.join(most)} or {last}"


def scale_picture(picture: Array, form: PictureForm) -> Array:
    """Return a picture uint8 [H, W, 3] at the form's width, as high as its shape asks for."""
    if form.size_px is None or form.size_px == picture.shape[1]:
        return picture
    return np.asarray(_scale(_load(picture), form))


def _load(picture: Array) -> "Image":
    from PIL import Image  # here, so that importing the contract stays free

    return Image.fromarray(picture)


def _scale(image: "Image", form: PictureForm) -> "Image":
    from PIL import Image

    if form.size_px is None or form.size_px == image.width:
        return image
    height = max(1, round(image.height * form.size_px / image.width))
    kind = Image.Resampling.LANCZOS if form.filter == "smooth" else Image.Resampling.NEAREST
    return image.resize((form.size_px, height), kind)


def encode_picture(
    picture: Array, format: str, form: PictureForm = OWN_SIZE, state: bytes | None = None, one_face: bool = True
) -> bytes:
    """Return the bytes of a file that shows a picture uint8 [H, W, 3].

    format: PNG, JPEG or WEBP. state: a .sni file's bytes for a PNG to carry. one_face: whether the picture is that of
    the project's current node. Raises EngineError.
    """
    image = _scale(_load(picture), form)
    if max(image.size) > _LARGEST_SIDE[format]:
        raise EngineError(
            f"A picture of {image.width} × {image.height} px is too large for {format}.", "Make it smaller, or a PNG."
        )
    stream = io.BytesIO()
    if format == "JPEG":
        image.save(stream, format, quality=form.quality, subsampling=0 if form.quality >= _FINE_QUALITY else 2)
    elif format == "WEBP":
        image.save(stream, format, quality=form.quality, lossless=form.quality == 100, method=4)
    else:
        image.save(stream, format)
    data = stream.getvalue()
    return data if state is None or format != "PNG" else embed_state(data, state, one_face)


def encode_png(picture: Array, size_px: int | None = None) -> bytes:
    """Return PNG bytes of a picture uint8 [H, W, 3], scaled to `size_px` (Lanczos) when given. Raises EngineError."""
    return encode_picture(picture, "PNG", PictureForm(size_px))


def decode_png(data: bytes) -> Array:
    """Return the picture in a PNG of this program's own, uint8 [H, W, 3]. Raises ValueError for anything else."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            return np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"not a PNG: {error}") from error


def write_picture(
    path: Path, picture: Array, form: PictureForm = OWN_SIZE, state: bytes | None = None, one_face: bool = True
) -> int:
    """Write a picture uint8 [H, W, 3] in one step, in the format its name asks for; return how many bytes.

    state, one_face: as in `encode_picture`. Raises EngineError; what was at `path` is then unchanged.
    """
    data = encode_picture(picture, choose_format(path), form, state, one_face)
    with replace_file(path) as stream:
        stream.write(data)
    return len(data)


def write_png(path: Path, picture: Array, size_px: int | None = None) -> None:
    """Write a picture uint8 [H, W, 3] as PNG in one step. Raises EngineError; what was at `path` is then unchanged."""
    data = encode_png(picture, size_px)
    with replace_file(path) as stream:
        stream.write(data)


def describe_size(own_px: int, size_px: int | None) -> str:
    """Return a picture's size in honest words: what the model draws, and what is only enlarged or reduced."""
    if size_px is None or size_px == own_px:
        return f"{own_px} px, as the model draws"
    what = "enlarged" if size_px > own_px else "reduced"
    return f"{size_px} px, {what} from the {own_px} px that the model draws"
