"""Colours, icons and spacing, light and dark: neutral greys, so that pictures are judged fairly, and one accent."""

from typing import Literal, cast

import qtawesome
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from sni_desktop.colours import DARK, LIGHT, Colours
from sni_desktop.style import make_style

Mode = Literal["system", "light", "dark"]


class Theme(QObject):
    """Applies one of the two sets of colours, or follows the system; everybody repaints on `changed`."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system") -> None:
        super().__init__()
        self._app = app
        self._mode: Mode = mode
        app.setStyle(QStyleFactory.create("Fusion"))
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self.set_mode(mode)

    @property
    def mode(self) -> Mode:
        """What the person chose."""
        return self._mode

    @property
    def is_dark(self) -> bool:
        """True when the dark colours are in use."""
        if self._mode == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def colours(self) -> Colours:
        """The colours in use."""
        return DARK if self.is_dark else LIGHT

    def colour(self, name: str, alpha: int = 255) -> QColor:
        """Return one of the colours by its field's name."""
        colour = QColor(getattr(self.colours, name))
        colour.setAlpha(alpha)
        return colour

    def series_colour(self, place: int, share: float = 1.0) -> QColor:
        """Return the colour of a diagram's line by its place; they begin anew after the last.

        share: less than 1 mixes it with the ground; a line that is seen through would take Qt several times as long.
        """
        colour, ground = QColor(self.colours.series[place % len(self.colours.series)]), QColor(self.colours.raised)
        pairs = ((colour.red(), ground.red()), (colour.green(), ground.green()), (colour.blue(), ground.blue()))
        return QColor(*(round(share * one + (1 - share) * other) for one, other in pairs))

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """Return a Material Design icon in the theme's colours."""
        colours = self.colours
        return cast(
            QIcon,
            qtawesome.icon(
                f"mdi6.{name}",
                color=getattr(colours, colour),
                color_disabled=colours.faint,
                color_selected=getattr(colours, colour),
            ),
        )

    def set_mode(self, mode: Mode) -> None:
        """Use the light or the dark colours, or follow the system."""
        self._mode = mode
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}
        self._app.styleHints().setColorScheme(schemes[mode])
        self._apply()

    def _follow(self) -> None:
        if self._mode == "system":
            self._apply()

    def _apply(self) -> None:
        self._app.setPalette(make_palette(self.colours))
        self._app.setStyleSheet(make_style(self.colours))
        self.changed.emit()


def make_palette(colours: Colours) -> QPalette:
    """Return Qt's palette of a set of colours."""
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.raised,
        QPalette.ColorRole.AlternateBase: colours.panel,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.raised,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.raised,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.faint,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Accent: colours.accent,
        QPalette.ColorRole.Light: colours.raised,
        QPalette.ColorRole.Midlight: colours.panel,
        QPalette.ColorRole.Mid: colours.line,
        QPalette.ColorRole.Dark: colours.line,
        QPalette.ColorRole.Shadow: colours.canvas,
        QPalette.ColorRole.BrightText: colours.danger,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor(colours.line))
    return palette
