"""The colours of the two themes: neutral greys, so that pictures are judged fairly, and one accent."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """One theme's colours as #rrggbb."""

    window: str
    panel: str
    canvas: str
    raised: str
    line: str
    text: str
    quiet: str
    faint: str
    accent: str
    on_accent: str
    danger: str
    info_back: str
    danger_back: str
    series: tuple[str, ...]  # lines of a diagram; told apart by the colour-blind too (hues after Okabe and Ito, 2008)


LIGHT = Colours(
    window="#f2f2f2",
    panel="#fafafa",
    canvas="#d6d6d6",
    raised="#ffffff",
    line="#cfcfcf",
    text="#1d1d1d",
    quiet="#5a5a5a",
    faint="#9a9a9a",
    accent="#1769c4",
    on_accent="#ffffff",
    danger="#b3261e",
    info_back="#e3edf8",
    danger_back="#fbe9e7",
    series=("#0072b2", "#b84a00", "#00795a", "#9a4686", "#806000", "#5a5a5a"),
)
DARK = Colours(
    window="#262626",
    panel="#2d2d2d",
    canvas="#1b1b1b",
    raised="#3a3a3a",
    line="#454545",
    text="#ececec",
    quiet="#b0b0b0",
    faint="#7b7b7b",
    accent="#5ba4f0",
    on_accent="#101010",
    danger="#ff8a80",
    info_back="#2b3a4a",
    danger_back="#4a2d2b",
    series=("#56b4e9", "#f0904a", "#2fc79b", "#e08fc4", "#e6d845", "#b0b0b0"),
)
