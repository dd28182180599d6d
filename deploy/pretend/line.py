"""One leg of a call, lived through: it rings, is answered or not, and does what our documents say."""

from dataclasses import replace
from datetime import timedelta

from deploy.pretend.courier import beside
from deploy.pretend.phones import Manner
from deploy.pretend.resources import Call, Fetch, Hook
from deploy.pretend.switchboard import Switchboard
from deploy.pretend.twiml import (
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
    Wrong,
    read,
    spoken_seconds,
)

_RINGS_AFTER, _REFUSES_AFTER, _MACHINE_AFTER = 1.0, 1.0, 20.0
_PLAYED, _PRESSED_AFTER, _LISTENED = 3.0, 1.0, 1.0
_DOCUMENTS = 500
_LONG = 86_400.0
_REFUSED = {Manner.BUSY: "busy", Manner.FAILS: "failed", Manner.INVALID: "failed"}
"""How a leg ends that never rings; the API refuses an impossible number itself, a Dial does not."""
_EVENT = {"queued": "initiated", "ringing": "ringing", "in-progress": "answered"}


class HungUp(Exception):  # noqa: N818 - what happens in a call, no error
    """Somebody has put the phone down."""


class Moved(Exception):  # noqa: N818 - what happens in a call, no error
    """The call was told over the API to go on with another document."""

    def __init__(self, wanted: Fetch) -> None:
        super().__init__("moved")
        self.wanted = wanted


class Line:
    """Lives one leg through, from ringing to its end."""

    def __init__(self, board: Switchboard, call: Call) -> None:
        self.board = board
        self.call = call
        self.phone = board.phone(call.phone)
        self._base = ""

    async def call_out(self, first: Fetch) -> None:
        """Ring a phone and follow our documents when it is answered."""
        try:
            if await self.ring():
                await self.follow(first)
                self.end("completed")
        except HungUp:
            self.end("completed" if self.call.answered_at else "canceled")

    async def call_in(self, first: Fetch) -> None:
        """Follow our documents for somebody who calls us; the first one answers the call."""
        try:
            self._status("ringing")
            await self.follow(first)
        except HungUp:
            pass
        self.end("completed" if self.call.answered_at else "no-answer")

    async def ring(self) -> bool:
        """Say whether somebody, or a machine, answers; the leg is over when not."""
        call = self.call
        self._status("queued")
        await self.pause(_RINGS_AFTER)
        self._status("ringing")
        refused = _REFUSED.get(self.phone.manner)
        if refused is not None:
            await self.pause(_REFUSES_AFTER)
            self.end(refused)
            return False
        if not await self._picked_up():
            self.end("no-answer")
            return False
        self._answer()
        if call.detects_machines:
            call.answered_by = "machine_start" if self.phone.manner == Manner.VOICEMAIL else "human"
        return True

    async def follow(self, wanted: Fetch | None) -> None:
        """Fetch a document, do what it says, and go on where it says, until nothing is left to do."""
        for _ in range(_DOCUMENTS):
            if wanted is None:
                return
            try:
                self._base = wanted.url or self._base
                verbs = read(await self.board.courier.fetch(wanted, self.call.told()))
                self._obey()
                wanted = await self._perform(verbs)
            except Moved as moved:
                wanted = moved.wanted
            except Wrong as wrong:
                self._hear(f"[application error: {wrong}]")
                return
        self._hear("[application error: documents without end]")

    async def pause(self, seconds: float) -> None:
        """Let time pass, less when a key is pressed; raise HungUp or Moved as soon as either happens."""
        self._obey()
        await self.board.timeline.wait(seconds, self.call.signal)
        self._obey()

    def end(self, status: str) -> None:
        """End the leg, once."""
        if not self.call.is_over:
            self.call.ended_at = self.board.timeline.now
            self._status(status)

    async def _picked_up(self) -> bool:
        manner, timeout = self.phone.manner, self.call.timeout
        if manner == Manner.BY_HAND:
            await self.pause(timeout)
            return self.call.is_picked_up
        needs = {Manner.RINGS_OUT: _LONG, Manner.VOICEMAIL: _MACHINE_AFTER}.get(
            manner, self.phone.answers_after
        )
        await self.pause(min(needs, timeout))
        return needs < timeout or self.call.is_picked_up

    def _answer(self) -> None:
        if self.call.answered_at is None:
            self.call.answered_at = self.board.timeline.now
            self._status("in-progress")

    def _obey(self) -> None:
        if self.call.is_hung_up:
            raise HungUp
        if self.call.moved_to is not None:
            wanted, self.call.moved_to = self.call.moved_to, None
            raise Moved(wanted)

    def _status(self, status: str) -> None:
        call = self.call
        call.status = status
        fields = call.told() | {
            "Timestamp": self.board.timeline.now.strftime("%a, %d %b %Y %H:%M:%S +0000"),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
            "_final": "yes" if call.is_over else "no",
        }
        if call.is_over:
            fields |= {"CallDuration": str(call.seconds), "Duration": str(-(-call.seconds // 60))}
            fields |= {"SipResponseCode": "480"} if status == "failed" else {}
        if status == "queued":
            fields["CallStatus"] = "initiated"
        call.sequence += 1
        self.board.courier.tell(call.hook, _EVENT.get(status, "completed"), fields, call.held)

    def _hear(self, text: str) -> None:
        self.phone.note(self.board.timeline.now, "voice", text)

    async def _perform(self, verbs: tuple[Verb, ...]) -> Fetch | None:
        """Do one verb after the other; return the next document, or None when the call is done."""
        for verb in verbs:
            if isinstance(verb, Reject):
                self.end("busy" if verb.reason == "busy" else "failed")
                raise HungUp
            self._answer()
            if isinstance(verb, Hangup):
                raise HungUp
            wanted = await self._do(verb)
            if wanted is not None:
                return wanted
        return None

    async def _do(self, verb: Verb) -> Fetch | None:
        match verb:
            case Say() | Play() | Pause():
                await self._say(verb)
            case Gather():
                return await self._gather(verb)
            case Dial():
                return await self._dial(verb)
            case Record():
                return await self._record(verb)
            case Redirect():
                return Fetch(beside(self._base, verb.url), verb.method)
            case _:
                raise Wrong(f"{verb} is not known here")
        return None

    async def _say(self, verb: Say | Play | Pause) -> None:
        if isinstance(verb, Pause):
            await self._let_pass(verb.length)
            return
        text, seconds, loop = (
            (verb.text, spoken_seconds(verb.text), max(verb.loop, 1))
            if isinstance(verb, Say)
            else (f"[{verb.url}]", _PLAYED, 1)
        )
        for _ in range(loop):
            self._hear(text)
            if self.phone.manner == Manner.HANGS_UP:
                await self._let_pass(_LISTENED)
                raise HungUp
            await self._let_pass(seconds)

    async def _let_pass(self, seconds: float) -> None:
        """Let all of a time pass, or until a key is pressed in it."""
        until = self.board.timeline.now + timedelta(seconds=seconds)
        pressed = len(self.call.keys)
        while self.board.timeline.now < until and len(self.call.keys) == pressed:
            await self.pause((until - self.board.timeline.now).total_seconds())

    async def _gather(self, verb: Gather) -> Fetch | None:
        self.call.keys.clear()
        for prompt in verb.prompts:
            if not self.call.keys:
                await self._say(prompt)
        digits = await self._digits(verb)
        if not digits and not verb.on_empty:
            return None
        return Fetch(beside(self._base, verb.action), verb.method, {"Digits": digits, "msg": "Gather End"})

    async def _digits(self, verb: Gather) -> str:
        pressed = self.phone.presses(self.call.asked)
        self.call.asked += 1
        if pressed is not None and not self.call.keys:
            await self.pause(_PRESSED_AFTER)
            self.call.keys.extend(pressed)
        while True:
            keys = "".join(self.call.keys)
            if verb.finish_on_key and verb.finish_on_key in keys:
                return keys.partition(verb.finish_on_key)[0]
            if verb.num_digits is not None and len(keys) >= verb.num_digits:
                return keys[: verb.num_digits]
            await self._let_pass(verb.timeout)
            if len(self.call.keys) == len(keys):
                return keys

    async def _dial(self, verb: Dial) -> Fetch | None:
        number = replace(verb.number, url=self._at(verb.number.url), callback=self._at(verb.number.callback))
        child = self.board.child(self.call, replace(verb, number=number))
        self.board.timeline.spawn(Line(self.board, child).connect(self.call, number))
        try:
            while not child.is_over:
                await self.pause(_LONG)
        finally:
            if not child.is_over:
                self.board.hang_up(child)
        told = {
            "DialCallStatus": "answered"
            if child.answered_at and child.status == "in-progress"
            else child.status,
            "DialCallSid": child.sid,
            "DialCallDuration": str(child.seconds),
        }
        if verb.record and child.answered_at:
            told |= self.board.record(self.call, child.seconds, Hook(self._at(verb.recording_callback)))
        return Fetch(beside(self._base, verb.action), verb.method, told) if verb.action else None

    def _at(self, url: str | None) -> str | None:
        return beside(self._base, url) if url else None

    async def connect(self, other: Call, number: Number) -> None:
        """Ring the phone that a Dial names, tell it what it hears first, and let both talk."""
        try:
            if await self.ring():
                if number.url is not None:
                    await self.follow(Fetch(number.url, number.method))
                await self._talk(other)
                self.end("completed")
        except HungUp:
            self.end("completed" if self.call.answered_at else "canceled")
        finally:
            self.board.timeline.wake(other.signal)

    async def _talk(self, other: Call) -> None:
        self._hear(f"[connected with {other.phone}]")
        self.board.phone(other.phone).note(
            self.board.timeline.now, "voice", f"[connected with {self.call.to}]"
        )
        lasts = _LONG if self.phone.manner == Manner.BY_HAND else self.phone.talks
        await self._let_pass(lasts)

    async def _record(self, verb: Record) -> Fetch | None:
        self._hear("[recording]")
        seconds = min(self.phone.talks, verb.max_length)
        await self._let_pass(seconds)
        told = self.board.record(self.call, round(seconds), Hook(self._at(verb.callback)))
        return Fetch(beside(self._base, verb.action), verb.method, told | {"Digits": "hangup"})
