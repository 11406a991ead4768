"""How the picture and the window look."""

from sni_desktop.canvas.look import Colour
from sni_desktop.commands.command import Command, has_face
from sni_desktop.commands.command import mark as _
from sni_desktop.screen import toggle_full_screen
from sni_desktop.snapshot import Snapshot
from sni_desktop.theme import Mode


def can_compare(now: Snapshot) -> bool:
    """Say whether there are two pictures to compare."""
    return now.history is not None and (now.draft or len(now.history.nodes) > 1)


def choose_colour(colour: Colour, text: str) -> Command:
    """Return the command that shows the selection in a colour."""
    return Command(
        f"selection-{colour}",
        "view",
        text,
        lambda w: w.change_look(colour=colour),
        checked=lambda w: w.canvas.look.colour == colour,
        submenu=_LOOK,
    )


def choose_tint(percent: int, text: str) -> Command:
    """Return the command that tints the selection so much."""
    return Command(
        f"tint-{percent}",
        "view",
        text,
        lambda w: w.change_look(tint=percent),
        checked=lambda w: w.canvas.look.tint == percent,
        submenu=_LOOK,
    )


def choose_theme(mode: Mode, text: str, divider: bool = False) -> Command:
    """Return the command that gives the window its colours."""
    return Command(
        mode,
        "view",
        text,
        lambda w: w.set_theme(mode),
        checked=lambda w: w.theme.mode == mode,
        divider=divider,
    )


_LOOK = _("Loo&k of the selection")
_JUMP = _("&Jump to")

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
    Command("zoom-double", "view", _("T&wice the size"), lambda w: w.canvas.zoom_to(2), ("Ctrl+2",), "", has_face),
    Command("zoom-fit", "view", _("&Fit"), lambda w: w.canvas.zoom_fit(), ("Ctrl+0",), "fit-to-screen-outline"),
    Command(
        "grid",
        "view",
        _("&Grid"),
        lambda w: w.toggle_grid(),
        ("G", "Ctrl+'"),
        "grid",
        checked=lambda w: w.canvas.grid_visible,
        divider=True,
    ),
    Command(
        "show-selection",
        "view",
        _("&Selection and locks"),
        lambda w: w.change_look(visible=not w.canvas.look.visible),
        ("Ctrl+H",),
        checked=lambda w: w.canvas.look.visible,
    ),
    choose_colour("amber", _("&Amber")),
    choose_colour("cyan", _("&Cyan")),
    choose_colour("magenta", _("&Magenta")),
    choose_colour("white", _("&White")),
    choose_tint(0, _("&No tint")),
    choose_tint(20, _("&Light tint")),
    choose_tint(40, _("Me&dium tint")),
    choose_tint(60, _("&Strong tint")),
    Command(
        "selection-hatch",
        "view",
        _("&Hatching"),
        lambda w: w.change_look(hatch=not w.canvas.look.hatch),
        checked=lambda w: w.canvas.look.hatch,
        submenu=_LOOK,
    ),
    Command(
        "compare-hold",
        "view",
        _("What was &before (hold)"),
        lambda w: w.hold_before(),
        ("C",),
        "compare",
        can_compare,
        divider=True,
    ),
    Command(
        "compare-split",
        "view",
        _("Before and after, &side by side"),
        lambda w: w.seeing.comparing.toggle("split"),
        ("Shift+C",),
        "compare-horizontal",
        can_compare,
        checked=lambda w: w.seeing.comparing.now.view == "split",
    ),
    Command(
        "split-left",
        "view",
        _("Divider to the l&eft"),
        lambda w: w.seeing.comparing.nudge_split(-1),
        ("Ctrl+Left",),
        "",
        can_compare,
        repeats=True,
    ),
    Command(
        "split-right",
        "view",
        _("Divider to the rig&ht"),
        lambda w: w.seeing.comparing.nudge_split(+1),
        ("Ctrl+Right",),
        "",
        can_compare,
        repeats=True,
    ),
    Command(
        "difference",
        "view",
        _("Difference &map"),
        lambda w: w.seeing.comparing.toggle("difference"),
        ("Ctrl+Shift+M",),
        "vector-difference",
        can_compare,
        checked=lambda w: w.seeing.comparing.now.view == "difference",
    ),
    Command(
        "difference-fit",
        "view",
        _("Difference scale ends at its ma&ximum"),
        lambda w: w.seeing.comparing.toggle_fitted(),
        (),
        "",
        can_compare,
        checked=lambda w: w.seeing.comparing.now.fitted,
    ),
    Command(
        "compare-parent",
        "view",
        _("Compare with the ste&p before"),
        lambda w: w.seeing.comparing.compare_with_parent(),
        (),
        "",
        has_face,
        checked=lambda w: w.seeing.comparing.now.other == "parent",
        divider=True,
    ),
    Command(
        "compare-root",
        "view",
        _("Compare with the first fa&ce"),
        lambda w: w.seeing.comparing.compare_with_root(),
        (),
        "",
        has_face,
        checked=lambda w: w.seeing.comparing.now.other == "root",
    ),
    Command(
        "compare-with",
        "view",
        _("Compare with &this step from now on"),
        lambda w: w.compare_with_step(),
        (),
        "",
        has_face,
        checked=lambda w: isinstance(w.seeing.comparing.now.other, int),
    ),
    Command(
        "influence",
        "view",
        _("Infl&uence of a cell"),
        lambda w: w.seeing.influencing.toggle(),
        ("I",),
        "blur-radial",
        lambda now: now.has_face and now.card is not None and "local" in now.card.grid.levels,
        checked=lambda w: w.seeing.influencing.now.is_on,
        divider=True,
    ),
    Command(
        "parts",
        "view",
        _("Parts &of the picture"),
        lambda w: w.parting.parts.toggle(),
        ("P",),
        "puzzle-outline",
        has_face,
        checked=lambda w: w.parting.parts.state.is_on,
    ),
    Command("next-region", "view", _("&Next panel"), lambda w: w.regions.go(+1), ("F6",), divider=True, submenu=_JUMP),
    Command("last-region", "view", _("&Panel before"), lambda w: w.regions.go(-1), ("Shift+F6",), submenu=_JUMP),
    Command("next-tab", "view", _("Next &tab"), lambda w: w.regions.turn(+1), ("Ctrl+PgDown",), submenu=_JUMP),
    Command("last-tab", "view", _("Tab &before"), lambda w: w.regions.turn(-1), ("Ctrl+PgUp",), submenu=_JUMP),
    choose_theme("light", _("&Light"), divider=True),
    choose_theme("dark", _("&Dark")),
    choose_theme("system", _("As the s&ystem")),
    Command(
        "full-screen",
        "view",
        _("Full scree&n"),
        lambda w: toggle_full_screen(w),
        ("F11",),
        "fullscreen",
        checked=lambda w: w.isFullScreen(),
        divider=True,
    ),
    Command(
        "hide-docks",
        "view",
        _("Hide the panels"),
        lambda w: w.curtain.toggle(),
        ("F12",),
        checked=lambda w: w.curtain.is_drawn,
    ),
    Command("reset-layout", "view", _("&Reset layout"), lambda w: w.docks.reset(), divider=True),
)
