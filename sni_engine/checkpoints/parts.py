"""The parts file: a model's semantic parts, found again by the model's digest; written down in docs/formats/parts.md.

One .safetensors file of a few kilobytes under another suffix, so that it is never taken for a model.
"""

import contextlib
import re
from dataclasses import dataclass
from pathlib import Path

import torch

from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelRef
from sni_engine.api.parts import Part, PartSet
from sni_engine.api.paths import shipped_models
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.api.targets import make_folder
from sni_engine.checkpoints.store import own_models
from sni_engine.checkpoints.tensors import read_header, read_tensors, write_tensors

FORMAT = "sni-parts"
VERSION = 1
SUFFIX = ".parts"
_LARGEST_BYTES = 2**24


@dataclass(frozen=True)
class PartsInfo:
    """The description in the header: everything of a PartSet but its arrays, and their digest."""

    model: ModelRef
    digest: str
    layer: int
    side_px: int
    seed: int
    samples: int
    parts: tuple[Part, ...]


def write_parts(path: Path, parts: PartSet) -> None:
    """Write a parts file. Raises EngineError when the system refuses."""
    info = PartsInfo(parts.model, parts.digest, parts.layer, parts.side_px, parts.seed, parts.samples, parts.parts)
    tensors = {"centroids": torch.tensor(parts.centroids)}
    write_tensors(path, tensors, {"format": FORMAT, "version": str(VERSION), "parts": dump_json(info)})


def read_parts(path: Path) -> PartSet:
    """Return the parts in a file; runs no code of the file's. Raises EngineError for anything that is not whole."""
    info = _read_info(path, read_header(path))
    tensors, _ = read_tensors(path, _LARGEST_BYTES)
    if set(tensors) != {"centroids"} or any(tensor.dtype != torch.float32 for tensor in tensors.values()):
        raise _damaged(path, "its numbers are of another kind")
    try:
        parts = PartSet(
            info.model,
            info.layer,
            info.side_px,
            tensors["centroids"].numpy(),
            info.seed,
            info.samples,
            info.parts,
        )
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    if parts.digest != info.digest:
        raise _damaged(path, "its numbers are not those it was written with")
    return parts


def find_parts(model_digest: str, model_path: Path | None = None) -> PartSet | None:
    """Return the parts that are kept of a model, None when there are none. Raises EngineError for a damaged file.

    A person's own come before those that lie beside the model's file under its name, and those before shipped ones.
    """
    own = own_parts(model_digest)
    if own is not None and own.is_file():
        parts = read_parts(own)
        if parts.model.digest != model_digest:
            raise _damaged(own, "it holds the parts of another model")
        return parts
    beside = [model_path.with_suffix(SUFFIX)] if model_path is not None else []
    for path in (*beside, *sorted(shipped_models().glob(f"*{SUFFIX}"))):
        if path.is_file() and _belongs_to(path) == model_digest:
            return read_parts(path)
    return None


def stamp_parts(model_digest: str, model_path: Path | None = None) -> tuple[tuple[str, int, int, int], ...]:
    """Return what changes when `find_parts` may find others: name, date, size and number of every file it might read.

    The number, since files are replaced: two within a tick of the clock may be of one size.
    """
    own = own_parts(model_digest)
    places = [own] if own is not None else []
    places += [model_path.with_suffix(SUFFIX)] if model_path is not None else []
    stamps = []
    for path in (*places, *sorted(shipped_models().glob(f"*{SUFFIX}"))):
        with contextlib.suppress(OSError):
            found = path.stat()
            stamps.append((str(path), found.st_mtime_ns, found.st_size, found.st_ino))
    return tuple(stamps)


def keep_parts(parts: PartSet) -> Path:
    """Write parts where they are found again by their model's digest, and return the file. Raises EngineError."""
    path = own_parts(parts.model.digest)
    if path is None:
        raise EngineError("This model has no digest, so that nothing can be kept for it.", "Add it among your models.")
    make_folder(path.parent)
    write_parts(path, parts)
    return path


def forget_parts(model_digest: str) -> None:
    """Delete a person's own parts of a model; those that came with it are found again. Raises EngineError."""
    path = own_parts(model_digest)
    try:
        if path is not None:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise EngineError(f"{path} could not be deleted: {error.strerror or error}.", "Nothing has changed.") from error


def own_parts(model_digest: str) -> Path | None:
    """Return where a person's own parts of a model are; named by digest, so that a model's other name changes nothing.

    None for what is no digest: it names a file.
    """
    return own_models() / f"{model_digest}{SUFFIX}" if re.fullmatch(r"[0-9a-f]{32}", model_digest) else None


def _belongs_to(path: Path) -> str:
    """Return the digest of the model whose parts lie in a file, empty for a damaged one: others may be whole."""
    with contextlib.suppress(EngineError):
        return _read_info(path, read_header(path)).model.digest
    return ""


def _read_info(path: Path, header: dict[str, str]) -> PartsInfo:
    if header.get("format") != FORMAT:
        raise EngineError(f"{path} is not a parts file of this program.", 'Make one with "sni parts find".')
    version = header.get("version", "")
    if not version.isdecimal():
        raise _damaged(path, "its version is missing")
    if int(version) > VERSION:
        raise EngineError(f"{path} was made by a newer version of this program.", "Update to use it.")
    try:
        return load_json(PartsInfo, header.get("parts", ""))
    except PlainError as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, why: str) -> EngineError:
    return EngineError(f"The parts in {path} are damaged ({why}).", "Find the model's parts anew.")
