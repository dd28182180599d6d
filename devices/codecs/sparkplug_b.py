"""Sparkplug B under a hub's prefix: `spBv1.0/{group}/{kind}/{node}[/{device}]`.

Births teach names, aliases and types. Data that no birth explains (kept under its alias), or a gap in the
sequence, asks for a rebirth, once a minute at most: it says everything again. A death of a node is one of all
its devices; an old will (another bdSeq) is none.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from devices.codecs import moments, reading, sparkplug_payload, translation
from devices.codecs.moments import Moment, Wire
from devices.codecs.sparkplug_payload import Payload
from devices.messages import STATUS, Memory, Message, Rejected, Reply, check_text, ignored, learn

ECOSYSTEM = "sparkplug_b"
_MAP = reading.names_of(__file__)
_ASIDE = frozenset(_MAP["aside"]["names"])
_DOWN = frozenset({"NCMD", "DCMD"})
_UP = frozenset({"NBIRTH", "DBIRTH", "NDATA", "DDATA", "NDEATH", "DDEATH"})
_LEVELS, _LONGEST = (4, 5), 200
_SEQUENCE = 256
_PATIENCE_S = 60.0


class _Speaker:
    """Who speaks: a node, or a device at a node."""

    def __init__(self, hub: str, levels: list[str]) -> None:
        self.hub = hub
        self.group, self.kind, *path = levels[1:]
        for level in (self.group, *path):
            check_text(level, _LONGEST, "topic")
        self.node = f"{self.group}/{path[0]}"
        self.name = "/".join((self.group, *path))
        self.addresses = (self.name, path[-1])

    def status(self, *, is_online: bool) -> Message:
        return Message(STATUS, self.hub, ECOSYSTEM, self.addresses, "", is_online=is_online)

    def rebirth(self, now: datetime) -> Reply:
        command = sparkplug_payload.rebirth(now)
        node = self.node.removeprefix(f"{self.group}/")
        return Reply(f"spBv1.0/{self.group}/NCMD/{node}", command, command)


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, memory: Memory) -> list[Message]:
    """Decode one message of a node or a device."""
    levels = rest.removeprefix("/").split("/")
    if levels[0] == "STATE":
        return [ignored(hub, ECOSYSTEM, hub)]
    if levels[0] != "spBv1.0" or (len(levels) not in _LEVELS and "STATE" not in levels):
        raise Rejected("unknown_topic", rest[:50])
    if "STATE" in levels[1:3] or levels[2] in _DOWN:
        return [ignored(hub, ECOSYSTEM, hub)]
    if levels[2] not in _UP or (levels[2][0] == "D") is (len(levels) == _LEVELS[0]):
        raise Rejected("unknown_topic", rest[:50])
    who, found = _Speaker(hub, levels), sparkplug_payload.read(payload)
    came = Wire(hub, ECOSYSTEM, payload, received_at)
    if who.kind == "NDEATH":
        return _death(who, found, memory)
    if who.kind == "DDEATH":
        return [who.status(is_online=False), *_sequence(who, found, memory, received_at)]
    if who.kind.endswith("BIRTH"):
        told = moments.told(came, _moments(who, found, {}), translation.words(ECOSYSTEM))
        return [*told, who.status(is_online=True), *_birth(who, found, received_at)]
    births = _known(who, memory)
    told = moments.told(came, _moments(who, found, births), translation.words(ECOSYSTEM))
    is_gap = not _is_explained(found, births)
    return [*told, *_sequence(who, found, memory, received_at, is_gap=is_gap)]


def _known(who: _Speaker, memory: Memory) -> dict[str, Any]:
    found: dict[str, Any] = memory.get(f"birth:{who.name}") or {}
    return found


def _is_explained(found: Payload, births: dict[str, Any]) -> bool:
    aliases = births.get("aliases", {})
    return all(one.name or str(one.alias) in aliases for one in found.metrics)


def _moments(who: _Speaker, found: Payload, births: dict[str, Any]) -> Iterator[Moment]:
    """Sort metrics by their own time; without one, the payload's."""
    aliases, types = births.get("aliases", {}), births.get("types", {})
    times: dict[tuple[Any, bool], dict[str, Any]] = {(found.clock, False): {}}
    for one in found.metrics:
        name = one.name or aliases.get(str(one.alias), f"alias {one.alias}")
        if name in _ASIDE or one.value is None:
            continue
        clock = found.clock if one.clock is None else one.clock
        place = clock if isinstance(clock, int | float | str) else None
        values = times.setdefault((place, one.is_historical), {})
        values[name.replace("/", ".")] = sparkplug_payload.plain(one.value, one.type or types.get(name))
    for (clock, is_history), values in times.items():
        if values or len(times) == 1:
            yield Moment(who.addresses, clock, values, is_history=is_history)


def _birth(who: _Speaker, found: Payload, now: datetime) -> Iterator[Message]:
    """Remember what names, aliases and types a birth declares, and where the sequence stands."""
    aliases = {str(one.alias): one.name for one in found.metrics if one.alias is not None and one.name}
    types = {one.name: one.type for one in found.metrics if one.name and one.type is not None}
    data: dict[str, Any] = {"aliases": aliases, "types": types}
    if who.kind == "NBIRTH":
        data["bdSeq"] = next((one.value for one in found.metrics if one.name == "bdSeq"), None)
    yield learn(who.hub, ECOSYSTEM, f"birth:{who.name}", data)
    if found.seq is not None:
        yield learn(who.hub, ECOSYSTEM, f"seq:{who.node}", {"seq": found.seq, "asked": now.timestamp()})


def _death(who: _Speaker, found: Payload, memory: Memory) -> list[Message]:
    """Say that a node and all its devices are gone, unless the will is an older session's."""
    died = next((one.value for one in found.metrics if one.name == "bdSeq"), None)
    born = _known(who, memory).get("bdSeq")
    if died is not None and born is not None and died != born:
        return [ignored(who.hub, ECOSYSTEM, who.name)]
    below = f"birth:{who.name}/"
    gone = [who.status(is_online=False)]
    for key in sorted(key for key in memory if key.startswith(below)):
        name = key.removeprefix("birth:")
        names = (name, name.rpartition("/")[2])
        gone.append(Message(STATUS, who.hub, ECOSYSTEM, names, "", is_online=False))
    return gone


def _sequence(
    who: _Speaker, found: Payload, memory: Memory, now: datetime, *, is_gap: bool = False
) -> Iterator[Message]:
    """Follow the sequence; a gap asks for a rebirth, but not again within a minute of the last."""
    before = memory.get(f"seq:{who.node}")
    expected = (before["seq"] + 1) % _SEQUENCE if before else None
    asked = before["asked"] if before else 0.0
    is_asking = (is_gap or found.seq != expected) and now.timestamp() - asked > _PATIENCE_S
    seq = found.seq if found.seq is not None else expected or 0
    note = {"seq": seq, "asked": now.timestamp() if is_asking else asked}
    message = learn(who.hub, ECOSYSTEM, f"seq:{who.node}", note)
    message.reply = who.rebirth(now) if is_asking else None
    yield message
