"""What the rest of the program needs to know of a model: its name, digest, grid and size."""

from dataclasses import dataclass, field

from sni_engine.api.codes import GridSpec


@dataclass(frozen=True)
class ModelRef:
    """How a project names the model it was made with: digest decides, name helps the person."""

    name: str
    digest: str


@dataclass(frozen=True)
class ModelCard:
    """A model as shown to a person.

    resolution_px: side of its pictures. facts: provenance, one line each (command, steps, images, device).
    limits: what it cannot do, one sentence each. source: "cells", or "constant" for a model without codes of cells.
    """

    name: str
    digest: str
    grid: GridSpec
    resolution_px: int
    backbone: str = "modulated"
    licence: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    limits: tuple[str, ...] = ()
    source: str = "cells"

    @property
    def ref(self) -> ModelRef:
        """The reference a project keeps."""
        return ModelRef(self.name, self.digest)
