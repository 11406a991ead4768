"""What pages about moving toward the reference have in common: the button that goes all the way, forms that move it."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from sni_desktop.activities.toward import Toward
from sni_desktop.panels.form import Form
from sni_desktop.theme import Theme


class AllTheWay(QPushButton):
    """The page's main button, with an arrow."""

    def __init__(self, name: str, text: str, tip: str, theme: Theme, do: Callable[[], object]) -> None:
        super().__init__(text)
        self._theme = theme
        self.setObjectName(name)
        self.setProperty("role", "primary")
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the canvas
        self.clicked.connect(lambda: do())
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def enable(self, enabled: bool) -> None:
        """Let it be pressed or not."""
        self.setEnabled(enabled)
        self._draw_icon()

    def _draw_icon(self) -> None:
        self.setIcon(self._theme.icon("arrow-right-bold", "on_accent" if self.isEnabled() else "faint"))


def bind(form: Form, activity: Toward[Any], show: Callable[[], object]) -> None:
    """Let a form move a method; show: shows what came of it, since a drag that is over moves nothing."""

    def act(do: Callable[[Any], object]) -> Callable[[Any], None]:
        def answer(params: Any) -> None:
            do(params)
            show()

        return answer

    form.dragged.connect(act(activity.drag))
    form.released.connect(act(activity.release))
    form.dropped.connect(activity.drop)
