"""Part style transfer: the look of one part from a reference, channel by channel (Editing in Style, section 3.3).

In every layer the style s of the picture moves toward the reference's r by a query q, 0 to 1 for each channel:
s + q (r - s). A channel gets the more of it, the larger the share m of its energy that lies in the part; the sum of
q (1 - m), what spills over, is bounded by epsilon times the number of channels.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import Codes
from sni_engine.api.edits import Edit, StyleTransfer
from sni_engine.api.errors import EngineError
from sni_engine.api.style_delta import StyleDelta
from sni_engine.methods.base import Stage, keep_held


def transfer_style(before: Codes, edit: Edit, stage: Stage) -> Iterator[float | Codes]:
    """Move the part's channels toward the reference's. Raises EngineError for a part or reference that cannot be."""
    params, reference = edit.params, edit.reference
    assert isinstance(params, StyleTransfer) and reference is not None
    if not reference.fits(stage.grid):
        raise EngineError("The reference was made with another grid of codes.", "Choose one made with the same model.")
    shares = yield from stage.weigh_part(params.part)
    if edit.changes_nothing:
        yield before
        return
    queries = [choose_query(each, params, layer) for layer, each in enumerate(shares)]
    after = move_style(before, reference, queries, params.amount, stage)
    reached = 1 - edit.selection.locked
    yield keep_held(before, after, edit.selection.locked, reached)


def move_style(before: Codes, reference: Codes, queries: list[Array], strength: float, stage: Stage) -> Codes:
    """Return codes whose style went `strength` times the query [C] of each layer of the way to the reference's."""
    styles = zip(queries, stage.read_styles(before), stage.read_styles(reference), strict=True)
    steps = [np.float32(strength) * query * (goal - own) for query, own, goal in styles]
    if before.style_delta is not None:
        known = before.style_delta.spread([len(step) for step in steps])
        steps = [offset + step for offset, step in zip(known, steps, strict=True)]
    return replace(before, style_delta=StyleDelta.gather(steps))


def choose_query(shares: Array, params: StyleTransfer, layer: int) -> Array:
    """Return how far each channel of a layer of style space goes [C], 0 to 1, given its share of energy in the part.

    Nothing goes without a budget. Where the budget is enough for all channels that rho lets pass, they go in full.
    """
    epsilon = params.epsilon_of(layer)
    query = np.zeros(len(shares), np.float32)
    if epsilon == 0:
        return query
    passing = np.flatnonzero(shares - params.rho * (1 - shares) >= 0)
    chosen = shares[passing].astype(np.float64)
    choose = choose_greedily if params.mode == "greedy" else choose_in_proportion
    query[passing] = choose(chosen, epsilon * len(shares))
    return query


def choose_greedily(shares: Array, budget: float) -> Array:
    """Return q [C] that maximises sum q (m - rho (1 - m)) under sum q (1 - m) <= budget, 0 <= q <= 1.

    Given channels of no negative gain, this is a knapsack whose things can be cut: the gain for each unit of budget,
    m / (1 - m) - rho, grows with m, so channels are taken by m until the budget ends within one.
    """
    order = np.argsort(-shares, kind="stable")
    cost = 1 - shares[order]
    spent = np.concatenate([[0.0], np.cumsum(cost)[:-1]])
    query = np.zeros(len(shares))
    query[order] = np.clip((budget - spent) / np.maximum(cost, 1e-12), 0, 1)
    return query


def choose_in_proportion(shares: Array, budget: float) -> Array:
    """Return q = min(1, scale m) [C] for the largest scale at which sum q (1 - m) stays within the budget.

    The sum grows with the scale in straight pieces, since a channel stops growing where it is full, at 1 / m.
    """
    if (1 - shares).sum() <= budget:
        return np.ones(len(shares))
    rising = np.sort(shares[shares > 0])[::-1]
    cost = 1 - rising
    full = np.concatenate([[0.0], np.cumsum(cost)[:-1]])  # spilt by those that are full before this one is
    growing = np.cumsum((rising * cost)[::-1])[::-1]
    piece = int(np.searchsorted(full + growing / rising, budget))
    scale = np.inf if piece == len(rising) else (budget - full[piece]) / growing[piece]
    return np.where(shares > 0, np.minimum(1, scale * np.maximum(shares, 1e-12)), 0)
