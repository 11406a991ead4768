"""`sni models list`, `sni models show`: which models are here, and what is known of one."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from sni_engine.api.models import ModelCard
from sni_engine.api.plain import to_plain
from sni_engine.cli.terminal import UsageError, read_flags

_HELP = "usage: sni models list [--json]\n       sni models show [NAME|FILE]"


def run(words: Sequence[str]) -> None:
    """Run one of the commands of this file."""
    actions: dict[str, Callable[..., None]] = {"list": list_all, "show": show}
    if len(words) > 1 and words[1] in ("-h", "--help"):
        print(_HELP)
    elif len(words) > 1 and words[1] in actions:
        read_flags(actions[words[1]], [f"models {words[1]}", *words[2:]])
    else:
        raise UsageError('Write "sni models list" or "sni models show NAME".')


def list_all(*, as_json: Annotated[bool, arg(name="json", help="print JSON")] = False) -> None:
    """List the models that come with the program and your own."""
    from sni_engine.checkpoints.store import DEFAULT, list_models, own_models

    models = list_models()
    if as_json:
        rows = [{"name": name, "path": str(path), "card": to_plain(card)} for name, path, card in models]
        print(json.dumps(rows, indent=2))
        return
    width = max((len(name) for name, _, _ in models), default=0)
    for name, path, card in models:
        mark = "*" if name == DEFAULT else " "
        print(f"{mark} {name:{width}}  {card.resolution_px} px  {_describe_grid(card)}  {card.digest[:8]}  {path}")
    print(f"Put models of your own into {own_models()}.")


def show(
    name: Positional[Annotated[str | None, arg(metavar="NAME|FILE", help="without it, the default model")]] = None,
) -> None:
    """Print what is known of a model: where it comes from, and what it cannot do."""
    from sni_engine.checkpoints.format import read_card
    from sni_engine.checkpoints.store import find_model

    path: Path = find_model(name)
    card = read_card(path)
    print(f"{card.name}: {card.resolution_px} px, {_describe_grid(card)}, {_describe_network(card)}")
    print(f"file: {path}\ndigest: {card.digest}\nlicence: {card.licence or 'none named'}")
    for fact, value in card.facts.items():
        print(f"{fact}: {value}")
    for limit in card.limits:
        print(f"- {limit}")


def _describe_network(card: ModelCard) -> str:
    return f"{card.backbone} backbone" + (", constant input, style codes only" if card.source == "constant" else "")


def _describe_grid(card: ModelCard) -> str:
    return f"{card.grid.rows}×{card.grid.columns} cells"
