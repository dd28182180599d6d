"""Pretended phones: what each does when it rings, and what it heard."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_KEPT = 50


class Manner(StrEnum):
    """What a phone does with a call."""

    ANSWERS = "answers"
    BUSY = "busy"
    RINGS_OUT = "rings_out"
    VOICEMAIL = "voicemail"
    HANGS_UP = "hangs_up"
    """Answers, and hangs up while it is being spoken to."""
    WRONG_KEY = "wrong_key"
    """Presses a key that nobody offered, and the right one when it is asked again."""
    FAILS = "fails"
    """The network cannot reach it (SIP 480)."""
    INVALID = "invalid"
    """A number that cannot exist: refused before it rings (error 21211)."""
    BY_HAND = "by_hand"
    """Rings on the page until somebody there answers."""


class Delivery(StrEnum):
    """What becomes of an SMS to a phone."""

    DELIVERED = "delivered"
    SWITCHED_OFF = "switched_off"
    """Undelivered, error 30003: for now."""
    LANDLINE = "landline"
    """Undelivered, error 30006: for ever."""
    SILENT = "silent"
    """Sent, and no receipt ever comes."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that a phone heard (`voice`) or was written (`sms`, with its answer in `sent`)."""

    at: datetime
    kind: str
    text: str


@dataclass(slots=True)
class Phone:
    """One pretended phone."""

    number: str
    name: str = ""
    role: str = ""
    """Whose it is, as a code of words.toml (`role_…`), empty when nobody said."""
    manner: Manner = Manner.ANSWERS
    keys: tuple[str, ...] = ("1",)
    """What it presses at each question of a call; the last is pressed again. Empty: it only listens."""
    wrong_key: str = "7"
    answers_after: float = 3.0
    talks: float = 30.0
    """Seconds after which it ends a conversation."""
    delivery: Delivery = Delivery.DELIVERED
    replies: str | None = None
    """What it answers to an SMS."""
    heard: list[Heard] = field(default_factory=list)

    def note(self, at: datetime, kind: str, text: str) -> None:
        """Keep what it heard; the oldest is forgotten."""
        self.heard.append(Heard(at, kind, text))
        del self.heard[:-_KEPT]

    def presses(self, nth: int) -> str | None:
        """Return what it presses at the nth question (from 0) of a call, or None."""
        if self.manner not in (Manner.ANSWERS, Manner.WRONG_KEY):
            return None
        if self.manner == Manner.WRONG_KEY:
            if nth == 0:
                return self.wrong_key
            nth -= 1
        return self.keys[min(nth, len(self.keys) - 1)] if self.keys else None

    def words(self, kind: str = "voice") -> list[str]:
        """Return what it heard of one kind, oldest first."""
        return [one.text for one in self.heard if one.kind == kind]
