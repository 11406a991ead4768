"""The tree of edits: undo and redo are inverse, branches are never lost, odd trees are refused."""

import random

import pytest

from sni_engine.api.edits import Edit, Resample
from sni_engine.api.history import History, Node, start_history
from sni_engine.api.selection import Selection

from .conftest import MakeCodes


@pytest.fixture
def edit(selection: Selection) -> Edit:
    return Edit(Resample(), selection, seed=1)


def test_undo_then_redo_is_identity(history: History) -> None:
    for node in history.nodes:
        here = history.go_to(node.id)
        if here.can_undo:
            assert here.undo().redo().current is node
        if here.can_redo:
            assert here.redo().undo().current is node


def test_undo_at_a_root_and_redo_at_a_leaf_change_nothing(history: History) -> None:
    root = history.go_to(0)
    assert not root.can_undo
    assert root.undo() is root
    assert not history.can_redo
    assert history.redo() is history


def test_redo_follows_the_child_visited_last(history: History) -> None:
    assert history.go_to(1).undo().redo().current_id == 1
    assert history.go_to(3).undo().redo().current_id == 3
    assert history.go_to(2).go_to(0).redo().redo().current_id == 2


def test_redo_without_a_visit_takes_the_youngest_child(history: History) -> None:
    forgotten = History(history.nodes, 0)
    assert forgotten.redo().current_id == 3


def test_paths_lead_from_the_root(history: History) -> None:
    assert [node.id for node in history.path(2)] == [0, 1, 2]
    assert history.path()[-1] is history.current
    assert history.path(0) == (history.root,)


def test_a_new_edit_after_undo_adds_a_branch_and_loses_nothing(
    history: History, edit: Edit, make_codes: MakeCodes
) -> None:
    grown = history.go_to(1).push(edit, make_codes(7), created=9.0)
    assert grown.nodes[:-1] == history.nodes
    assert [node.id for node in grown.children(1)] == [2, 4]
    assert grown.current == Node(4, 1, make_codes(7), edit, created=9.0)
    assert history.current_id == 3  # the old value is as it was


@pytest.mark.parametrize("seed", range(20))
def test_any_walk_keeps_the_tree_whole(seed: int, edit: Edit, make_codes: MakeCodes) -> None:
    chance = random.Random(seed)
    tree = start_history(make_codes(0))
    codes = make_codes(1)
    for _ in range(60):
        before = tree
        step = chance.choice(["push", "undo", "redo", "go", "star"])
        if step == "push":
            tree = tree.push(edit, codes)
        elif step == "go":
            tree = tree.go_to(chance.choice(tree.nodes).id)
        elif step == "star":
            tree = tree.change_node(chance.choice(tree.nodes).id, star=True)
        else:
            tree = tree.undo() if step == "undo" else tree.redo()
        assert {node.id for node in before.nodes} <= {node.id for node in tree.nodes}
        assert History(tree.nodes, tree.current_id, tree.visited) == tree  # passes its own checks
        assert tree.path()[0] is tree.root


def test_labels_and_stars_change_one_node_alone(history: History) -> None:
    changed = history.change_node(2, label="mouth").change_node(2, star=True)
    assert (changed.node(2).label, changed.node(2).star) == ("mouth", True)
    assert [node for node in changed.nodes if node.id != 2] == [node for node in history.nodes if node.id != 2]
    assert changed.change_node(2, star=False).node(2).label == "mouth"


def test_unknown_nodes_raise(history: History) -> None:
    for call in (history.node, history.go_to, history.path, history.change_node):
        with pytest.raises(KeyError):
            call(99)


def test_odd_trees_are_refused(make_codes: MakeCodes) -> None:
    codes = make_codes(0)
    root, child = Node(0, None, codes), Node(1, 0, codes)
    odd: list[tuple[tuple[Node, ...], int, dict[int, int]]] = [
        ((), 0, {}),  # empty
        ((child,), 1, {}),  # no root
        ((root, root), 0, {}),  # a number twice
        ((root, Node(1, 2, codes), Node(2, 0, codes)), 0, {}),  # before its parent
        ((root, Node(1, 1, codes)), 0, {}),  # its own parent
        ((root, child), 5, {}),  # nowhere
        ((root, child), 0, {0: 0}),  # redo to itself
        ((root, child), 0, {1: 0}),  # redo to a parent
        ((root, child), 0, {0: 7}),  # redo to nothing
    ]
    for nodes, current, visited in odd:
        with pytest.raises(ValueError, match=r"history|node|redo"):
            History(nodes, current, visited)


def test_walking_and_growing_make_histories_that_could_be_read_from_a_file(
    history: History, edit: Edit, make_codes: MakeCodes
) -> None:
    """A step is not checked against all others again; what comes of many is right all the same."""
    rng = random.Random(3)
    for index in range(40):
        match rng.choice(["push", "push", "undo", "redo", "go"]):
            case "push":
                history = history.push(edit, make_codes(index))
            case "undo":
                history = history.undo()
            case "redo":
                history = history.redo()
            case _:
                history = history.go_to(rng.choice(history.nodes).id)
        checked = History(history.nodes, history.current_id, history.visited)
        assert checked == history
        assert [history.node(node.id) for node in history.nodes] == list(history.nodes)
        assert history.children(history.current_id) == checked.children(history.current_id)


def test_numbers_of_steps_do_not_run_out_of_range(edit: Edit, make_codes: MakeCodes) -> None:
    last = 2**31 - 2
    full = History((Node(0, None, make_codes(0)), Node(last, 0, make_codes(1), edit)))
    with pytest.raises(ValueError, match="range"):
        full.push(edit, make_codes(2))
