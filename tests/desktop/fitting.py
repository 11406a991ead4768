"""Opens every window of the program, and lists what is cut off and what was never offered to a translator.

Run as a program, in a process of its own, since scale, font and screen are settled before Qt starts:
python -m tests.desktop.fitting FONT_FACTOR [--stretch] prints what it found as JSON.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QSize, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QSizePolicy,
    QTabBar,
    QWidget,
)

from sni_desktop.document import Document
from sni_desktop.recovering import RecoveryDialog
from sni_desktop.recovery import Lost
from sni_desktop.settings import Settings
from sni_desktop.snapshot import Notice
from sni_desktop.theme import Theme
from sni_desktop.window import MainWindow
from sni_engine.api.journal import State
from sni_engine.api.packing import Project

from .fakes import DirectClient, FakeEngine, make_codes

SCREEN = 1024, 700
# names that are the same in every language, and what stands for itself: keys, units, names of files, models and parts
SAME = re.compile(
    r"\b(SNI Desktop|PNG|JPEG|WebP|GIF|MP4|Animated PNG|CPU|CUDA|fake|goal|px|ms|face\S*|Ctrl|Shift|Alt|Del|Esc|Return"
    r"|Enter|Space|Tab|Left|Right|Up|Down|F\d+|[A-Z]|kB|MB|f{12,32}"
    r"|[Ee]yes|[Hh]air|[Mm]outh|[Ss]kin)\b|\S*/\S+|%n"
)


class Stretching(QTranslator):
    """A language in which every text is two fifths longer and in brackets."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"⟦{source}{'~' * (2 * len(source) // 5)}⟧" if source.strip() else source


class Visit:
    """The window with a face, three steps and nine candidates; everything that it can open is opened in turn."""

    def __init__(self, app: QApplication) -> None:
        self.app = app
        self.client = DirectClient(FakeEngine())
        self.document = Document(self.client, new_seed=iter(range(100, 999)).__next__)
        self.window = MainWindow(self.document, Theme(app, "light"), Settings())
        self.window.resize(*SCREEN)
        self.window.show()
        self.document.new_face(7)
        self.work()
        self.document.select_all()
        for _ in range(2):
            self.document.resample()
            self.work()

    def work(self) -> None:
        """Let the engine answer everything."""
        quiet = 0
        while quiet < 3:
            self.app.processEvents()
            quiet = 0 if self.client.queue else quiet + 1
            if self.client.queue:
                self.client.answer_first()

    def windows(self) -> Iterator[tuple[str, QWidget]]:
        """Show one thing after the other; each is there until the next is asked for."""
        yield from self._views()
        window = self.window
        for name in ("ask_picture", "ask_sequence", "ask_sheet"):
            yield from self._dialog(name, getattr(window.exports, name))
        for page in ("general", "training", "models", "keyboard"):
            window.host.show_settings()
            assert window.host._dialog is not None
            yield from self._dialog(f"settings {page}", lambda page=page: window.host._dialog.show_page(page))
        yield from self._dialog("keys", window.show_shortcuts)
        yield from self._dialog("about", window.show_about)
        yield from self._dialog("guide", window.host.show_guide)
        yield from self._dialog("apply", window.steps.apply_edits)
        yield from self._dialog("recovery", self._offer)
        window.host.show_welcome()
        self.work()
        yield "welcome", window

    def _views(self) -> Iterator[tuple[str, QWidget]]:
        window, candidates = self.window, self.window.choosing.candidates
        yield "window", window
        self.document.tell(Notice("error", "⟦The file could not be read.⟧", "⟦Choose another, or try again later.⟧"))
        yield "notice", window
        self.document.dismiss_notice()
        window.choosing.ask()
        self.work()
        yield "candidates", window
        candidates.preview(1)
        candidates.mix(1, 3)
        self.work()
        yield "mixer", window
        candidates.restore()
        window.blending.deal()
        window.docks.show("blend")
        self.work()
        yield "dealt", window
        window.blending.references.take(make_codes(50), "goal")
        self.work()
        yield "blend", window
        yield from self._parts()
        window.docks.show("edit")

    def _parts(self) -> Iterator[tuple[str, QWidget]]:
        window, panel = self.window, self.window.parting.panel
        window.parting.show()
        self.work()
        window.parting.parts.choose("mouth")
        yield "parts", window
        panel._find.open(True)
        panel._find._more.setChecked(True)
        self.work()
        yield "finding settings", window
        panel.find_parts()
        self.app.processEvents()
        yield "finding", window
        self.document.cancel()
        self.work()
        engine = self.client.engine
        engine.parts.shipped.clear()
        window.parting.parts.forget()
        self.work()
        yield "no parts", window
        self.document.dismiss_notice()

    def _offer(self) -> None:
        history, card = self.document.snapshot.history, self.document.snapshot.card
        selection = self.document.snapshot.selection
        assert history is not None
        assert card is not None
        assert selection is not None
        project = Project(card.ref, history, selection)
        RecoveryDialog([Lost(Path("/nowhere"), State(project, None, False), 0.0)], self.window).open()

    def _dialog(self, name: str, show: Callable[[], object]) -> Iterator[tuple[str, QWidget]]:
        show()
        self.work()
        (dialog,) = (widget for widget in self.app.topLevelWidgets() if isinstance(widget, QDialog) and _seen(widget))
        yield name, dialog
        dialog.close()
        self.work()


def _seen(widget: QWidget) -> bool:
    return widget.isVisible() and not widget.visibleRegion().isEmpty()


def find_cut(window: QWidget) -> list[str]:
    """Name what has less room than it asks for, and what reaches beyond the screen."""
    found = []
    for widget in window.findChildren(QWidget):
        if widget.window() is window and _seen(widget) and (trouble := measure(widget)):
            found.append(f"{type(widget).__name__} {widget.objectName()} {read(widget)!r}: {trouble}")
    if window.width() > SCREEN[0] or window.height() > SCREEN[1]:
        found.append(f"window of {window.width()} x {window.height()}")
    return found


def measure(widget: QWidget) -> str:
    """Say what a widget lacks, empty when nothing, as for a text that shortens itself and is whole in its tip."""
    ask = widget.sizeHint()
    may_shorten = widget.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored and bool(widget.toolTip())
    if isinstance(widget, QLabel):
        if not widget.text() or may_shorten:
            return ""
        if widget.wordWrap():
            short = widget.height() < widget.heightForWidth(widget.width())
            return f"{widget.height()} of {widget.heightForWidth(widget.width())} px high" if short else ""
    elif isinstance(widget, QComboBox):
        ask.setWidth(widget.fontMetrics().horizontalAdvance(widget.currentText()) + 24)
        if widget.sizeAdjustPolicy() == QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon:
            return ""  # holds names that people gave; the list shows them whole
    elif isinstance(widget, QLineEdit):
        metrics = widget.fontMetrics()
        ask = QSize(metrics.horizontalAdvance(widget.placeholderText()), metrics.height())
    elif isinstance(widget, QTabBar):
        cut = [i for i in range(widget.count()) if widget.tabSizeHint(i).width() > widget.tabRect(i).width()]
        return f"tabs {cut} are cut" if cut else ""
    elif not isinstance(widget, QAbstractButton | QAbstractSpinBox) or not read(widget):
        return ""
    if ask.width() > widget.width() or ask.height() > widget.height():
        return f"{widget.width()} x {widget.height()} of {ask.width()} x {ask.height()} px"
    shown = widget.visibleRegion().boundingRect().width()
    return f"{shown} of {widget.width()} px in sight" if shown < widget.width() else ""


def read(widget: QWidget) -> str:
    """Return the text of a widget."""
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""


def find_plain(window: QWidget) -> list[str]:
    """Name the visible texts that no translator was asked about."""
    found = []
    for text in list_texts(window):
        rest = re.sub("⟦[^⟧]*…", "", text.replace("&", ""))
        while rest != (shorter := re.sub("⟦[^⟦⟧]*⟧", "", rest)):
            rest = shorter
        if re.search(r"[A-Za-z]{2}", SAME.sub("", rest)):
            found.append(text)
    return found


def list_texts(window: QWidget) -> Iterator[str]:
    """Return every text of a window: labels, tips, titles, placeholders, entries and names for screen readers."""
    for widget in (window, *window.findChildren(QWidget)):
        if widget.objectName() in ("qt_spinbox_lineedit", "target", "folder") or widget.window() is not window:
            continue
        yield from (widget.toolTip(), widget.statusTip(), widget.accessibleName(), widget.windowTitle())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        elif isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        elif isinstance(widget, QComboBox):
            yield from (widget.itemText(index) for index in range(widget.count()))
        elif isinstance(widget, QListWidget):
            yield from (widget.item(index).text() for index in range(widget.count()))
    for action in window.findChildren(QAction):
        yield from (action.text(), action.toolTip())


def main() -> None:
    """Print what is wrong in each window."""
    factor, stretch = float(sys.argv[1]), "--stretch" in sys.argv
    app = QApplication([])
    font = app.font()
    font.setPointSizeF(font.pointSizeF() * factor)
    app.setFont(font)
    translator = Stretching()
    if stretch:
        app.installTranslator(translator)
    cut: dict[str, list[str]] = {}
    plain: dict[str, list[str]] = {}
    visit = Visit(app)
    for name, window in visit.windows():
        visit.work()  # lets texts and the room for them settle
        cut[name] = find_cut(window)
        plain[name] = find_plain(window) if stretch else []
        if len(sys.argv) > 3:
            window.grab().save(f"{sys.argv[3]}/{name}.png")
    print(json.dumps({"cut": cut, "plain": plain}))


if __name__ == "__main__":
    main()
