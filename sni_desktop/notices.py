"""A bar over the canvas, and in the settings, for what went wrong or is worth knowing; nothing blocks or is lost."""

import logging
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QSizePolicy

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.theme import Theme

log = logging.getLogger(__name__)

_LEAST_MS, _LETTER_MS = 4000, 50  # to see that there is something, and to read it
_OFFER_MS = 6000  # to decide, besides
_LATER_MS = 1500


class NoticeBar(QFrame):
    """Shows the snapshot's notice. Good news leaves by itself when it could be read, and waits while somebody is at it;
    trouble stays until it is put away, or settled and read. What went wrong is in the log, too.

    pace: how long reading takes, 1 for people. leads: it decides when news leaves; else it shows what another bar does.
    """

    offer_taken = Signal(str)  # the id of the command that the notice offers

    def __init__(self, document: Document, theme: Theme, pace: float = 1.0, leads: bool = True) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._document = document
        self._theme = theme
        self._leads = leads
        self._twins: list[NoticeBar] = []
        self._notice: Notice | None = None
        self._icon = QLabel()
        self._text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)  # it may quote a file's name
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._offer, self._other = QPushButton(), QPushButton()
        self._offer.setObjectName("notice-offer")
        self._other.setObjectName("notice-other-offer")
        self._offer.clicked.connect(lambda: self._notice and self.offer_taken.emit(self._notice.offer))
        self._other.clicked.connect(lambda: self._notice and self.offer_taken.emit(self._notice.other_offer))
        self._details = QPushButton(self.tr("Details"))
        self._details.clicked.connect(self._show_details)
        self._close = QPushButton(self.tr("Close") if leads else self.tr("Hide"))  # a dialog has a Close of its own
        self._close.setObjectName("close-notice")
        self._close.clicked.connect(document.dismiss_notice)
        for button in (self._offer, self._other, self._details, self._close):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
            button.setAutoDefault(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 8, 10, 8)
        layout.setSpacing(10)
        for widget in (self._icon, self._text, self._offer, self._other, self._details, self._close):
            layout.addWidget(widget)
        self._pace = pace
        self._shown = QElapsedTimer()
        self._leave = QTimer(self, singleShot=True)
        self._leave.timeout.connect(self._go)
        theme.changed.connect(self._draw)
        document.refreshed.connect(self._show)
        self.hide()

    def make_twin(self) -> "NoticeBar":
        """Return a bar for another window, which shows the same; news stays while somebody is at either."""
        twin = NoticeBar(self._document, self._theme, self._pace, leads=False)
        twin.offer_taken.connect(self.offer_taken)
        twin._show(self._document.snapshot)
        self._twins.append(twin)
        return twin

    @property
    def is_used(self) -> bool:
        """Whether somebody is about to press something here."""
        focused = self.window().focusWidget()
        has_focus = focused is not None and self.isAncestorOf(focused) and focused.hasFocus()
        return self.isVisible() and (self.underMouse() or has_focus)

    def _show(self, now: Snapshot) -> None:
        if now.notice is self._notice:
            return
        before, self._notice = self._notice, now.notice
        self._leave.stop()
        self.setVisible(self._notice is not None)
        if self._notice is None:
            return
        self._draw()
        self.raise_()  # over the welcome page, too
        if not self._leads:
            return
        if before is None or replace(before, settled=self._notice.settled) != self._notice:
            self._shown.start()
            if self._notice.kind == "error":
                log.info("told: %s %s", self._notice.title, self._notice.hint)
        if self._notice.other_offer:
            return  # it asks for a decision
        if self._notice.kind == "info" or self._notice.settled:
            self._leave.start(max(0, self._reading_ms(self._notice) - self._shown.elapsed()))

    def _reading_ms(self, notice: Notice) -> int:
        letters = len(notice.title) + len(notice.hint)
        return round(self._pace * (_LEAST_MS + _LETTER_MS * letters + (_OFFER_MS if notice.offer else 0)))

    def _go(self) -> None:
        """Leave, unless somebody is about to use it."""
        if any(bar.is_used for bar in (self, *self._twins)):
            self._leave.start(round(self._pace * _LATER_MS))
        else:
            self._document.dismiss_notice()

    def _draw(self) -> None:
        notice = self._notice
        if notice is None:
            return
        self.setProperty("kind", notice.kind)
        self.style().polish(self)
        name, colour = (
            ("alert-circle-outline", "danger") if notice.kind == "error" else ("information-outline", "accent")
        )
        self._icon.setPixmap(self._theme.icon(name, colour).pixmap(20, 20))
        self._text.setText(f"{notice.title} {notice.hint}".strip())
        self._text.setAccessibleName(self._text.text())
        self._details.setVisible(bool(notice.details))
        for button, command_id in ((self._offer, notice.offer), (self._other, notice.other_offer)):
            button.setVisible(bool(command_id))
            button.setText(self._name_offer(command_id))

    def _name_offer(self, command_id: str) -> str:
        card = self._document.snapshot.card
        names = {
            "face-before": self.tr("Bring it back"),
            "replay-here": self.tr("Replay with {model}").replace("{model}", card.name if card is not None else ""),
            "find-model": self.tr("Find model file…"),
            "open-trained": self.tr("Open in editor"),
            "find-parts": self.tr("Find parts…"),
            "show-run": self.tr("Show run"),
            "take-back-parts": self.tr("Take back"),
        }
        return names.get(command_id, self.tr("Undo"))

    def _show_details(self) -> None:
        if self._notice is not None:
            box = QMessageBox(QMessageBox.Icon.Warning, self.tr("Details"), self._notice.title, parent=self)
            box.setTextFormat(Qt.TextFormat.PlainText)
            box.setDetailedText(self._notice.details)
            box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            box.open()
