"""How the picture and the window look."""

from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _

COMMANDS: tuple[Command, ...] = (
    Command(
        "zoom-in",
        "view",
        _("Zoom &in"),
        lambda w: w.canvas.zoom_by(1.25),
        ("Ctrl++", "Ctrl+="),
        "magnify-plus-outline",
        repeats=True,
    ),
    Command(
        "zoom-out",
        "view",
        _("Zoom &out"),
        lambda w: w.canvas.zoom_by(0.8),
        ("Ctrl+-",),
        "magnify-minus-outline",
        repeats=True,
    ),
    Command("zoom-actual", "view", _("&Actual size"), lambda w: w.canvas.zoom_to(1), ("Ctrl+1",), "", has_face),
    Command("zoom-fit", "view", _("&Fit"), lambda w: w.canvas.zoom_fit(), ("Ctrl+0",), "fit-to-screen-outline"),
    Command(
        "grid",
        "view",
        _("&Grid"),
        lambda w: w.toggle_grid(),
        ("G",),
        "grid",
        checked=lambda w: w.canvas.grid_visible,
        divider=True,
    ),
    Command(
        "light",
        "view",
        _("&Light"),
        lambda w: w.set_theme("light"),
        checked=lambda w: w.theme.mode == "light",
        divider=True,
    ),
    Command("dark", "view", _("&Dark"), lambda w: w.set_theme("dark"), checked=lambda w: w.theme.mode == "dark"),
    Command(
        "system",
        "view",
        _("As the s&ystem"),
        lambda w: w.set_theme("system"),
        checked=lambda w: w.theme.mode == "system",
    ),
    Command("reset-layout", "view", _("&Reset layout"), lambda w: w.reset_layout(), divider=True),
)
