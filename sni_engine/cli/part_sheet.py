"""A sheet of faces with their parts beneath: what somebody needs to see before naming clusters."""

from pathlib import Path

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.messages import NewFace
from sni_engine.api.part_pictures import draw_parts
from sni_engine.api.part_requests import PartsShown, ShowParts
from sni_engine.api.parts import PartSet
from sni_engine.api.pictures import PictureForm, write_picture
from sni_engine.cli.session import Session

_COLUMNS, _ROWS, _TILE_PX = 8, 2, 128
_FIRST_SEED = 100


def write_sheet(path: Path, session: Session, parts: PartSet) -> None:
    """Write a picture of faces, each with its parts in colours beneath it. Raises EngineError."""
    seeds = np.arange(_FIRST_SEED, _FIRST_SEED + _COLUMNS * _ROWS).reshape(_ROWS, _COLUMNS)
    rows = [np.concatenate([_draw_pair(session, parts, int(seed)) for seed in row], 1) for row in seeds]
    write_picture(path, np.concatenate(rows), PictureForm(_COLUMNS * _TILE_PX, "sharp"))


def _draw_pair(session: Session, parts: PartSet, seed: int) -> Array:
    """Return a face and its parts, one above the other, uint8 [2·H, W, 3]."""
    face = session.ask(NewFace(1, seed))
    shown = session.ask_for(ShowParts(2, face.codes, parts), PartsShown)
    return np.concatenate([face.picture, draw_parts(shown.map, parts, face.picture)])
