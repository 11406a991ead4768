"""What the engine is asked about semantic parts, and what it answers."""

from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from sni_engine.api.codes import LARGEST_SEED, Codes, check_seed
from sni_engine.api.edits import Choice, Range, choice
from sni_engine.api.parts import MOST_CLUSTERS, MOST_SAMPLES, PartMap, PartSet

SAMPLES = 200  # generated pictures, unless somebody says otherwise
CLUSTERS = 24  # few enough to be named by hand
NAMED_CLUSTERS = 96  # where names come by themselves, more follow the outlines better

PartNames = Literal["", "portraits"]
_NAMES = (("", "Not at all"), ("portraits", "By what is seen"))
_LAYER_HELP = "Whose features are clustered, from coarse to fine; else the layer that suits the model."
_CLUSTERS_HELP = f"How many of them; 0 for {CLUSTERS}, or for {NAMED_CLUSTERS} where they are named by what is seen."
_SEED_HELP = "Decides faces and starts: the same seed finds the same parts."
_SAMPLES_HELP = "How many generated faces they are found on."
_NAMES_HELP = "Names parts by what a network that learnt from our portraits sees in them; for models of such faces."


@dataclass(frozen=True)
class FindParts:
    """Find the open model's parts anew, on `samples` generated pictures; answered by PartsFound, nothing is kept.

    layer: index from coarse to fine, None for the one that suits the model. clusters, seed: of the k-means; 0 clusters
    for as many as suit what is named. names: "portraits" names parts by overlap with what our own portraits taught a
    network to see, for models of such faces; else nothing has a name.
    """

    ticket: int
    layer: int | None = field(default=None, metadata=choice("Layer", (), _LAYER_HELP))
    clusters: int = field(default=0, metadata={"range": Range("Clusters", 2, MOST_CLUSTERS, 1, "", _CLUSTERS_HELP)})
    seed: int = field(default=0, metadata={"range": Range("Seed", 0, LARGEST_SEED, 1, "", _SEED_HELP)})
    samples: int = field(default=SAMPLES, metadata={"range": Range("Faces", 1, MOST_SAMPLES, 1, "", _SAMPLES_HELP)})
    names: PartNames = field(default="", metadata=choice("Names", _NAMES, _NAMES_HELP))

    def __post_init__(self) -> None:
        check_seed(self.seed)
        if self.clusters and not 2 <= self.clusters <= MOST_CLUSTERS:
            raise ValueError(f"there are 2 to {MOST_CLUSTERS} clusters, or 0 for as many as suit")
        if not 1 <= self.samples <= MOST_SAMPLES:
            raise ValueError(f"there are 1 to {MOST_SAMPLES} samples")
        if self.names not in get_args(PartNames):
            raise ValueError(f'names come from "portraits" or from nowhere, not from "{self.names}"')


def describe_finding() -> dict[str, Range | Choice]:
    """Return what each setting of FindParts says of itself, for forms and flags."""
    found: dict[str, Any] = {
        item.name: item.metadata.get("range") or item.metadata.get("choice") for item in fields(FindParts)
    }
    return {name: described for name, described in found.items() if described is not None}


@dataclass(frozen=True)
class ReadParts:
    """Return what is kept of the open model's parts; answered by PartsFound, with None when there is nothing."""

    ticket: int


@dataclass(frozen=True, eq=False)
class KeepParts:
    """Keep parts with their model, in place of what was kept before; answered by PartsFound.

    parts: None forgets a person's own, so that a shipped model has its shipped parts again.
    model: the digest of the model that is meant, when another one may be open by then; "" for the open one.
    """

    ticket: int
    parts: PartSet | None
    model: str = ""

    def __post_init__(self) -> None:
        if self.parts is not None and self.model not in ("", self.parts.model.digest):
            raise ValueError("these are the parts of another model")


@dataclass(frozen=True, eq=False)
class ShowParts:
    """Draw where the parts of a picture are; answered by PartsShown. parts: None for those kept with the model."""

    ticket: int
    codes: Codes
    parts: PartSet | None = None


@dataclass(frozen=True)
class WeighParts:
    """Measure what each channel of style contributes to the kept parts, which the first transfer would else wait for;
    answered by PartsWeighed. Without parts there is nothing to measure.
    """

    ticket: int


PartRequest = FindParts | ReadParts | KeepParts | ShowParts | WeighParts


@dataclass(frozen=True, eq=False)
class PartsFound:
    """A model's parts; None when it has none yet."""

    ticket: int
    parts: PartSet | None


@dataclass(frozen=True, eq=False)
class PartsShown:
    """Where the parts of the picture of `codes` are, and what these parts are."""

    ticket: int
    codes: Codes
    parts: PartSet
    map: PartMap


@dataclass(frozen=True)
class PartsWeighed:
    """Transfers of style need not wait."""

    ticket: int


PartEvent = PartsFound | PartsShown | PartsWeighed
