"""Finding the model's parts, showing their list, and selecting by them."""

from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _

_PARTS = _("&Parts")

COMMANDS: tuple[Command, ...] = (
    Command(
        "show-parts-panel",
        "select",
        _("&List of parts"),
        lambda w: w.parting.show(),
        icon="shape-outline",
        divider=True,
        submenu=_PARTS,
    ),
    Command(
        "select-part",
        "select",
        _("&Select cells of the part {subject}"),
        lambda w: w.parting.select(),
        icon="selection",
        when=has_face,
        ready=lambda w: w.parting.parts.state.chosen is not None,
        subject=lambda now: "",
        named=lambda w: w.parting.name_chosen(),
        submenu=_PARTS,
    ),
    Command(
        "find-parts",
        "select",
        _("&Find parts"),
        lambda w: w.parting.find(),
        when=lambda now: now.card is not None,
        ready=lambda w: not w.parting.parts.state.is_finding,
        submenu=_PARTS,
    ),
    Command(
        "take-back-parts",
        "select",
        _("&Take back the last change of parts"),
        lambda w: w.parting.parts.take_back(),
        ready=lambda w: w.parting.parts.state.can_take_back,
        submenu=_PARTS,
    ),
)
