"""Words of the window: each text of the contract is known to translators, and marks are filled once."""

from dataclasses import fields

from sni_desktop.words import CONTRACT, fill
from sni_engine.api.edits import PARAMS


def test_everything_an_edit_says_of_itself_is_marked_for_translation() -> None:
    told = {params.title for params in PARAMS.values()}
    for params in PARAMS.values():
        ranges = [item.metadata["range"] for item in fields(params) if "range" in item.metadata]
        told |= {text for limits in ranges for text in (limits.label, limits.help, limits.unit) if text}
        choices = [item.metadata["choice"] for item in fields(params) if "choice" in item.metadata]
        told |= {text for each in choices for text in (each.label, each.help, *dict(each.options).values())}
        lists = [item.metadata["numbers"] for item in fields(params) if "numbers" in item.metadata]
        told |= {text for each in lists for text in (each.label, each.empty, each.help)}
    assert told == set(CONTRACT)


def test_a_name_with_braces_and_a_mark_nobody_knows_stay_as_they_are() -> None:
    assert fill("{name}, {count} {colour}", name="{count}", count=2) == "{count}, 2 {colour}"
