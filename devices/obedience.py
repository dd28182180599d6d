"""How a pretend device answers commands: it obeys, refuses, is late or stays silent; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

OBEYS, REFUSES, LATE, SILENT = "obeys", "refuses", "late", "silent"
MANNERS = (OBEYS, REFUSES, LATE, SILENT)
LATE_S = 30.0
_AT_ONCE = 0.0
_DONE_S = 0.5
_SLOW = frozenset({"reboot", "two_way_voice"})
"""What takes a moment is accepted first and done after."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer and how long after the command it is given, in seconds."""

    after_s: float
    body: Mapping[str, Any]


def answers(
    command: Mapping[str, Any], manner: str, known: tuple[str, ...], now: datetime, late_s: float = LATE_S
) -> list[Answer]:
    """Return what a device of this manner answers, in order; none: it is silent."""
    identity, name = command.get("id"), command.get("name")
    if manner == SILENT or not isinstance(identity, str):
        return []
    wait = late_s if manner == LATE else _AT_ONCE
    if manner == REFUSES or name not in known:
        reason = "busy" if name in known else "not_supported"
        return [Answer(wait, {"id": identity, "result": "refused", "reason": reason})]
    if _is_over(command, now):
        return [Answer(wait, {"id": identity, "result": "refused", "reason": "expired"})]
    done = {"id": identity, "result": "done"}
    if name in _SLOW:
        return [Answer(wait, {"id": identity, "result": "accepted"}), Answer(wait + _DONE_S, done)]
    return [Answer(wait, done)]


def _is_over(command: Mapping[str, Any], now: datetime) -> bool:
    try:
        return datetime.fromisoformat(str(command.get("expires_at"))) <= now
    except (ValueError, TypeError):
        return False
