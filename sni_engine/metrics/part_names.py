"""Naming clusters by overlap with known masks, and how well the named parts agree with them.

All of it is arithmetic on one table [K, P]: how many pixels of each cluster each mask holds.
"""

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.portraits.masks import PARTS

GROUPS: dict[str, tuple[str, ...]] = {
    "background": ("background",),
    "brows": ("brows",),
    "clothes": ("clothes",),
    "eyes": ("eyes", "glasses"),
    "hair": ("hair", "hat"),
    "mouth": ("mouth",),
    "neck": ("neck", "earring"),
    "nose": ("nose",),
    "skin": ("skin", "ears", "beard"),
}
"""What a person would call the parts of a portrait, and the masks that belong to each."""

_LEAST = 0.2  # agreement below which a name would promise too much
_MOST_ROUNDS = 20


def group_masks(masks: Array) -> Array:
    """Return masks of portraits, uint8 [...] as in portraits.masks, as numbers of GROUPS, uint8 [...]."""
    group_of = np.zeros(len(PARTS), np.uint8)
    for index, members in enumerate(GROUPS.values()):
        group_of[[PARTS.index(member) for member in members]] = index
    grouped: Array = group_of[masks]
    return grouped


def count_overlap(clusters: Array, masks: Array, count: int, groups: int = len(GROUPS)) -> Array:
    """Return how many pixels each cluster shares with each mask, int64 [count, groups]; both uint8, of one shape."""
    pairs = clusters.astype(np.int64).ravel() * groups + masks.ravel()
    return np.bincount(pairs, minlength=count * groups).reshape(count, groups)


def measure_agreement(table: Array, owner: Array) -> Array:
    """Return intersection over union of each group, float64 [P], when cluster k is called owner[k]; 0 without any."""
    groups = table.shape[1]
    called = np.zeros((groups, groups))
    np.add.at(called, owner, table)  # [P called, P true]
    both = np.diag(called)
    either = called.sum(1) + called.sum(0) - both
    return np.divide(both, either, out=np.zeros(groups), where=either > 0)


def choose_owners(table: Array) -> Array:
    """Return the group of each cluster, int64 [K], so that the mean agreement of all groups is as high as can be found.

    From each cluster's largest share on, one cluster at a time goes to another group as long as that helps: by their
    largest share alone, noses would be lost among cheeks. Groups below a fifth of agreement give theirs away.
    """
    allowed = np.flatnonzero(table.sum(0) > 0)
    while True:
        owner = _climb(table, allowed)
        reached = measure_agreement(table, owner)[allowed]
        if reached.min() >= _LEAST or len(allowed) == 1:
            return owner
        allowed = np.delete(allowed, reached.argmin())


def _climb(table: Array, allowed: Array) -> Array:
    owner = allowed[table[:, allowed].argmax(1)]
    best = measure_agreement(table, owner).sum()
    for _ in range(_MOST_ROUNDS):
        before = best
        for cluster in range(len(table)):
            scores = [measure_agreement(table, _with(owner, cluster, group)).sum() for group in allowed]
            if max(scores) > best + 1e-12:
                best, owner = max(scores), _with(owner, cluster, int(allowed[np.argmax(scores)]))
        if best == before:
            break
    return owner


def _with(owner: Array, cluster: int, group: int) -> Array:
    changed = owner.copy()
    changed[cluster] = group
    return changed
