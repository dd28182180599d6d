"""The domestic provider's callbacks: progress of calls, pressed keys (signed), receipts and replies by SMS.

Voice callbacks carry an HMAC over the address with our token. SMS reports are pushed to one address that is
set in the provider's console and not signed: a secret in it says who speaks, the token of each message which.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from core import log, phones
from core.crypto import Keys
from core.db import Conn, Row
from core.errors import NotFound, Problem
from dashboards.telephony import signed
from dispatch.telephony import calls, domestic_signing, hearing, refusals, speaking
from dispatch.telephony.domestic import applications
from dispatch.telephony.hearing import Word

router = APIRouter(prefix="/telephony/domestic", include_in_schema=False)
STATES = {"callout": "sent", "alerting": "ringing", "answer": "answered"}
"""What an event says of the person called."""
ENDS = {"0": "ended", "8101": "no_answer", "8102": "busy"}
"""Huawei's release codes that are no failure; those of the first leg are 8106 to 8111."""
_DESK = {
    "8106": "desk_failed",
    "8107": "desk_no_answer",
    "8108": "desk_busy",
    "8109": "desk_failed",
    "8110": "desk_failed",
    "8111": "desk_no_answer",
}
_CHINA = ZoneInfo("Asia/Shanghai")
_AHEAD = timedelta(hours=1)
_MOST = 200
_LONGEST = 1600


@router.post("/{token}/status")
async def status(token: str, request: Request) -> Response:
    """Take what happened to a call: events, and the bill of a call that is over."""
    state = request.app.state
    raw, secrets = await signed.body(request), dict(applications(state.settings).values())
    header = request.headers.get("x-aksk", "")
    if not domestic_signing.huawei_signed(secrets, signed.address(request), header):
        raise signed.forged("domestic")
    found = await signed.place(request, token)
    said = _object(raw)
    async with state.pool.transaction(found.district) as conn:
        row = await calls.lock(conn, found.call)
        await _event(conn, state.keys, row, said, state.clock())
    return JSONResponse({"resultcode": "0", "resultdesc": "Success"})


async def _event(conn: Conn, keys: Keys, row: Row, said: Mapping[str, Any], now: datetime) -> None:
    kind, info = str(said.get("eventType", ""))[:20], said.get("statusInfo")
    if not isinstance(info, dict):
        return  # a bill: what it says has been said by the events
    leg = "b" if _is_other_leg(keys, row, info) else "a"
    at = _instant(info.get("timestamp"), now)
    key = f"{kind}:{leg}:{str(info.get('timestamp', ''))[:30]}"
    ref = str(info.get("sessionId", ""))[:100] or None
    if kind == "collectInfo" and row["kind"] == "notice":
        pressed = str(info.get("digitInfo", ""))[:1]
        word = Word(key, "key", said_at=at, ref=ref, data={"key": pressed})
        if pressed:
            await hearing.press(conn, row["id"], word, pressed, now)
        return
    if kind == "answer" and row["kind"] == "notice":
        await hearing.pick_up(conn, row["id"], Word(key, "human", "answered", said_at=at, ref=ref), now)
        return
    await hearing.take(conn, row["id"], _word(row, kind, leg, key, at, ref, info), now)


def _word(
    row: Row, kind: str, leg: str, key: str, at: datetime | None, ref: str | None, info: Mapping[str, Any]
) -> Word:
    if kind != "disconnect":
        state = STATES.get(kind) if leg == "b" or row["kind"] == "notice" else "sent"
        return Word(key, kind, state, said_at=at, ref=ref)
    code = str(info.get("stateCode", ""))[:10]
    data: dict[str, object] = {"code": code}
    if code in _DESK:
        return Word(key, kind, "failed", said_at=at, ref=ref, code=_DESK[code], data=data)
    end = ENDS.get(code)
    if end == "ended" and row["state"] != "answered":
        end = "canceled" if row["kind"] == "bridge" else "no_answer"
    if end is not None:
        return Word(key, kind, end, said_at=at, ref=ref, data=data)
    refusal = refusals.huawei(code)
    permanent = refusal.is_permanent
    return Word(
        key, kind, "failed", said_at=at, ref=ref, code=refusal.code, is_permanent=permanent, data=data
    )


def _is_other_leg(keys: Keys, row: Row, info: Mapping[str, Any]) -> bool:
    return bool(row["number_sealed"]) and info.get("called") == keys.open(
        row["district_id"], row["number_sealed"]
    )


@router.post("/reports/{secret}/receipts")
async def receipts(secret: str, request: Request) -> Response:
    """Take receipts of messages (SmsReport), several at once; each is bound to its message by our token."""
    state, now = request.app.state, request.app.state.clock()
    for one in await _reports(request, secret):
        found = await calls.place(state.pool, str(one.get("out_id", ""))[:100], now)
        if found is None:
            continue
        is_there, code = one.get("success") is True, str(one.get("err_code", ""))[:40]
        refusal = refusals.aliyun(code)
        word = Word(
            f"receipt:{one.get('biz_id', '')}"[:60],
            "receipt",
            "delivered" if is_there else "failed",
            said_at=_local(one.get("report_time")),
            ref=str(one.get("biz_id", ""))[:60] or None,
            code=None if is_there else refusal.code,
            is_permanent=not is_there and refusal.is_permanent,
            data={"code": code},
        )
        async with state.pool.transaction(found.district) as conn:
            await hearing.take(conn, found.call, word, now)
    return _taken()


@router.post("/reports/{secret}/replies")
async def replies(secret: str, request: Request) -> Response:
    """Take what people wrote back (SmsUp), several at once."""
    state, now = request.app.state, request.app.state.clock()
    for one in await _reports(request, secret):
        stored = phones.find(str(one.get("phone_number", ""))[:40])
        number = phones.read(stored, made_up=True).e164 if stored else ""
        found = await calls.place_of_number(state.pool, state.keys, number, now) if stored else None
        if found is None or stored is None:
            log.get().info("telephony.stranger", channel="sms")
            continue
        text = str(one.get("content", ""))[:_LONGEST].replace("\0", "")
        key = f"reply:{one.get('sequence_id') or one.get('send_time')}"[:60]
        word = Word(key, "reply", said_at=_local(one.get("send_time")), data={"letters": len(text)})
        async with state.pool.transaction(found.district) as conn:
            await speaking.reply(conn, state.keys, found, word, text, stored, now)
    return _taken()


async def _reports(request: Request, secret: str) -> list[dict[str, Any]]:
    """Return the reports of a push whose address holds our secret; raise NotFound."""
    known = request.app.state.settings.domestic_text_push
    if known is None or not hmac.compare_digest(secret.encode(), known.get_secret_value().encode()):
        raise NotFound("nothing here")
    said = _json(await signed.body(request))
    if not isinstance(said, list):
        raise Problem("the body is no list")
    return [one for one in said[:_MOST] if isinstance(one, dict)]


def _taken() -> Response:
    return JSONResponse({"code": 0, "msg": "OK"})


def _object(raw: bytes) -> dict[str, Any]:
    said = _json(raw)
    if not isinstance(said, dict):
        raise Problem("the body is no object")
    return said


def _json(raw: bytes) -> Any:  # noqa: ANN401 - whatever was sent
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Problem("the body is no JSON") from error


def _instant(text: object, now: datetime) -> datetime | None:
    """Read a time without a zone: UTC, unless that lies ahead; then it is Chinese local time."""
    try:
        at = datetime.fromisoformat(str(text)).replace(tzinfo=UTC)
    except ValueError:
        return None
    return at - timedelta(hours=8) if at > now + _AHEAD else at


def _local(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=_CHINA).astimezone(UTC)
    except ValueError:
        return None
