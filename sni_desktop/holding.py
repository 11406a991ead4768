"""Keys that act while they are held: the action starts it, and letting go anywhere in the program ends it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication

_AWAY = (QEvent.Type.ApplicationDeactivate, QEvent.Type.WindowDeactivate, QEvent.Type.MouseButtonPress)


class HeldKey(QObject):
    """Listens only between press and release, so that it costs nothing else. Repeats of the key change nothing; another
    key, a click or another window end it as well, since a release elsewhere is not heard of.
    """

    def __init__(self, action: QAction, show: Callable[[bool], None]) -> None:
        super().__init__(action)
        self._action = action
        self._show = show
        self._is_held = False
        action.setAutoRepeat(False)

    def press(self) -> None:
        """Begin; without a key down, as from the menu, the next click or key ends it."""
        app = QApplication.instance()
        if not self._is_held and app is not None:
            self._is_held = True
            app.installEventFilter(self)
            self._show(True)

    def release(self) -> None:
        """End."""
        app = QApplication.instance()
        if self._is_held and app is not None:
            self._is_held = False
            app.removeEventFilter(self)
            self._show(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See whether the key is still down."""
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.KeyPress,
            QEvent.Type.KeyRelease,
            QEvent.Type.ShortcutOverride,
        ):
            return self._follow_key(event)
        if event.type() in _AWAY:
            self.release()
        return False

    def _follow_key(self, event: QKeyEvent) -> bool:
        is_ours = event.key() in {int(keys[0].key()) for keys in self._action.shortcuts()}  # type: ignore[index]
        if is_ours and event.isAutoRepeat():
            return True
        if is_ours and event.type() == QEvent.Type.KeyRelease:
            self.release()
            return True
        if not is_ours and event.type() == QEvent.Type.KeyPress:
            self.release()
        return False
