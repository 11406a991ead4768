"""What is told of parts: of changes, each with the offer to take it back, and of those that are not there."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from sni_desktop.snapshot import Notice
from sni_desktop.words import fill, say_part
from sni_engine.api.parts import PartSet


def tell_joined(before: PartSet, names: Sequence[str], new: str) -> Notice | None:
    """Return what to say when parts get a name that another one has, since who typed it may not have known."""
    wanted = " ".join(new.split()).casefold()
    joined = next((part for part in before.parts if part.name not in names and part.name.casefold() == wanted), None)
    if joined is None:
        return None
    text = tr("{names} is a part of “{name}” now.") if len(names) == 1 else tr("{names} are “{name}” now.")
    return _offer_back(fill(text, names=", ".join(map(say_part, names)), name=joined.name))


def tell_absent(names: Sequence[str]) -> Notice:
    """Return what to say when a picture shows nothing of parts that were to be selected."""
    text = fill(tr("This face shows no {names}."), names=", ".join(map(say_part, names)))
    return Notice("info", text, tr("The selection is as it was."))


def tell_none() -> Notice:
    """Return what to say to who wants parts of a model that has none."""
    return Notice("info", tr("This model has no parts yet."), tr("It finds them itself."), offer="find-parts")


def tell_found(before: PartSet | None, found: PartSet) -> Notice:
    """Return what to say of parts that were found."""
    named = sum(part.is_named for part in found.parts)
    text = tr("{count} parts were found, {named} of them with a name.") if named else tr("{count} parts were found.")
    text = fill(text, count=len(found.parts), named=named)
    return Notice("info", text) if before is None else _offer_back(text)


def tell_forgotten(left: PartSet | None) -> Notice:
    """Return what to say when a person's own parts are gone."""
    none, again = tr("The model has no parts any more."), tr("The model has the parts again that came with it.")
    return _offer_back(none if left is None else again)


def _offer_back(text: str) -> Notice:
    return Notice("info", text, offer="take-back-parts")


def tr(text: str) -> str:
    """Translate what is told of parts."""
    return QCoreApplication.translate("Parts", text)
