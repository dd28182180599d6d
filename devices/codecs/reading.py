"""What reading foreign messages has in common: JSON, clocks, derived ids, values as our metrics."""

import hashlib
import math
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from devices import thing_models
from devices.messages import LONGEST_NAME, MOST_VALUES, Rejected
from devices.thing_models import Metric

_EPOCH_MS, _EPOCH_US = 100_000_000_000, 100_000_000_000_000
_SET_CLOCK = 946_684_800
"""A count of seconds before the year 2000 is the time since boot."""
LONGEST_TOPIC = 300


def names_of(codec_file: str) -> dict[str, Any]:
    """Return the data beside a codec: `reading.names_of(__file__)`."""
    return tomllib.loads(Path(codec_file).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def _words() -> dict[str, Any]:
    return names_of(str(Path(__file__).with_name("words.py")))


def json_of(payload: bytes) -> Any:  # noqa: ANN401 - JSON of any shape
    """Read JSON, or raise Rejected."""
    try:
        return msgspec.json.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Rejected("not_json") from error


def object_of(payload: bytes) -> dict[str, Any]:
    """Read a JSON object, or raise Rejected."""
    found = json_of(payload)
    if not isinstance(found, dict):
        raise Rejected("wrong_type", "payload")
    return found


def text_of(payload: bytes) -> str:
    """Read plain words, or raise Rejected."""
    try:
        return payload.decode().strip()
    except UnicodeDecodeError as error:
        raise Rejected("not_text") from error


def name(value: object) -> str | None:
    """Return a name that an address may have, or None."""
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TOPIC or "\0" in value:
        return None
    return value


def names(*values: object) -> tuple[str, ...]:
    """Return those of several names that are some, each once."""
    return tuple(dict.fromkeys(found for value in values if (found := name(value)) is not None))


def derive(
    prefix: str, parts: Sequence[str], payload: bytes, at: datetime | None, received_at: datetime
) -> str:
    """Make an id where there is none: the same bytes with a time, or within a second, are the same."""
    second = "" if at else str(int(received_at.timestamp()))
    whole = b"\0".join((*(part.encode(errors="replace") for part in parts), payload, second.encode()))
    return f"{prefix}-{hashlib.sha256(whole).hexdigest()[:40]}"


def instant(value: object) -> tuple[datetime | None, bool]:
    """Read ISO with an offset, or seconds or milliseconds since 1970; other clocks are not believed."""
    if value is None or value == "":
        return None, False
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _since_1970(value)
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None, True
    if at is None or at.tzinfo is None:
        return None, True
    try:
        return at.astimezone(UTC), False
    except OverflowError:
        return None, True


def _since_1970(value: float) -> tuple[datetime | None, bool]:
    if not math.isfinite(value) or value < _SET_CLOCK:
        return None, True
    seconds = value / 1_000_000 if value > _EPOCH_US else value / 1000 if value > _EPOCH_MS else value
    return datetime.fromtimestamp(seconds, UTC), False


def fit(
    ours: str, value: object, unit: str | None = None, yes: Sequence[Any] = (), no: Sequence[Any] = ()
) -> float | bool | None:
    """Return a value as a metric's own type and unit, or None if it is none.

    `yes` and `no` are the words of this device, where it has declared them.
    """
    metric = thing_models.metrics()[ours]
    if metric.is_bool:
        return truth(value, yes, no)
    return _in_unit(metric, number(value), unit)


def is_bool(ours: str) -> bool:
    """Say whether a metric is a yes or no."""
    return thing_models.metrics()[ours].is_bool


def number(value: object) -> float | None:
    """Read `80`, `80.5`, `"80.00"` and `"80%"`; True is no number."""
    if isinstance(value, str):
        try:
            value = float(value.removesuffix("%"))
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:
        return None


def truth(value: object, yes: Sequence[Any] = (), no: Sequence[Any] = ()) -> bool | None:
    """Read a yes or a no: by the device's own words if it has declared some, else as everybody says it."""
    for words, meaning in ((yes, True), (no, False)):
        if any(_same(value, word) for word in words):
            return meaning
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in {0, 1}:
        return bool(value)
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in _words()["yes"] else False if word in _words()["no"] else None


def _same(value: object, word: object) -> bool:
    if isinstance(value, bool) or isinstance(word, bool):
        return str(value).lower() == str(word).lower()
    return value == word or str(value) == str(word)


def _in_unit(metric: Metric, value: float | None, unit: str | None) -> float | None:
    if value is None or not unit or unit == metric.unit or not metric.unit:
        return value
    change = _words()["units"].get(metric.unit, {}).get(unit.strip())
    if change is None:
        return None
    if not change:
        return value
    shifted: float = (value + change.get("shift", 0)) * change.get("factor", 1)
    return round(shifted, 6)


def put_aside(values: dict[str, Any], theirs: str, value: object) -> None:
    """Keep what no metric fits under its own name, so that it is shown and refuses nothing."""
    if value is None or not theirs or len(values) >= MOST_VALUES:
        return
    if theirs in thing_models.metrics():
        theirs = f"raw_{theirs}"
    theirs = theirs.replace("\0", "\ufffd")[:LONGEST_NAME]
    if theirs not in values:
        values[theirs] = value


def put(
    values: dict[str, Any], ours: str | None, theirs: str, value: object, unit: str | None = None
) -> None:
    """Put a value under our name if it fits, else aside under theirs; an empty name is none of ours."""
    fitted = fit(ours, value, unit) if ours and value is not None else None
    if not ours or fitted is None:
        put_aside(values, theirs, value)
    else:
        values[ours] = fitted


def flat(found: Mapping[str, Any], prefix: str = "", left: int = 4) -> dict[str, Any]:
    """Lay nested objects flat: `{"a": {"b": 1}}` is `{"a_b": 1}`."""
    laid: dict[str, Any] = {}
    for key, value in found.items():
        if isinstance(value, dict) and value and left:
            laid |= flat(value, f"{prefix}{key}_", left - 1)
        else:
            laid[f"{prefix}{key}"] = value
    return laid
