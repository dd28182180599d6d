"""The life of a call or message: what a word of the carrier changes, whenever it arrives (pure).

States have ranks: a word of a lower rank than what is known changes nothing, so that callbacks may come late,
twice or in the wrong order. What ends a call first is how it ended.
"""

from collections.abc import Mapping

ENDED = frozenset({"busy", "no_answer", "voicemail", "failed", "canceled", "ended"})
_RANK: Mapping[str, int] = {
    "queued": 0,
    "sent": 1,
    "ringing": 2,
    "answered": 3,
    "delivered": 3,
    **dict.fromkeys(ENDED, 4),
}
STATES = tuple(_RANK)
RESULTS: Mapping[str, str] = {
    "busy": "busy",
    "no_answer": "no_answer",
    "voicemail": "voicemail",
    "failed": "failed",
    "canceled": "gave_up",
    "ended": "answered",
}
"""What stands in a case's timeline of a call that ended in a state."""


def advance(state: str, said: str, before: str | None = None) -> str | None:
    """Return the new state of a call, or None when what is said changes nothing.

    With `before` it changes nothing either once the call has come as far as that.
    """
    if before is not None and _RANK[state] >= _RANK[before]:
        return None
    return said if _RANK[said] > _RANK[state] else None
