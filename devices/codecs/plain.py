"""Devices and platforms that speak MQTT in their own way: one value a topic, or JSON of whatever shape.

Where the device's name, its clock, its values and its events may stand is data (plain.toml).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from devices.codecs import moments, reading, translation, wire
from devices.codecs.moments import Moment, Wire
from devices.codecs.translation import Words
from devices.messages import STATUS, Memory, Message, Rejected, check_text, ignored

ECOSYSTEM = "plain"
_MAP = reading.names_of(__file__)
_JSON = (b"{", b"[")
_DEEPEST, _LONGEST_WORDS = 6, 500
_ANY, _REST, _HERE = "+", "#", "{device}"
_DAY = timedelta(days=1, minutes=10)
_LOCAL = ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")


def decode(hub: str, rest: str, payload: bytes, received_at: datetime, _memory: Memory) -> list[Message]:
    """Decode one publish."""
    topic = check_text(rest.strip("/"), wire.LONGEST_ADDRESS, "topic")
    levels = topic.split("/")
    if not set(levels).isdisjoint(_MAP["aside"]):
        return [ignored(hub, ECOSYSTEM, topic)]
    came = Wire(hub, ECOSYSTEM, payload, received_at)
    if payload.lstrip().startswith(_JSON):
        return told(came, topic, reading.json_of(payload), translation.words(ECOSYSTEM))
    return _word(came, topic, reading.text_of(payload))


def _word(came: Wire, topic: str, word: str) -> list[Message]:
    """Take one value: the last level is its name, what stands before is the device."""
    if len(word) > _LONGEST_WORDS or "\n" in word or "\0" in word:
        raise Rejected("not_json")
    device, _, name = topic.rpartition("/")
    own = (named_by(topic) or device or topic,)
    is_online = {**_words("goes", means=False), **_words("comes", means=True)}.get(word.lower())
    if name.lower() in _MAP["availability"] and is_online is not None:
        return [Message(STATUS, came.hub, came.ecosystem, own, "", is_online=is_online)]
    number = reading.number(word)
    value = word if number is None else number
    return moments.told(came, [Moment(own, None, {name: value})], translation.words(came.ecosystem))


def _words(name: str, *, means: bool) -> dict[str, bool]:
    return dict.fromkeys(_MAP[name], means)


def told(came: Wire, topic: str, body: object, table: Words) -> list[Message]:
    """Take JSON of whatever shape."""
    rows: list[Any] = body if isinstance(body, list) else [body]
    if not all(isinstance(one, dict) for one in rows):
        raise Rejected("wrong_type", "payload")
    own = named_by(topic)
    above = _Above(own, None, topic)
    found = [moment for one in rows for moment in _read(one, above, came.received_at)]
    return moments.told(came, _joined(found), table)


@dataclass(frozen=True)
class _Above:
    """What the tables around one say: whose it is and of when; without a name the topic is one."""

    name: str | None
    clock: Any
    topic: str
    left: int = _DEEPEST
    is_history: bool = False

    def addresses(self) -> tuple[str, ...]:
        return (self.name or self.topic,)


def _read(body: Mapping[str, Any], above: _Above, received_at: datetime) -> Iterator[Moment]:
    """Yield what a table says by itself, then what the tables in it say."""
    here = _within(body, above, received_at)
    event = next((body[key] for key in _MAP["events"] if isinstance(body.get(key), str)), None)
    values: dict[str, Any] = {}
    inner: list[Mapping[str, Any]] = []
    for name, value in body.items():
        pairs = _pairs(value)
        below = _tables(name, value) if here.left and not pairs else []
        inner += below
        values |= pairs
        if not below and not pairs and not (_is_aside(name) and isinstance(value, str | int | float)):
            values[name] = _bare(value)
    if event is not None:
        # An event's own values lie beside its name or one level below.
        for one in inner:
            values |= {name: _bare(value) for name, value in one.items() if not _is_aside(name)}
        inner = []
    if values or event is not None or not inner:
        yield Moment(here.addresses(), here.clock, values, event=event, is_history=here.is_history)
    for one in inner:
        yield from _read(one, here, received_at)


def _within(body: Mapping[str, Any], above: _Above, received_at: datetime) -> _Above:
    name = next((found for key in _MAP["ids"] if (found := _name(body.get(key)))), above.name)
    if name is None and isinstance(body.get("id"), str):
        name = _name(body["id"])
    clock = next((body[key] for key in _MAP["clocks"] if _is_clock(body.get(key))), above.clock)
    is_history = above.is_history or _is_history(clock, above.clock, received_at)
    return replace(above, name=name, clock=clock, left=above.left - 1, is_history=is_history)


def _name(given: object) -> str | None:
    return reading.name(str(given)) if isinstance(given, str | int) and not isinstance(given, bool) else None


def _is_clock(given: object) -> bool:
    return isinstance(given, str | int | float) and not isinstance(given, bool)


def _is_aside(name: str) -> bool:
    return name in _asides()


@cache
def _asides() -> frozenset[str]:
    return frozenset(name for table in ("ids", "clocks", "events", "private") for name in _MAP[table])


def _tables(name: str, value: object) -> list[Mapping[str, Any]]:
    """Return the tables below a name that only wraps them."""
    if name in _MAP["wrappers"] and isinstance(value, dict):
        return [value]
    if name in _MAP["rows"] and isinstance(value, list) and value:
        return value if all(isinstance(one, dict) for one in value) else []
    return []


def _pairs(given: object) -> dict[str, Any]:
    """Return what a list of names and values says: `[{"code": "battery", "value": 70}]`."""
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        return {}
    for name, value in _MAP["pairs"]:
        if all(isinstance(one.get(name), str) and value in one for one in given):
            return {one[name]: one[value] for one in given}
    return {}


def _bare(given: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Take `{"Value": 1, "Time": …}` for 1."""
    if isinstance(given, dict):
        keys = {key.lower(): key for key in given}
        if "value" in keys and keys.keys() <= {"value", "time", "timestamp"}:
            return given[keys["value"]]
    return given


def _is_history(clock: object, above: object, received_at: datetime) -> bool:
    """Say whether a row is much older than the message around it, even where that has no zone."""
    if clock == above or above is None:
        return False
    row, around = _moment(clock), _moment(above)
    return row is not None and around is not None and around - row > _DAY and row < received_at


def _moment(clock: object) -> datetime | None:
    at, _ = wire.instant(clock)
    if at is not None or not isinstance(clock, str):
        return at
    for form in _LOCAL:
        try:
            return datetime.strptime(clock, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _joined(found: list[Moment]) -> list[Moment]:
    """Make one of what the same device says of the same time in several tables."""
    together: dict[Any, Moment] = {}
    for nth, one in enumerate(found):
        key = (one.addresses, str(one.clock), one.is_history, nth if one.event else None)
        before = together.get(key)
        values = {**before.found, **one.found} if before else one.found
        together[key] = replace(one, found=values)
    full = [one for one in together.values() if one.found or one.event]
    return full or list(together.values())[:1]


def named_by(topic: str) -> str | None:
    """Return the device that a topic names by one of the known templates."""
    levels = topic.split("/")
    for template in _MAP["templates"]:
        parts = template.split("/")
        is_open = parts[-1] == _REST
        fixed = parts[:-1] if is_open else parts
        if len(levels) < len(fixed) or (not is_open and len(levels) != len(fixed)):
            continue
        if all(part in {_ANY, _HERE, level} for part, level in zip(fixed, levels, strict=False)):
            return levels[fixed.index(_HERE)] if _HERE in fixed else levels[0]
    return None
