"""Codes as text: exact, with their model; anything else is refused in a sentence."""

from dataclasses import replace

import numpy as np
import pytest

from sni_engine.api.codes import Hold
from sni_engine.api.codes_text import PREFIX, is_codes_text, read_codes, write_codes
from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelRef

from .conftest import MakeCodes

MODEL = ModelRef("small", "ab" * 16)


def test_codes_and_model_come_back_exactly(make_codes: MakeCodes) -> None:
    held = (Hold(np.ones(make_codes(1).local.shape[:2]), make_codes(2)),)
    for codes in (make_codes(1), replace(make_codes(1), held=held)):
        text = write_codes(codes, MODEL)
        assert is_codes_text(text)
        assert text.isascii()
        assert text.split() == [text]
        assert read_codes(text) == (codes, MODEL)


def test_blanks_and_breaks_do_not_matter(make_codes: MakeCodes) -> None:
    text = write_codes(make_codes(1), MODEL)
    folded = (
        "  " + "\r\n> ".join(text[place : place + 60] for place in range(0, len(text), 60)).replace("> ", " ") + "\n"
    )
    assert read_codes(folded)[0] == make_codes(1)


@pytest.mark.parametrize("text", ["", "hello", "sni-codes-2:abcd", "x" * (1 << 25)])
def test_other_texts_hold_no_codes(text: str) -> None:
    with pytest.raises(EngineError, match="holds no codes") as caught:
        read_codes(text)
    assert caught.value.hint


def test_damaged_codes_are_refused(make_codes: MakeCodes) -> None:
    text = write_codes(make_codes(1), MODEL)
    for bad in (PREFIX, PREFIX + "AAAA", text[:-8], text[:300] + text[304:], text + "!", text.replace("A", "ä", 1)):
        with pytest.raises(EngineError, match="damaged"):
            read_codes(bad)
