"""Factors -> a scene: every measure and colour a portrait is drawn from, as typed parts."""

from dataclasses import dataclass

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
from sni_engine.portraits.lamps import Backdrop, Lamps, derive_backdrop, derive_lamps
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


def derive_scene(factors: Tensor, extent: float) -> Scene:
    """Build the scene of factors [N, 81] seen with a view of that half-width."""
    values = {name: factors[:, i : i + 1] for i, name in enumerate(FACTOR_NAMES)}
    pose, age = derive_pose(values, extent), derive_age(values)
    head, nose = derive_head(values, age, pose), derive_nose(values, age)
    eyes, hat, backdrop = derive_eyes(values, age, head), derive_hat(values), derive_backdrop(values)
    return Scene(
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
    )
