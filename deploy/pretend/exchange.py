"""The pretended telephone exchange: phones, calls and messages, and what happens between them."""

import contextlib
import secrets
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import httpx

from deploy.pretend.courier import Courier
from deploy.pretend.line import Line
from deploy.pretend.phones import Delivery, Manner, Phone
from deploy.pretend.resources import Call, Fetch, Hook, Message, Recording
from deploy.pretend.timeline import Timeline
from deploy.pretend.twiml import Dial, Wrong, messages

_SENT_AFTER, _RECEIPT_AFTER, _REPLY_AFTER = 1.0, 2.0, 5.0
_ERRORS = {Delivery.SWITCHED_OFF: 30003, Delivery.LANDLINE: 30006}
_ALL = ("initiated", "ringing", "answered", "completed")
_KEPT = 500


class Exchange:
    """Everything there is; `centre` is the number under which the call centre is called."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        client: httpx.AsyncClient,
        *,
        account: str,
        token: str,
        centre: str = "+8605463300000",
        hosts: frozenset[str] | None = None,
    ) -> None:
        self.account = account
        self.token = token
        self.centre = centre
        self.voice = Hook(events=_ALL)
        """Where a call to the centre is announced; `status` is told how it goes on."""
        self.status = Hook(events=_ALL)
        self.sms = Hook()
        self.phones: dict[str, Phone] = {}
        self.calls: dict[str, Call] = {}
        self.messages: dict[str, Message] = {}
        self.recordings: dict[str, Recording] = {}
        self.timeline = Timeline(clock())
        self.courier = Courier(self.timeline, client, token, hosts)
        self._clock = clock
        self._home = "https://api.twilio.com"

    @property
    def now(self) -> datetime:
        """The pretended instant."""
        return self.timeline.now

    def phone(self, number: str) -> Phone:
        """Return a phone; one that nobody has described answers, and presses 1."""
        return self.phones.setdefault(number, Phone(number))

    async def advance(self, to: datetime) -> None:
        """Live through everything up to an instant (tests)."""
        await self.timeline.advance(to)

    def tick(self) -> None:
        """Follow the clock (the demonstration)."""
        self.timeline.tick(self._clock())

    def call(
        self, to: str, from_: str, first: Fetch, *, timeout: float = 60.0, detects: bool = False, hook: Hook
    ) -> Call:
        """Ring a phone; it happens from now on."""
        call = self._call(to, from_, "outbound-api", timeout, hook)
        call.detects_machines = detects
        self.timeline.spawn(Line(self, call).call_out(first))
        return call

    def dial_in(self, from_: str) -> Call:
        """Let a phone call the centre."""
        call = self._call(self.centre, from_, "inbound", 60.0, self.status)
        self.phone(from_).note(self.now, "voice", f"[calls {self.centre}]")
        self.timeline.spawn(Line(self, call).call_in(Fetch(self.voice.url or "", self.voice.method)))
        return call

    def child(self, parent: Call, dial: Dial) -> Call:
        """Make the other leg of a Dial."""
        number = dial.number
        hook = Hook(number.callback, number.callback_events, number.callback_method)
        child = self._call(number.to, dial.caller_id or parent.from_, "outbound-dial", dial.timeout, hook)
        child.parent = parent.sid
        return child

    def hang_up(self, call: Call) -> None:
        """Put a phone down."""
        if not call.is_over:
            call.is_hung_up = True
            self.timeline.wake(call.signal)

    def pick_up(self, call: Call) -> None:
        """Answer a ringing phone by hand."""
        call.is_picked_up = True
        self.timeline.wake(call.signal)

    def press(self, call: Call, keys: str) -> None:
        """Press keys during a call."""
        call.keys.extend(keys)
        self.timeline.wake(call.signal)

    def move(self, call: Call, wanted: Fetch) -> None:
        """Let a living call go on with another document."""
        call.moved_to = wanted
        self.timeline.wake(call.signal)

    def text(self, to: str, from_: str, body: str, hook: Hook) -> Message:
        """Write to a phone."""
        message = self._message(to, from_, body, "outbound-api", hook)
        self.timeline.spawn(self._send(message))
        return message

    def write_in(self, from_: str, body: str) -> Message:
        """Let a phone write to the centre."""
        message = self._message(self.centre, from_, body, "inbound", self.sms)
        self.phone(from_).note(self.now, "sent", body)
        self.timeline.spawn(self._announce(message))
        return message

    def record(self, call: Call, seconds: int, hook: Hook) -> dict[str, str]:
        """Keep a recording; return the fields that name it."""
        kept = Recording(_sid("RE"), self.account, call.sid, seconds, self.now)
        self.recordings[kept.sid] = kept
        told = {
            "RecordingSid": kept.sid,
            "RecordingUrl": f"{self._home}/2010-04-01/Accounts/{self.account}/Recordings/{kept.sid}",
            "RecordingDuration": str(seconds),
        }
        fields = call.told() | told | {"RecordingStatus": "completed", "_final": "yes"}
        self.courier.tell(hook, "completed", fields, [])
        return told

    def live_at(self, address: str) -> None:
        """Say under which address this server is reached, for the addresses of recordings."""
        parts = urlsplit(address)
        self._home = f"{parts.scheme}://{parts.netloc}"

    def _call(self, to: str, from_: str, direction: str, timeout: float, hook: Hook) -> Call:
        self._forget()
        call = Call(_sid("CA"), self.account, to, from_, direction, self.now, timeout, hook=hook)
        self.calls[call.sid] = call
        return call

    def _message(self, to: str, from_: str, body: str, direction: str, hook: Hook) -> Message:
        message = Message(_sid("SM"), self.account, to, from_, body, direction, self.now, hook)
        self.messages[message.sid] = message
        return message

    async def _send(self, message: Message) -> None:
        phone, held = self.phone(message.to), list[tuple[str, dict[str, str]]]()
        await self.timeline.wait(_SENT_AFTER)
        message.sent_at = self.now
        self._receipt(message, "sent", held)
        if phone.delivery == Delivery.SILENT:
            return
        await self.timeline.wait(_RECEIPT_AFTER)
        message.error = _ERRORS.get(phone.delivery)
        if message.error is None:
            phone.note(self.now, "sms", message.body)
        self._receipt(message, "delivered" if message.error is None else "undelivered", held)
        if message.error is None and phone.replies is not None:
            await self.timeline.wait(_REPLY_AFTER)
            self.write_in(phone.number, phone.replies)

    def _receipt(self, message: Message, status: str, held: list[tuple[str, dict[str, str]]]) -> None:
        message.status = status
        final = {"_final": "no" if status == "sent" else "yes"}
        hook = Hook(message.hook.url, (status,), message.hook.method)
        self.courier.tell(hook, status, message.told() | final, held)

    async def _announce(self, message: Message) -> None:
        if self.sms.url is not None:
            told = {**message.told(), "Body": message.body, "NumMedia": "0", "NumSegments": "1"}
            del told["MessageStatus"], told["SmsStatus"]
            with contextlib.suppress(Wrong):  # kept among the courier's troubles
                answer = await self.courier.fetch(Fetch(self.sms.url, self.sms.method), told)
                for words in messages(answer):
                    self.phone(message.from_).note(self.now, "sms", words)
        message.status = "received"

    def _forget(self) -> None:
        over = [sid for sid, call in self.calls.items() if call.is_over]
        for sid in over[: max(len(self.calls) - _KEPT, 0)]:
            del self.calls[sid]


def is_possible(phone: Phone) -> bool:
    """Say whether a number can exist, as Twilio asks before it rings."""
    digits = phone.number.lstrip("+")
    return phone.manner != Manner.INVALID and digits.isdigit() and 3 <= len(digits) <= 15  # noqa: PLR2004 - E.164


def _sid(kind: str) -> str:
    return kind + secrets.token_hex(16)
