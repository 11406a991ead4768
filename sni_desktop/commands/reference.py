"""Choosing a face to move toward or to paint from, and doing so."""

from sni_desktop.commands.command import Command, choose_tool, has_face
from sni_desktop.commands.command import mark as _

COMMANDS: tuple[Command, ...] = (
    choose_tool("clone", "generate", _("C&lone brush"), "K", "stamper", divider=True),
    Command(
        "clone-shared",
        "generate",
        _("Clone &quadrants' shared codes too"),
        lambda w: w.blending.clone.set_with_shared(not w.blending.clone.with_shared),
        checked=lambda w: w.blending.clone.with_shared,
    ),
    Command(
        "reference-step",
        "generate",
        _("&Use this step as reference"),
        lambda w: w.blending.take_step(),
        ("Shift+K",),
        "history",
        has_face,
        divider=True,
    ),
    Command(
        "reference-deal", "generate", _("Deal si&x seeds as references"), lambda w: w.blending.deal(), when=has_face
    ),
    Command(
        "reference-seed", "generate", _("Reference from a s&eed…"), lambda w: w.blending.take_seed(), when=has_face
    ),
    Command(
        "reference-file", "generate", _("Reference from a &file…"), lambda w: w.blending.take_file(), when=has_face
    ),
    Command(
        "blend-all",
        "generate",
        _("&Go all the way to the reference"),
        lambda w: w.blending.blend.go_all_way(),
        ("Ctrl+Shift+Return",),
        "arrow-right-bold",
        has_face,
    ),
    Command(
        "take-look",
        "generate",
        _("Give the &part the reference's look"),
        lambda w: w.blending.take_look(),
        (),
        "content-duplicate",
        has_face,
    ),
)
