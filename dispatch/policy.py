"""Escalation as data: who is told at which step, by what, and how long the next one waits. It never stops.

A step is `{audience, wait_seconds}` and says so on the pages of those who are logged in; with `channels` it
also goes to their phones, person by person (`each_seconds` apart, in order), falling back from one channel to
the next; `repeats` tells it again so often before the next step. The last step repeats for ever.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.errors import Invalid
from core.events import OPERATORS

MANAGERS = ("operator", "duty_manager", "admin")
FAMILY = (*OPERATORS, "family")
"""Who hears of the changes that a family may see."""
AUDIENCES: dict[str, tuple[str, ...]] = {
    "operators": ("operator", "admin"),
    "duty_managers": MANAGERS,
    "contacts": (*MANAGERS, "family"),
    "neighbours": MANAGERS,
    "caregivers": MANAGERS,
    "ring": MANAGERS,
    "everyone": (*MANAGERS, "family"),
}
"""Whose pages show a step of an audience; whose phones it reaches is asked of `notices.audiences`."""
LOUD = ("operators", "duty_managers", "everyone")
"""Audiences with which a policy may end: the others may be empty."""
PHONES: tuple[str, ...] = ("push", "sms", "voice")
CHANNELS: Mapping[str, frozenset[str]] = {
    "push": frozenset({"push"}),
    "sms": frozenset({"sms"}),
    "voice": frozenset({"voice", "keys"}),
    "chat": frozenset({"chat"}),
    "mail": frozenset({"mail"}),
}
"""What a district must be able to do for each channel."""
FIELDS = frozenset({"audience", "wait_seconds", "channels", "repeats", "each_seconds"})
JUMPS = frozenset({"next", "goto", "then", "back_to"})
MOST_STEPS, MOST_REPEATS, MOST_EACH = 20, 10, 600
LONGEST_WAIT = 3600
DEFAULT: tuple[dict[str, Any], ...] = (
    {"audience": "operators", "wait_seconds": 60},
    {"audience": "duty_managers", "wait_seconds": 60, "channels": list(PHONES)},
    {"audience": "contacts", "wait_seconds": 180, "channels": list(PHONES), "each_seconds": 45},
    {"audience": "neighbours", "wait_seconds": 120, "channels": ["sms", "voice"]},
    {"audience": "caregivers", "wait_seconds": 120, "channels": list(PHONES)},
    {"audience": "ring", "wait_seconds": 120, "channels": list(PHONES)},
    {"audience": "everyone", "wait_seconds": 300, "channels": list(PHONES)},
)
IDLE = timedelta(minutes=10)
"""A claimed case in which nothing happens for so long is told to the duty manager."""
ARRIVAL = timedelta(minutes=45)
"""Nine of ten responders are on scene within 45 minutes of the decision to send (DOMAIN §4)."""
RUNG = frozenset({"idle", "not_arrived"})
"""What is told to the duty manager's phone: who is waiting for help, with nobody who sees to it."""
REPEAT = timedelta(minutes=15)
"""How often what is still overdue is told again."""


@dataclass(frozen=True)
class Notice:
    """One step of an escalation: whom it tells, by what, and when the next is due if nobody answers.

    `step` counts tellings (a step with two repeats is three of them), `is_last` says that it repeats for
    ever, `each` is the time between one person and the next.
    """

    step: int
    audience: str
    roles: tuple[str, ...]
    wait: timedelta
    channels: tuple[str, ...] = ()
    each: timedelta = timedelta()
    is_last: bool = False


def notice(steps: list[dict[str, Any]], step: int) -> Notice:
    """Return telling number `step` (0 is the opening); the last repeats for ever."""
    place, left = 0, step
    while place < len(steps) - 1 and left > steps[place].get("repeats", 0):
        left -= 1 + steps[place].get("repeats", 0)
        place += 1
    entry = steps[place]
    audience = str(entry["audience"])
    return Notice(
        step,
        audience,
        AUDIENCES[audience],
        timedelta(seconds=entry["wait_seconds"]),
        tuple(entry.get("channels", ())),
        timedelta(seconds=entry.get("each_seconds", 0)),
        place == len(steps) - 1,
    )


def pages(steps: list[dict[str, Any]]) -> bool:
    """Say whether any step goes to phones."""
    return any(entry.get("channels") for entry in steps)


def check(steps: list[dict[str, Any]], capabilities: Collection[str] | None = None) -> None:
    """Raise Invalid naming each field that cannot be followed.

    With `capabilities` (of the district's carrier, and push, chat, mail) a channel that needs more is
    `lacks_capability`, which names it. A step that leads back is a `loop`; a policy with phones that reaches
    nobody outside the call centre, or ends with an audience that may be empty, has a `gap`.
    """
    errors = _whole(steps)
    for place, entry in enumerate(steps):
        at = f"steps.{place}"
        errors += _fields(at, entry)
        errors += _channels(at, entry.get("channels", []), capabilities)
    if errors:
        raise Invalid("the escalation policy cannot be followed", errors)


Errors = list[dict[str, object]]


def _error(field: str, code: str, words: str, **more: object) -> dict[str, object]:
    return {"field": field, "code": code, "message": words, **more}


def _whole(steps: list[dict[str, Any]]) -> Errors:
    if not steps:
        return [_error("steps", "empty", "a policy needs at least one step")]
    if len(steps) > MOST_STEPS:
        return [_error("steps", "too_many_steps", f"at most {MOST_STEPS} steps")]
    if not pages(steps):
        return []
    errors = []
    if not any(entry.get("channels") and _audience(entry) != "operators" for entry in steps):
        errors.append(_error("steps", "gap", "no step reaches the phone of anybody outside the console"))
    if _audience(steps[-1]) not in {*LOUD, ""}:
        words = f"the last step repeats for ever and must reach {', '.join(LOUD)}"
        errors.append(_error(f"steps.{len(steps) - 1}.audience", "gap", words))
    return errors


def _audience(entry: dict[str, Any]) -> str:
    named = entry.get("audience")
    return named if isinstance(named, str) and named in AUDIENCES else ""


def _fields(at: str, entry: dict[str, Any]) -> Errors:
    errors = []
    if not _audience(entry):
        errors.append(_error(f"{at}.audience", "unknown", f"one of {', '.join(AUDIENCES)}"))
    wait = entry.get("wait_seconds")
    if not _is_whole(wait, 1):
        errors.append(_error(f"{at}.wait_seconds", "not_positive", "a whole number of seconds above 0"))
    elif not _is_whole(wait, 1, LONGEST_WAIT):
        errors.append(_error(f"{at}.wait_seconds", "too_long", f"at most {LONGEST_WAIT} seconds"))
    for name, most in (("repeats", MOST_REPEATS), ("each_seconds", MOST_EACH)):
        if name in entry and not _is_whole(entry[name], 0, most):
            errors.append(
                _error(f"{at}.{name}", "out_of_range", f"a whole number from 0 to {most}", low=0, high=most)
            )
    for name in sorted(entry.keys() - FIELDS):
        code = "loop" if name in JUMPS else "unknown"
        errors.append(_error(f"{at}.{name}", code, "steps follow one another; only the last repeats"))
    return errors


def _channels(at: str, channels: object, capabilities: Collection[str] | None) -> Errors:
    if not isinstance(channels, list) or len(set(map(str, channels))) != len(channels):
        return [_error(f"{at}.channels", "not_a_list", "a list that names each channel once")]
    errors = []
    for channel in channels:
        if not isinstance(channel, str) or channel not in CHANNELS:
            errors.append(_error(f"{at}.channels", "unknown", f"of {', '.join(CHANNELS)}"))
        elif capabilities is not None and (lacking := CHANNELS[channel] - set(capabilities)):
            words = f"{channel} needs {', '.join(sorted(lacking))}, which this district does not have"
            errors.append(_error(f"{at}.channels", "lacks_capability", words, lacks=sorted(lacking)))
    return errors


def _is_whole(value: object, least: int, most: float = float("inf")) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


@dataclass(frozen=True)
class Overdue:
    """What the clock found in a case, whom to tell, and when to look again."""

    reason: str
    notice: Notice


def overdue(
    state: str, visit_state: str | None, steps: list[dict[str, Any]], step: int, offer_wait: timedelta
) -> Overdue | None:
    """Say what is overdue in a case whose deadline has passed; None: nothing in this state can be.

    What stands still after a claim is told to the duty manager alone; that nothing happens in a case, or that
    nobody came, on the phone too if the policy uses phones at all.
    """
    if state == "raised":
        return Overdue("unanswered", notice(steps, step + 1))
    waiting = {
        "claimed": ("idle", IDLE),
        "verified": ("idle", IDLE),
        "dispatched": ("not_accepted", offer_wait) if visit_state == "offered" else ("not_arrived", REPEAT),
        "on_scene": ("not_back", REPEAT),
    }
    if state not in waiting:
        return None
    reason, wait = waiting[state]
    channels = PHONES if reason in RUNG and pages(steps) else ()
    return Overdue(reason, Notice(step, "duty_managers", AUDIENCES["duty_managers"], wait, channels))
