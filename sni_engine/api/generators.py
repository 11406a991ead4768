"""Generators that yield news while they work and return a value: running them to it, passing their news on reworded."""

import contextlib
from collections.abc import Callable, Generator
from typing import TypeVar

News = TypeVar("News")
Other = TypeVar("Other")
Value = TypeVar("Value")


def drain(generator: Generator[News, None, Value], show: Callable[[News], object]) -> Value:
    """Run a generator to its end, handing its news to `show`; return its value."""
    outcome: list[Value] = []
    for news in _play(generator, outcome):
        show(news)
    return outcome[0]


def reword(generator: Generator[News, None, Value], change: Callable[[News], Other]) -> Generator[Other, None, Value]:
    """Yield a generator's news as `change` puts them; return its value. Closing this closes it."""
    outcome: list[Value] = []
    with contextlib.closing(_play(generator, outcome)) as playing:
        for news in playing:
            yield change(news)
    return outcome[0]


def _play(generator: Generator[News, None, Value], outcome: list[Value]) -> Generator[News, None, None]:
    outcome.append((yield from generator))
