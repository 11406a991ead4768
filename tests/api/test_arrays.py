"""Arrays as values: frozen, finite, told apart by shape and content."""

import numpy as np
import pytest

from sni_engine.api.arrays import digest, freeze


def test_a_frozen_array_is_read_only_and_does_not_follow_its_source() -> None:
    source = np.zeros((2, 3), np.float32)
    frozen = freeze(source)
    source[0, 0] = 1
    assert frozen[0, 0] == 0
    assert frozen.dtype == np.float32
    with pytest.raises(ValueError, match="read-only"):
        frozen[0, 0] = 1


def test_freezing_twice_copies_once() -> None:
    frozen = freeze([[1, 2], [3, 4]])
    assert freeze(frozen) is frozen


def test_a_transposed_array_becomes_contiguous() -> None:
    frozen = freeze(np.arange(6.0).reshape(2, 3).T)
    assert frozen.flags.c_contiguous
    assert frozen.tolist() == [[0, 3], [1, 4], [2, 5]]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        freeze([1.0, wrong])


def test_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\(2, 2\)"):
        freeze([1, 2, 3, 4], (2, 2))


def test_a_digest_sees_shape_content_type_and_order() -> None:
    a, b = np.zeros((2, 3), np.float32), np.ones(4, np.float32)
    assert digest(a, b) == digest(a.copy(), b.copy())
    others = [digest(b, a), digest(a.reshape(3, 2), b), digest(a, b + 1), digest(a.astype(np.float64), b), digest(a)]
    assert len({digest(a, b), *others}) == 6
    assert len(digest(a)) == 32
