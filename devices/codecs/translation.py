"""Their names, words, units and clocks as ours, for ecosystems whose devices choose names freely; pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from devices import thing_models
from devices.codecs import reading
from devices.messages import ALARM, LONGEST_NAME, STATUS, TELEMETRY, Message, Reply

_HERE = Path(__file__).parent
_TABLES = ("names", "inverted", "scaled", "doubtful", "alarms", "presses", "online")
_PUNCTUATION = re.compile(r"[\W_]+")
_DEEPEST = 4
_STATES = ("state", "status")
_OUTCOMES = ("status", "state", "value", "alarm", "alarmstatus", "alarmstate")


@dataclass(frozen=True)
class Words:
    """The vocabulary of one ecosystem: the common one and its own on top."""

    names: Mapping[str, str]
    inverted: Mapping[str, str]
    scaled: Mapping[str, Mapping[str, Any]]
    doubtful: Mapping[str, Mapping[str, Any]]
    alarms: Mapping[str, str]
    presses: Mapping[str, bool]
    online: Mapping[str, bool]
    truth: Mapping[str, bool]
    states: Mapping[str, Mapping[str, bool]]
    endings: tuple[str, ...]
    spoken: Mapping[str, Mapping[str, Any]]


@dataclass
class Said:
    """What a bag of names and values says."""

    values: dict[str, Any] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    is_press: bool = False
    is_online: bool | None = None


@dataclass(frozen=True)
class Source:
    """Whose message it is, which one, and of when."""

    hub: str
    ecosystem: str
    addresses: tuple[str, ...]
    id: str
    is_id_derived: bool
    at: datetime | None = None
    has_bad_clock: bool = False
    is_historical: bool = False


@cache
def words(name: str = "vocabulary") -> Words:
    """Return the vocabulary of an ecosystem whose file may add to the common one."""
    common = reading.names_of(str(_HERE / "vocabulary"))
    path = _HERE / f"{name}.toml"
    more = reading.names_of(str(path)) if path.exists() else {}
    tables = {table: {**common[table], **more.get(table, {})} for table in _TABLES}
    truth = _truth(common["words"])
    states = {metric: _truth(said) for metric, said in common["states"].items()}
    endings = tuple(common["endings"]["of_flags"])
    return Words(**tables, truth=truth, states=states, endings=endings, spoken=common["spoken"])


def _truth(said: Mapping[str, Any]) -> dict[str, bool]:
    return {word: means for means in (True, False) for word in said[str(means).lower()]}


def key_of(name: str) -> str:
    """Write a name without case and punctuation."""
    return _PUNCTUATION.sub("", name).lower()


def translate(found: Mapping[str, Any], table: Words) -> Said:
    """Say in our words what names and values say; what has no word is kept under its own name."""
    said = Said()
    for name, value in flat(found):
        _put(said, name, value, table)
    return said


def flat(found: Mapping[str, Any], above: str = "", left: int = _DEEPEST) -> Iterator[tuple[str, Any]]:
    """Yield what lies in nested tables, each with its dotted path."""
    for name, value in found.items():
        path = f"{above}.{name}" if above else name
        if isinstance(value, dict) and value and left:
            yield from flat(value, path, left - 1)
        else:
            yield path, value


def _put(said: Said, name: str, value: Any, table: Words) -> None:  # noqa: ANN401 - JSON of any shape
    whole, leaf = key_of(name), key_of(name.rpartition(".")[2])
    for key in dict.fromkeys((whole, leaf, _stem(whole, table), _stem(leaf, table))):
        if key in table.alarms:
            if is_raised(value, table):
                said.alarms.append(table.alarms[key])
            return
        if key in table.online and (is_online := truth_of(value, table)) is not None:
            said.is_online = is_online
            return
        if key in table.presses:
            said.is_press = said.is_press or is_raised(value, table)
            break
        measured = measure(key, value, table)
        if measured is not None:
            _say(said.values, *measured)
            return
    if not _is_state(said, leaf, value, table):
        reading.put_aside(said.values, name[-LONGEST_NAME:], value)


def _is_state(said: Said, key: str, value: object, table: Words) -> bool:
    """Take the word of a state that has no better name: `personState: fall`, `status: off bed`."""
    word = table.spoken.get(key_of(value)) if isinstance(value, str) and key.endswith(_STATES) else None
    if word is None:
        return False
    if "alarm" in word:
        said.alarms.append(word["alarm"])
    for name, means in word.get("values", {}).items():
        _say(said.values, name, means)
    return True


def _stem(key: str, table: Words) -> str:
    """Return the flag or alarm in a name like `smoke sensor state`; the name itself if there is none."""
    if key in table.names or key in table.inverted or key in table.scaled or key in table.alarms:
        return key
    stem = key
    while ending := next((one for one in table.endings if stem.endswith(one) and stem != one), None):
        stem = stem.removesuffix(ending)
        metric = table.names.get(stem) or table.inverted.get(stem)
        if stem in table.alarms or (metric and thing_models.metrics()[metric].is_bool):
            return stem
    return key


def _say(values: dict[str, Any], name: str, value: float | bool) -> None:  # noqa: FBT001 - a value like others
    """Put a value; of a yes and a no to one question, as a radar's presence and motion, yes holds."""
    values[name] = values.get(name) is True or value if isinstance(value, bool) else value


def is_raised(value: object, table: Words) -> bool:
    """Say whether the value of an alarm means that there is one; a word nobody knows does."""
    truth = truth_of(value, table)
    return value not in (None, [], {}) if truth is None else truth


def truth_of(value: object, table: Words) -> bool | None:
    """Read yes or no from a boolean, a number or a word; None is neither."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value != 0
    return table.truth.get(value.strip().lower()) if isinstance(value, str) else None


def measure(key: str, value: object, table: Words) -> tuple[str, Any] | None:
    """Return our name and value of a name written by `key_of`, or None if none fits."""
    ours = table.names.get(key) or table.inverted.get(key) or None
    spec = table.scaled.get(key)
    if ours is not None and thing_models.metrics()[ours].is_bool:
        own = table.states.get(ours, {}).get(value.strip().lower()) if isinstance(value, str) else None
        if own is not None:
            return ours, own  # `contact: open` is open, though a contact that is true is closed
        truth = _strict(value, table)
        return None if truth is None else (ours, truth is not (key in table.inverted))
    number = reading.number(value)
    if number is None:
        return None
    doubt = table.doubtful.get(key)
    if doubt is not None and _is_other(number, doubt):
        spec = doubt
    if spec is not None:
        return spec["to"], round((number + spec.get("plus", 0.0)) * spec["times"], 4)
    return None if ours is None else (ours, number)


def _strict(value: object, table: Words) -> bool | None:
    """Read yes or no, of numbers only 0 and 1: a level is no flag."""
    if isinstance(value, int | float) and value not in (0, 1):
        return None
    return truth_of(value, table)


def _is_other(number: float, doubt: Mapping[str, Any]) -> bool:
    if "above" in doubt:
        return number >= float(doubt["above"])
    return number < float(doubt["below"]) and number != int(number)


def messages(
    source: Source, said: Said, *, model: str | None = None, reply: Reply | None = None
) -> list[Message]:
    """Return what was said as messages: one an alarm, else telemetry, and whether it is there."""
    found = [
        _message(source, kind, f"{source.id}/{nth}" if nth else source.id, alarm)
        for nth, (kind, alarm) in enumerate(
            [(ALARM, one) for one in dict.fromkeys(said.alarms)] or [(TELEMETRY, None)]
        )
    ]
    first = found[0]
    first.values, first.is_press, first.reply = said.values, said.is_press, reply
    first.model = model or _model(said)
    if said.is_online is not None:
        online = Message(STATUS, source.hub, source.ecosystem, source.addresses, "", is_online=said.is_online)
        found = [online] if not said.values and not said.alarms and reply is None else [*found, online]
    return found


def _message(source: Source, kind: str, identity: str, alarm: str | None) -> Message:
    return Message(
        kind,
        source.hub,
        source.ecosystem,
        source.addresses,
        identity,
        source.at,
        alarm=alarm,
        is_historical=source.is_historical,
        is_id_derived=source.is_id_derived,
        has_bad_clock=source.has_bad_clock,
    )


def _model(said: Said) -> str | None:
    if "sos" in said.alarms and "steps" not in said.values:
        return thing_models.guess((), "sos")
    return thing_models.guess(said.values)


def event(said: Said, name: str, found: Mapping[str, Any], table: Words) -> None:
    """Take an event by its name: it is an alarm if it has a word for one and does not say that it is over."""
    key = _stem(key_of(name), table)
    is_over = any(truth_of(value, table) is False for at, value in found.items() if key_of(at) in _OUTCOMES)
    measured = measure(key, not is_over, table)
    alarm = table.alarms.get(key) or (thing_models.metrics()[measured[0]].alarm if measured else None)
    if alarm is not None and not is_over:
        said.alarms.append(alarm)
    elif measured is not None:
        _say(said.values, *measured)
    else:
        said.values["event"] = name


def kind_of(word: object) -> str | None:
    """Return the thing model of a maker's word for a kind of device."""
    return thing_models.guess((), word.strip().lower().replace(" ", "_")) if isinstance(word, str) else None
