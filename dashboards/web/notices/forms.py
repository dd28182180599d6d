"""The form of a policy: steps as fields, and back; pure. Times are typed in seconds."""

from collections.abc import Mapping, Sequence
from typing import Any

from dispatch import policy

MOST = policy.MOST_STEPS
NEW: Mapping[str, Any] = {"audience": "contacts", "wait_seconds": 120, "channels": list(policy.PHONES)}


def steps_of(given: Mapping[str, str], ticked: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the steps that a form holds, in order; what is no number stays a text, to be refused by name."""
    count = _whole(given.get("count", "0"))
    steps = []
    for place in range(min(count, MOST) if isinstance(count, int) else 0):
        step: dict[str, Any] = {
            "audience": given.get(f"audience.{place}", ""),
            "wait_seconds": _whole(given.get(f"wait_seconds.{place}", "")),
        }
        channels = [one for one in policy.CHANNELS if one in ticked.get(f"channels.{place}", ())]
        if channels:
            step["channels"] = channels
        for name in ("repeats", "each_seconds"):
            text = given.get(f"{name}.{place}", "").strip()
            if text not in {"", "0"}:
                step[name] = _whole(text)
        steps.append(step)
    return steps


def done(steps: list[dict[str, Any]], what: str) -> list[dict[str, Any]]:
    """Return the steps after a button: `add`, `remove.N`, `up.N`; anything else changes nothing."""
    verb, _, number = what.partition(".")
    place = int(number) if number.isascii() and number.isdecimal() else -1
    if verb == "add" and len(steps) < MOST:
        last = steps[-1:] if steps and steps[-1]["audience"] in policy.LOUD else []
        return [*steps[: len(steps) - len(last)], dict(NEW), *last]
    if verb == "remove" and 0 <= place < len(steps):
        return [*steps[:place], *steps[place + 1 :]]
    if verb == "up" and 0 < place < len(steps):
        return [*steps[: place - 1], steps[place], steps[place - 1], *steps[place + 1 :]]
    return steps


def _whole(text: str) -> int | str:
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= 6 else plain  # noqa: PLR2004 - digits
