"""The model file: generator weights in a .safetensors whose header says all that is needed to use them.

Written down in docs/formats/model.md.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from sni_engine.api.architecture import GeneratorConfig
from sni_engine.api.arrays import digest
from sni_engine.api.errors import EngineError
from sni_engine.api.memory import count_available_bytes
from sni_engine.api.model_names import MODEL_SUFFIX
from sni_engine.api.models import ModelCard
from sni_engine.api.plain import PlainError, dump_json, load_json
from sni_engine.api.words import format_bytes
from sni_engine.checkpoints.tensors import (
    copy_with_header,
    is_text,
    load_into,
    read_header,
    read_tensors,
    refuse_longer,
    write_tensors,
)
from sni_engine.networks.generator import Generator

FORMAT = "sni-model"
VERSION = 2  # 2: the adain backbone, a constant input, levels without codes, the joint norm
SUFFIX = MODEL_SUFFIX
ORIGIN = "origin"  # in the header: "trained" or "imported", written when a model is put among a person's own

_HUGE_BYTES = 2**30  # of weights; ours have a hundredth of that


@dataclass(frozen=True)
class ModelInfo:
    """The description in the header.

    digest: of the generator's configuration and the weights. facts: where the model comes from.
    limits: what it cannot do, in plain sentences.
    """

    name: str
    digest: str
    generator: GeneratorConfig
    licence: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    limits: tuple[str, ...] = ()


def write_model(
    path: Path,
    generator: Generator,
    name: str,
    licence: str = "",
    facts: dict[str, str] | None = None,
    limits: tuple[str, ...] = (),
) -> ModelCard:
    """Write a model file and return its card. Raises EngineError when the system refuses."""
    weights = {key: tensor.detach().cpu().float() for key, tensor in generator.state_dict().items()}
    info = ModelInfo(name, _digest(generator.config, weights), generator.config, licence, facts or {}, limits)
    write_tensors(
        path, weights, {"format": FORMAT, "version": str(_version(generator.config)), "model": dump_json(info)}
    )
    return _card(info)


def read_card(path: Path) -> ModelCard:
    """Return a model's card from the file's header alone. Raises EngineError."""
    return _card(_read_info(path, read_header(path)))


def read_origin(path: Path) -> str:
    """Return where a model came from when it was put where it is, empty when that was not written down."""
    return read_header(path).get(ORIGIN, "")


def copy_model(source: Path, target: Path, name: str, origin: str = "") -> ModelCard:
    """Copy a model under another name and return its card; weights and digest stay. Raises EngineError.

    origin: "trained" or "imported"; as in the source when empty. What is at `target` is replaced, be it the source.
    """

    def rewrite(header: dict[str, str]) -> dict[str, str]:
        info = replace(_read_info(source, header), name=name)
        texts = {**header, "model": dump_json(info), ORIGIN: origin or header.get(ORIGIN, "")}
        return {key: text for key, text in texts.items() if text}

    copy_with_header(source, target, rewrite)
    return read_card(target)


def read_model(path: Path) -> tuple[Generator, ModelCard]:
    """Return the generator, ready to draw on the CPU, and its card; runs no code of the file's. Raises EngineError."""
    with torch.device("meta"):  # no memory is taken on the word of a description that the weights may not bear out
        generator = Generator(_read_info(path, read_header(path)).generator)
    size = sum(tensor.numel() * tensor.element_size() for tensor in generator.state_dict().values())
    refuse_longer(path, size)
    _refuse_too_large(path, size)
    tensors, header = read_tensors(path)
    info = _read_info(path, header)
    load_into(generator, tensors, path, assign=True)
    if _digest(info.generator, tensors) != info.digest:
        raise EngineError(f"The weights in {path} are not those it was written with.", "Copy the file again.")
    return generator.eval().requires_grad_(False), _card(info)


def _refuse_too_large(path: Path, size: int) -> None:
    """Raise EngineError for a huge model that the memory cannot hold twice, as reading does for a moment.

    Some systems promise memory they do not have, and end a program that takes them at their word.
    """
    free = count_available_bytes() if size > _HUGE_BYTES else None
    if free is not None and 2 * size > free:
        needed, there = format_bytes(2 * size), format_bytes(free)
        hint = "Close other programs, or use a machine with more memory."
        raise EngineError(f"{path} takes {needed} of memory to read, and {there} are free.", hint)


def _digest(config: GeneratorConfig, weights: dict[str, torch.Tensor]) -> str:
    """Identify a model by its shape and weights; the same weights under another grid draw other pictures."""
    shape = np.frombuffer(dump_json(config).encode(), np.uint8)
    return digest(shape, *(weights[name].numpy() for name in sorted(weights)))


def _version(config: GeneratorConfig) -> int:
    """Return the first version whose readers know such a generator, so that older ones read all they can."""
    known = config.backbone == "modulated" and config.source == "cells" and not config.joint_norm
    return 1 if known and config.grid.local else 2


def _card(info: ModelInfo) -> ModelCard:
    config = info.generator
    return ModelCard(
        info.name,
        info.digest,
        config.grid,
        config.resolution_px,
        config.backbone,
        info.licence,
        info.facts,
        info.limits,
        config.source,
    )


def _read_info(path: Path, header: dict[str, str]) -> ModelInfo:
    if header.get("format") != FORMAT:
        raise EngineError(f"{path} is not a model of this program.", "Models are made by training, or shipped.")
    version = header.get("version", "")
    if not version.isdecimal() or len(version) > 9:
        raise EngineError(f"{path} is damaged: its version is missing.", "Copy the file again.")
    if int(version) > VERSION:
        raise EngineError(f"{path} was made by a newer version of this program.", "Update to open it.")
    try:
        info = load_json(ModelInfo, header.get("model", ""))
        if not is_text(dump_json(info)):
            raise PlainError("it holds halves of characters")
        return info
    except PlainError as error:
        raise EngineError(f"The description in {path} is damaged ({error}).", "Copy the file again.") from error
