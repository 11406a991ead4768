"""The blend panel: a reference, how far to go toward it, at which levels, and over which cells."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from sni_desktop.activities.blend import FIELDS, Blend, BlendState
from sni_desktop.activities.references import References
from sni_desktop.document import Document
from sni_desktop.panels.form import Form
from sni_desktop.panels.groups import chip, divider
from sni_desktop.panels.references import ReferenceBox
from sni_desktop.snapshot import Notice, Snapshot
from sni_desktop.theme import Theme
from sni_desktop.words import name_level
from sni_engine.api.edits import Interpolate


class BlendPanel(QScrollArea):
    """Writes to `Blend` and `References`; a project dropped anywhere on it becomes the reference."""

    def __init__(self, document: Document, references: References, blend: Blend, theme: Theme) -> None:
        super().__init__()
        self._document = document
        self._references = references
        self._blend = blend
        self._theme = theme
        self.box: ReferenceBox = ReferenceBox(document, references, theme)
        self._amount = Form(blend.state.params, ("amount",), beneath=True)
        self._shares = Form(blend.state.params, tuple(FIELDS.values()))
        self._region = QLabel(wordWrap=True)
        self._region.setObjectName("region")
        self._region.setProperty("role", "quiet")
        self._region.setMinimumHeight(2 * self._region.fontMetrics().lineSpacing())  # nothing below it may jump
        self._all_way = self._make_all_way()
        self._disclosure = self._make_disclosure()
        tip = self.tr("Every level for the whole face, local for some cells.")
        self._follow = chip("follow", self.tr("Follow the selection"), tip, blend.reset_shares)
        self._levels = self._make_levels()
        self._lay_out()
        self.setAcceptDrops(True)
        theme.changed.connect(self._draw_icon)
        for form in (self._amount, self._shares):
            self._bind(form)
        blend.changed.connect(self._show)
        self._shown: tuple[object, object] = (None, None)
        document.refreshed.connect(self._look)
        self._show(blend.state)

    # -- building ----------------------------------------------------------------------------------------------------

    def _make_all_way(self) -> QPushButton:
        button = QPushButton(self.tr("Go all the way"))
        button.setObjectName("all-way")
        button.setProperty("role", "primary")
        button.setToolTip(self.tr("Take the reference's codes in full, as one step."))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self._blend.go_all_way())
        return button

    def _make_disclosure(self) -> QToolButton:
        button = QToolButton()
        button.setText(self.tr("By level"))
        button.setCheckable(True)
        button.setObjectName("by-level")
        button.setProperty("role", "disclosure")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setArrowType(Qt.ArrowType.RightArrow)
        button.setToolTip(self.tr("Set for each level how much of the amount it goes."))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.toggled.connect(self._disclose)
        return button

    def _make_levels(self) -> QWidget:
        box = QWidget()
        layout = QVBoxLayout(box)
        layout.setContentsMargins(2, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._shares)
        layout.addWidget(self._follow, 0, Qt.AlignmentFlag.AlignLeft)
        box.setVisible(False)
        return box

    def _lay_out(self) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(14, 12, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(self.box)
        layout.addWidget(divider())
        layout.addWidget(self._amount)
        layout.addWidget(self._region)
        layout.addWidget(self._all_way)
        layout.addWidget(divider())
        layout.addWidget(self._disclosure, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._levels)
        layout.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _bind(self, form: Form) -> None:
        def act(do: Callable[[Interpolate], object]) -> Callable[[Interpolate], None]:
            def answer(params: Interpolate) -> None:
                do(params)
                self._show(self._blend.state)  # a drag that is over moves nothing

            return answer

        form.dragged.connect(act(self._blend.drag))
        form.released.connect(act(self._blend.release))
        form.dropped.connect(self._blend.drop)

    # -- showing -----------------------------------------------------------------------------------------------------

    def _disclose(self, shown: bool) -> None:
        self._disclosure.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self._levels.setVisible(shown)
        if shown:  # later, when it has its place
            QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self._levels, 0, 8))

    def _draw_icon(self) -> None:
        self._all_way.setIcon(
            self._theme.icon("arrow-right-bold", "on_accent" if self._all_way.isEnabled() else "faint")
        )

    def _look(self, now: Snapshot) -> None:
        if now.selection is not self._shown[0] or now.card is not self._shown[1]:
            self._show(self._blend.state)

    def _show(self, now: BlendState) -> None:
        grid = self._document.snapshot.grid
        self._shown = (self._document.snapshot.selection, self._document.snapshot.card)
        for form in (self._amount, self._shares):
            form.show_params(now.params)
        self._amount.enable("amount", now.can_blend)
        for level, name in FIELDS.items():
            self._shares.enable(name, now.can_blend and grid is not None and level in grid.levels)
        self._all_way.setEnabled(now.can_blend and bool(now.levels))
        self._follow.setEnabled(not now.is_automatic)
        self._region.setText(self._describe(now))
        self._draw_icon()

    def _describe(self, now: BlendState) -> str:
        selection = self._document.snapshot.selection
        if self._references.state.current is None:
            return self.tr("Choose a face to move toward: a step, a seed or a file.")
        if selection is None:
            return self.tr("There is no face yet.")
        if not now.can_blend:
            return self.tr("Every cell that could change is locked.")
        if not now.levels:
            return self.tr("Give at least one level a share below.")
        text = self._describe_region(now)
        return f"{text} {self.tr('Locked cells stay.')}" if selection.locked.any() else text

    def _describe_region(self, now: BlendState) -> str:
        if not now.cells:
            text = self.tr("The whole face: {levels}.")
            return text.replace("{levels}", ", ".join(name_level(level) for level in now.levels))
        here = ", ".join(name_level(level) for level in now.levels if level in ("local", "shared"))
        everywhere = ", ".join(name_level(level) for level in now.levels if level in ("global", "style"))
        parts = []
        if here:
            text = self.tr("{cells} of {total} cells: {levels}")
            filled = text.replace("{cells}", str(now.cells)).replace("{total}", str(now.total))
            parts.append(filled.replace("{levels}", here))
        if everywhere:
            parts.append(self.tr("{levels} everywhere").replace("{levels}", everywhere))
        return f"{'; '.join(parts)}."

    # -- dropping ----------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, and say what dropping them here means."""
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the dropped project's face as the reference; of several files the first, and say so."""
        paths = local_files(event.mimeData())
        if not paths:
            return
        event.acceptProposedAction()
        self._document.dismiss_notice()
        self._references.take_project(paths[0])
        if len(paths) > 1 and self._document.snapshot.notice is None:
            title = self.tr("Only {name} is taken: there is one reference at a time.")
            self._document.tell(Notice("info", title.replace("{name}", paths[0].name)))


def local_files(data: QMimeData) -> list[Path]:
    """Return the files that are being dropped."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
