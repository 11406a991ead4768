"""The tables of docs/portraits.md, written from the code so that they cannot go stale."""

from itertools import groupby

from sni_engine.api.errors import EngineError
from sni_engine.portraits.factors import FACTORS, Factor
from sni_engine.portraits.masks import PARTS
from sni_engine.portraits.sweeps import NEEDS

BEGIN, END = "<!-- written by `sni portraits --guide docs/portraits.md` -->", "<!-- end of what is written -->"


def renew_guide(text: str) -> str:
    """Return a document with what stands between its two marks written anew. Raises EngineError without marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise EngineError("The document has no place for the tables.", f"Put in the lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n\n{_describe_parts()}\n\n{_describe_factors()}\n\n{END}{after}"


def _describe_parts() -> str:
    numbers = ", ".join(f"{i} {part}" for i, part in enumerate(PARTS))
    return f"Part numbers: {numbers}."


def _describe_factors() -> str:
    tables = [f"{len(FACTORS)} factors."]
    for group, factors in groupby(FACTORS, lambda factor: factor.group):
        lines = [_describe_factor(factor) for factor in factors]
        head = "| factor | range | distribution | unit | what it does | shows with |\n|---|---|---|---|---|---|"
        tables.append("\n".join([f"### {group.capitalize()}", "", head, *lines]))
    return "\n\n".join(tables)


def _describe_factor(factor: Factor) -> str:
    needs = ", ".join(f"{name} = {value}" for name, value in NEEDS.get(factor.name, {}).items())
    cells = (f"`{factor.name}`", _describe_range(factor), describe_chance(factor), factor.unit, factor.help, needs)
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


def _describe_range(factor: Factor) -> str:
    if factor.options:
        return f"0 to {len(factor.options) - 1}"
    zero = "0, or " if factor.kind == "sparse" else ""
    return f"{zero}{factor.low:g} to {factor.high:g}"


def describe_chance(factor: Factor) -> str:
    """Return how a factor is drawn, in words."""
    if factor.kind == "uniform":
        return "even"
    if factor.kind == "normal":
        return f"normal, mean {factor.mean:g}, deviation {factor.spread:g}, cut to the range"
    if factor.kind == "sparse":
        return f"0 in {factor.zero_share:.0%}, else even"
    total = sum(factor.weights)
    stars = ("*" if name in factor.rare else "" for name in factor.options)
    shares = zip(factor.options, stars, factor.weights)
    return ", ".join(f"{name}{star} {weight / total:.1%}" for name, star, weight in shares).replace(".0%", "%")
