"""Pictures as files: the one place where pixels become PNG bytes, for the window and the command line alike."""

import io
from pathlib import Path

from sni_engine.api.arrays import Array
from sni_engine.api.errors import EngineError
from sni_engine.api.files import replace_file

LARGEST_PX = 8192


def encode_png(picture: Array, size_px: int | None = None) -> bytes:
    """Return PNG bytes of a picture uint8 [H, W, 3], scaled to `size_px` (Lanczos) when given.

    Raises EngineError for a size no picture can have.
    """
    from PIL import Image  # here, so that importing the contract stays free

    image = Image.fromarray(picture)
    if size_px is not None and size_px != picture.shape[0]:
        if not 1 <= size_px <= LARGEST_PX:
            raise EngineError(f"A picture cannot be {size_px} px wide.", f"Choose a size from 1 to {LARGEST_PX}.")
        image = image.resize((size_px, size_px), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def write_png(path: Path, picture: Array, size_px: int | None = None) -> None:
    """Write a picture uint8 [H, W, 3] as PNG in one step. Raises EngineError; what was at `path` is then unchanged."""
    data = encode_png(picture, size_px)
    with replace_file(path) as stream:
        stream.write(data)
