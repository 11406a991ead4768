"""What helps a person along."""

from sni_desktop.commands.command import Command
from sni_desktop.commands.command import mark as _

COMMANDS: tuple[Command, ...] = (
    Command("shortcuts", "help", _("&Keyboard and mouse"), lambda w: w.show_shortcuts(), ("F1",)),
    Command("about", "help", _("&About"), lambda w: w.show_about()),
)
