"""What a carrier is: what it can do, what it takes, and how it says that it could not."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Capability(StrEnum):
    """What a carrier can do; a policy that needs more than a district's carrier has is not activated."""

    VOICE = "voice"
    """An automatic call that says words of ours."""
    KEYS = "keys"
    """The pressed key comes back to us."""
    SMS = "sms"
    SMS_IN = "sms_in"
    """The answer to a message comes back to us."""
    BRIDGE = "bridge"
    """Rings the operator's phone first, then the other, and joins them."""
    RECORD = "record"
    INBOUND = "inbound"
    """Calls to our number are told to us."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a carrier took: `ref` is its own id of the call or message."""

    ref: str


IN_DOUBT = "in_doubt"
"""The code of a question whose answer was lost: whether it was taken is not known, and is looked up."""


class Failed(Exception):  # noqa: N818 - what a send came to, which is no error of ours
    """A carrier did not take it.

    `code` is ours for what we know (`refusals.CODES`), else the carrier's own; `retry_after` is in seconds,
    when the carrier said so. Never a number or another datum of a person.
    """

    def __init__(self, code: str, *, is_permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.is_permanent = is_permanent
        self.retry_after = retry_after


class Carrier(Protocol):
    """A way out to the telephone network; each method raises Failed when the carrier did not take it.

    `to` and `desk` are E.164 numbers. `token` is the nonce that binds every webhook to this one try: the
    carrier is given a URL with it, and the words of a call are fetched from there.
    """

    @property
    def name(self) -> str:
        """Return what the carrier is called in settings, rows and reports."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Return what it can do as it is set up now."""

    async def say(self, to: str, token: str, words: str = "") -> Sent:
        """Make an automatic voice call; its words are fetched from our webhook by the token.

        A carrier that cannot fetch them reads out `words`.
        """

    async def text(self, to: str, body: str, token: str) -> Sent:
        """Send a short message."""

    async def bridge(self, desk: str, to: str, token: str) -> Sent:
        """Ring the operator's phone, then the other, and join them."""

    async def find(self, to: str, since: datetime, token: str, known: Collection[str] = ()) -> Sent | None:
        """Say whether a try was taken, asked after a crash between sending and recording; None: it was not.

        `known` are refs of other tries. A carrier that keeps no list raises Failed("cannot_tell").
        """

    async def end(self, ref: str) -> None:
        """Hang up a call of ours; one that has ended already is no failure."""
