"""`sni train --dry-run`: every problem at once, and how much time, memory and disk a run would take."""

import contextlib
import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from sni_engine.api.words import format_bytes, format_seconds
from sni_engine.cli.progress import showing

if TYPE_CHECKING:
    from sni_engine.api.forecast import Forecast
    from sni_engine.api.training import TrainConfig

_NUMBERS = {int: "a whole number", float: "a number"}


def sift(words: Sequence[str], known: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return every flag that cannot be read, as sentences, and the words that can. known: what `list_flags` returns."""
    good: list[str] = []
    flaws: list[str] = []
    for group in split(words):
        name, values = group[0].removeprefix("--").replace("_", "-"), group[1:]
        if name.startswith("no-") and known.get(name[3:]) is bool:
            name = name[3:]
        flaw = find_flaw(name, values, known) if group[0].startswith("--") else f'"{" ".join(group)}" is not a flag.'
        if flaw:
            flaws.append(flaw)
        else:
            good += group
    return flaws, good


def list_flags(command: Callable[..., None]) -> dict[str, Any]:
    """Return the type of every flag of a command by its name; the fields of a dataclass are flags of their own."""
    flags: dict[str, Any] = {}
    for name, kind in get_type_hints(command).items():
        if is_dataclass(kind):
            hints = get_type_hints(kind)
            flags |= {item.name.replace("_", "-"): hints[item.name] for item in fields(kind)}
        elif name != "return":
            said = [part for part in get_args(kind) if part is not NoneType] if NoneType in get_args(kind) else [kind]
            flags[name.replace("_", "-")] = said[0]
    return flags


def split(words: Sequence[str]) -> list[list[str]]:
    """Return each flag with its values; --name=value counts as two words."""
    groups: list[list[str]] = []
    for word in words:
        if word.startswith("--"):
            groups.append(word.split("=", 1))
        elif groups:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def find_flaw(name: str, values: Sequence[str], known: Mapping[str, Any]) -> str:
    """Return what is wrong with a flag and its values; empty when they can be read."""
    if name not in known:
        near = difflib.get_close_matches(name, known, 1)
        return f"--{name} is not a flag{f'; did you mean --{near[0]}?' if near else '.'}"
    kind = known[name]
    is_list = get_origin(kind) is tuple
    wanted = 0 if kind is bool else 1
    if not is_list and len(values) != wanted:
        return f"--{name} takes {('no', 'one')[wanted]} value{'s' * (not wanted)}, not {len(values)}."
    bad = [value for value in values if not can_read(get_args(kind)[0] if is_list else kind, value)]
    if not bad:
        return ""
    if kind in _NUMBERS or is_list:
        return f'--{name}: "{bad[0]}" is not {_NUMBERS[get_args(kind)[0] if is_list else kind]}.'
    return f'--{name}: "{bad[0]}" is not one of {", ".join(get_args(kind))}.'


def can_read(kind: Any, value: str) -> bool:
    """Say whether a value's text is of a kind."""
    if kind in _NUMBERS:
        with contextlib.suppress(ValueError):
            kind(value)
            return True
        return False
    return not get_args(kind) or value in get_args(kind)


def rehearse(config: "TrainConfig", out: Path, resume: bool, flaws: Sequence[str]) -> bool:
    """Print what a run would meet; say whether it could start. flaws: what the flags themselves got wrong."""
    from sni_engine.api.generators import drain
    from sni_engine.train.forecast import make_forecast

    with showing() as show:
        forecast = drain(make_forecast(config, out, resume), show)
    problems = [*flaws, *forecast.problems]
    print("\n".join([*format_forecast(forecast), *format_problems(problems)]))
    return not problems


def format_problems(problems: Sequence[str]) -> Iterator[str]:
    """Yield the problems, numbered, or that there are none."""
    if not problems:
        yield "Nothing is in the way: the same command without --dry-run starts the run."
        return
    yield f"{len(problems)} problem{'s' * (len(problems) > 1)}:"
    yield from (f"  {number}. {problem}" for number, problem in enumerate(problems, 1))


def format_forecast(forecast: "Forecast") -> Iterator[str]:
    """Yield the lines of a forecast."""
    yield f"Pictures  {forecast.pictures or 'none'}"
    yield f"Device    {forecast.device}"
    if forecast.phases:
        yield f"Time      {format_seconds(forecast.seconds)}"
        for phase in forecast.phases:
            rate = f"{phase.images} at {phase.rate:.1f} images/s"
            yield f"  {format_seconds(phase.seconds):>12}  {phase.name}: {rate}"
    for kind, word, needs in (("Memory", "of", forecast.memory), ("Disk", "for", forecast.disk)):
        for need in needs:
            free = "unknown" if need.free is None else format_bytes(need.free)
            yield f"{kind:<9} {format_bytes(need.needed)} {word} {need.what}; free: {free}"
    yield from (f"Note      {note}" for note in forecast.notes)
