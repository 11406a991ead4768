"""What keeps a run from starting, all of it, each a link to the field it is about."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from sni_desktop.panels.scroll import Scroll
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.training_form.draft import OUT
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.train_fields import list_fields
from sni_engine.api.train_problems import Problem

RESUME = "resume"
_LINES = 4  # in sight at once


class ProblemList(QFrame):
    """Tells which problem's field is to be gone to, and whether the run that is in the way is to go on."""

    followed = Signal(str)  # a field's name
    resume_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._problems: tuple[Problem, ...] = ()
        self._resumable = False
        self.setObjectName("problems")
        self._head = QLabel()
        self._head.setProperty("role", "danger")
        self._text = QLabel(wordWrap=True)
        self._text.setObjectName("problem-links")
        self._text.setTextFormat(Qt.TextFormat.RichText)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self._text.linkActivated.connect(self._follow)
        inner = QWidget()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.addWidget(self._text)
        self._scroll = Scroll(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self._head)
        layout.addWidget(self._scroll)
        theme.changed.connect(self._write)

    def show_problems(self, problems: Sequence[Problem], resumable: bool) -> None:
        """Show them. resumable: the run that is in the folder can go on."""
        if (tuple(problems), resumable) == (self._problems, self._resumable) and self._text.text():
            return
        self._problems, self._resumable = tuple(problems), resumable
        self._write()

    def _write(self) -> None:
        count = len(self._problems)
        self.setVisible(bool(count))
        self._head.setText(tr("One problem:") if count == 1 else fill(tr("{count} problems:"), count=count))
        colour = self._theme.colours.danger
        lines = []
        for problem in self._problems:
            link = f'<a href="{escape(problem.field)}" style="color:{colour}">{escape(describe(problem))}</a>'
            if problem.field == OUT and self._resumable:
                link += f' &nbsp;<a href="{RESUME}">{escape(tr("Resume it"))}</a>'
            lines.append(link if problem.field else f'<span style="color:{colour}">{escape(problem.text)}</span>')
        self._text.setText("<br>".join(lines))
        shown = max(1, min(count, _LINES))
        self._scroll.setFixedHeight(shown * (self._text.fontMetrics().lineSpacing() + 1) + 4)

    def _follow(self, link: str) -> None:
        if link == RESUME:
            self.resume_asked.emit()
        else:
            self.followed.emit(link)


def describe(problem: Problem) -> str:
    """Return a problem as a sentence in which the field is called as in the form."""
    field = list_fields().get(problem.field)
    text = problem.text
    if field is not None:
        label = tr(field.label)
        text = text.removeprefix(f"{field.name} ")
        text = f"{label}: {text}" if text == problem.text else f"{label} {text}"
    return text if text.endswith(".") else f"{text}."
