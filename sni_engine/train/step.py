"""One step of the game: the discriminator learns, then the generator, then the running mean follows."""

import contextlib

import torch
from torch import Tensor

from sni_engine.networks.discriminator import ProjectedDiscriminator
from sni_engine.train.augment import augment, flip
from sni_engine.train.ema import decay_at, follow
from sni_engine.train.losses import generator_loss, gradient_penalty, judge_loss, range_loss
from sni_engine.train.regularise import draw_cells, locality_loss, resample_cells
from sni_engine.train.state import RunState

Codes = tuple[Tensor, Tensor, Tensor, Tensor, list[Tensor]]  # style, global, shared, local, noise maps

# streams of random numbers, see RunState.rng
CODES, NOISE, AUGMENT_REAL, AUGMENT_MADE, AUGMENT_AGAIN, FLIP, LOCALITY = range(7)

_SETTLED = 0.01  # share of the learning rate that is left at the end


def take_step(state: RunState, real: Tensor, autocast: bool) -> dict[str, Tensor]:
    """Train on real pictures [N, 3, H, W] in -1..1 and as many made ones; returns losses as tensors.

    The made pictures serve both players: drawn once, judged detached, then judged again by the improved discriminator.
    """
    config = state.config
    if config.flip:
        real = flip(real, state.rng(FLIP))
    real = augment(real, config.augment, state.rng(AUGMENT_REAL))
    set_rates(state)
    codes = draw_batch(state, len(real))
    with _precision(state, autocast):
        made = state.generator(*codes)
    demands, told = _demand(state, codes, made, autocast)
    play = _play_frozen if state.is_frozen else _play
    losses = play(state, real, made, demands, autocast)
    state.step += 1
    state.images_seen += len(real)
    follow(state.average, state.generator, decay_at(state.images_seen, len(real), config.ema_images))
    return {**losses, **told}


def set_rates(state: RunState) -> None:
    """Set this step's learning rates: as configured, then falling evenly over the last `settle_images`."""
    config = state.config
    left = (config.images - state.images_seen) / config.settle_images if config.settle_images else 1.0
    share = max(_SETTLED, min(1.0, left))
    for optimiser in (state.generator_optimiser, state.judge_optimiser):
        for group in optimiser.param_groups:
            group.setdefault("initial_lr", group["lr"])
            group["lr"] = group["initial_lr"] * share


def _demand(state: RunState, codes: Codes, made: Tensor, autocast: bool) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the sum of what is asked of the made pictures by themselves, and the parts worth telling."""
    config = state.config
    total = config.range_weight * range_loss(made)
    if not config.locality or state.step % config.locality_every:
        return total, {}
    rng, some = state.rng(LOCALITY), slice(None, None, 2)  # every other picture is enough
    style, global_, shared, local = (code[some] for code in codes[:4])
    cells = draw_cells(config.generator.grid, len(local), rng)
    with _precision(state, autocast):
        moved = resample_cells(local, cells, rng)
        again = state.generator(style, global_, shared, moved, [noise[some] for noise in codes[4]])
    locality = locality_loss(made[some], again, cells)
    return total + config.locality * config.locality_every * locality, {"locality": locality.detach()}


def draw_batch(state: RunState, n: int) -> Codes:
    """Return this step's codes and noise maps."""
    grid, rng = state.config.generator.grid, state.rng(CODES)

    def codes(*shape: int) -> Tensor:
        return torch.randn(n, *shape, generator=rng).to(state.device)

    noise_rng = state.rng(NOISE, state.device)
    noise = [
        torch.randn(n, *shape, generator=noise_rng, device=state.device) for shape in state.generator.noise_shapes()
    ]
    levels = (codes(*grid.shape(level)) for level in ("style", "global", "shared", "local"))
    return (*levels, noise)  # type: ignore[return-value]


def _play_frozen(state: RunState, real: Tensor, made: Tensor, demands: Tensor, autocast: bool) -> dict[str, Tensor]:
    """Both players' gradients while the features are fixed: the made pictures pass the trunk once for both."""
    config, judge, recipe = state.config, state.judge, state.config.recipe
    assert isinstance(judge, ProjectedDiscriminator)
    judge.heads.requires_grad_(True)
    judge.use_batch_statistics(True)
    with _precision(state, autocast):
        with torch.no_grad():
            real_levels = judge.look(real)
        made_levels = judge.look(augment(made, config.augment, state.rng(AUGMENT_MADE)))
        loss = judge_loss(recipe, judge.judge(real_levels), judge.judge([level.detach() for level in made_levels]))
    _learn_judge(state, loss)
    judge.requires_grad_(False)
    with _precision(state, autocast):
        generator = generator_loss(recipe, judge.judge(made_levels))
    _learn_generator(state, generator + demands)
    return {"judge": loss.detach(), "generator": generator.detach()}


def _play(state: RunState, real: Tensor, made: Tensor, demands: Tensor, autocast: bool) -> dict[str, Tensor]:
    """Both players' gradients when the whole discriminator learns."""
    config, judge = state.config, state.judge
    judge.requires_grad_(True)
    if isinstance(judge, ProjectedDiscriminator):
        judge.use_batch_statistics(False)
    with _precision(state, autocast):
        shown = augment(made.detach(), config.augment, state.rng(AUGMENT_MADE))
        loss = judge_loss(config.recipe, judge(real), judge(shown))
    losses = {"judge": loss.detach()}
    if config.r1 and state.step % config.r1_every == 0:
        penalty = gradient_penalty(judge, real)
        losses["penalty"] = penalty.detach()
        loss = loss + penalty * config.r1 * config.r1_every
    _learn_judge(state, loss)
    judge.requires_grad_(False)
    with _precision(state, autocast):
        generator = generator_loss(config.recipe, judge(augment(made, config.augment, state.rng(AUGMENT_AGAIN))))
    _learn_generator(state, generator + demands)
    return {**losses, "generator": generator.detach()}


def _learn_judge(state: RunState, loss: Tensor) -> None:
    state.judge_optimiser.zero_grad(set_to_none=True)
    loss.backward()
    state.judge_optimiser.step()


def _learn_generator(state: RunState, loss: Tensor) -> None:
    state.generator_optimiser.zero_grad(set_to_none=True)
    loss.backward()
    state.generator_optimiser.step()


def _precision(state: RunState, autocast: bool) -> contextlib.AbstractContextManager[None]:
    return torch.autocast(state.device.type, torch.bfloat16) if autocast else contextlib.nullcontext()
