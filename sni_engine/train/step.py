"""One step of the game: the discriminator learns, then the generator, then the running mean follows."""

import torch
from torch import Tensor

from sni_engine.networks.discriminator import ProjectedDiscriminator
from sni_engine.train.augment import augment, flip, follow_overfitting
from sni_engine.train.batch import AUGMENT_AGAIN, AUGMENT_MADE, AUGMENT_REAL, FLIP, draw_batch, map_styles, precision
from sni_engine.train.ema import decay_at, follow
from sni_engine.train.losses import generator_loss, gradient_penalty, judge_loss
from sni_engine.train.regularise import demand
from sni_engine.train.state import RunState

_SETTLED = 0.01  # share of the learning rate that is left at the end
_ADAPT_EVERY = 4  # steps; every look at the logits waits for the GPU


def take_step(state: RunState, real: Tensor, autocast: bool) -> dict[str, Tensor]:
    """Train on real pictures [N, 3, H, W] in -1..1 and as many made ones; returns losses as tensors.

    Under several processes these are this one's share of the batch, and the losses its own.

    The made pictures serve both players: drawn once, judged detached, then judged again by the improved discriminator.
    """
    config = state.config
    set_rates(state)
    if config.flip:
        real = flip(real, state.rng(FLIP))
    real = _change(state, real, AUGMENT_REAL)
    codes = draw_batch(state, len(real))
    batch = len(real) * state.ranks.count
    with precision(state, autocast):
        w = map_styles(state, codes)
        made = state.generator.from_map(state.generator.map_cells(*codes[1:4]), w, codes[4])
    demands, told = demand(state, codes, w, made, autocast)
    play = _play_frozen if state.is_frozen else _play
    losses = play(state, real, made, demands, autocast)
    state.step += 1
    state.images_seen += batch
    follow(state.average, state.generator, decay_at(state.images_seen, batch, config.ema_images))
    return {**losses, **told}


def set_rates(state: RunState) -> None:
    """Set this step's learning rates: as configured, then falling evenly over the run's last part."""
    config = state.config
    settling = config.settle * config.images
    left = (config.images - state.images_seen) / settling if settling else 1.0
    share = max(_SETTLED, min(1.0, left))
    for optimiser in (state.generator_optimiser, state.judge_optimiser):
        for group in optimiser.param_groups:
            group.setdefault("initial_lr", group["lr"])
            group["lr"] = group["initial_lr"] * share


def _play_frozen(state: RunState, real: Tensor, made: Tensor, demands: Tensor, autocast: bool) -> dict[str, Tensor]:
    """Both players' gradients while the features are fixed: the made pictures pass the trunk once for both."""
    judge, recipe = state.judge, state.config.recipe
    assert isinstance(judge, ProjectedDiscriminator)
    judge.heads.requires_grad_(True)
    judge.use_batch_statistics(True)
    with precision(state, autocast):
        with torch.no_grad():
            real_levels = judge.look(real)
        made_levels = judge.look(_change(state, made, AUGMENT_MADE))
        known = judge.judge(real_levels)
        loss = judge_loss(recipe, known, judge.judge([level.detach() for level in made_levels]))
    _adapt(state, known)
    _learn_judge(state, loss)
    judge.requires_grad_(False)
    with precision(state, autocast):
        generator = generator_loss(recipe, judge.judge(made_levels))
    _learn_generator(state, generator + demands)
    return {"judge": loss.detach(), "generator": generator.detach()}


def _play(state: RunState, real: Tensor, made: Tensor, demands: Tensor, autocast: bool) -> dict[str, Tensor]:
    """Both players' gradients when the whole discriminator learns."""
    config, judge = state.config, state.judge
    judge.requires_grad_(True)
    if isinstance(judge, ProjectedDiscriminator):
        judge.use_batch_statistics(False)
    with precision(state, autocast):
        known = judge(real)
        loss = judge_loss(config.recipe, known, judge(_change(state, made.detach(), AUGMENT_MADE)))
    losses = {"judge": loss.detach()}
    _adapt(state, known)
    if config.r1 and state.step % config.r1_every == 0:
        penalty = gradient_penalty(judge, real)
        losses["penalty"] = penalty.detach()
        loss = loss + penalty * config.r1 * config.r1_every
    _learn_judge(state, loss)
    judge.requires_grad_(False)
    with precision(state, autocast):
        generator = generator_loss(config.recipe, judge(_change(state, made, AUGMENT_AGAIN)))
    _learn_generator(state, generator + demands)
    return {**losses, "generator": generator.detach()}


def _change(state: RunState, pictures: Tensor, stream: int) -> Tensor:
    """Return the pictures as the discriminator is shown them."""
    return augment(pictures, state.config.augment, state.rng(stream), state.numbers.get("changed", 0.0))


def _adapt(state: RunState, known: Tensor) -> None:
    """Change more pictures when the discriminator knows the real ones by heart, fewer when it does not (ADA).

    StyleGAN2-ADA averages the signs of all steps in between; one batch of them is noisier, and waits less for the GPU.
    """
    config = state.config
    if config.augment != "adaptive" or state.step % _ADAPT_EVERY:
        return
    signs = state.ranks.average(known.detach().float().sign().mean()).item()
    share, images = state.numbers.get("changed", 0.0), config.batch * _ADAPT_EVERY
    state.numbers["changed"] = follow_overfitting(share, signs, config.augment_target, images, config.augment_images)


def _learn_judge(state: RunState, loss: Tensor) -> None:
    state.judge_optimiser.zero_grad(set_to_none=True)
    loss.backward()
    state.ranks.average_gradients(state.judge.parameters())
    state.judge_optimiser.step()


def _learn_generator(state: RunState, loss: Tensor) -> None:
    state.generator_optimiser.zero_grad(set_to_none=True)
    loss.backward()
    state.ranks.average_gradients(state.generator.parameters())
    state.generator_optimiser.step()
