"""The time machine: the same codes at every moment of a run, and what can be done with a moment."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sni_desktop.panels.elided import ElidedLabel
from sni_desktop.preferences.dialog import tr
from sni_desktop.preferences.monitor.track import Moments, Track
from sni_desktop.preferences.monitor.words import count, is_preparing
from sni_desktop.preferences.push_buttons import make_button
from sni_desktop.theme import Theme
from sni_desktop.words import fill
from sni_engine.api.run_watch import RunNow


class TimeMachine(QWidget):
    """Stays at the newest moment until the person goes back; stays where they are until they come forward again."""

    moved = Signal()  # `images` is another moment, or the newest is held up beside it (`compares`)
    star_asked = Signal(int, bool)
    open_asked = Signal(int)
    roll_back_asked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._moments = Moments()
        self._run_images = 0
        self._at: int | None = None  # images of the moment the person went back to
        self._starred: frozenset[int] = frozenset()  # as the run says
        self._wished_stars: dict[int, bool] = {}  # until the run says the same
        self.compares = False
        self._heading = QLabel()
        self._heading.setProperty("role", "heading")
        self._heading.setObjectName("moment")
        self._where = ElidedLabel()
        self._where.setProperty("role", "quiet")
        self._track = Track(theme)
        self._track.picked.connect(self._pick)
        self._star = make_button("moment-star", do=self._toggle_star)
        self._compare = make_button("moment-compare")
        self._compare.pressed.connect(lambda: self.compare(True))
        self._compare.released.connect(lambda: self.compare(False))
        self._newest = make_button("moment-newest", do=self.go_to_newest)
        self._open = make_button("moment-open", do=lambda: self.open_asked.emit(self.images))
        self._back = make_button("moment-back", do=lambda: self.roll_back_asked.emit(self.images))
        self._lay_out()
        theme.changed.connect(self._draw)
        self._show()

    @property
    def images(self) -> int:
        """The moment that is looked at; 0 where there is none yet."""
        return self._at if self._at is not None else self.newest

    @property
    def newest(self) -> int:
        """The newest moment; 0 where there is none yet."""
        return self._moments.images[-1] if self._moments.images else 0

    @property
    def is_newest(self) -> bool:
        """Whether the newest moment is looked at, as it comes."""
        return self._at is None

    def show_run(self, now: RunNow) -> None:
        """Take the moments of a run."""
        self._starred = frozenset(now.starred)
        self._wished_stars = {at: on for at, on in self._wished_stars.items() if (at in now.starred) != on}
        starred = self._starred | {at for at, on in self._wished_stars.items() if on}
        starred -= {at for at, on in self._wished_stars.items() if not on}
        moments = Moments(tuple(sorted({*now.sheets, *now.kept})), frozenset(now.kept), starred)
        run_images = find_images(now)
        if (moments, run_images) == (self._moments, self._run_images):
            return
        self._moments, self._run_images = moments, run_images
        if self._at is not None and self._at not in moments.images:  # the run was rolled back behind it
            self._at = None
        self._show()

    def start_over(self) -> None:
        """Forget the run before: its moments and stars, and where the person stood."""
        self._moments, self._run_images, self._at = Moments(), 0, None
        self._wished_stars = {}
        self.compares = False
        self._show()

    def give_up_stars(self) -> None:
        """Show the stars that the run has: those that were wished could not be written."""
        self._wished_stars = {}
        self._moments = replace(self._moments, starred=self._starred)
        self._show()

    def go_to(self, images: int) -> None:
        """Look at the moment nearest to a number of images."""
        if self._moments.images:
            self._pick(self._moments.images.index(min(self._moments.images, key=lambda known: abs(known - images))))

    def go_to_newest(self) -> None:
        """Follow the run again."""
        if self._moments.images:
            if (
                self._newest.hasFocus()
            ):  # it is about to rest, and its neighbour is not what the next Space is meant for
                self._track.setFocus()
            self._pick(len(self._moments.images) - 1)

    def step(self, by: int) -> None:
        """Go some moments on, or back."""
        if self._moments.images:
            self._pick(min(max(0, self._place() + by), len(self._moments.images) - 1))

    def compare(self, on: bool) -> None:
        """Hold up the newest samples beside those of this moment, or take them away again."""
        on = on and not self.is_newest
        if on != self.compares:
            self.compares = on
            self._show_words()
            self.moved.emit()

    # -- doing -------------------------------------------------------------------------------------------------------

    def _place(self) -> int:
        return self._moments.images.index(self.images) if self._moments.images else 0

    def _pick(self, place: int) -> None:
        at = self._moments.images[place]
        self._at = None if at == self.newest else at
        self.compares = False
        self._show()
        self.moved.emit()

    def _toggle_star(self) -> None:
        images = self.images
        on = images not in self._moments.starred
        self._wished_stars[images] = on
        starred = self._moments.starred | {images} if on else self._moments.starred - {images}
        self._moments = Moments(self._moments.images, self._moments.kept, starred)
        self._show()
        self.star_asked.emit(images, on)

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self._track.show_moments(self._moments, self._place())
        self._show_words()
        kept = self.images in self._moments.kept
        lost = "" if kept else tr("No checkpoint is kept of this moment; the strokes under the slider show which are.")
        if not kept and self.is_newest:
            lost = tr("No checkpoint is kept of this moment; the button above opens the newest model.")
        here = tr("The run is at this moment.") if self.images >= self._run_images else ""
        nothing = "" if self._moments.images else tr("There are no samples yet.")
        newest = tr("This is the newest moment.") if self.is_newest else ""
        on = self.images in self._moments.starred
        tip = tr("Take the star off this moment") if on else tr("Star this moment, so that it is found again and kept")
        self._say(self._star, tr("Unstar") if on else tr("Star"), tip, nothing)
        self._say(
            self._compare, tr("Compare"), tr("Hold, here or on the key C, to see the newest samples"), nothing or newest
        )
        self._say(self._newest, tr("Newest"), tr("Go to the newest moment, and follow the run"), nothing or newest)
        self._say(self._open, tr("Open this model"), tr("Open the model of this moment in the editor"), nothing or lost)
        self._say(self._back, tr("Roll back to here…"), tr("Go on training from this moment"), nothing or lost or here)
        self._draw()

    def _show_words(self) -> None:
        if not self._moments.images:
            self._heading.setText(tr("Time machine"))
            self._where.show_text(tr("a moment for every checkpoint"))
            return
        shown = self.newest if self.compares else self.images
        self._heading.setText(fill(tr("{images} images"), images=count(shown)))
        place = fill(
            tr("moment {place} of {total}"), place=str(self._place() + 1), total=str(len(self._moments.images))
        )
        if self.compares:
            place = fill(tr("now, compared with {images}"), images=count(self.images))
        elif len(self._moments.images) == 1:
            place = tr("the only moment so far")
        elif self.is_newest:
            place = fill(tr("newest of {total} moments"), total=str(len(self._moments.images)))
        self._where.show_text(place)

    def _say(self, button: QPushButton, text: str, tip: str, why_not: str) -> None:
        button.setEnabled(not why_not)
        button.setToolTip(why_not or tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(why_not or tip)
        if button in (self._open, self._back):
            button.setText(text)

    def _draw(self) -> None:
        star = "star" if self.images in self._moments.starred else "star-outline"
        for button, icon in ((self._star, star), (self._compare, "compare"), (self._newest, "skip-next-outline")):
            button.setIcon(self._theme.icon(icon, "accent" if icon == "star" else "text"))

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._heading)
        words.addWidget(self._where, 1)
        for button in (self._star, self._compare, self._newest):
            button.setProperty("role", "icon")
            words.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        deeds = QHBoxLayout()
        deeds.setSpacing(6)
        deeds.addWidget(self._open)
        deeds.addWidget(self._back)
        deeds.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(words)
        layout.addWidget(self._track)
        layout.addLayout(deeds)


def find_images(now: RunNow) -> int:
    """Return how many images the generator of a run has learnt from."""
    if now.last is not None and not is_preparing(now):
        return now.last.images_seen
    return now.points[-1].images_seen if now.points else 0
