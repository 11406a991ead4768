"""Factors -> a scene: every measure and colour a portrait is drawn from, as typed parts."""

from dataclasses import dataclass, replace

import torch

from sni_engine.portraits.factors import FACTOR_NAMES
from sni_engine.portraits.features import (
    Age,
    Beard,
    Brows,
    Eyes,
    Head,
    Mouth,
    Nose,
    derive_age,
    derive_beard,
    derive_brows,
    derive_eyes,
    derive_head,
    derive_mouth,
    derive_nose,
)
from sni_engine.portraits.lamps import BANDS, BOKEH, HILLS, SUNBURST, Backdrop, Lamps, derive_backdrop, derive_lamps
from sni_engine.portraits.pigments import Pigments, derive_pigments
from sni_engine.portraits.pose import Pose, derive_pose
from sni_engine.portraits.vectors import Tensor
from sni_engine.portraits.wardrobe import (
    Clothes,
    Glasses,
    Hair,
    Hat,
    derive_clothes,
    derive_glasses,
    derive_hair,
    derive_hat,
)

_HAIR_PARTS = ("shell", "top", "curl", "shows_ears", "curtain", "fall", "bun", "pair", "braid")
_BACKDROPS = {"bokeh": BOKEH, "bands": BANDS, "sunburst": SUNBURST, "hills": HILLS}


@dataclass(frozen=True)
class Scene:
    """A batch of N portraits. Every leaf is a tensor [N, 1]; lengths are head units (x right, y up, z front)."""

    pose: Pose
    age: Age
    head: Head
    eyes: Eyes
    nose: Nose
    mouth: Mouth
    brows: Brows
    beard: Beard
    hair: Hair
    hat: Hat
    glasses: Glasses
    earring: Tensor  # 0 none, 1 stud, 2 hoop, 3 drop
    clothes: Clothes
    pigments: Pigments
    lamps: Lamps
    backdrop: Backdrop
    shows: frozenset[str]  # the optional parts that any of the portraits has: the work for the others is skipped


def derive_scene(factors: Tensor, extent: float) -> Scene:
    """Build the scene of factors [N, 81] seen with a view of that half-width."""
    values = {name: factors[:, i : i + 1] for i, name in enumerate(FACTOR_NAMES)}
    pose, age = derive_pose(values, extent), derive_age(values)
    head, nose = derive_head(values, age, pose), derive_nose(values, age)
    eyes, hat, backdrop = derive_eyes(values, age, head), derive_hat(values), derive_backdrop(values)
    scene = Scene(
        pose=pose,
        age=age,
        head=head,
        eyes=eyes,
        nose=nose,
        mouth=derive_mouth(values, age, head),
        brows=derive_brows(values, age, eyes),
        beard=derive_beard(values),
        hair=derive_hair(values, age, hat),
        hat=hat,
        glasses=derive_glasses(values, nose),
        earring=values["earring"].round(),
        clothes=derive_clothes(values, age),
        pigments=derive_pigments(values),
        lamps=derive_lamps(values, pose, backdrop),
        backdrop=backdrop,
        shows=frozenset(),
    )
    return replace(scene, shows=_list_shown(scene))


def _list_shown(scene: Scene) -> frozenset[str]:
    """Ask once for all parts: on a GPU every question waits for the work before it."""
    hair, hat, beard, kind = scene.hair, scene.hat, scene.beard, scene.backdrop.kind
    parts = {name: getattr(hair.style, name) for name in _HAIR_PARTS}
    parts |= {
        "frizz": hair.frizz,
        "hangs": hair.hangs,
        "hat": hat.fitted,
        "crowned": hat.beanie + hat.cap + hat.fedora,
        "beret": hat.beret,
    }
    parts |= {
        "facial_hair": beard.kind,
        "stubble": beard.stubble,
        "beard": beard.kind - 1,
        "extension": beard.extension,
    }
    parts |= {"freckles": scene.pigments.freckles, "eyeshadow": scene.eyes.shadow, "opening": scene.mouth.opening}
    parts |= {"old": scene.age.old, "glasses": scene.glasses.worn, "earring": scene.earring}
    parts |= {"collar": scene.clothes.collar, "hood": scene.clothes.hood}
    parts |= {name: (kind == number).float() for name, number in _BACKDROPS.items()}
    present = (torch.cat(list(parts.values()), 1) > 0).any(0).tolist()
    return frozenset(name for name, there in zip(parts, present) if there)
