"""Keys that are no command's to have: canvas, candidates, buttons and fields act on them wherever they are pressed."""

from sni_desktop.commands.command import mark as _

RESERVED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Up", "Down", "Left", "Right"), _("moves the cell cursor on the picture, and along lists and sliders")),
    (("Shift+Up", "Shift+Down", "Shift+Left", "Shift+Right"), _("selects along the way of the cell cursor")),
    (("X", "Shift+X"), _("selects the cell at the cursor")),
    (("Space",), _("moves the picture while it is held, and selects the cell at the cursor")),
    (tuple("123456789"), _("shows a candidate")),
    (("Return", "Enter"), _("uses a candidate, and presses buttons")),
    (("Esc",), _("cancels, and goes back to the picture")),
    (("Tab", "Shift+Tab", "Backtab"), _("goes from field to field")),
)
"""Keys in Qt's portable words, and what each does, to follow "Space always …"."""
