"""Codes as a line of text, for the clipboard and for messages: a project of a single face, in base64."""

import base64
import binascii

import numpy as np

from sni_engine.api.codec import Project, decode_project, encode_project
from sni_engine.api.codes import Codes
from sni_engine.api.errors import EngineError
from sni_engine.api.history import start_history
from sni_engine.api.models import ModelRef
from sni_engine.api.selection import Selection

PREFIX = "sni-codes-1:"
_MOST_LETTERS = 1 << 24


def is_codes_text(text: str) -> bool:
    """Say whether a text claims to be codes."""
    return text.lstrip().startswith(PREFIX)


def write_codes(codes: Codes, model: ModelRef) -> str:
    """Return codes, and which model they were made with, as one line of ASCII."""
    nothing = Selection(np.zeros(codes.local.shape[:2], np.float32))
    data = encode_project(Project(model, start_history(codes), nothing))
    return PREFIX + base64.urlsafe_b64encode(data).decode()


def read_codes(text: str) -> tuple[Codes, ModelRef]:
    """Return codes and their model from text; blanks and line breaks that mail put in do not matter.

    Raises EngineError for anything that is not exactly that.
    """
    if len(text) > _MOST_LETTERS or not is_codes_text(text):
        raise EngineError("The text holds no codes.", "Copy the codes of a face with Copy codes, and paste them whole.")
    letters = "".join(text.split()).removeprefix(PREFIX)
    try:
        data = base64.b64decode(letters, altchars=b"-_", validate=True)
        project = decode_project(data, "The text")
    except (binascii.Error, ValueError, EngineError) as error:
        raise EngineError("The codes in the text are damaged.", "Copy them again, and paste them whole.") from error
    return project.history.current.codes, project.model
