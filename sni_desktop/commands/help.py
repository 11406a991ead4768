"""What helps a person along."""

from sni_desktop.commands.command import Command
from sni_desktop.commands.command import mark as _

COMMANDS: tuple[Command, ...] = (
    Command("guide", "help", _("&Guide"), lambda w: w.host.show_guide(), ("F1",)),
    Command("shortcuts", "help", _("&Keyboard and mouse"), lambda w: w.show_shortcuts(), ("Ctrl+?",)),
    Command("welcome", "help", _("&Welcome page"), lambda w: w.host.show_welcome()),
    Command("report", "help", _("&Copy a report of trouble"), lambda w: w.host.copy_report(), divider=True),
    Command("log", "help", _("Open the &log's folder"), lambda w: w.host.open_log_folder()),
    Command("about", "help", _("&About"), lambda w: w.show_about(), divider=True),
)
