"""Finding a model's parts anew: waited for, with progress, and cancelled like an edit."""

from collections.abc import Callable
from dataclasses import dataclass

from sni_desktop.document import Document
from sni_desktop.snapshot import Notice
from sni_engine.api.messages import Failed
from sni_engine.api.part_requests import SAMPLES, FindParts, PartNames, PartsFound
from sni_engine.api.parts import PartSet


@dataclass(frozen=True)
class FindSettings:
    """How parts are found; clusters 0 and layer None for what suits the model."""

    layer: int | None = None
    clusters: int = 0
    seed: int = 0
    samples: int = SAMPLES
    names: PartNames = ""


class PartFinder:
    """changed: called when finding begins and ends, before `found` is given to whoever asked."""

    def __init__(self, document: Document, changed: Callable[[], object]) -> None:
        self._document = document
        self._changed = changed
        self.is_finding: bool = False

    def find(self, settings: FindSettings, found: Callable[[PartSet], object]) -> None:
        """Ask the engine; what cannot be found is told."""

        def take(event: PartsFound) -> None:
            self._set(False)
            if event.parts is not None:
                found(event.parts)

        def fail(event: Failed) -> None:
            self._set(False)
            self._document.tell(Notice.of(event))

        def make(ticket: int) -> FindParts:
            return FindParts(ticket, settings.layer, settings.clusters, settings.seed, settings.samples, settings.names)

        self._set(True)
        try:
            self._document.requests.ask(make, take, fail, stopped=lambda: self._set(False))
        except ValueError as error:
            self._set(False)
            self._document.tell(Notice("error", str(error)))

    def _set(self, is_finding: bool) -> None:
        self.is_finding = is_finding
        self._changed()
