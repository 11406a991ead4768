"""How the painting tools paint, as everybody who shows or uses it may know: for now the brush's width."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

SIZES = range(1, 5)


@dataclass(frozen=True)
class Settings:
    """size: the brush's width in cells."""

    size: int = SIZES[0]


class Painting(QObject):
    """Holds the settings of the painting tools and tells everybody of every change."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._settings = Settings()

    @property
    def settings(self) -> Settings:
        """The settings now."""
        return self._settings

    def set_size(self, size: int) -> None:
        """Make the brush `size` cells wide, within limits."""
        self._change(replace(self._settings, size=min(max(size, SIZES[0]), SIZES[-1])))

    def _change(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)
