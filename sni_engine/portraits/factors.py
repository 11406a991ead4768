"""The 81 causes of a portrait: names, ranges, distributions and options. The order is part of the file formats."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["normal", "uniform", "sparse", "category"]


@dataclass(frozen=True)
class Factor:
    """One cause. A value is a float; a categorical value is the index of its option.

    kind: 'normal' is a normal cut to low..high; 'uniform' is even over low..high; 'sparse' is 0 with probability
    zero_share and else even over low..high; 'category' draws an option by weight.
    weights: relative chances of the options, which need not sum to 1.
    rare: the options whose weights shrink with the variety of a set.
    """

    name: str
    group: str
    kind: Kind
    low: float
    high: float
    help: str
    unit: str = ""
    mean: float = 0.0
    spread: float = 0.0
    zero_share: float = 0.0
    options: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    rare: frozenset[str] = frozenset()


def _normal(
    name: str, group: str, mean: float, spread: float, low: float, high: float, help: str, unit: str = ""
) -> Factor:
    return Factor(name, group, "normal", low, high, help, unit, mean, spread)


def _uniform(name: str, group: str, low: float, high: float, help: str, unit: str = "") -> Factor:
    return Factor(name, group, "uniform", low, high, help, unit)


def _sparse(name: str, group: str, zero_share: float, low: float, high: float, help: str) -> Factor:
    return Factor(name, group, "sparse", low, high, help, zero_share=zero_share)


def _category(
    name: str, group: str, help: str, common: dict[str, float], rare: dict[str, float] | None = None
) -> Factor:
    """Options keep their order: the common ones first, then the rare ones."""
    return _mixed_category(name, group, help, {**common, **(rare or {})}, *(rare or {}))


def _mixed_category(name: str, group: str, help: str, weights: dict[str, float], *rare: str) -> Factor:
    options, shares = tuple(weights), tuple(weights.values())
    return Factor(
        name, group, "category", 0, len(options) - 1, help, options=options, weights=shares, rare=frozenset(rare)
    )


HAIR_STYLES = {
    "bald": 0.035, "buzz": 0.06, "crop": 0.09, "sidepart": 0.09, "quiff": 0.07, "messy": 0.07, "curly": 0.08,
    "afro": 0.06, "bob": 0.09, "long": 0.09, "longwavy": 0.08, "topbun": 0.05, "spacebuns": 0.04, "pigtails": 0.04,
    "ponytail": 0.05, "braid": 0.05,
}  # fmt: skip
RARE_HAIR_STYLES = ("afro", "topbun", "spacebuns", "pigtails", "ponytail", "braid")

FACTORS: tuple[Factor, ...] = (
    _normal("yaw", "pose", 0, 17, -35, 35, "Head turn; positive looks to the right of the picture.", "degrees"),
    _normal("pitch", "pose", 0, 8.5, -20, 20, "Head nod; positive looks up.", "degrees"),
    _normal("roll", "pose", 0, 4.5, -10, 10, "Head lean; positive leans to the left of the picture.", "degrees"),
    _uniform("scale", "pose", 0.90, 1.10, "Size of the head."),
    _uniform("shift_x", "pose", -0.10, 0.10, "Place of the head; positive is right.", "head units"),
    _uniform("shift_y", "pose", -0.06, 0.06, "Place of the head; positive is up.", "head units"),
    _normal("age", "face", 0.38, 0.30, 0, 1, "Child, adult, old."),
    _uniform("face_width", "face", -1, 1, "Narrow to wide face."),
    _uniform("jaw", "face", -1, 1, "Narrow to wide jaw."),
    _uniform("chin", "face", -1, 1, "Short to long chin."),
    _uniform("cheeks", "face", 0, 1, "Flat to round cheeks."),
    _uniform("ear_size", "face", -1, 1, "Small to large ears."),
    _uniform("neck_width", "face", -1, 1, "Thin to thick neck."),
    _uniform("skin_tone", "skin", 0, 1, "Dark to fair skin."),
    _uniform("undertone", "skin", -1, 1, "Cool to warm skin."),
    _sparse("freckles", "skin", 0.7, 0.4, 1, "Strength of freckles."),
    _uniform("blush", "skin", 0, 1, "Redness of cheeks, nose tip and ears."),
    _mixed_category("hair_style", "hair", "The cut.", HAIR_STYLES, *RARE_HAIR_STYLES),
    _uniform("hair_volume", "hair", 0, 1, "Thickness of the hair."),
    _uniform("hair_length", "hair", 0, 1, "Length of hair that falls."),
    _category("fringe", "hair", "Hair over the forehead; no effect on bald, buzz, quiff and afro.",
              {"none": 0.45, "straight": 0.17, "swept": 0.22, "curtain": 0.16}),
    _uniform("hair_part", "hair", -1, 1, "Place of the parting; its sign picks the side."),
    _uniform("hairline", "hair", -1, 1, "Low to high hairline."),
    _uniform("hair_tone", "hair", 0, 1, "Dark to fair hair."),
    _uniform("hair_red", "hair", 0, 1, "Red hair above 0.68."),
    _sparse("hair_grey", "hair", 0.82, 0.4, 1, "Share of grey."),
    _category("hair_dye", "hair", "Dyed colour.", {"natural": 0.86},
              {"pink": 0.04, "blue": 0.03, "teal": 0.03, "purple": 0.025, "green": 0.015}),
    _uniform("brow_thick", "brows", 0, 1, "Thin to thick brows."),
    _uniform("brow_tilt", "brows", -1, 1, "Outer ends down or up."),
    _uniform("brow_arch", "brows", 0, 1, "Flat to arched brows."),
    _uniform("brow_raise", "brows", -1, 1, "Low to raised brows."),
    _uniform("eye_size", "eyes", -1, 1, "Small to large eyes."),
    _uniform("eye_space", "eyes", -1, 1, "Close to wide-set eyes."),
    _uniform("eye_tilt", "eyes", -1, 1, "Outer corners down or up."),
    _normal("eye_open", "eyes", 0.75, 0.25, 0, 1, "Closed to wide open lids."),
    _normal("gaze_x", "eyes", 0, 0.5, -1, 1, "Look to the right, beside a gaze that half follows the camera."),
    _normal("gaze_y", "eyes", 0, 0.4, -1, 1, "Look up, beside a gaze that half follows the camera."),
    _uniform("iris_hue", "eyes", 0, 1, "Brown, hazel, green, blue, grey."),
    _uniform("pupil", "eyes", 0, 1, "Small to large pupils."),
    _uniform("lashes", "eyes", 0, 1, "Thin to thick lashes."),
    _sparse("eyeshadow", "eyes", 0.75, 0.4, 1, "Strength of eye shadow."),
    _uniform("eyeshadow_hue", "eyes", 0, 1, "Hue of eye shadow."),
    _uniform("nose_width", "nose", -1, 1, "Narrow to wide nose."),
    _uniform("nose_length", "nose", -1, 1, "Short to long nose."),
    _uniform("nose_bridge", "nose", -1, 1, "Flat to high bridge."),
    _uniform("nose_tip", "nose", -1, 1, "Small to round tip."),
    _normal("smile", "mouth", 0.5, 0.42, -0.6, 1, "Frown to smile."),
    _sparse("mouth_open", "mouth", 0.55, 0.2, 1, "Opening of the mouth; weaker without a smile."),
    _uniform("mouth_width", "mouth", -1, 1, "Narrow to wide mouth."),
    _uniform("lip_full", "mouth", 0, 1, "Thin to full lips."),
    _sparse("lipstick", "mouth", 0.7, 0.4, 1, "Strength of lipstick."),
    _uniform("lipstick_hue", "mouth", 0, 1, "Colour of lipstick."),
    _category("beard", "beard", "Facial hair; none is drawn below age 0.22.", {"none": 0.66},
              {"stubble": 0.08, "moustache": 0.06, "goatee": 0.07, "short": 0.07, "full": 0.06}),
    _uniform("beard_len", "beard", 0, 1, "Length of the beard."),
    _category("glasses", "accessory", "Glasses.", {"none": 0.70},
              {"round": 0.10, "rect": 0.09, "cateye": 0.06, "sun": 0.05}),
    _uniform("glasses_hue", "accessory", 0, 1, "Hue of the frames."),
    _uniform("glasses_dark", "accessory", 0, 1, "Black frames above 0.4."),
    _category("hat", "accessory", "Hat; a headband shows on hair only.", {"none": 0.76},
              {"beanie": 0.06, "cap": 0.05, "fedora": 0.04, "headband": 0.05, "beret": 0.04}),
    _uniform("hat_hue", "accessory", 0, 1, "Hue of the hat."),
    _uniform("hat_light", "accessory", 0, 1, "Dark to light hat."),
    _category("earring", "accessory", "Earrings, on both ears.", {"none": 0.74},
              {"stud": 0.11, "hoop": 0.09, "drop": 0.06}),
    _uniform("earring_metal", "accessory", 0, 1, "Gold, silver above 0.5."),
    _uniform("light_az", "light", -60, 60, "Side of the key light; positive is right.", "degrees"),
    _uniform("light_el", "light", 15, 55, "Height of the key light.", "degrees"),
    _uniform("light_warm", "light", -1, 1, "Cool to warm light."),
    _uniform("light_contrast", "light", 0, 1, "Soft to hard light."),
    _uniform("rim", "light", 0, 1, "Strength of the rim light."),
    _uniform("rim_hue", "light", 0, 1, "Hue of the rim light."),
    _uniform("exposure", "light", -1, 1, "Dark to bright exposure."),
    _category("bg_kind", "background", "What stands behind.", {"radial": 0.3, "vertical": 0.15},
              {"bokeh": 0.22, "bands": 0.12, "sunburst": 0.09, "hills": 0.12}),
    _uniform("bg_hue", "background", 0, 1, "Hue of the background."),
    _uniform("bg_light", "background", 0, 1, "Dark to light background."),
    _uniform("bg_sat", "background", 0, 1, "Grey to colourful background."),
    _uniform("bg_hue2", "background", -1, 1, "Hue step to the second colour."),
    _uniform("bg_seed", "background", 0, 1, "Places of discs, bands and hills."),
    _mixed_category("clothes", "clothes", "What is worn.",
                    {"crew": 0.22, "vneck": 0.14, "turtleneck": 0.14, "collar": 0.15, "hoodie": 0.14, "wide": 0.08,
                     "jacket": 0.13}, "collar", "hoodie", "wide", "jacket"),
    _uniform("cloth_hue", "clothes", 0, 1, "Hue of the clothes."),
    _uniform("cloth_sat", "clothes", 0, 1, "Grey below 0.22, then pale to colourful."),
    _uniform("cloth_light", "clothes", 0, 1, "Dark to light clothes."),
    _category("cloth_pattern", "clothes", "Pattern; none on jackets.", {"plain": 0.6},
              {"stripes": 0.16, "dots": 0.1, "yoke": 0.14}),
    _uniform("shoulders", "clothes", -1, 1, "Narrow to wide shoulders."),
)  # fmt: skip

FACTOR_NAMES: tuple[str, ...] = tuple(factor.name for factor in FACTORS)

_BY_NAME = {factor.name: factor for factor in FACTORS}


def find_factor(name: str) -> Factor:
    """Return the factor of that name; KeyError if there is none."""
    return _BY_NAME[name]


def option_name(factor_name: str, value: float) -> str:
    """Return the option that a categorical value stands for, such as 'bob'; ValueError for other factors."""
    options = find_factor(factor_name).options
    if not options:
        raise ValueError(f"{factor_name} is not categorical")
    return options[round(float(value))]
