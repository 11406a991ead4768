"""`sni models add`, `rename`, `copy`, `remove`, `restore`, `trash`, `verify`: what is done with models' files."""

from collections.abc import Callable, Generator
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

from tyro.conf import Positional, arg

from sni_engine.api.errors import EngineError
from sni_engine.api.words import format_bytes
from sni_engine.cli.terminal import say

T = TypeVar("T")

OwnName = Positional[Annotated[str, arg(metavar="NAME", help="one of your own models")]]


def add(
    path: Positional[Annotated[Path, arg(metavar="FILE|RUN", help="a model's file, or the folder of a run")]],
    *,
    name: Annotated[str, arg(help="what to call it; else as its file says")] = "",
) -> None:
    """Copy a model in among your own. A file that is none is refused, and nothing of it is run."""
    from sni_engine.checkpoints.shelf import add_model

    added = _finish(add_model(path, name))
    print(added.entry.path)
    if added.mended:
        say(f'This model was here as "{added.entry.name}", but damaged; it is whole now.')
    elif added.was_there:
        say(f'This model is here already: "{added.entry.name}".')


def rename(
    name: OwnName, new: Positional[Annotated[str, arg(metavar="NEW", help="its new name, which no other model has")]]
) -> None:
    """Give one of your own models another name; its digest stays, so projects still find it."""
    from sni_engine.checkpoints.shelf import rename_model
    from sni_engine.checkpoints.store import find_model

    print(rename_model(find_model(name), new).path)


def copy(
    name: Positional[Annotated[str, arg(metavar="NAME|FILE", help="the model to copy")]],
    new: Positional[Annotated[str, arg(metavar="NEW", help="the copy's name; numbered when it is taken")]] = "",
) -> None:
    """Copy a model, also one that comes with the program."""
    from sni_engine.checkpoints.shelf import duplicate_model
    from sni_engine.checkpoints.store import find_model

    print(duplicate_model(find_model(name), new).path)


def remove(name: OwnName) -> None:
    """Delete one of your own models; it can be brought back for 30 days."""
    from sni_engine.checkpoints.store import find_model
    from sni_engine.checkpoints.trash import empty_old_trash, remove_model

    removed = remove_model(find_model(name))
    empty_old_trash()
    print(removed.path)
    say(f'"sni models restore {removed.id}" brings it back.')


def restore(
    name: Positional[Annotated[str, arg(metavar="NAME", help="as deleted; the one deleted last without it")]] = "",
) -> None:
    """Bring a deleted model back."""
    from sni_engine.checkpoints.trash import list_trash, restore_model

    found = [item for item in list_trash() if not name or name in (item.name, item.id)]
    if not found:
        what = f'No deleted model is called "{name}".' if name else "No deleted model is there."
        raise EngineError(what, '"sni models trash" lists those that can be brought back.')
    print(restore_model(found[0].id).path)


def trash(*, empty: Annotated[bool, arg(help="delete all of it for good")] = False) -> None:
    """List the models that were deleted and can still be brought back."""
    from sni_engine.checkpoints.trash import empty_trash, list_trash

    if empty:
        say(f"{empty_trash()} deleted for good.")
        return
    for item in list_trash():
        when = datetime.fromtimestamp(item.at).strftime("%Y-%m-%d %H:%M")
        print(f"{item.id}  {when}  {format_bytes(item.size_bytes):>9}  {item.name}")


def verify(
    names: Positional[Annotated[tuple[str, ...], arg(metavar="[NAME|FILE]...", help="all models without it")]] = (),
) -> None:
    """Read models' files to their end and compare their digests."""
    from sni_engine.checkpoints.shelf import verify_model
    from sni_engine.checkpoints.store import find_model, list_entries

    paths = [find_model(name) for name in names] or [entry.path for entry in list_entries()]
    damaged = 0
    for path in paths:
        problem = _finish(verify_model(path))
        damaged += bool(problem)
        print(f"{path}: {problem or 'whole'}")
    if damaged:
        raise EngineError(f"{damaged} of {len(paths)} models are damaged.", "Copy them again, or remove them.")


def _finish(steps: Generator[object, None, T]) -> T:
    from sni_engine.api.generators import drain

    return drain(steps, lambda _: None)


ACTIONS: dict[str, Callable[..., None]] = {
    "add": add,
    "rename": rename,
    "copy": copy,
    "remove": remove,
    "restore": restore,
    "trash": trash,
    "verify": verify,
}
