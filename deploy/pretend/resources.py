"""Calls, messages and recordings as Twilio's API shows them (version 2010-04-01)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from deploy.pretend.timeline import Signal

VERSION = "2010-04-01"
OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


@dataclass(frozen=True, slots=True)
class Fetch:
    """A document to ask our webhook for, and what is told besides the call's own fields; or its text."""

    url: str
    method: str = "POST"
    told: dict[str, str] = field(default_factory=dict)
    document: str | None = None


@dataclass(slots=True)
class Hook:
    """Who is told how something goes on."""

    url: str | None = None
    events: tuple[str, ...] = ("completed",)
    method: str = "POST"


@dataclass(slots=True, eq=False)
class Call:
    """One leg of a call."""

    sid: str
    account: str
    to: str
    from_: str
    direction: str
    created_at: datetime
    timeout: float = 60.0
    detects_machines: bool = False
    hook: Hook = field(default_factory=Hook)
    parent: str | None = None
    status: str = "queued"
    answered_by: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    sequence: int = 0
    asked: int = 0
    keys: list[str] = field(default_factory=list)
    is_picked_up: bool = False
    is_hung_up: bool = False
    moved_to: Fetch | None = None
    signal: Signal = field(default_factory=Signal)
    held: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Nothing more happens in it."""
        return self.status in OVER

    @property
    def seconds(self) -> int:
        """How long it was answered."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return round((self.ended_at - self.answered_at).total_seconds())

    @property
    def phone(self) -> str:
        """The pretended phone of this leg."""
        return self.from_ if self.direction == "inbound" else self.to

    def told(self) -> dict[str, str]:
        """Return the fields of every webhook of a call."""
        fields = {
            "CallSid": self.sid,
            "AccountSid": self.account,
            "From": self.from_,
            "To": self.to,
            "Caller": self.from_,
            "Called": self.to,
            "CallStatus": self.status,
            "ApiVersion": VERSION,
            "Direction": self.direction,
        }
        if self.parent:
            fields["ParentCallSid"] = self.parent
        if self.answered_by:
            fields["AnsweredBy"] = self.answered_by
        return fields

    def shown(self) -> dict[str, object]:
        """Return it as the API does."""
        base = f"/{VERSION}/Accounts/{self.account}/Calls/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "parent_call_sid": self.parent,
            "to": self.to,
            "to_formatted": self.to,
            "from": self.from_,
            "from_formatted": self.from_,
            "phone_number_sid": None,
            "status": self.status,
            "date_created": rfc(self.created_at),
            "date_updated": rfc(self.ended_at or self.answered_at or self.created_at),
            "start_time": rfc(self.answered_at),
            "end_time": rfc(self.ended_at),
            "duration": str(self.seconds) if self.ended_at else None,
            "price": None,
            "price_unit": "USD",
            "direction": self.direction,
            "answered_by": self.answered_by,
            "api_version": VERSION,
            "forwarded_from": None,
            "group_sid": None,
            "caller_name": None,
            "queue_time": "0",
            "trunk_sid": None,
            "uri": f"{base}.json",
            "subresource_uris": {"recordings": f"{base}/Recordings.json"},
        }


@dataclass(slots=True, eq=False)
class Message:
    """One SMS."""

    sid: str
    account: str
    to: str
    from_: str
    body: str
    direction: str
    created_at: datetime
    hook: Hook = field(default_factory=Hook)
    status: str = "queued"
    error: int | None = None
    sent_at: datetime | None = None

    def told(self) -> dict[str, str]:
        """Return the fields of every webhook of a message."""
        fields = {
            "MessageSid": self.sid,
            "SmsSid": self.sid,
            "AccountSid": self.account,
            "From": self.from_,
            "To": self.to,
            "MessageStatus": self.status,
            "SmsStatus": self.status,
            "ApiVersion": VERSION,
        }
        return fields | ({"ErrorCode": str(self.error)} if self.error else {})

    def shown(self) -> dict[str, object]:
        """Return it as the API does."""
        base = f"/{VERSION}/Accounts/{self.account}/Messages/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "messaging_service_sid": None,
            "to": self.to,
            "from": self.from_,
            "body": self.body,
            "status": self.status,
            "direction": self.direction,
            "num_segments": "1",
            "num_media": "0",
            "error_code": self.error,
            "error_message": None,
            "date_created": rfc(self.created_at),
            "date_updated": rfc(self.sent_at or self.created_at),
            "date_sent": rfc(self.sent_at),
            "price": None,
            "price_unit": "USD",
            "api_version": VERSION,
            "uri": f"{base}.json",
            "subresource_uris": {"media": f"{base}/Media.json"},
        }


@dataclass(frozen=True, slots=True)
class Recording:
    """What was recorded of a call; the sound is made when it is asked for."""

    sid: str
    account: str
    call: str
    seconds: int
    at: datetime

    def shown(self) -> dict[str, object]:
        """Return it as the API does."""
        return {
            "sid": self.sid,
            "account_sid": self.account,
            "call_sid": self.call,
            "duration": str(self.seconds),
            "channels": 1,
            "source": "DialVerb",
            "status": "completed",
            "error_code": None,
            "price": None,
            "price_unit": "USD",
            "start_time": rfc(self.at),
            "date_created": rfc(self.at),
            "date_updated": rfc(self.at),
            "api_version": VERSION,
            "uri": f"/{VERSION}/Accounts/{self.account}/Recordings/{self.sid}.json",
        }


def rfc(at: datetime | None) -> str | None:
    """Return an instant as Twilio writes it (RFC 2822)."""
    return format_datetime(at.astimezone(UTC)) if at is not None else None
