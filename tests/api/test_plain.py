"""Dataclasses to and from JSON: everything comes back, and nothing else is let in."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from sni_engine.api.plain import LATER, PlainError, dump_json, from_plain, load_json, to_plain


@dataclass(frozen=True)
class Inner:
    x: float
    name: str = "ä"

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("x must not be negative")


@dataclass(frozen=True)
class Outer:
    count: int
    inner: Inner
    flag: bool = False
    mode: Literal["fast", "slow"] = "fast"
    maybe: int | None = None
    either: Inner | str = "none"
    many: tuple[Inner, ...] = ()
    pair: tuple[int, str] = (1, "one")
    table: dict[int, float] = field(default_factory=dict)


FULL = Outer(2**63, Inner(0.1), True, "slow", -3, Inner(1.0), (Inner(2.0, "é"), Inner(3.0)), (5, "five"), {7: 0.5})


@pytest.mark.parametrize("value", [FULL, Outer(0, Inner(0.0)), Outer(-1, Inner(1e300), either="text")])
def test_json_brings_everything_back(value: Outer) -> None:
    assert load_json(Outer, dump_json(value)) == value
    assert from_plain(Outer, json.loads(json.dumps(to_plain(value)))) == value


def test_fields_keep_their_order() -> None:
    assert list(to_plain(FULL)) == ["count", "inner", "flag", "mode", "maybe", "either", "many", "pair", "table"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"count": 1.0}, "Outer.count: expected a whole number, got 1.0"),
        ({"count": True}, "Outer.count: expected a whole number"),
        ({"count": None}, "Outer.count"),
        ({"flag": 1}, "Outer.flag: expected true or false"),
        ({"inner": {"x": "1"}}, "Outer.inner.x: expected a number"),
        ({"inner": {"x": False}}, "Outer.inner.x: expected a number"),
        ({"inner": {"x": -1}}, "Outer.inner: x must not be negative"),
        ({"inner": {}}, 'Outer.inner: field "x" is missing'),
        ({"inner": {"x": 1, "y": 2}}, 'Outer.inner: unknown field "y"'),
        ({"inner": [1]}, "Outer.inner: expected an object"),
        ({"mode": "medium"}, "Outer.mode: expected 'fast' or 'slow'"),
        ({"maybe": "1"}, "Outer.maybe: expected a whole number"),
        ({"either": 3}, "Outer.either"),
        ({"many": {}}, "Outer.many: expected a list"),
        ({"many": [{"x": 1}, {"x": None}]}, r"Outer.many\[1\].x: expected a number"),
        ({"pair": [1]}, "Outer.pair: expected a list of 2"),
        ({"pair": [1, "a", 2]}, "Outer.pair: expected a list of 2"),
        ({"table": {"seven": 1}}, "Outer.table"),
        ({"table": {"7": "x"}}, "Outer.table.7: expected a number"),
        ({"surprise": 1}, 'Outer: unknown field "surprise"'),
    ],
)
def test_what_does_not_fit_is_refused_and_told_where(change: dict[str, Any], message: str) -> None:
    with pytest.raises(PlainError, match=message):
        from_plain(Outer, {"count": 1, "inner": {"x": 1.0}, **change})


@pytest.mark.parametrize(
    "text", ["", "{", "[1,", "nul", '{"x": NaN}', '{"x": Infinity}', '{"x": -Infinity}', "[" * 10**5]
)
def test_text_that_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(PlainError, match="not JSON"):
        load_json(Inner, text)


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(PlainError, match="not JSON"):
        load_json(Inner, b"\xff\xfe\x00")


def test_numbers_json_cannot_write_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        dump_json(Inner(float("nan")))


def test_values_without_a_plain_form_are_our_own_mistake() -> None:
    with pytest.raises(TypeError, match="set has no plain form"):
        to_plain({1, 2})
    with pytest.raises(TypeError, match="cannot be read"):
        from_plain(set, [1])


@dataclass(frozen=True)
class Grown:
    old: int = 1
    new: int = field(default=2, metadata=LATER)


def test_a_later_field_is_written_only_when_it_says_something() -> None:
    assert to_plain(Grown(1, 2)) == {"old": 1}
    assert to_plain(Grown(1, 3)) == {"old": 1, "new": 3}
    for value in (Grown(), Grown(5, 6)):
        assert load_json(Grown, dump_json(value)) == value
