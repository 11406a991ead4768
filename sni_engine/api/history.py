"""The history of a picture: an immutable tree of edits, in which no branch is ever lost."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from sni_engine.api.codes import Codes, check_seed
from sni_engine.api.edits import Edit

_MOST_NODES = 2**31 - 1
_END_OF_TIME = 1e11  # seconds since 1970, some three thousand years


@dataclass(frozen=True)
class Node:
    """One state of the picture: the recipe that led here from its parent, and the resulting codes.

    edit: None for a root, which was drawn from `seed` or came from elsewhere.
    created: seconds since 1970, UTC.
    """

    id: int
    parent: int | None
    codes: Codes
    edit: Edit | None = None
    seed: int | None = None
    label: str = ""
    star: bool = False
    created: float = 0.0

    def __post_init__(self) -> None:
        if self.seed is not None:
            check_seed(self.seed)
        if not 0 <= self.created < _END_OF_TIME:
            raise ValueError("a node was made at no time there is")


@dataclass(frozen=True)
class History:
    """Nodes in order of birth, the current one, and where redo goes from each: the last visited child."""

    nodes: tuple[Node, ...]
    current_id: int = 0
    visited: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.nodes or self.nodes[0].parent is not None:
            raise ValueError("a history starts with a root")
        seen: set[int] = set()
        for node in self.nodes:
            if not 0 <= node.id < _MOST_NODES:
                raise ValueError("the number of a node is out of range")
            if node.id in seen or (node.parent is not None and node.parent not in seen):
                raise ValueError("every node of a history follows its parent and has its own number")
            seen.add(node.id)
        if self.current_id not in seen:
            raise ValueError("the current node is missing from the history")
        for parent, child in self.visited.items():
            if child not in self._by_id or self._by_id[child].parent != parent:
                raise ValueError("redo points to a node that is not a child")

    @cached_property
    def _by_id(self) -> dict[int, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _next_id(self) -> int:
        return max(self._by_id) + 1

    def _go_on(self, **parts: Any) -> Self:
        """Return this history with other parts, which are right by how they were made: a step costs the same however
        many there are, since what was checked once is not checked again.
        """
        made = object.__new__(type(self))
        known = {"nodes": self.nodes, "current_id": self.current_id, "visited": self.visited}
        vars(made).update({**known, "_by_id": self._by_id, "_next_id": self._next_id, **parts})
        return made

    @property
    def current(self) -> Node:
        """The node on screen."""
        return self._by_id[self.current_id]

    @property
    def root(self) -> Node:
        """The node the tree grows from."""
        return self.nodes[0]

    def node(self, node_id: int) -> Node:
        """Return a node by number. Raises KeyError when there is none."""
        return self._by_id[node_id]

    @cached_property
    def _children(self) -> dict[int, tuple[Node, ...]]:
        found: dict[int, list[Node]] = {}
        for node in self.nodes:
            if node.parent is not None:
                found.setdefault(node.parent, []).append(node)
        return {parent: tuple(nodes) for parent, nodes in found.items()}

    def children(self, node_id: int) -> tuple[Node, ...]:
        """Return a node's children, oldest first."""
        return self._children.get(node_id, ())

    def branch(self, node_id: int) -> tuple[Node, ...]:
        """Return a node and all that grew from it, in order of birth. Raises KeyError."""
        found = {self._by_id[node_id].id}
        for node in self.nodes:
            if node.parent in found:
                found.add(node.id)
        return tuple(node for node in self.nodes if node.id in found)

    def line(self) -> tuple[Node, ...]:
        """Return the nodes from the root through the current one to where redo ends."""
        nodes = list(self.path())
        while children := self.children(nodes[-1].id):
            nodes.append(self._by_id[self.visited.get(nodes[-1].id, children[-1].id)])
        return tuple(nodes)

    def path(self, node_id: int | None = None) -> tuple[Node, ...]:
        """Return the nodes from the root to `node_id`, the current one when not given."""
        node: Node | None = self._by_id[self.current_id if node_id is None else node_id]
        steps: list[Node] = []
        while node is not None:
            steps.append(node)
            node = None if node.parent is None else self._by_id[node.parent]
        return tuple(reversed(steps))

    @property
    def can_undo(self) -> bool:
        """True when the current node has a parent."""
        return self.current.parent is not None

    @property
    def can_redo(self) -> bool:
        """True when the current node has a child."""
        return bool(self.children(self.current_id))

    def push(self, edit: Edit, codes: Codes, created: float = 0.0) -> Self:
        """Return the history with a new child of the current node, and that child as the current one."""
        node = Node(self._next_id, self.current_id, codes, edit, created=created)
        if node.id >= _MOST_NODES:
            raise ValueError("the number of a node is out of range")
        return self._go_on(
            nodes=(*self.nodes, node),
            current_id=node.id,
            visited={**self.visited, self.current_id: node.id},
            _by_id={**self._by_id, node.id: node},
            _next_id=node.id + 1,
        )

    def undo(self) -> Self:
        """Return the history one step back, itself at a root."""
        parent = self.current.parent
        if parent is None:
            return self
        return self._go_on(current_id=parent, visited={**self.visited, parent: self.current_id})

    def redo(self) -> Self:
        """Return the history one step forward, to the child visited last, itself at a leaf."""
        children = self.children(self.current_id)
        if not children:
            return self
        return self._go_on(current_id=self.visited.get(self.current_id, children[-1].id))

    def go_to(self, node_id: int) -> Self:
        """Return the history at another node; redo from each ancestor then leads back to it. Raises KeyError."""
        steps = self.path(node_id)
        visited = {parent.id: child.id for parent, child in zip(steps, steps[1:], strict=False)}
        return self._go_on(current_id=node_id, visited={**self.visited, **visited})

    def without_branch(self, node_id: int) -> Self:
        """Return the history without a node and all that grew from it; from there one goes back to its parent.

        Raises KeyError for no node, ValueError for a root.
        """
        parent = self._by_id[node_id].parent
        if parent is None:
            raise ValueError("a history keeps its root")
        gone = {node.id for node in self.branch(node_id)}
        return replace(
            self,
            nodes=tuple(node for node in self.nodes if node.id not in gone),
            current_id=parent if self.current_id in gone else self.current_id,
            visited={start: end for start, end in self.visited.items() if not gone & {start, end}},
        )

    def change_node(self, node_id: int, *, label: str | None = None, star: bool | None = None) -> Self:
        """Return the history with a node's label or star changed. Raises KeyError."""
        old = self._by_id[node_id]
        new = replace(old, label=old.label if label is None else label, star=old.star if star is None else star)
        return replace(self, nodes=tuple(new if node is old else node for node in self.nodes))


def start_history(codes: Codes, seed: int | None = None, created: float = 0.0) -> History:
    """Return a history whose root holds `codes`."""
    return History((Node(0, None, codes, seed=seed, created=created),))


@dataclass(frozen=True)
class Deletion:
    """A branch that was deleted, as the history before and after; it can be put back until a step is added."""

    before: History
    after: History

    @property
    def count(self) -> int:
        """How many steps it took away."""
        return len(self.before.nodes) - len(self.after.nodes)

    def can_be_undone(self, now: History) -> bool:
        """Say whether `now` has the steps that were left then, under whatever names."""
        if len(now.nodes) != len(self.after.nodes):
            return False
        pairs = zip(now.nodes, self.after.nodes, strict=True)
        return all(new.id == old.id and new.codes is old.codes for new, old in pairs)

    def undo(self, now: History) -> History:
        """Return `now` with the branch where it was, and go back to it if one stood there and has not left since."""
        kept = {node.id: node for node in now.nodes}
        returns = now.current_id == self.after.current_id
        return replace(
            now,
            nodes=tuple(kept.get(node.id, node) for node in self.before.nodes),
            current_id=self.before.current_id if returns else now.current_id,
            visited={**now.visited, **self.before.visited} if returns else {**self.before.visited, **now.visited},
        )
