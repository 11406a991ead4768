"""Colours, icons and spacing, light and dark: neutral greys, so that pictures are judged fairly, and one accent."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import qtawesome
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

Mode = Literal["system", "light", "dark"]
ICONS = Path(__file__).with_name("icons")  # arrows of fields, in the colours of the themes: styles want files


@dataclass(frozen=True)
class Colours:
    """One theme's colours as #rrggbb."""

    window: str
    panel: str
    canvas: str
    raised: str
    line: str
    text: str
    quiet: str
    faint: str
    accent: str
    on_accent: str
    danger: str
    info_back: str
    danger_back: str
    series: tuple[str, ...]  # lines of a diagram; told apart by the colour-blind too (hues after Okabe and Ito, 2008)


LIGHT = Colours(
    window="#f2f2f2",
    panel="#fafafa",
    canvas="#d6d6d6",
    raised="#ffffff",
    line="#cfcfcf",
    text="#1d1d1d",
    quiet="#5a5a5a",
    faint="#9a9a9a",
    accent="#1769c4",
    on_accent="#ffffff",
    danger="#b3261e",
    info_back="#e3edf8",
    danger_back="#fbe9e7",
    series=("#0072b2", "#b84a00", "#00795a", "#9a4686", "#806000", "#5a5a5a"),
)
DARK = Colours(
    window="#262626",
    panel="#2d2d2d",
    canvas="#1b1b1b",
    raised="#3a3a3a",
    line="#454545",
    text="#ececec",
    quiet="#b0b0b0",
    faint="#7b7b7b",
    accent="#5ba4f0",
    on_accent="#101010",
    danger="#ff8a80",
    info_back="#2b3a4a",
    danger_back="#4a2d2b",
    series=("#56b4e9", "#f0904a", "#2fc79b", "#e08fc4", "#e6d845", "#b0b0b0"),
)


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

    def series_colour(self, place: int, alpha: int = 255) -> QColor:
        """Return the colour of a diagram's line by its place; they begin anew after the last."""
        colour = QColor(self.colours.series[place % len(self.colours.series)])
        colour.setAlpha(alpha)
        return colour

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
        self._app.setStyleSheet(make_style(self.colours) + make_strip_style(self.colours))
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


def make_style(colours: Colours) -> str:
    """Return what the palette cannot say: the accent button, quiet text, docks and bars."""
    return f"""
    QToolTip {{ color: {colours.text}; background: {colours.raised}; border: 1px solid {colours.line};
        padding: 4px 6px; }}
    QLabel[role="heading"] {{ font-weight: 600; }}
    QLabel[role="quiet"] {{ color: {colours.quiet}; }} QLabel[role="danger"] {{ color: {colours.danger}; }}
    QPushButton {{ padding: 4px 12px; min-height: 20px; border: 1px solid {colours.line}; border-radius: 5px;
        background: {colours.raised}; }}
    QPushButton:hover {{ border-color: {colours.accent}; }}
    QPushButton:pressed, QPushButton:checked {{ background: {colours.info_back}; border-color: {colours.accent}; }}
    QPushButton:focus {{ border: 2px solid {colours.accent}; padding: 3px 11px; }}
    QPushButton:disabled {{ color: {colours.faint}; background: {colours.panel}; border-color: {colours.line}; }}
    QPushButton[role="primary"] {{ background: {colours.accent}; color: {colours.on_accent};
        border-color: {colours.accent}; font-weight: 600; min-height: 26px; }}
    QPushButton[role="primary"]:focus {{ border: 2px solid {colours.text}; }}
    QPushButton[role="primary"]:disabled {{ background: {colours.panel}; color: {colours.faint};
        border-color: {colours.line}; }}
    QPushButton[role="small"] {{ padding: 2px 7px; min-height: 18px; }}
    QPushButton[role="small"]:focus {{ padding: 1px 6px; }}
    QToolButton[role="disclosure"] {{ border: 1px solid transparent; border-radius: 5px; font-weight: 600;
        padding: 3px 6px 3px 2px; margin-left: -4px; }}
    QToolButton[role="disclosure"]:hover {{ background: {colours.raised}; }}
    QToolButton[role="disclosure"]:focus {{ border-color: {colours.accent}; }}
    QToolBar {{ border: none; border-bottom: 1px solid {colours.line}; spacing: 2px; padding: 3px 6px; }}
    QToolBar QToolButton {{ padding: 5px; border-radius: 5px; border: 1px solid transparent; }}
    QToolBar QToolButton:hover {{ background: {colours.raised}; border-color: {colours.line}; }}
    QToolBar QToolButton:checked {{ background: {colours.info_back}; border-color: {colours.accent}; }}
    QToolBar QToolButton:focus {{ border-color: {colours.accent}; }}
    QMainWindow::separator {{ background: {colours.line}; width: 1px; height: 1px; }}
    QDockWidget::title {{ padding: 7px 10px; background: {colours.window}; font-weight: 600; }}
    QStatusBar {{ border-top: 1px solid {colours.line}; }}
    QStatusBar::item {{ border: none; }}
    QTreeView {{ border: none; background: {colours.window}; outline: none; show-decoration-selected: 0; }}
    QTreeView::branch, QTreeView::branch:selected {{ background: {colours.window}; }}
    QTreeView QLineEdit {{ border: 1px solid {colours.accent}; border-radius: 4px; padding: 0 3px; }}
    {make_field_style(colours)}
    QSlider:horizontal {{ min-height: 22px; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {colours.line}; }}
    QSlider::sub-page:horizontal {{ border-radius: 2px; background: {colours.accent}; }}
    QSlider::sub-page:horizontal:disabled {{ background: {colours.line}; }}
    QSlider::handle:horizontal {{ width: 14px; margin: -6px 0; border: 1px solid {colours.quiet}; border-radius: 8px;
        background: {colours.raised}; }}
    QSlider::handle:horizontal:hover {{ border-color: {colours.accent}; }}
    QSlider::handle:horizontal:focus {{ border: 2px solid {colours.accent}; width: 12px; }}
    QSlider::handle:horizontal:disabled {{ border-color: {colours.line}; }}
    {make_scroll_style(colours)}
    QProgressBar#run-progress {{ border: none; border-radius: 3px; background: {colours.line}; }}
    QProgressBar#run-progress::chunk {{ border-radius: 3px; background: {colours.accent}; }}
    QProgressBar#run-progress[quiet="true"]::chunk {{ background: {colours.quiet}; }}
    QFrame#card {{ border: 1px solid {colours.danger}; border-radius: 6px; background: {colours.danger_back}; }}
    QFrame#notice[kind="info"] {{ background: {colours.info_back}; border-bottom: 1px solid {colours.line}; }}
    QFrame#notice[kind="error"] {{ background: {colours.danger_back}; border-bottom: 1px solid {colours.danger}; }}
    """


def make_field_style(colours: Colours) -> str:
    """Return the style of what is typed into or chosen from."""
    return f"""
    QPushButton[role="small"]::menu-indicator {{ width: 8px; subcontrol-position: right center; right: 4px; }}
    QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: 26px; padding: 1px 7px;
        border: 1px solid {colours.line}; border-radius: 5px; background: {colours.raised};
        selection-background-color: {colours.accent};
        selection-color: {colours.on_accent}; }}
    QAbstractSpinBox {{ min-height: 23px; }}
    QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border: 2px solid {colours.accent};
        padding: 0 6px; }}
    QLineEdit:disabled, QComboBox:disabled, QAbstractSpinBox:disabled {{ color: {colours.faint};
        background: {colours.panel}; }}
    QLineEdit[wrong="true"], QComboBox[wrong="true"], QAbstractSpinBox[wrong="true"] {{
        border: 1px solid {colours.danger}; }}
    QLineEdit[wrong="true"]:focus, QComboBox[wrong="true"]:focus, QAbstractSpinBox[wrong="true"]:focus {{
        border: 2px solid {colours.danger}; }}
    {make_arrow_style(colours)}
    QListWidget {{ border: none; background: {colours.window}; outline: none; }}
    QListWidget#projects, QListWidget#results {{ border: 1px solid {colours.line}; border-radius: 5px;
        background: {colours.raised}; }}
    QListWidget#results::item {{ padding: 4px 0; }}
    QListWidget::item {{ padding: 4px 8px; border-radius: 5px; color: {colours.text}; }}
    QListWidget::item:selected {{ background: {colours.info_back}; }}
    QTreeWidget::item {{ padding: 3px 4px; color: {colours.text}; }}
    QTreeWidget::item:selected {{ background: {colours.info_back}; }}
    QHeaderView::section {{ background: {colours.window}; color: {colours.quiet}; border: none; padding: 4px 6px;
        border-bottom: 1px solid {colours.line}; }}
    """


def make_arrow_style(colours: Colours) -> str:
    """Return the arrows of fields, since a frame of one's own takes Qt's away, and the buttons of docks."""
    theme = "light" if colours is LIGHT else "dark"
    names = [f"{way}-{tone}" for way in ("up", "down") for tone in ("quiet", "faint")] + [
        "close-quiet",
        "float-quiet",
        "check-on",
    ]
    image = {name: f"{ICONS.as_posix()}/{name.replace('-', f'-{theme}-')}.svg" for name in names}
    return f"""
    QComboBox QLineEdit, QAbstractSpinBox QLineEdit, QComboBox QLineEdit:focus, QAbstractSpinBox QLineEdit:focus {{
        border: none; padding: 0; min-height: 0; background: transparent; }}
    QComboBox::drop-down {{ subcontrol-origin: border; subcontrol-position: center right; width: 24px; border: none; }}
    QComboBox::down-arrow, QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow {{ width: 10px; height: 10px; }}
    QComboBox::down-arrow, QAbstractSpinBox::down-arrow {{ image: url("{image["down-quiet"]}"); }}
    QAbstractSpinBox::up-arrow {{ image: url("{image["up-quiet"]}"); }}
    QComboBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off {{
        image: url("{image["down-faint"]}"); }}
    QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off {{ image: url("{image["up-faint"]}"); }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ subcontrol-origin: border; width: 20px;
        border: none; border-radius: 3px; background: transparent; }}
    QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: 2px 2px 0 0; }}
    QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 2px 2px 0; }}
    QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {colours.info_back}; }}
    QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {colours.quiet}; border-radius: 3px;
        background: {colours.raised}; }}
    QCheckBox::indicator:checked {{ border-color: {colours.accent}; background: {colours.accent};
        image: url("{image["check-on"]}"); }}
    QCheckBox::indicator:focus {{ border: 2px solid {colours.text}; width: 12px; height: 12px; }}
    QCheckBox::indicator:disabled {{ border-color: {colours.line}; background: {colours.panel}; }}
    QDockWidget {{ titlebar-close-icon: url("{image["close-quiet"]}");
        titlebar-normal-icon: url("{image["float-quiet"]}"); }}
    QComboBox QAbstractItemView {{ border: 1px solid {colours.line}; background: {colours.raised};
        selection-background-color: {colours.info_back}; selection-color: {colours.text};
        outline: none; padding: 2px; }}
    QComboBox QAbstractItemView::item {{ min-height: 24px; padding: 0 6px; }}
    """


def make_scroll_style(colours: Colours) -> str:
    """Return the style of scroll bars: thin, without arrows."""
    return f"""
    QScrollBar:vertical {{ width: 10px; background: transparent; margin: 0; }}
    QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 0; }}
    QScrollBar::handle {{ background: {colours.line}; border-radius: 3px; margin: 2px; }}
    QScrollBar::handle:vertical {{ min-height: 28px; }}
    QScrollBar::handle:horizontal {{ min-width: 28px; }}
    QScrollBar::handle:hover {{ background: {colours.faint}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
    """


def make_strip_style(colours: Colours) -> str:
    """Return the look of the candidates' strip: tiles on the window's own ground, buttons of one height."""
    return f"""
    QListView#candidate-tiles {{ border: none; background: {colours.window}; outline: none; }}
    QPushButton#candidates-use {{ min-height: 20px; }}
    QPushButton[role="icon"] {{ padding: 5px 6px; }}
    QPushButton[role="icon"]:focus {{ padding: 4px 5px; }}
    QPushButton#deleted-models {{ padding-right: 20px; }}
    QLineEdit[role="title"] {{ border: 1px solid transparent; background: transparent; padding: 1px 3px;
        margin-left: -4px; }}
    QLineEdit[role="title"][readOnly="false"]:hover {{ border-color: {colours.line}; }}
    QLineEdit[role="title"][readOnly="false"]:focus {{ border: 2px solid {colours.accent}; padding: 0 2px;
        background: {colours.raised}; }}
    QFrame[role="message"] {{ border: 1px solid {colours.line}; border-radius: 6px; background: {colours.info_back}; }}
    QFrame[role="message"][kind="error"] {{ border-color: {colours.danger}; background: {colours.danger_back}; }}
    """
