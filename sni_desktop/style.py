"""What the palette cannot say, as Qt's style sheets: one function for each kind of thing."""

from pathlib import Path

from sni_desktop.colours import LIGHT, Colours

ICONS = Path(__file__).with_name("icons")  # arrows of fields, in the colours of the themes: styles want files


def make_style(colours: Colours) -> str:
    """Return the style of the whole program."""
    makers = (
        make_frame_style,
        make_field_style,
        make_slider_style,
        make_scroll_style,
        make_run_style,
        make_strip_style,
    )
    return "".join(make(colours) for make in makers)


def name_tone(colours: Colours) -> str:
    """Return what files of icons call a set of colours."""
    return "light" if colours is LIGHT else "dark"


def make_frame_style(colours: Colours) -> str:
    """Return the style of texts, buttons, docks, bars and messages."""
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
        padding: 3px 6px 3px 1px; }}
    QToolButton[role="disclosure"]:hover {{ background: {colours.raised}; }}
    QToolButton[role="disclosure"]:focus {{ border-color: {colours.accent}; }}
    QToolButton[role="icon"] {{ border: 1px solid transparent; border-radius: 5px; padding: 3px; }}
    QToolButton[role="icon"]:hover {{ background: {colours.raised}; }}
    QToolButton[role="icon"]:focus {{ border-color: {colours.accent}; }}
    QToolBar {{ border: none; border-bottom: 1px solid {colours.line}; spacing: 2px; padding: 3px 6px; }}
    QToolBar QToolButton {{ padding: 5px; border-radius: 5px; border: 1px solid transparent; }}
    QToolBar QToolButton:hover {{ background: {colours.raised}; border-color: {colours.line}; }}
    QToolBar QToolButton:checked {{ background: {colours.info_back}; border-color: {colours.accent}; }}
    QToolBar QToolButton:focus {{ border-color: {colours.accent}; }}
    QToolBar QToolButton#qt_toolbar_ext_button {{ padding: 0; min-width: 14px;
        image: url("{(ICONS / f"more-{name_tone(colours)}-quiet.svg").as_posix()}"); }}
    QMainWindow::separator {{ background: {colours.line}; width: 1px; height: 1px; }}
    QDockWidget::title {{ padding: 7px 10px; background: {colours.window}; font-weight: 600; }}
    QStatusBar {{ border-top: 1px solid {colours.line}; }}
    QStatusBar::item {{ border: none; }}
    QTreeView {{ border: none; background: {colours.window}; outline: none; show-decoration-selected: 0; }}
    QTreeView::branch, QTreeView::branch:selected {{ background: {colours.window}; }}
    QTreeView QLineEdit {{ border: 1px solid {colours.accent}; border-radius: 4px; padding: 0 3px; }}
    QFrame#notice[kind="info"] {{ background: {colours.info_back}; border-bottom: 1px solid {colours.line}; }}
    QFrame#notice[kind="error"] {{ background: {colours.danger_back}; border-bottom: 1px solid {colours.danger}; }}
    """


def make_slider_style(colours: Colours) -> str:
    """Return the style of sliders."""
    return f"""
    QSlider:horizontal {{ min-height: 22px; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {colours.line}; }}
    QSlider::sub-page:horizontal {{ border-radius: 2px; background: {colours.accent}; }}
    QSlider::sub-page:horizontal:disabled {{ background: {colours.line}; }}
    QSlider::handle:horizontal {{ width: 14px; margin: -6px 0; border: 1px solid {colours.quiet}; border-radius: 8px;
        background: {colours.raised}; }}
    QSlider::handle:horizontal:hover {{ border-color: {colours.accent}; }}
    QSlider::handle:horizontal:focus {{ border: 2px solid {colours.accent}; width: 12px; }}
    QSlider::handle:horizontal:disabled {{ border-color: {colours.line}; }}
    """


def make_run_style(colours: Colours) -> str:
    """Return the style of what shows a training run."""
    return f"""
    QProgressBar#run-progress, QProgressBar#find-progress {{ border: none; border-radius: 3px;
        background: {colours.line}; }}
    QProgressBar#run-progress::chunk, QProgressBar#find-progress::chunk {{ border-radius: 3px;
        background: {colours.accent}; }}
    QProgressBar#run-progress[quiet="true"]::chunk {{ background: {colours.quiet}; }}
    QFrame#card {{ border: 1px solid {colours.danger}; border-radius: 6px; background: {colours.danger_back}; }}
    QFrame#card[calm="true"] {{ border-color: {colours.accent}; background: {colours.info_back}; }}
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
    theme = name_tone(colours)
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
    QListView#completions {{ border: 1px solid {colours.line}; background: {colours.raised}; color: {colours.text};
        selection-background-color: {colours.info_back}; selection-color: {colours.text}; outline: none; }}
    QListView#completions::item {{ min-height: 22px; padding: 0 4px; }}
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
    QListView#candidate-tiles {{ border: 1px solid {colours.window}; background: {colours.window}; outline: none; }}
    QListView#candidate-tiles:focus {{ border-color: {colours.accent}; }}
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
