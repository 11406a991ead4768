"""What models may be called, which files are no models at first sight, and which facts of a card are scores."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from pathlib import Path

from sni_engine.api.errors import EngineError
from sni_engine.api.files import open_file

MODEL_SUFFIX = ".safetensors"
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".joblib")
LONGEST_NAME = 80
_LONGEST_BYTES = 200  # of 255 that systems allow; a suffix follows, and what files are called while they are written
_SCORES = ("locality", "style keeps", "fréchet", "precision", "path length", "separability", "score")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')  # by one system or another in names of files
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def check_name(name: str) -> str:
    """Return a name without blanks around it. Raises EngineError for one that no file could bear."""
    name = unicodedata.normalize("NFC", name.strip())
    if not name:
        raise EngineError("A model needs a name.", "Type one.")
    if len(name) > LONGEST_NAME:
        raise EngineError("This name is too long.", f"Use at most {LONGEST_NAME} characters.")
    if len(name.encode(errors="replace")) > _LONGEST_BYTES:
        raise EngineError("This name is too long.", f"Use at most {_LONGEST_BYTES // 4} such characters.")
    if found := _FORBIDDEN.search(name):
        sign = f'"{found[0]}"' if found[0].isprintable() else "control characters"
        raise EngineError(f"A model's name cannot hold {sign}.", "It is the name of its file, too.")
    if name[0] == "." or name[-1] == "." or _DEVICES.fullmatch(name):
        raise EngineError(f'A model cannot be called "{name}".', "It is the name of its file, too.")
    return name


def make_name(text: str) -> str:
    """Return a name a model may have that is as close to a text as can be."""
    name = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", text))[:LONGEST_NAME]
    name = name.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip(" .")
    return name if name and not _DEVICES.fullmatch(name) else f"model {name}".strip()


def find_free_name(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken: itself, or "name 2", "name 3" and so on."""
    names = {fold_name(other) for other in taken}
    if fold_name(name) not in names:
        return name
    counted = re.fullmatch(r"(.+) (\d{1,4})", name)
    stem, number = (counted[1], int(counted[2])) if counted else (name, 1)
    while True:
        number += 1
        free = f"{make_name(stem[: LONGEST_NAME - 6])} {number}"
        if fold_name(free) not in names:
            return free


def fold_name(name: str) -> str:
    """Return what two names share that mean one file somewhere: capitals and accents' spelling make no difference."""
    return unicodedata.normalize("NFC", name).casefold()


def refuse_pickle(path: Path) -> None:
    """Raise EngineError for a file that its suffix, or its first bytes, give away as one that runs code when opened."""
    if path.suffix.lower() in PICKLES or _begins_like_pickle(path):
        raise EngineError(
            f"{path.name} is a pickle, which can run code; this program does not open such files.",
            f"Convert it to this program's {MODEL_SUFFIX} format first, or ask its maker for one.",
        )


def _begins_like_pickle(path: Path) -> bool:
    try:
        with open_file(path) as stream:
            start = stream.read(9)
    except OSError:
        return False  # opening it says what is wrong
    # protocols 2 to 5; the ninth byte of a .safetensors file is the brace that opens its header
    return start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05") and start[8:] != b"{"


def split_facts(facts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the facts of a card that are scores, and those that say where the model comes from."""
    scores = {name: value for name, value in facts.items() if name.casefold().startswith(_SCORES)}
    return scores, {name: value for name, value in facts.items() if name not in scores}
