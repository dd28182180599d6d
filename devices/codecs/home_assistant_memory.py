"""What a hub's memory holds of Home Assistant's discovery: entities, devices, their topics; pure."""

from dataclasses import dataclass, field
from typing import Any

from devices.messages import Memory, Message, learn

ECOSYSTEM = "home_assistant"
_WILD = frozenset("+#")


@dataclass
class Lesson:
    """What changes in a hub's memory."""

    memory: Memory
    changed: dict[str, Any] = field(default_factory=dict)

    def now(self, key: str) -> Any:  # noqa: ANN401 - JSON of any shape
        """Return what is remembered, the changes included."""
        return self.changed[key] if key in self.changed else self.memory.get(key)

    def drop(self, path: str) -> None:
        """Forget an entity and whatever led to it."""
        old = self.now(f"entity/{path}")
        self.changed[f"entity/{path}"] = None
        for topic in old["topics"]:
            left = [ref for ref in self.now(f"topic/{topic}") or () if ref[0] != path]
            self.changed[f"topic/{topic}"] = left or None
            if not left:
                self._point(topic, is_known=False)
        owner = dict(self.now(f"device/{old['device'][0]}") or {})
        owner.pop(path, None)
        self.changed[f"device/{old['device'][0]}"] = owner or None

    def add(self, path: str, entity: dict[str, Any]) -> None:
        """Remember an entity, and on which topics it will speak."""
        self.changed[f"entity/{path}"] = entity
        for topic, roles in entity["topics"].items():
            refs = [ref for ref in self.now(f"topic/{topic}") or () if ref[0] != path]
            self.changed[f"topic/{topic}"] = refs + [[path, role] for role in roles]
            self._point(topic, is_known=True)
        address = entity["device"][0]
        owner = dict(self.now(f"device/{address}") or {})
        owner[path] = entity.get("metric") or ""
        self.changed[f"device/{address}"] = owner

    def _point(self, topic: str, *, is_known: bool) -> None:
        """Remember where a topic with wildcards is to be looked for: by its last level."""
        if not _WILD.isdisjoint(topic.split("/")):
            key = f"wild/{topic.rpartition('/')[2]}"
            others = [one for one in self.now(key) or () if one != topic]
            self.changed[key] = [*others, topic] if is_known else others or None

    def messages(self, hub: str, names: tuple[str, ...]) -> list[Message]:
        """Return what has really changed."""
        taught = [
            learn(hub, ECOSYSTEM, key, data)
            for key, data in self.changed.items()
            if self.memory.get(key) != data
        ]
        for message in taught:
            message.addresses = names
        return taught


def refs_of(rest: str, memory: Memory) -> list[list[str]]:
    """Return which entities speak on a topic: [path, role] each; many a gateway names it with wildcards."""
    plain = memory.get(f"topic/{rest}") or memory.get(f"topic/homeassistant/{rest}")
    if plain:
        return list(plain)
    levels = rest.split("/")
    patterns = [one for last in (levels[-1], *_WILD) for one in memory.get(f"wild/{last}") or ()]
    fitting = [one for one in patterns if _fits(one.split("/"), levels)]
    return [ref for one in fitting for ref in memory.get(f"topic/{one}") or ()]


def _fits(pattern: list[str], levels: list[str]) -> bool:
    is_open = pattern[-1] == "#"
    fixed = pattern[:-1] if is_open else pattern
    if len(levels) < len(fixed) or (not is_open and len(levels) != len(fixed)):
        return False
    return all(part in {"+", level} for part, level in zip(fixed, levels, strict=False))
