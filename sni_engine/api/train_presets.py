"""Settings of training runs by name, to start from, and what each is for."""

from dataclasses import replace

from sni_engine.api.training import TrainConfig

_PORTRAITS_64 = TrainConfig(recipe="projected", noise=False, locality=4.0, locality_from=60_000, settle=0.2)

PRESETS: dict[str, TrainConfig] = {
    "portraits-64": _PORTRAITS_64,
    "portraits-128": replace(
        _PORTRAITS_64,
        portraits=50_000,
        variety=0.5,
        resolution_px=128,
        widths=(256, 256, 160, 80, 48),
        judge_widths=(48, 64, 96, 128, 192, 256),
        images=1_500_000,
        batch=64,
        ema_images=20_000,
        feature_images=400_000,
        unfreeze_at=200_000,
        checkpoint_every=50_000,
    ),
    "portraits-256": replace(
        _PORTRAITS_64,
        portraits=30_000,
        variety=0.5,
        resolution_px=256,
        widths=(256, 256, 192, 128, 64, 32),
        judge_widths=(32, 48, 64, 96, 128, 192, 256),
        images=3_000_000,
        batch=32,
        ema_images=20_000,
        feature_images=400_000,
        unfreeze_at=200_000,
        checkpoint_every=50_000,
    ),
    "pictures-64": TrainConfig(augment="adaptive", widths=(128, 128, 80, 48), judge_widths=(32, 64, 128, 192, 192)),
    "pictures-128": TrainConfig(
        augment="adaptive",
        augment_images=500_000,
        resolution_px=128,
        widths=(256, 256, 160, 80, 48),
        judge_widths=(32, 64, 128, 192, 256, 256),
        images=1_000_000,
        batch=32,
        ema_images=20_000,
        checkpoint_every=25_000,
    ),
    "compare-32": TrainConfig(
        recipe="projected",
        portraits=4_096,
        resolution_px=32,
        widths=(96, 64, 32),
        judge_widths=(24, 32, 64, 96),
        style=64,
        feature_images=40_000,
        unfreeze_at=24_000,
        images=48_000,
        settle=0.2,
        noise=False,  # as in the paper's Table 1
        checkpoint_every=8_000,
    ),
    "cpu-smoke": TrainConfig(
        recipe="projected",
        portraits=512,
        resolution_px=32,
        widths=(64, 48, 24),
        judge_widths=(16, 24, 48, 64),
        style=32,
        feature_images=6_000,
        unfreeze_at=8_000,
        images=8_000,
        settle=0.25,
        checkpoint_every=2_000,
        score_pictures=128,
    ),
}

PURPOSES: dict[str, str] = {
    "cpu-smoke": "seeing that it works, in minutes",
    "portraits-64": "a CPU and some hours",
    "portraits-128": "a GPU",
    "portraits-256": "a GPU",
    "pictures-64": "a GPU, or much patience",
    "pictures-128": "a GPU, or much patience",
    "compare-32": "comparing networks",
}
"""What each preset is for, in the words of the README's table."""
