"""All that is known of one model: faces, what it is, scores, where it comes from, what it cannot do."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sni_desktop.activities.models import SAMPLE_SEEDS, ModelsState
from sni_desktop.panels.elided import ElidedLabel
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.models.name import NameField
from sni_desktop.preferences.models.rows import name_kind
from sni_desktop.preferences.models.samples import SampleStrip, describe_samples
from sni_desktop.preferences.push_buttons import make_button
from sni_desktop.theme import Theme
from sni_engine.api.library import ModelEntry
from sni_engine.api.model_names import split_facts
from sni_engine.api.models import ModelCard

_SHORT = 12  # digits of a digest that people compare


class ModelDetail(QWidget):
    """Emits what is to be done with the model that is shown."""

    use_asked = Signal(object)  # a path, as below
    duplicate_asked = Signal(object)
    remove_asked = Signal(object)
    verify_asked = Signal(object)
    reveal_asked = Signal(object)
    rename_asked = Signal(object, str)
    renamed = Signal()  # by the person, who is still at the name

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entry: ModelEntry | None = None
        self._name = NameField()
        self._name.renamed.connect(lambda name: self._entry and self.rename_asked.emit(self._entry.path, name))
        self._name.settled.connect(self.renamed)
        self._rename = make_button("rename", tr("Rename"), self._name.edit)
        self._rename.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the name
        self._kind = QLabel(wordWrap=True)
        self._kind.setObjectName("model-kind")
        self._kind.setProperty("role", "quiet")
        self._problem = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._problem.setObjectName("model-problem")
        self._problem.setProperty("role", "danger")
        self._samples = SampleStrip(theme, len(SAMPLE_SEEDS))
        self._caption = QLabel(wordWrap=True)
        self._caption.setProperty("role", "quiet")
        self._use = make_button("use", tr("Use"), lambda: self._ask(self.use_asked))
        self._use.setProperty("role", "primary")
        self._duplicate = make_button("duplicate", tr("Duplicate"), lambda: self._ask(self.duplicate_asked))
        self._remove = make_button("delete", tr("Delete"), lambda: self._ask(self.remove_asked))
        self._copy = make_button("copy-digest", tr("Copy"), self._copy_digest)
        self._verify = make_button("verify", tr("Verify"), lambda: self._ask(self.verify_asked))
        self._reveal = make_button("reveal", tr("Show in folder"), lambda: self._ask(self.reveal_asked))
        self._verdict = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._verdict.setObjectName("verdict")
        self._digest, self._file = QLabel(), ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self._digest.setObjectName("digest")
        self._digest.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._about, self._scores, self._facts = _Table(), _Table(), _Table()
        self._limits = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._limits.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._headings = {name: _heading(text) for name, text in _sections().items()}
        self._lay_out()
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    # -- building ----------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        for small in (self._rename, self._copy, self._verify, self._reveal):
            small.setProperty("role", "small")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._name, 1)
        head.addWidget(self._rename)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self._use)
        actions.addWidget(self._duplicate)
        actions.addWidget(self._remove)
        actions.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 0, 2, 8)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._kind)
        layout.addWidget(self._problem)
        layout.addSpacing(4)
        layout.addWidget(self._samples)
        layout.addWidget(self._caption)
        layout.addSpacing(4)
        layout.addLayout(actions)
        layout.addSpacing(6)
        layout.addWidget(self._about)
        layout.addLayout(self._make_file_rows())
        layout.addWidget(self._verdict)
        for name, body in (("scores", self._scores), ("facts", self._facts), ("limits", self._limits)):
            layout.addWidget(self._headings[name])
            layout.addWidget(body)
        layout.addStretch(1)

    def _make_file_rows(self) -> QGridLayout:
        rows = QGridLayout()
        rows.setHorizontalSpacing(_Table.SPACING)
        rows.setVerticalSpacing(5)
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self._digest, self._copy, self._verify):
            line.addWidget(widget)
        line.addStretch(1)
        rows.addWidget(_name_label(tr("Digest"), middle=True), 0, 0)
        rows.addLayout(line, 0, 1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._file, 1)
        line.addWidget(self._reveal)
        rows.addWidget(_name_label(tr("File"), middle=True), 1, 0)
        rows.addLayout(line, 1, 1)
        rows.setColumnMinimumWidth(0, _Table.name_width(self))
        rows.setColumnStretch(1, 1)
        return rows

    def _draw_icons(self) -> None:
        for button, icon, colour in (
            (self._use, "check", "on_accent"),
            (self._duplicate, "content-copy", "text"),
            (self._remove, "trash-can-outline", "text"),
        ):
            button.setIcon(self._theme.icon(icon, colour))

    # -- showing -----------------------------------------------------------------------------------------------------

    def show_state(self, now: ModelsState) -> None:
        """Show the model that is looked at."""
        entry = now.entry
        self._entry = entry
        if entry is None:
            return
        is_busy, is_whole, is_open = bool(now.work), not entry.problem, now.is_open(entry)
        fixed = tr("It comes with the program: duplicate it to have one of your own.")
        self._name.show_name(entry.name, not entry.is_own or entry.card is None, fixed if not entry.is_own else "")
        self._kind.setText(_describe(entry, is_open))
        self._problem.setText(entry.problem)
        self._problem.setVisible(not is_whole)
        self._show_samples(now, entry)
        self._use.setText(tr("In use") if is_open else tr("Use"))
        for button, enabled, why in (
            (self._use, is_whole and not is_open, tr("Draw with this model from now on")),
            (self._duplicate, is_whole, tr("Copy it to your own models")),
            (self._remove, entry.is_own, tr("It can be brought back") if entry.is_own else fixed),
            (
                self._rename,
                entry.is_own and entry.card is not None,
                tr("Give it another name; projects still find it") if entry.is_own else fixed,
            ),
            (self._verify, True, tr("Read all of the file and compare its digest")),
        ):
            button.setEnabled(enabled and not is_busy)
            button.setToolTip(why)
        self._show_file(now, entry)
        self._show_card(entry)

    def _show_samples(self, now: ModelsState, entry: ModelEntry) -> None:
        is_shown = entry.card is not None and not entry.problem
        self._samples.setVisible(is_shown)
        self._caption.setVisible(is_shown)
        if entry.card is not None:
            pictures = now.samples.get(entry.card.digest)
            text = describe_samples(SAMPLE_SEEDS) if pictures is not None else tr("Drawing faces…")
            self._samples.show_samples(pictures, text)
            self._caption.setText(text)

    def _show_file(self, now: ModelsState, entry: ModelEntry) -> None:
        digest = entry.card.digest if entry.card is not None else ""
        self._digest.setText(digest[:_SHORT] or "–")
        self._digest.setToolTip(digest)
        self._copy.setEnabled(bool(digest))
        self._copy.setToolTip(tr("Copy all of the digest"))
        self._copy.setAccessibleName(tr("Copy the digest"))
        self._file.show_text(str(entry.path))
        problem = now.verified.get(entry.path)
        self._verdict.setVisible(problem is not None)
        self._verdict.setProperty("role", "danger" if problem else "quiet")
        self._verdict.style().polish(self._verdict)
        self._verdict.setText(problem or tr("Verified just now: the file is whole, its digest is right."))

    def _show_card(self, entry: ModelEntry) -> None:
        card = entry.card
        self._about.show_rows(_list_about(entry))
        scores, facts = split_facts(card.facts) if card is not None else ({}, {})
        command = f'sni measure-model "{entry.name}"'
        none = tr("It has not been measured yet. {command} does that.").replace("{command}", command)
        self._scores.show_rows(scores or ({"": none} if card is not None else {}))
        self._facts.show_rows(facts)
        self._limits.setText("\n".join(f"•  {limit}" for limit in card.limits) if card is not None else "")
        for name, is_there in (
            ("scores", card is not None),
            ("facts", bool(facts)),
            ("limits", bool(self._limits.text())),
        ):
            self._headings[name].setVisible(is_there)
        self._limits.setVisible(bool(self._limits.text()))

    # -- doing -------------------------------------------------------------------------------------------------------

    def rename(self) -> None:
        """Put the cursor into the name, if it may be changed."""
        if self._rename.isEnabled():
            self._name.edit()

    def _ask(self, signal: object) -> None:
        if self._entry is not None:
            signal.emit(self._entry.path)  # type: ignore[attr-defined]

    def _copy_digest(self) -> None:
        if self._entry is not None and self._entry.card is not None:
            QGuiApplication.clipboard().setText(self._entry.card.digest)


class _Table(QWidget):
    """Names and values below each other; values can be selected. A value without a name has the whole width."""

    SPACING = 14

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, str] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(self.SPACING)
        self._grid.setVerticalSpacing(5)
        self._grid.setColumnStretch(1, 1)

    @staticmethod
    def name_width(widget: QWidget) -> int:
        """Return the width of the names, so that several tables stand in line."""
        return widget.fontMetrics().horizontalAdvance("m") * 11

    def show_rows(self, rows: dict[str, str]) -> None:
        """Show other rows."""
        if rows == self._rows:
            return
        self._rows = dict(rows)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._grid.setColumnMinimumWidth(0, self.name_width(self) if any(rows) else 0)
        for row, (name, value) in enumerate(rows.items()):
            text = QLabel(value, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
            if name:
                self._grid.addWidget(_name_label(name), row, 0)
                self._grid.addWidget(text, row, 1)
            else:
                text.setProperty("role", "quiet")
                self._grid.addWidget(text, row, 0, 1, 2)


def _sections() -> dict[str, str]:
    return {"scores": tr("Scores"), "facts": tr("Where it comes from"), "limits": tr("What it cannot do")}


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(0, 10, 0, 0)
    return label


def _name_label(text: str, middle: bool = False) -> QLabel:
    label = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setProperty("role", "quiet")
    label.setFixedWidth(_Table.name_width(label))
    label.setAlignment(Qt.AlignmentFlag.AlignVCenter if middle else Qt.AlignmentFlag.AlignTop)
    return label


def _describe(entry: ModelEntry, is_open: bool) -> str:
    text = name_kind(entry)
    return f"{text} · {tr('open in the editor')}" if is_open else text


def _list_about(entry: ModelEntry) -> dict[str, str]:
    """Return what a model is, in words."""
    size = {tr("Size"): QLocale().formattedDataSize(entry.size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)}
    card = entry.card
    if card is None:
        return size
    return {
        tr("Pictures"): f"{card.resolution_px} × {card.resolution_px} px",
        tr("Grid"): _describe_grid(card),
        tr("Network"): _describe_network(card),
        tr("Licence"): card.licence or tr("None named"),
        **size,
    }


def _describe_grid(card: ModelCard) -> str:
    grid = card.grid
    cells = tr("{rows} × {columns} cells").replace("{rows}", str(grid.rows)).replace("{columns}", str(grid.columns))
    lengths = (
        (tr("style {count}"), grid.style),
        (tr("global {count}"), grid.global_),
        (tr("shared {count}"), grid.shared),
        (tr("local {count}"), grid.local),
    )
    return ", ".join([cells, *(text.replace("{count}", str(count)) for text, count in lengths if count)])


def _describe_network(card: ModelCard) -> str:
    names = {
        "modulated": tr("Modulated convolutions (as in StyleGAN2)"),
        "adain": tr("AdaIN (as published)"),
    }
    text = names.get(card.backbone, card.backbone)
    return f"{text}, {tr('constant input')}" if card.source == "constant" else text
