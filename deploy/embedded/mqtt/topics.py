"""Topic filters: which are well formed, which match, and who listens to what."""

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Listener = TypeVar("Listener", bound=Hashable)
SHARED = "$share/"


def is_filter(wanted: str) -> bool:
    """Say whether a filter is well formed."""
    levels = wanted.split("/")
    return bool(wanted) and all(
        level in {"+", "#"} or not ("+" in level or "#" in level) for level in levels
    ) and "#" not in levels[:-1]  # fmt: skip


def split_shared(wanted: str) -> tuple[str | None, str]:
    """Cut `$share/group/filter` into (group, filter); an ordinary filter has no group."""
    if not wanted.startswith(SHARED):
        return None, wanted
    group, _, rest = wanted.removeprefix(SHARED).partition("/")
    return group, rest


def matches(wanted: str, topic: str) -> bool:
    """Say whether a topic's name falls under a filter."""
    filters, levels = wanted.split("/"), topic.split("/")
    if topic.startswith("$") and filters[0] in {"+", "#"}:
        return False
    for position, level in enumerate(filters):
        if level == "#":
            return True
        if position >= len(levels) or level not in {"+", levels[position]}:
            return False
    return len(filters) == len(levels)


class Node(Generic[Listener]):
    """One level of the tree of filters."""

    def __init__(self) -> None:
        self.children: dict[str, Node[Listener]] = {}
        self.listeners: dict[Listener, int] = {}


class Tree(Generic[Listener]):
    """Filters and their listeners; finding who hears a topic costs its levels, not the number of filters."""

    def __init__(self) -> None:
        self._root: Node[Listener] = Node()

    def add(self, wanted: str, listener: Listener, qos: int) -> None:
        """Let a listener hear a filter."""
        node = self._root
        for level in wanted.split("/"):
            node = node.children.setdefault(level, Node())
        node.listeners[listener] = qos

    def remove(self, wanted: str, listener: Listener) -> None:
        """Let it hear it no more."""
        path, node = [], self._root
        for level in wanted.split("/"):
            if level not in node.children:
                return
            path.append((node, level))
            node = node.children[level]
        node.listeners.pop(listener, None)
        for parent, level in reversed(path):
            child = parent.children[level]
            if child.children or child.listeners:
                return
            del parent.children[level]

    def match(self, topic: str) -> dict[Listener, int]:
        """Return everyone who hears a topic, each once, with its highest QoS."""
        found: dict[Listener, int] = {}
        for listeners in _walk(self._root, topic.split("/"), 0, wild=not topic.startswith("$")):
            for listener, qos in listeners.items():
                found[listener] = max(qos, found.get(listener, 0))
        return found


def _walk(node: Node[Listener], levels: list[str], at: int, *, wild: bool) -> Iterator[dict[Listener, int]]:
    if wild and "#" in node.children:
        yield node.children["#"].listeners
    if at == len(levels):
        yield node.listeners
        return
    for name in (levels[at], "+") if wild else (levels[at],):
        if name in node.children:
            yield from _walk(node.children[name], levels, at + 1, wild=True)
