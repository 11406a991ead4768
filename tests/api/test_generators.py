"""Generators with news and a value: run to the value, reworded on the way, closed from outside."""

from collections.abc import Generator

from sni_engine.api.generators import drain, reword


def count(closed: list[bool]) -> Generator[int, None, str]:
    try:
        yield 1
        yield 2
    finally:
        closed.append(True)
    return "done"


def test_the_value_arrives_and_so_do_the_news() -> None:
    told: list[str] = []
    assert drain(reword(count([]), "no. {}".format), told.append) == "done"
    assert told == ["no. 1", "no. 2"]


def test_closing_closes_what_is_inside() -> None:
    closed: list[bool] = []
    outer = reword(count(closed), str)
    assert next(outer) == "1"
    outer.close()
    assert closed == [True]
