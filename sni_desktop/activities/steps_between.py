"""Which cells the edits between two steps can have changed."""

import numpy as np

from sni_engine.api.arrays import Array
from sni_engine.api.codes import GridSpec
from sni_engine.api.history import History


def reach_between(history: History, first: int, second: int, grid: GridSpec) -> Array:
    """Return the weights [R, C] with which the edits on the way between two steps reach the cells, 0 for none."""
    ways = [{node.id for node in history.path(node_id)} for node_id in (first, second)]
    reach = np.zeros((grid.rows, grid.columns), np.float32)
    for node_id in ways[0] ^ ways[1]:
        edit = history.node(node_id).edit
        if edit is not None:
            reach = np.maximum(reach, edit.selection.reach(grid))
    return reach
