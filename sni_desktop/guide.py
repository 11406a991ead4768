"""The guide, beside the window while one works."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices, QTextCursor
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from sni_engine.api.paths import shipped_guide


class GuideWindow(QDialog):
    """Shows the guide that comes with the program; links to elsewhere open in the browser."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Guide", "Guide"))
        self._page = QTextBrowser()
        self._page.setOpenLinks(False)
        self._page.setAccessibleName(self.windowTitle())
        self._page.anchorClicked.connect(self._follow)
        self._page.document().setDocumentMargin(18)
        self._page.setMarkdown(read_guide(shipped_guide()))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._page)
        layout.addWidget(buttons)
        self.resize(620, 680)

    def show_chapter(self, heading: str) -> None:
        """Go to a heading, if there is one of that name."""
        document, bar = self._page.document(), self._page.verticalScrollBar()
        block = document.begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and block.text() == heading:
                self._page.setTextCursor(QTextCursor(block))
                bar.setValue(round(document.documentLayout().blockBoundingRect(block).top()))
                return
            block = block.next()

    def _follow(self, link: QUrl) -> None:
        if link.scheme() in ("http", "https"):
            QDesktopServices.openUrl(link)
        elif link.hasFragment():
            self._page.scrollToAnchor(link.fragment())


def read_guide(path: Path) -> str:
    """Return the guide's text; a sentence when it is missing, since help must not end in an error."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return QCoreApplication.translate("Guide", "The guide is missing from this installation.")
