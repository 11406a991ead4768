"""Factors -> pictures: deterministic, independent of the batch, true to their causes, and equal to the stored ones."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from sni_engine.api.errors import EngineError
from sni_engine.portraits import BUST_FRAME, FACTOR_NAMES, PARTS, render, render_batches, sample_factors

HERE = Path(__file__).parent
SIZE = 24


@pytest.fixture(scope="module")
def four() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Factors, pictures and masks of seeds 20..23."""
    factors = sample_factors(range(20, 24))
    return factors, *draw(factors)


def draw(factors: np.ndarray, size_px: int = SIZE) -> tuple[np.ndarray, np.ndarray]:
    pictures, masks = render(factors, size_px)
    return pictures.numpy(), masks.numpy()


def sweep(seed: int, name: str, values: list[float], **fixed: float) -> np.ndarray:
    """Return the factors of one seed with one of them swept and others fixed."""
    rows = np.repeat(sample_factors([seed]), len(values), 0)
    for fixed_name, value in fixed.items():
        rows[:, FACTOR_NAMES.index(fixed_name)] = value
    rows[:, FACTOR_NAMES.index(name)] = values
    return rows


def grow(where: np.ndarray, by: int) -> np.ndarray:
    """Widen a mask [H, W] by some pixels."""
    grown = torch.nn.functional.max_pool2d(torch.from_numpy(where)[None].float(), 2 * by + 1, 1, by)
    return grown[0].numpy() > 0


def test_shapes_and_types(four: tuple[np.ndarray, ...]) -> None:
    _, pictures, masks = four
    assert (pictures.shape, pictures.dtype) == ((4, SIZE, SIZE, 3), np.uint8)
    assert (masks.shape, masks.dtype) == ((4, SIZE, SIZE), np.uint8)


def test_the_same_factors_give_the_same_picture_alone_and_in_a_batch(four: tuple[np.ndarray, ...]) -> None:
    factors, pictures, masks = four
    again, again_masks = draw(factors[:3])
    alone, alone_mask = draw(factors[2:3])
    assert np.array_equal(again, pictures[:3]) and np.array_equal(again_masks, masks[:3])
    assert np.array_equal(alone[0], pictures[2]) and np.array_equal(alone_mask[0], masks[2])


def test_masks_hold_the_parts_that_everybody_has(four: tuple[np.ndarray, ...]) -> None:
    masks = draw(sample_factors(range(8), variety=0), 32)[1]
    for mask in masks:
        names = {PARTS[label] for label in np.unique(mask)}
        assert {"background", "skin", "eyes", "nose", "mouth", "neck"} <= names
    assert four[2].max() < len(PARTS)


def test_pictures_match_the_stored_ones() -> None:
    pictures, masks = draw(sample_factors(range(40, 48)), 32)
    stored = np.asarray(Image.open(HERE / "golden_32px.png")).reshape(32, 8, 32, 3).swapaxes(0, 1)
    stored_masks = np.asarray(Image.open(HERE / "golden_32px_masks.png")).reshape(32, 8, 32).swapaxes(0, 1)
    assert (np.abs(pictures.astype(int) - stored) > 1).mean() < 1e-3  # other CPUs round the last bit otherwise
    assert (masks != stored_masks).mean() < 1e-3


def test_the_size_does_not_change_the_portrait() -> None:
    factors = sample_factors([5, 6])
    small, _ = draw(factors, 64)
    large, _ = draw(factors, 128)
    shrunk = large.reshape(2, 64, 2, 64, 2, 3).astype(float).mean((2, 4))
    assert np.abs(shrunk - small).mean() < 3


def test_sizes_that_do_not_divide_by_four_work() -> None:
    factors = sample_factors([20])
    (odd, _), (even, _) = draw(factors, 26), draw(factors, 52)
    shrunk = even.reshape(1, 26, 2, 26, 2, 3).astype(float).mean((2, 4))
    assert np.abs(shrunk - odd).mean() < 8


def test_the_frame_changes_the_size_of_the_head() -> None:
    factors = sample_factors([22], frame=BUST_FRAME)
    close, far = draw(factors)[1], render(factors, SIZE, BUST_FRAME)[1].numpy()
    skin = PARTS.index("skin")
    assert (far == skin).sum() < 0.75 * (close == skin).sum()


def test_hair_tone_changes_hair_and_brows_only() -> None:
    factors = sweep(20, "hair_tone", [0.1, 0.9], hair_style=9, hair_dye=0, hair_red=0, hat=0, beard=0, clothes=0)
    pictures, masks = draw(factors, 32)
    assert np.array_equal(masks[0], masks[1])
    change = np.abs(pictures[0].astype(int) - pictures[1]).max(-1)
    touched = np.isin(masks[0], [PARTS.index(name) for name in ("hair", "brows", "eyes")])
    assert change[masks[0] == PARTS.index("hair")].mean() > 40
    # two pixels: smoothed edges mix in a neighbour; and other edges may be the ones picked for smoothing
    elsewhere = change[~grow(touched, 2)]
    assert elsewhere.mean() < 0.2 and elsewhere.max() < 16


def test_backdrop_hue_leaves_every_part_where_it_is() -> None:
    pictures, masks = draw(sweep(21, "bg_hue", [0.1, 0.6], bg_sat=1, bg_kind=0))
    assert np.array_equal(masks[0], masks[1])
    change = np.abs(pictures[0].astype(int) - pictures[1]).mean(-1)
    assert change[masks[0] == 0].mean() > 3 * change[masks[0] != 0].mean()


def test_yaw_moves_the_nose_sideways() -> None:
    _, masks = draw(sweep(21, "yaw", [-30, -15, 0, 15, 30], hat=0, roll=0, shift_x=0), 32)
    places = [np.nonzero(mask == PARTS.index("nose"))[1].mean() for mask in masks]
    assert all(b > a + 1 for a, b in pairwise(places))


def test_glasses_show_only_when_worn() -> None:
    _, masks = draw(sweep(23, "glasses", [0, 1, 4], yaw=0))
    shares = [(mask == PARTS.index("glasses")).mean() for mask in masks]
    assert shares[0] == 0 < shares[1] < shares[2]


def test_batches_come_in_order_and_can_be_stopped() -> None:
    steps = render_batches([20, 21, 22], 16, batch=2)
    seeds, pictures, masks, factors = next(steps)
    assert list(seeds) == [20, 21] and pictures.shape == (2, 16, 16, 3) and masks.shape == (2, 16, 16)
    assert np.array_equal(factors, sample_factors([20, 21]))
    assert np.array_equal(pictures, draw(factors, 16)[0])
    assert list(next(steps)[0]) == [22]
    assert next(steps, None) is None


def test_rendered_tensors_can_be_trained_on() -> None:
    pictures, _ = render(sample_factors([20]), 16)
    weight = torch.ones(3, requires_grad=True)
    (pictures.float() * weight).sum().backward()
    assert weight.grad is not None and not pictures.is_inference()


@pytest.mark.parametrize("size_px", [0, 15, 16.5])
def test_a_bad_size_is_refused(size_px: float) -> None:
    with pytest.raises(EngineError, match="pixels"):
        render(sample_factors([0]), size_px)


def test_a_table_of_another_width_is_refused() -> None:
    with pytest.raises(EngineError, match="81"):
        render(np.zeros((2, 80), np.float32), 16)


def test_no_rows_give_no_pictures() -> None:
    pictures, masks = render(sample_factors([]), 16)
    assert pictures.shape == (0, 16, 16, 3) and masks.shape == (0, 16, 16)
