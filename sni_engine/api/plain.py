"""Dataclasses to and from plain JSON values, strictly: unknown, missing or mistyped fields are refused.

Written here rather than taken from a library so that the engine trains on machines that hold only torch, numpy and
safetensors (docs/decisions/0001-plain-json.md).
"""

import dataclasses
import functools
import json
import sys
import types
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

from sni_engine.api.arrays import Array

T = TypeVar("T")

LATER = {"later": True}
"""Metadata of a field that came after files had been written: it is left out while it holds its default.

Older values then keep their text, and with it their digest, and older readers go on reading them.
"""


class PlainError(ValueError):
    """A value does not fit its type; the message starts with where it stands."""


def to_plain(value: object) -> Any:
    """Return a dataclass, tuple, dict, float32 array or scalar as JSON values, fields in order."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        values = [(item, getattr(value, item.name)) for item in dataclasses.fields(value)]
        left_out = [item.name for item, held in values if item.metadata.get("later") and held == item.default]
        return {item.name: to_plain(held) for item, held in values if item.name not in left_out}
    if isinstance(value, dict):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return [to_plain(item) for item in value]
    if isinstance(value, np.float32):
        return _shorten(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} has no plain form")


def _shorten(value: np.float32) -> float:
    """Return the shortest decimal that is this very float32: 0.1 rather than 0.10000000149011612."""
    short = float(str(value))
    return short if np.float32(short) == value else float(value)


def from_plain(kind: type[T], value: Any, where: str = "") -> T:
    """Build a dataclass or a simple type from JSON values. Raises PlainError."""
    return _read(kind, value, where or getattr(kind, "__name__", "value"))


def dump_json(value: object) -> str:
    """Return JSON text of a dataclass, indented, with fields in order."""
    return json.dumps(to_plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def load_json(kind: type[T], text: str | bytes) -> T:
    """Build a dataclass from JSON text. Raises PlainError for anything that is not exactly one."""
    return from_plain(kind, parse_json(text))


def parse_json(text: str | bytes) -> Any:
    """Return the values of JSON text. Raises PlainError for what is none."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise PlainError(f"not JSON: {error}") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")


def _read(kind: Any, value: Any, where: str) -> Any:
    origin = get_origin(kind)
    if dataclasses.is_dataclass(kind):
        return _read_dataclass(cast(type, kind), value, where)
    if origin in (Union, types.UnionType):
        return _read_union(get_args(kind), value, where)
    if kind is Any:
        return value
    if kind is np.ndarray:
        return _read_array(value, where)
    if origin is Literal:
        return _expect(value in get_args(kind), value, where, " or ".join(map(repr, get_args(kind))))
    if origin is tuple:
        return _read_tuple(get_args(kind), value, where)
    if origin is dict:
        return _read_dict(get_args(kind), value, where)
    if kind is type(None):
        return _expect(value is None, value, where, "null")
    if kind is float:
        return _read_float(value, where)
    if kind is int:
        return _expect(isinstance(value, int) and not isinstance(value, bool), value, where, "a whole number")
    if kind in (bool, str):
        return _expect(isinstance(value, kind), value, where, "true or false" if kind is bool else "text")
    raise TypeError(f"{kind} cannot be read from JSON")


def _read_float(value: Any, where: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    right = is_number and abs(value) <= sys.float_info.max  # 1e999 is read as infinity, and a whole number has no end
    return float(_expect(right, value, where, "a number"))


def _expect(right: bool, value: Any, where: str, what: str) -> Any:
    if not right:
        raise PlainError(f"{where}: expected {what}, got {json.dumps(value)[:60]}")
    return value


@functools.cache
def _describe(kind: type) -> tuple[dict[str, Any], dict[str, "dataclasses.Field[Any]"]]:
    """Return types and fields of a dataclass by name; finding them takes longer than reading a value by them."""
    known = {item.name: item for item in dataclasses.fields(kind) if item.init}
    return get_type_hints(kind), known


def _read_dataclass(kind: type[T], value: Any, where: str) -> T:
    _expect(isinstance(value, dict), value, where, "an object")
    hints, known = _describe(kind)  # type: ignore[arg-type]
    for name in value:
        if name not in known:
            raise PlainError(f'{where}: unknown field "{name}"')
    for name, item in known.items():
        needed = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
        if needed and name not in value:
            raise PlainError(f'{where}: field "{name}" is missing')
    fields = {name: _read(hints[name], item, f"{where}.{name}") for name, item in value.items()}
    try:
        return kind(**fields)
    except ValueError as error:
        raise PlainError(f"{where}: {error}") from error


def _read_union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    problems: list[PlainError] = []
    for kind in kinds:
        if kind is type(None):
            continue
        try:
            return _read(kind, value, where)
        except PlainError as problem:
            problems.append(problem)
    raise problems[0]


def _read_tuple(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    _expect(isinstance(value, list), value, where, "a list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(kinds[0], item, f"{where}[{index}]") for index, item in enumerate(value))
    _expect(len(value) == len(kinds), value, where, f"a list of {len(kinds)}")
    return tuple(
        _read(kind, item, f"{where}[{index}]") for index, (kind, item) in enumerate(zip(kinds, value, strict=True))
    )


def _read_array(value: Any, where: str) -> Array:
    """Return nested lists of numbers as a float32 array."""
    _expect(isinstance(value, list), value, where, "a list of numbers")
    try:
        array = np.asarray(value)
        numbers = array.size == 0 or (array.dtype.kind in "iuf" and not _holds_truth(value))
        with np.errstate(over="ignore"):  # what is too large for float32 becomes infinite, which codes refuse
            return np.asarray(_expect(numbers, value, where, "numbers only"), np.float32)
    except ValueError as error:
        if isinstance(error, PlainError):
            raise
        raise PlainError(f"{where}: expected rows of equal length") from error


def _holds_truth(value: Any) -> bool:
    return any(map(_holds_truth, value)) if isinstance(value, list) else isinstance(value, bool)


def _read_dict(kinds: tuple[Any, ...], value: Any, where: str) -> dict[Any, Any]:
    _expect(isinstance(value, dict), value, where, "an object")
    key_kind, item_kind = kinds
    read_key = int if key_kind is int else str
    try:
        return {read_key(key): _read(item_kind, item, f"{where}.{key}") for key, item in value.items()}
    except ValueError as error:
        raise error if isinstance(error, PlainError) else PlainError(f"{where}: {error}") from error
