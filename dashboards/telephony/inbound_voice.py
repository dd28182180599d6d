"""Calls to the call centre, as Twilio tells of them: announced, waiting, joined with a phone, over.

The first word of a call has no token yet: its signature is believed, its own id makes a repetition the
same call. Every later address carries the token.
"""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from core.crypto import Keys
from core.db import Conn, Row
from core.settings import Settings
from dashboards.telephony.signed import number, place, said_at, twilio_fields
from dispatch.inbound import callers, calls, lines, places, recordings
from dispatch.inbound.queueing import Next
from dispatch.telephony import bridging, hearing, speaking, twiml
from dispatch.telephony.addresses import ours
from dispatch.telephony.hearing import Word

router = APIRouter(prefix="/telephony/twilio", include_in_schema=False)
Fields = Annotated[dict[str, str], Depends(twilio_fields)]
_OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def xml(text: str) -> Response:
    """Answer in TwiML."""
    return Response(text, media_type="text/xml")


@router.post("/inbound/voice")
async def announce(request: Request, fields: Fields) -> Response:
    """Take a call: find whose district it is, put the caller into the queue, say who we are."""
    state, now = request.app.state, request.app.state.clock()
    district = await _district(request, fields)
    if district is None:
        return xml(lines.nobody())
    async with state.pool.transaction(district) as conn:
        call, token = await calls.arrive(
            conn,
            state.keys,
            district=district,
            carrier="twilio",
            ref=fields.get("CallSid", "")[:64],
            number=fields.get("From", ""),
            now=now,
        )
        found, row = await calls.next_of(conn, call, now)
        return xml(await _answer(conn, request, token, found, row, is_first=True))


@router.post("/inbound/status")
async def status(request: Request, fields: Fields) -> Response:
    """Take the progress of a caller's own leg: at its end somebody has spoken to the caller, or nobody."""
    state, now = request.app.state, request.app.state.clock()
    said = fields.get("CallStatus", "")
    if said not in _OVER:
        return xml(twiml.EMPTY)
    district = await _district(request, fields)
    if district is None:
        return xml(twiml.EMPTY)
    async with state.pool.transaction(district) as conn:
        call = await calls.of_ref(conn, "twilio", fields.get("CallSid", "")[:64])
        if call is not None:
            await _note(conn, call, f"inbound:{fields.get('SequenceNumber') or said}", said, now)
            row = await calls.lock(conn, call)
            await calls.ended(conn, call, _when(fields, row, now), failed=said == "failed")
    return xml(twiml.EMPTY)


@router.post("/{token}/queue", dependencies=[Depends(twilio_fields)])
async def queue(token: str, request: Request) -> Response:
    """Say what happens next to a caller who waits."""
    state, now = request.app.state, request.app.state.clock()
    found = await place(request, token)
    async with state.pool.transaction(found.district) as conn:
        step, row = await calls.next_of(conn, found.call, now)
        return xml(await _answer(conn, request, token, step, row, is_first=False))


@router.post("/{token}/joined")
async def joined(token: str, request: Request, fields: Fields) -> Response:
    """Take the progress of the phone that is rung for a caller: answered means that they speak."""
    state, now = request.app.state, request.app.state.clock()
    found = await place(request, token)
    said = fields.get("CallStatus", "")
    async with state.pool.transaction(found.district) as conn:
        await _note(conn, found.call, f"joined:{fields.get('CallSid', '')[:40]}:{said}", said, now)
        if said == "in-progress":
            row = await calls.lock(conn, found.call)
            await calls.connected(conn, found.call, _when(fields, row, now))
    return xml(twiml.EMPTY)


@router.post("/{token}/rung")
async def rung(token: str, request: Request, fields: Fields) -> Response:
    """Take the progress of the duty manager's phone: answered means nothing before a key (`screened`)."""
    state = request.app.state
    found = await place(request, token)
    said = fields.get("CallStatus", "")
    async with state.pool.transaction(found.district) as conn:
        key = f"rung:{fields.get('CallSid', '')[:40]}:{said}"
        await _note(conn, found.call, key, said, state.clock())
    return xml(twiml.EMPTY)


@router.post("/{token}/screen", dependencies=[Depends(twilio_fields)])
async def screen(token: str, request: Request) -> Response:
    """Ask the duty manager's phone for a key: a voice mailbox presses none."""
    state = request.app.state
    found = await place(request, token)
    async with state.pool.transaction(found.district) as conn:
        row = await calls.lock(conn, found.call)
        language = await speaking.language_of(conn, row["rung_id"])
    return xml(lines.screen(ours(state.settings, f"twilio/{token}/screened"), language))


@router.post("/{token}/screened")
async def screened(token: str, request: Request, fields: Fields) -> Response:
    """Join the duty manager with the caller after key 1; put the phone down after any other."""
    state, now = request.app.state, request.app.state.clock()
    found = await place(request, token)
    pressed = fields.get("Digits", "")[:1]
    async with state.pool.transaction(found.district) as conn:
        await _note(conn, found.call, f"screened:{fields.get('CallSid', '')[:40]}", pressed, now)
        if pressed == "1":
            await calls.connected(conn, found.call, now)
    return xml(twiml.EMPTY if pressed == "1" else lines.hang_up())


@router.post("/{token}/dialled")
async def dialled(token: str, request: Request, fields: Fields) -> Response:
    """Take how the phone that was rung ended; a caller who reached nobody goes back into the queue."""
    return await _dialled(token, request, fields, is_screened=False)


@router.post("/{token}/dialled/screened")
async def dialled_screened(token: str, request: Request, fields: Fields) -> Response:
    """Take how the duty manager's phone ended: without the key nobody has spoken to the caller."""
    return await _dialled(token, request, fields, is_screened=True)


async def _dialled(token: str, request: Request, fields: dict[str, str], *, is_screened: bool) -> Response:
    state, now = request.app.state, request.app.state.clock()
    found = await place(request, token)
    said = fields.get("DialCallStatus", "")
    async with state.pool.transaction(found.district) as conn:
        await _note(conn, found.call, f"dialled:{fields.get('DialCallSid', '')[:40]}", said, now)
        if is_screened:
            await calls.manager_over(conn, found.call)
        row = await calls.lock(conn, found.call)
        is_spoken = said in ("completed", "answered")
        language = await callers.language(conn, row["number_index"])
        if is_spoken and (row["connected_at"] is not None or not is_screened):
            spoken = timedelta(seconds=number(fields, "DialCallDuration") or 0)
            await calls.connected(conn, found.call, now - spoken)
            return xml(lines.bye(language))
        await calls.give_back(conn, found.call, now)
        step, row = await calls.next_of(conn, found.call, now)
        return xml(await _answer(conn, request, token, step, row, is_first=False))


@router.post("/{token}/recorded")
async def recorded(token: str, request: Request, fields: Fields) -> Response:
    """Note that the carrier has a recording of a call: inbound or an operator's own."""
    state, now = request.app.state, request.app.state.clock()
    found = await place(request, token)
    ref = fields.get("RecordingSid", "")[:64]
    if ref and fields.get("RecordingStatus", "completed") == "completed":
        async with state.pool.transaction(found.district) as conn:
            await recordings.expect(conn, found.call, ref, number(fields, "RecordingDuration") or 0, now)
    return xml(twiml.EMPTY)


async def _district(request: Request, fields: dict[str, str]) -> UUID | None:
    """Return the district of a call that has no token yet."""
    state, ref = request.app.state, fields.get("CallSid", "")[:64]
    called, caller, now = fields.get("To", ""), fields.get("From", ""), state.clock()
    return await places.district_of(state.pool, state.keys, ref=ref, called=called, caller=caller, now=now)


async def _answer(conn: Conn, request: Request, token: str, step: Next, row: Row, *, is_first: bool) -> str:
    """Say it in TwiML."""
    state, now = request.app.state, request.app.state.clock()
    again = ours(state.settings, f"twilio/{token}/queue")
    language = await callers.language(conn, row["number_index"])
    if step in (Next.DESK, Next.MANAGER):
        account: UUID = row["taken_by"] if step == Next.DESK else row["rung_id"]
        desk = await _number_of(conn, state.keys, row["district_id"], account)
        if desk is not None:
            addresses = _addresses(state.settings, token, is_screened=step == Next.MANAGER)
            recording = await _recording(conn, state.settings, token, row, now)
            shown = state.settings.twilio_number or ""
            return lines.join(desk, shown=shown, recording=recording, language=language, **addresses)
        await calls.give_back(conn, row["call_id"], now)
        step = Next.SAY_WAIT
    if step == Next.CALL_BACK:
        return lines.call_back(language)
    is_spoken = is_first or step == Next.SAY_WAIT
    return lines.wait(again, is_first=is_first, is_spoken=is_spoken, language=language)


def _addresses(settings: Settings, token: str, *, is_screened: bool) -> dict[str, str]:
    """Return where a phone that is rung is told of; the duty manager's must press a key first."""
    if not is_screened:
        return {
            "action": ours(settings, f"twilio/{token}/dialled"),
            "leg": ours(settings, f"twilio/{token}/joined"),
        }
    return {
        "action": ours(settings, f"twilio/{token}/dialled/screened"),
        "leg": ours(settings, f"twilio/{token}/rung"),
        "screen": ours(settings, f"twilio/{token}/screen"),
    }


async def _recording(conn: Conn, settings: Settings, token: str, row: Row, now: datetime) -> str | None:
    """Return where a recording is told, or None: the district or the elder does not want one."""
    call = await calls.find(conn, row["call_id"])
    is_recorded = await recordings.wanted(conn, row["district_id"], call["elder_id"], now)
    return ours(settings, f"twilio/{token}/recorded") if is_recorded else None


async def _number_of(conn: Conn, keys: Keys, district: UUID, account: UUID) -> str | None:
    found = await bridging.desk_of(conn, keys, district, account)
    return found.e164 if found else None


def _when(fields: dict[str, str], row: Row, now: datetime) -> datetime:
    """Return when it happened, by the carrier's clock as far as that is possible: its word may be late."""
    earliest: datetime = row["connected_at"] or row["arrived_at"]
    return min(now, max(said_at(fields) or now, earliest))


async def _note(conn: Conn, call: UUID, key: str, said: str, now: datetime) -> None:
    await hearing.take(conn, call, Word(key[:60], "inbound", data={"status": said[:20]}), now)
