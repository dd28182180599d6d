"""A first look at a hub's message: may it be an alarm? Cheap, and wrong on the careful side; pure.

A hub says alarms and telemetry on the same topics. What looks urgent is taken before what waits, and is never
muted; what does not look it, and is an alarm all the same, is only later.
"""

import re

_WORD = (
    rb"sos|emergency|panic|distress|alarm|alert|fall|fell|smoke|\bgas|carbon|\bco\b|leak|flood|apnoea|tamper"
)
_PRESS = rb'"(?:action|click)"\s*:\s*"\w|"event"\s*:\s*"(?:btn|single|double|long)|button[^/]*/'
_LOOK = re.compile(rb"%b|%b" % (_WORD, _PRESS), re.IGNORECASE)
_CALM = re.compile(
    rb'"[^"]*(?:%b)[^"]*"\s*:\s*(?:false|0(?:\.0)?|null|"(?:|off|no|clear|ok|none|normal|false|0)")(?=[\s,}\]])'
    % _WORD,
    re.IGNORECASE,
)

_WORDS = b"sos emerg panic distress alarm alert fall fell smoke gas carbon leak flood apnoea tamper".split()
_HINTS = (*_WORDS, b'co"', b"/co/", b"-co/", b"action", b"click", b"event", b"button")
"""One of them is in whatever _LOOK finds: looking for them costs little."""


def is_urgent(topic: str, payload: bytes) -> bool:
    """Say whether a message looks like an alarm."""
    where = topic.encode().lower()
    said = payload.lower()
    if _hints(where + b"/") and _LOOK.search(where) and payload not in {b"", b"OFF", b"off", b"false", b"0"}:
        return True
    if not _hints(said) or not _LOOK.search(said):
        return False
    return _LOOK.search(_CALM.sub(b"", said)) is not None


def _hints(text: bytes) -> bool:
    """Say cheaply, for every message of every hub, whether a closer look is worth it."""
    return any(hint in text for hint in _HINTS)
