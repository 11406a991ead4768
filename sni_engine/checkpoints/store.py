"""Where models are found: those that come with the program, and the person's own."""

from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.models import ModelCard
from sni_engine.api.paths import data_folder, shipped_models
from sni_engine.checkpoints.format import SUFFIX, read_card

DEFAULT = "portraits-64"


def own_models() -> Path:
    """Return the folder of the person's own models; it may not exist yet."""
    return data_folder() / "models"


def list_models() -> tuple[tuple[str, Path, ModelCard], ...]:
    """Return name, path and card of every readable model; a person's own come after the shipped ones."""
    found: list[tuple[str, Path, ModelCard]] = []
    for folder in (shipped_models(), own_models()):
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            try:
                found.append((path.stem, path, read_card(path)))
            except EngineError:
                continue  # a damaged file must not hide the whole ones; opening it by name says what is wrong
    return tuple(found)


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
    """Return the path of the model with exactly this identity, whatever its name."""
    return next((path for _, path, card in list_models() if card.digest == digest), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder we may not look into
        return False
