"""`sni models`: which models are here, and what is known of one; managing has what is done with them."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from tyro.conf import Positional, arg

from sni_engine.api.library import ModelEntry
from sni_engine.api.models import ModelCard
from sni_engine.api.plain import to_plain
from sni_engine.api.words import format_bytes
from sni_engine.cli.terminal import UsageError, opt, read_flags, say

_HELP = """usage: sni models COMMAND ...

  list [--json]          the models that come with the program, and your own
  show [NAME|FILE]       what is known of one: where it comes from, what it cannot do
  add FILE|RUN [--name]  copy a model, or that of a run's folder, in among your own
  rename NAME NEW        give one of your own another name; projects still find it
  copy NAME [NEW]        copy a model, also one that comes with the program
  remove NAME            delete one of your own; it can be brought back for 30 days
  restore [NAME]         bring back the one deleted last, or the last of that name
  trash [--empty]        what was deleted; --empty deletes it for good
  verify [NAME|FILE]...  read files to their end and compare their digests, all without names"""


_ORIGINS = {"shipped": "comes with the program", "trained": "a training run", "imported": "a file that was added"}


def run(words: Sequence[str]) -> None:
    """Run one of the commands of this file."""
    from sni_engine.cli.managing import ACTIONS

    actions: dict[str, Callable[..., None]] = {"list": list_all, "show": show, **ACTIONS}
    if len(words) > 1 and words[1] in ("-h", "--help"):
        print(_HELP)
    elif len(words) > 1 and words[1] in actions:
        read_flags(actions[words[1]], [f"models {words[1]}", *words[2:]])
    else:
        raise UsageError('Write "sni models list" or "sni models show NAME".', 'See "sni models --help" for the rest.')


def list_all(*, as_json: Annotated[bool, arg(name="json", help="print JSON")] = False) -> None:
    """List the models that come with the program and your own."""
    from sni_engine.checkpoints.store import DEFAULT, list_entries, own_models

    entries = list_entries()
    if as_json:
        rows = [
            {
                "name": entry.name,
                "path": str(entry.path),
                "kind": entry.kind,
                "bytes": entry.size_bytes,
                "problem": entry.problem,
                "card": to_plain(entry.card) if entry.card else None,
            }
            for entry in entries
        ]
        print(json.dumps(rows, indent=2))
        return
    width = max((len(entry.name) for entry in entries), default=0)
    for entry in entries:
        mark = "!" if entry.problem else "*" if entry.name == DEFAULT else " "
        print(f"{mark} {entry.name:{width}}  {_describe(entry)}  {entry.path}")
    print(f'"sni models add FILE" copies a model into {own_models()}.')


def _describe(entry: ModelEntry) -> str:
    card = entry.card
    if card is None or entry.problem:
        return f"{entry.kind:8}  damaged: {entry.problem}"
    return f"{entry.kind:8}  {card.resolution_px} px  {_describe_grid(card)}  {card.digest[:8]}"


def show(
    name: Positional[Annotated[str | None, opt(metavar="NAME|FILE", help="without it, the default model")]] = None,
) -> None:
    """Print what is known of a model: where it comes from, and what it cannot do."""
    from sni_engine.checkpoints.format import read_card
    from sni_engine.checkpoints.store import find_model, read_entry

    path: Path = find_model(name)
    card, entry = read_card(path), read_entry(path)
    print(f"{card.name}: {card.resolution_px} px, {_describe_grid(card)}, {_describe_network(card)}")
    print(f"file: {path}\nsize: {format_bytes(entry.size_bytes)}\norigin: {_ORIGINS[entry.kind]}")
    print(f"digest: {card.digest}\nlicence: {card.licence or 'none named'}")
    for fact, value in card.facts.items():
        print(f"{fact}: {value}")
    for limit in card.limits:
        print(f"- {limit}")
    if entry.problem:
        say(f'{entry.problem} "sni models verify" says more.')


def _describe_network(card: ModelCard) -> str:
    return f"{card.backbone} backbone" + (", constant input, style codes only" if card.source == "constant" else "")


def _describe_grid(card: ModelCard) -> str:
    return f"{card.grid.rows}×{card.grid.columns} cells"
