"""Branches of a history: finding them, deleting one on purpose, and putting it back."""

from collections.abc import Callable

import pytest

from sni_engine.api.codes import Codes
from sni_engine.api.edits import Edit, Resample
from sni_engine.api.history import Deletion, History
from sni_engine.api.selection import Selection

MakeCodes = Callable[[int], Codes]


def ids(nodes: tuple[object, ...]) -> list[int]:
    return [node.id for node in nodes]  # type: ignore[attr-defined]


def test_a_branch_is_a_node_and_what_grew_from_it(history: History) -> None:
    assert ids(history.branch(1)) == [1, 2]
    assert ids(history.branch(2)) == [2]
    assert ids(history.branch(0)) == [0, 1, 2, 3]


def test_the_line_leads_through_the_current_node_to_where_redo_ends(history: History) -> None:
    assert ids(history.line()) == [0, 3]
    assert ids(history.go_to(1).line()) == [0, 1, 2]
    assert ids(history.go_to(2).undo().undo().line()) == [0, 1, 2]


def test_without_a_branch_one_stands_at_its_parent_and_redo_goes_elsewhere(history: History) -> None:
    tree = history.go_to(2).without_branch(1)
    assert ids(tree.nodes) == [0, 3]
    assert tree.current_id == 0
    assert tree.redo().current_id == 3
    beside = history.without_branch(1)
    assert beside.current_id == 3
    assert beside.nodes[1].codes is history.node(3).codes


def test_the_root_stays_and_a_node_that_is_none_is_refused(history: History) -> None:
    with pytest.raises(ValueError, match="root"):
        history.without_branch(0)
    with pytest.raises(KeyError):
        history.without_branch(9)


def test_a_deleted_branch_comes_back_as_it_was(history: History) -> None:
    before = history.go_to(2)
    deletion = Deletion(before, before.without_branch(1))
    assert deletion.count == 2
    assert deletion.can_be_undone(deletion.after)
    assert deletion.undo(deletion.after) == before


def test_names_and_walks_in_between_are_kept(history: History) -> None:
    before = history.go_to(2)
    deletion = Deletion(before, before.without_branch(1))
    now = deletion.after.change_node(3, label="new", star=True).go_to(3)
    assert deletion.can_be_undone(now)
    back = deletion.undo(now)
    assert ids(back.nodes) == [0, 1, 2, 3]
    assert back.current_id == 3
    assert (back.node(3).label, back.node(1).label) == ("new", "Grüße 😀")


def test_after_a_new_step_it_cannot_come_back(history: History, make_codes: MakeCodes, selection: Selection) -> None:
    deletion = Deletion(history, history.without_branch(3))
    grown = deletion.after.push(Edit(Resample(), selection), make_codes(11))
    assert grown.current_id == 3, "the number is free again"
    assert not deletion.can_be_undone(grown)
    assert not Deletion(history, history.without_branch(2)).can_be_undone(history)
