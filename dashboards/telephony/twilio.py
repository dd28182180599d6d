"""Twilio's webhooks: words for a call, pressed keys, the progress of each leg, receipts and replies."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from core import log, phones
from core.db import Row
from core.errors import NotFound
from core.settings import Settings
from dashboards.telephony.signed import number, place, said_at, twilio_fields
from dispatch.telephony import calls, flow, hearing, refusals, speaking, twiml
from dispatch.telephony.addresses import ours
from dispatch.telephony.hearing import Word

router = APIRouter(prefix="/telephony/twilio", include_in_schema=False)
Fields = Annotated[dict[str, str], Depends(twilio_fields)]
STATES = {
    "queued": "sent",
    "initiated": "sent",
    "ringing": "ringing",
    "in-progress": "answered",
    "answered": "answered",
    "completed": "ended",
    "busy": "busy",
    "no-answer": "no_answer",
    "canceled": "canceled",
    "failed": "failed",
}
"""What Twilio's CallStatus says of the person called."""
TEXT_STATES = {
    "accepted": "sent",
    "scheduled": "sent",
    "queued": "sent",
    "sending": "sent",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "failed",
    "failed": "failed",
}
DESK_STATES = {
    "busy": "failed",
    "no-answer": "failed",
    "failed": "failed",
    "canceled": "canceled",
    "completed": "canceled",
}
"""What the end of the operator's own leg says, as long as nobody else has picked up."""
_NO_SUCH_NUMBER = frozenset({"404", "410", "484", "604"})
"""SIP answers that say that the number is none (RFC 3261 21.4)."""
_NO_SUCH = refusals.Refusal("no_such_number", is_permanent=True)
_REPEATED = timedelta(minutes=1)


def xml(text: str) -> Response:
    """Answer in TwiML."""
    return Response(text, media_type="text/xml")


@router.post("/inbound/text")
async def hear_text(request: Request, fields: Fields) -> Response:
    """Take an SMS: the answer to what was last written to this number, in whichever district that was.

    A stranger is not answered: nobody shall learn here which numbers we know.
    """
    state, now = request.app.state, request.app.state.clock()
    sender, body = fields.get("From", ""), fields.get("Body", "")[:1600]
    found = await calls.place_of_number(state.pool, state.keys, sender, now)
    stored = phones.find(sender)
    if found is None or stored is None:
        log.get().info("telephony.stranger", channel="sms")
        return xml(twiml.EMPTY)
    async with state.pool.transaction(found.district) as conn:
        word = Word(f"reply:{fields.get('MessageSid', '')}"[:60], "reply", data={"letters": len(body)})
        said = await speaking.reply(conn, state.keys, found, word, body, stored, now)
    return xml(twiml.write(said) if said else twiml.EMPTY)


@router.post("/{token}/voice")
async def voice(token: str, request: Request, fields: Fields) -> Response:
    """Say what a notice says to who has picked up, and ask for a key; to a machine only that we called."""
    state, now = request.app.state, request.app.state.clock()
    found = await place(request, token)
    async with state.pool.transaction(found.district) as conn:
        _check_living(await calls.lock(conn, found.call), now)
        if flow.is_machine(fields.get("AnsweredBy", "")):
            await hearing.take(conn, found.call, _fetch(fields, "machine", "voicemail"), now)
            return xml(await speaking.to_machine(conn, state.keys, found))
        await hearing.pick_up(conn, found.call, _fetch(fields, "human", "answered"), now)
        return xml(await speaking.prompt(conn, state.keys, found, _key_at(state.settings, token, 1, 0)))


@router.post("/{token}/key/{nth}/{wrong}")
async def key(token: str, nth: int, wrong: int, request: Request, fields: Fields) -> Response:
    """Take the key pressed after prompt `nth`, or that none was."""
    state, now = request.app.state, request.app.state.clock()
    found = await place(request, token)
    pressed = fields.get("Digits", "")[:1]
    step = flow.after_key(pressed, nth, wrong)
    word = _fetch(fields, f"key{nth}", None, key=pressed)
    async with state.pool.transaction(found.district) as conn:
        said = "unheard"
        if pressed and pressed != flow.AGAIN:
            said = await hearing.press(conn, found.call, word, pressed, now)
        else:
            await hearing.take(conn, found.call, word, now)
        if step.what in {"answer", "end"}:
            return xml(await speaking.thank(conn, state.keys, found, said))
        action = _key_at(state.settings, token, step.nth, step.wrong)
        return xml(await speaking.prompt(conn, state.keys, found, action, is_wrong=step.what == "wrong"))


def _key_at(settings: Settings, token: str, nth: int, wrong: int) -> str:
    return ours(settings, f"twilio/{token}/key/{nth}/{wrong}")


@router.post("/{token}/whisper")
async def whisper(token: str, request: Request, fields: Fields) -> Response:
    """Tell the operator who has picked up whom they will speak to, and ring the other phone."""
    state, now = request.app.state, request.app.state.clock()
    found = await place(request, token)
    async with state.pool.transaction(found.district) as conn:
        row = await calls.lock(conn, found.call)
        _check_living(row, now)
        await hearing.take(conn, found.call, _fetch(fields, "desk", "sent"), now)
        return xml(await speaking.join(conn, state.keys, state.settings, row, token))


@router.post("/{token}/announced")
async def announced(token: str, request: Request, fields: Fields) -> Response:  # noqa: ARG001 - they are signed
    """Tell who is called that the call is recorded, before anybody speaks."""
    found = await place(request, token)
    async with request.app.state.pool.transaction(found.district) as conn:
        return xml(await speaking.announce(conn, found))


@router.post("/{token}/desk")
async def desk(token: str, request: Request, fields: Fields) -> Response:
    """Take the progress of the operator's own leg: if it is never picked up, nobody else was rung."""
    said = fields.get("CallStatus", "")
    word = _word(fields, "desk", DESK_STATES.get(said))
    if word.state == "failed":
        word = replace(word, code=f"desk_{said.replace('-', '_')}", is_permanent=False)
    return await _take(request, token, replace(word, seconds=None, before="answered"))


@router.post("/{token}/leg")
async def leg(token: str, request: Request, fields: Fields) -> Response:
    """Take the progress of the leg to whom the operator calls."""
    return await _take(request, token, _word(fields, "leg", STATES.get(fields.get("CallStatus", ""))))


@router.post("/{token}/dialed")
async def dialed(token: str, request: Request, fields: Fields) -> Response:
    """Take how a joined call ended; the operator's phone is then put down."""
    said = STATES.get(fields.get("DialCallStatus", ""))
    seconds = number(fields, "DialCallDuration")
    key_ = f"dialed:{fields.get('CallSid', '')[-12:]}"
    word = Word(key_, "dialed", said, said_at=said_at(fields), seconds=seconds)
    return await _take(request, token, word)


@router.post("/{token}/status")
async def status(token: str, request: Request, fields: Fields) -> Response:
    """Take the progress of an automatic call."""
    return await _take(request, token, _word(fields, "status", STATES.get(fields.get("CallStatus", ""))))


@router.post("/{token}/text")
async def text(token: str, request: Request, fields: Fields) -> Response:
    """Take a receipt of a message."""
    said = fields.get("MessageStatus", "")
    state = TEXT_STATES.get(said)
    refusal = refusals.twilio(fields.get("ErrorCode")) if state == "failed" else None
    word = Word(
        f"text:{said}",
        "text",
        state,
        ref=fields.get("MessageSid"),
        code=refusal.code if refusal else None,
        is_permanent=bool(refusal and refusal.is_permanent),
        data={"status": said[:20], "error": fields.get("ErrorCode", "")[:10]},
    )
    return await _take(request, token, word)


def _fetch(fields: dict[str, str], kind: str, state: str | None, **data: object) -> Word:
    """Make a word of a request for words: one a call and step."""
    sid = fields.get("CallSid", "")[:40]
    return Word(f"{kind}:{sid[-12:]}", kind, state, ref=sid or None, data=data)


def _word(fields: dict[str, str], kind: str, state: str | None) -> Word:
    """Make a word of a status callback; Twilio numbers those of one leg from 0."""
    said, sid = fields.get("CallStatus", "")[:20], fields.get("CallSid", "")[:40]
    sip, error = fields.get("SipResponseCode", "")[:3], fields.get("ErrorCode", "")[:10]
    refusal = None
    if state == "failed":
        refusal = _NO_SUCH if sip in _NO_SUCH_NUMBER else refusals.twilio(error or None)
    return Word(
        f"{kind}:{sid[-12:]}:{fields.get('SequenceNumber') or said}"[:60],
        kind,
        state,
        said_at=said_at(fields),
        ref=sid if kind == "status" else None,
        seconds=number(fields, "CallDuration"),
        code=refusal.code if refusal else None,
        is_permanent=bool(refusal and refusal.is_permanent),
        data={"status": said, "sip": sip, "error": error},
    )


async def _take(request: Request, token: str, word: Word) -> Response:
    state = request.app.state
    found = await place(request, token)
    async with state.pool.transaction(found.district) as conn:
        await hearing.take(conn, found.call, word, state.clock())
    return xml(twiml.EMPTY)


def _check_living(row: Row, now: datetime) -> None:
    """Refuse words for a call that is over: its token is used. A repetition is answered for a minute."""
    if row["ended_at"] is not None and now - row["ended_at"] > _REPEATED:
        raise NotFound("nothing here")
