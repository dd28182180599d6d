"""What may become of a command, and when it is sent again; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

QUEUED, SENT, ACCEPTED = "queued", "sent", "accepted"
DONE, REFUSED, FAILED = "done", "refused", "failed"
EXPIRED, UNCONFIRMED = "expired", "unconfirmed"
OPEN = frozenset({QUEUED, SENT, ACCEPTED})
OVER = frozenset({DONE, REFUSED, FAILED, EXPIRED, UNCONFIRMED})
RESULTS = frozenset({ACCEPTED, DONE, REFUSED, FAILED})
"""What a device may answer."""
SHORTEST, LONGEST = timedelta(seconds=10), timedelta(days=7)
DEFAULT = timedelta(hours=1)
_FIRST, _MOST = timedelta(seconds=5), timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a command: a whole number within limits."""

    low: int
    high: int


COMMANDS: Mapping[str, Mapping[str, Parameter]] = {
    "set_interval": {"seconds": Parameter(5, 86_400)},
    "ring": {},
    "reboot": {},
    "two_way_voice": {},
}
"""Every command with its parameters; a thing model says which of them it understands."""


def after(state: str, result: str) -> str | None:
    """Return the state after a device's answer; None: it came after the end, or again."""
    if state not in OPEN or state == result:
        return None
    return result


def again_at(tries: int, now: datetime, expires_at: datetime) -> datetime:
    """Return when a command that was sent so often is sent again: later each time, never after its end."""
    wait: timedelta = min(_FIRST * 2 ** min(tries - 1, 10), _MOST)
    return min(now + wait, expires_at)


def wrong_params(name: str, params: Mapping[str, object]) -> list[dict[str, str]]:
    """Return what is wrong with a command's parameters, by field; empty: nothing."""
    known = COMMANDS[name]
    wrong = [{"field": field, "code": "unknown"} for field in params if field not in known]
    for field, limits in known.items():
        value = params.get(field)
        if value is None:
            wrong.append({"field": field, "code": "missing"})
        elif type(value) is not int or not limits.low <= value <= limits.high:
            wrong.append({"field": field, "code": "invalid"})
    return wrong
