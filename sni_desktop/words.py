"""What steps, seeds, levels and ages are called, in the person's language; everything that is shown takes it here."""

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from sni_engine.api.codes import Level
from sni_engine.api.edits import Edit, Interpolate, StyleTransfer
from sni_engine.api.history import History, Node
from sni_engine.api.parts import Part

CONTRACT = (
    QT_TRANSLATE_NOOP("Words", "Resample"),
    QT_TRANSLATE_NOOP("Words", "Interpolate"),
    QT_TRANSLATE_NOOP("Words", "Part style"),
    QT_TRANSLATE_NOOP("Words", "Amount"),
    QT_TRANSLATE_NOOP("Words", "Strength"),
    QT_TRANSLATE_NOOP("Words", "Part"),
    QT_TRANSLATE_NOOP("Words", "Purity"),
    QT_TRANSLATE_NOOP("Words", "Spill"),
    QT_TRANSLATE_NOOP("Words", "Channels"),
    QT_TRANSLATE_NOOP("Words", "The best first"),
    QT_TRANSLATE_NOOP("Words", "All in proportion"),
    QT_TRANSLATE_NOOP("Words", "Spill by layer"),
    QT_TRANSLATE_NOOP("Words", "the same for all"),
    QT_TRANSLATE_NOOP("Words", "Local"),
    QT_TRANSLATE_NOOP("Words", "Shared"),
    QT_TRANSLATE_NOOP("Words", "Global"),
    QT_TRANSLATE_NOOP("Words", "Style"),
    QT_TRANSLATE_NOOP("Words", "0 keeps the picture, 1 takes the new codes in full."),
    QT_TRANSLATE_NOOP("Words", "0 keeps the picture, 1 takes the reference's codes in full."),
    QT_TRANSLATE_NOOP("Words", "0 keeps the picture, 1 takes the reference's look in full."),
    QT_TRANSLATE_NOOP("Words", "Which part takes its look from the reference."),
    QT_TRANSLATE_NOOP("Words", "How much change elsewhere weighs against change of the part, 0 to 1."),
    QT_TRANSLATE_NOOP("Words", "How much may change outside the part: 0 nothing, 1 as much as it takes."),
    QT_TRANSLATE_NOOP(
        "Words", "Whether the channels that fit the part best go all the way, or all of them as far as they fit."
    ),
    QT_TRANSLATE_NOOP(
        "Words", "One number for each layer of style, from coarse to fine; the last one counts for all that follow."
    ),
    QT_TRANSLATE_NOOP("Words", "How much of the amount this level goes: 0 leaves it as it is, 1 all of it."),
)
"""What edits say of themselves, for translators: the contract, where it is written, knows of no translation."""


def name_step(node: Node, goal: str = "") -> str:
    """Return a step's name: the person's own, or what was done; goal: which face it moved toward, if any."""
    if node.label:
        return node.label
    return _tr("Face") if node.edit is None else describe_edit(node.edit, goal)


def describe_edit(edit: Edit, goal: str = "") -> str:
    """Return what an edit did, and for one toward another face how far and toward which."""
    if isinstance(edit.params, StyleTransfer):
        return _describe_transfer(edit.params, goal)
    if not isinstance(edit.params, Interpolate):
        return name_method(edit)
    if is_copy(edit):
        return fill(_tr("Clone from {goal}"), goal=goal) if goal else _tr("Clone")
    amount = round(edit.params.amount * 100)
    return fill(_tr("Blend {amount} % to {goal}") if goal else _tr("Blend {amount} %"), amount=amount, goal=goal)


def _describe_transfer(params: StyleTransfer, goal: str) -> str:
    if not goal:
        return fill(_tr("Style of {part}"), part=say_part(params.part))
    return fill(_tr("{part} from {goal}"), part=name_part(params.part), goal=goal)


def say_part(name: str) -> str:
    """Return what a part is called within a sentence: its own name, or a translated one when nobody has named it."""
    return name if Part(name, ()).is_named else fill(_tr("part {number}"), number=number_part(name))


def name_part(name: str) -> str:
    """Return what a part is called where its name stands alone or first."""
    said = say_part(name)
    return said[:1].upper() + said[1:]


def number_part(name: str) -> str:
    """Return what a part is called after the word part: its own name, or the number of one that nobody has named."""
    return name if Part(name, ()).is_named else name.rpartition(" ")[2]


def is_copy(edit: Edit) -> bool:
    """Say whether an edit took codes of some cells over in full, as the clone brush does."""
    selection = edit.selection
    whole = isinstance(edit.params, Interpolate) and all(edit.params.amounts[level] == 1 for level in selection.levels)
    return whole and set(selection.levels) <= {"local", "shared"} and not bool((selection.cells > 0).all())


def name_goal(history: History, node: Node) -> str:
    """Return which face a step moved toward: an older step, the face of a seed or one made from it; "" for none."""
    if node.edit is None or node.edit.reference is None:
        return ""
    reference = node.edit.reference
    older = (other for other in history.nodes if other.id < node.id and other.codes.digest == reference.digest)
    step = next(older, None)
    if step is not None:
        return fill(_tr("“{name}”"), name=step.label) if step.label else fill(_tr("step {number}"), number=step.id)
    if reference.noise_seed == history.root.codes.noise_seed:
        return _tr("another face")  # a candidate, or a step of this face elsewhere
    return fill(_tr("seed {seed}"), seed=reference.noise_seed)


def number_step(node: Node) -> str:
    """Return a step's number and name."""
    return fill(_tr("Step {number}: {name}"), number=node.id, name=name_step(node))


def name_method(edit: Edit) -> str:
    """Return what an edit does."""
    if isinstance(edit.params, Interpolate):
        return _tr("Clone") if is_copy(edit) else _tr("Blend")
    return translate(edit.params.title)


def name_seed(seed: int) -> str:
    """Return what a seed's face is called."""
    return fill(_tr("Seed {seed}"), seed=seed)


def name_level(level: Level) -> str:
    """Return what a level is called inside a sentence."""
    return {"local": _tr("local"), "shared": _tr("shared"), "global": _tr("global"), "style": _tr("style")}[level]


def label_level(level: Level) -> str:
    """Return what a level is called where its name stands alone."""
    return {"local": _tr("Local"), "shared": _tr("Shared"), "global": _tr("Global"), "style": _tr("Style")}[level]


def describe_age(seconds: float) -> str:
    """Return how long ago something was."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return _tr("just now")
    if minutes < 60:
        return fill(_tr("{count} min ago"), count=minutes)
    if minutes < 48 * 60:
        return fill(_tr("{count} h ago"), count=minutes // 60)
    return fill(_tr("{count} days ago"), count=minutes // (24 * 60))


def fill(text: str, **parts: object) -> str:
    """Return a translated text with what its {marks} stand for; a mark that a translator changed stays as it is."""
    return re.sub(r"\{(\w+)\}", lambda mark: str(parts.get(mark[1], mark[0])), text)


def translate(text: str) -> str:
    """Return what an edit says of itself (CONTRACT) in the person's language."""
    return _tr(text)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Words", text)
