"""Where models are found: those that come with the program, and the person's own."""

from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.library import Kind, ModelEntry
from sni_engine.api.models import ModelCard
from sni_engine.api.paths import data_folder, shipped_models
from sni_engine.checkpoints.format import SUFFIX, read_card, read_origin
from sni_engine.checkpoints.tensors import is_whole

DEFAULT = "portraits-64"


def own_models() -> Path:
    """Return the folder of the person's own models; it may not exist yet."""
    return data_folder() / "models"


def list_entries() -> tuple[ModelEntry, ...]:
    """Return every model's file, damaged ones too; a person's own come after the shipped ones, each by name."""
    found: list[ModelEntry] = []
    for folder in (shipped_models(), own_models()):
        paths = sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: (path.stem.casefold(), path.stem))
        found.extend(read_entry(path) for path in paths if not path.name.startswith("."))
    return tuple(found)


def list_models() -> tuple[tuple[str, Path, ModelCard], ...]:
    """Return name, path and card of every readable model; a person's own come after the shipped ones."""
    # a damaged file must not hide the whole ones; opening it by name says what is wrong
    return tuple((entry.name, entry.path, entry.card) for entry in list_entries() if entry.card is not None)


def read_entry(path: Path) -> ModelEntry:
    """Return what is known of a model's file from its header alone; what is wrong with it is in the entry."""
    try:
        size = path.stat().st_size
    except OSError as error:
        problem = f"{path} could not be read: {error.strerror or error}."
        return ModelEntry(path.stem, path, _guess_kind(path, ""), 0, None, problem)
    try:
        card = read_card(path)
        problem = "" if is_whole(path) else f"{path.name} is cut short, or something was added to it."
        return ModelEntry(path.stem, path, _guess_kind(path, read_origin(path), card), size, card, problem)
    except EngineError as error:
        return ModelEntry(path.stem, path, _guess_kind(path, ""), size, None, error.title)


def _guess_kind(path: Path, origin: str, card: ModelCard | None = None) -> Kind:
    """Tell a model's kind by its folder and header; one put there by hand counts as trained if a run describes it."""
    if path.parent == shipped_models():
        return "shipped"
    if origin == "trained" or (origin != "imported" and card is not None and "recipe" in card.facts):
        return "trained"
    return "imported"


def find_model(name: str | None = None) -> Path:
    """Return the path of a model by name, path or digest, the shipped one for None.

    Raises EngineError when there is none.
    """
    wanted = name or DEFAULT
    if name and _is_file(Path(name)):
        return Path(name)
    for folder in (own_models(), shipped_models()) if name else (shipped_models(),):
        candidate = folder / f"{wanted}{SUFFIX}"
        if Path(wanted).name == wanted and _is_file(candidate):
            return candidate
    if found := find_by_digest(wanted):
        return found
    names = ", ".join(name for name, _, _ in list_models()) or "none"
    raise EngineError(f'There is no model "{wanted}".', f"Models here: {names}. A path to a model file works too.")


def find_by_digest(digest: str) -> Path | None:
    """Return the path of the model with exactly this identity, whatever its name; of several, a whole one."""
    same = [entry for entry in list_entries() if entry.card is not None and entry.card.digest == digest]
    return min(same, key=lambda entry: bool(entry.problem)).path if same else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder we may not look into
        return False
