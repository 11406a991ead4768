"""Recipes: parameters within their range, described well enough to build a form from."""

from dataclasses import fields
from typing import Any

import pytest

from sni_engine.api.codes import GridSpec
from sni_engine.api.edits import PARAMS, Edit, Interpolate, Params, Range, Resample, StyleTransfer
from sni_engine.api.plain import from_plain, to_plain
from sni_engine.api.selection import select_all

from .conftest import MakeCodes

KINDS = list(PARAMS.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amount", [0.0, 0.3, 1.0])
def test_amounts_within_the_range_are_kept(kind: type[Params], amount: float) -> None:
    assert kind(amount).amount == amount


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amount", [-0.01, 1.01, float("nan"), float("inf")])
def test_amounts_outside_the_range_are_refused(kind: type[Params], amount: float) -> None:
    with pytest.raises(ValueError, match=r"(Amount|Strength) must be from 0 to 1"):
        kind(amount)


@pytest.mark.parametrize("kind", KINDS)
def test_every_parameter_says_how_it_may_be_set(kind: type[Params]) -> None:
    assert PARAMS[kind.kind] is kind
    assert kind.title
    shown = [item for item in fields(kind) if not item.metadata.get("later") or "range" in item.metadata]
    for item in shown:
        form: Any = item.metadata.get("range") or item.metadata["choice"]
        if isinstance(form, Range):
            assert form.low <= item.default <= form.high  # type: ignore[operator]
        else:
            assert not form.options or item.default in dict(form.options)
        assert form.label
        assert form.help.endswith(".")


@pytest.mark.parametrize(
    "params",
    [Resample(0.1), Interpolate(0.9), StyleTransfer(0.4, "hair", 0.2, 0.3, "simultaneous", (0.0, 0.5))],
)
def test_parameters_survive_json(params: Params) -> None:
    assert from_plain(type(params), to_plain(params)) == params


def test_an_interpolation_needs_a_reference(make_codes: MakeCodes) -> None:
    everything = select_all(GridSpec())
    with pytest.raises(ValueError, match="reference"):
        Edit(Interpolate(), everything)
    assert Edit(Interpolate(), everything, reference=make_codes(1)).seed == 0
