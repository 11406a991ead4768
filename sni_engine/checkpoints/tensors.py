"""Named tensors and a header of texts in one .safetensors file: written whole or not at all, read running nothing."""

import json
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor

from sni_engine.api.errors import EngineError
from sni_engine.api.files import open_file, read_bytes, replace_file

LARGEST_BYTES = 16 * 2**30
_LARGEST_HEADER = 4 * 2**20  # ours are below 100 KiB; a larger one is somebody's attempt on our memory


def write_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, str], keep: Path | None = None) -> None:
    """Write tensors and a header of texts. Raises EngineError when the system refuses.

    keep: where the file that was there moves, once the new one is whole on the disk; at every moment one of them is.
    """
    data = save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, metadata=header)
    with replace_file(path) as stream:
        stream.write(data)
        if keep is not None and path.exists():
            stream.flush()
            os.fsync(stream.fileno())
            os.replace(path, keep)


def read_tensors(path: Path, limit: int = LARGEST_BYTES) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors and the header. Raises EngineError for anything that is not such a file of at most `limit`."""
    data = read_bytes(path, limit)
    header = parse_header(path, data[: 8 + _LARGEST_HEADER])
    try:
        return load(data), header
    except (SafetensorError, ValueError, KeyError) as error:
        raise _not_tensors(path) from error


def read_header(path: Path) -> dict[str, str]:
    """Return the texts of the header alone, without reading the tensors. Raises EngineError."""
    return dict(_read_layout(Path(path))[1].get("__metadata__", {}))


def parse_header(path: Path, data: bytes) -> dict[str, str]:
    """Return the texts in the first bytes of a .safetensors file."""
    try:
        length = struct.unpack("<Q", data[:8])[0]
        if length > _LARGEST_HEADER or len(data) < 8 + length:
            raise ValueError("the header is cut short")
        whole: Any = json.loads(data[8 : 8 + length])
        header = whole.get("__metadata__", {})
        if not is_text(json.dumps(whole, ensure_ascii=False)):
            raise ValueError("halves of characters")
    except (struct.error, ValueError, AttributeError, RecursionError) as error:
        raise _not_tensors(path) from error
    if not isinstance(header, dict) or not all(isinstance(text, str) for text in header.values()):
        raise _not_tensors(path)
    return header


def refuse_longer(path: Path, expected: int) -> None:
    """Raise EngineError when a file is not whole, or holds more than so many bytes of tensors; reads its head alone."""
    if not is_whole(path):
        raise _not_tensors(path)
    layout = _read_layout(path)[1]
    if any(item["data_offsets"][1] > expected for name, item in layout.items() if name != "__metadata__"):
        raise _misfit(path)


def is_text(text: str) -> bool:
    """Say whether a text can be written down: JSON may hold halves of characters, which no file or name can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_whole(path: Path) -> bool:
    """Say whether a file is as long as its header says, without reading the tensors. Raises EngineError."""
    start, layout = _read_layout(path)
    try:
        ends = [int(item["data_offsets"][1]) for name, item in layout.items() if name != "__metadata__"]
        return path.stat().st_size == start + max(ends, default=0)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, OSError) as error:
        raise _not_tensors(path) from error


def copy_with_header(source: Path, target: Path, rewrite: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Copy a file's tensors, byte for byte, under another header of texts, made from its own. Raises EngineError.

    It is opened once: a run may put another file in its place at any moment.
    """
    with replace_file(target) as copy, _open(source) as stream:  # closed before it may be replaced by its own copy
        start, layout = _read_head(stream, source)
        header = rewrite(dict(layout.get("__metadata__", {})))
        text = json.dumps({**layout, "__metadata__": header}, ensure_ascii=False, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        stream.seek(start)
        copy.write(struct.pack("<Q", len(text)) + text)
        shutil.copyfileobj(stream, copy, 2**20)


def _read_layout(path: Path) -> tuple[int, dict[str, Any]]:
    """Return where the tensors begin, and the whole header: texts, and name, type, shape and place of each tensor."""
    with _open(path) as stream:
        return _read_head(stream, path)


def _read_head(stream: BinaryIO, path: Path) -> tuple[int, dict[str, Any]]:
    try:
        start = stream.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        data = start + stream.read(min(length, _LARGEST_HEADER))
    except OSError as error:
        raise _cannot_read(path, error) from error
    parse_header(path, data)
    return len(data), json.loads(data[8:])


def _open(path: Path) -> BinaryIO:
    try:
        return open_file(path)
    except OSError as error:
        raise _cannot_read(path, error) from error


def _cannot_read(path: Path, error: OSError) -> EngineError:
    return EngineError(f"{path} could not be read: {error.strerror or error}.", "Check the name.")


def _misfit(path: Path) -> EngineError:
    return EngineError(
        f"The weights in {path} do not fit their own description.", "The file is damaged; copy it again."
    )


def _not_tensors(path: Path) -> EngineError:
    return EngineError(f"{path} is not a whole .safetensors file.", "Choose another file, or copy it again.")


def load_into(module: torch.nn.Module, tensors: dict[str, Tensor], path: Path, assign: bool = False) -> None:
    """Put tensors into a module that must want exactly these names, shapes and types. Raises EngineError.

    assign: let the module take the tensors themselves, for a module on the meta device.
    """
    wanted = module.state_dict()
    if wanted.keys() != tensors.keys() or any(not _alike(wanted[name], tensors[name]) for name in wanted):
        raise _misfit(path)
    if not all(torch.isfinite(tensor).all() for tensor in tensors.values() if tensor.is_floating_point()):
        raise EngineError(f"The weights in {path} are not all finite.", "The file is damaged, or its training failed.")
    module.load_state_dict(tensors, assign=assign)


def _alike(one: Tensor, other: Tensor) -> bool:
    return one.shape == other.shape and one.dtype == other.dtype
