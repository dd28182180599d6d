"""Webhooks that are forged, strange, used, oversized; the domestic provider's callbacks."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from pydantic import SecretStr

from dashboards.telephony import ROUTERS
from deploy.pretend.courier import sign
from deploy.pretend.numbers import TOKEN
from tests.dashboards.clients import anonymous
from tests.dashboards.ringing import DAUGHTER, Ringing, ringing
from tests.dispatch.worlds import World
from tests.pretending import PUBLIC

VOICE, PUSHED = "voice-secret", "pushed-secret"
DOMESTIC = {
    "domestic_voice_url": "http://127.0.0.1:1",
    "domestic_voice_key": "voice",
    "domestic_voice_secret": SecretStr(VOICE),
    "domestic_voice_template": "t",
    "domestic_number": "+8654612345678",
    "domestic_text_push": SecretStr(PUSHED),
}


@pytest.fixture
async def bell(world: World) -> AsyncIterator[Ringing]:
    async with ringing(world, **DOMESTIC) as made:
        yield made


async def post(bell: Ringing, path: str, fields: dict[str, str], signature: str | None = None) -> Any:
    signed = sign(TOKEN, f"{PUBLIC}{path}", fields) if signature is None else signature
    async with anonymous(bell.app) as client:
        return await client.post(path, data=fields, headers={"X-Twilio-Signature": signed})


STATUS = {"CallSid": "CA1", "CallStatus": "ringing", "SequenceNumber": "1"}


async def test_a_forged_webhook_is_refused_before_anything_is_looked_up(bell: Ringing) -> None:
    call, token = await bell.told()
    path = f"/telephony/twilio/{token}/status"
    for signature in ("", "bm9wZQ==", sign("another token", f"{PUBLIC}{path}", STATUS)):
        assert (await post(bell, path, STATUS, signature)).status_code == 403
    moved = sign(TOKEN, f"{PUBLIC}{path}", STATUS | {"CallStatus": "busy"})
    assert (await post(bell, path, STATUS, moved)).status_code == 403
    assert (await bell.call(call))["state"] == "queued"
    assert await bell.events(call) == []


async def test_a_strange_an_old_and_a_used_token_look_the_same(bell: Ringing) -> None:
    call, token = await bell.told()
    strange = await post(bell, "/telephony/twilio/AAAAAAAAAAAAAAAAAAAAAA/status", STATUS)
    short = await post(bell, "/telephony/twilio/x/status", STATUS)
    ended = await post(bell, f"/telephony/twilio/{token}/status", STATUS | {"CallStatus": "busy"})
    assert (ended.status_code, (await bell.call(call))["state"]) == (200, "busy")
    bell.phones.clock.push(minutes=2)
    used = await post(bell, f"/telephony/twilio/{token}/voice", STATUS)
    bell.phones.clock.push(hours=24)
    old = await post(bell, f"/telephony/twilio/{token}/status", STATUS)
    answers = [strange, short, used, old]
    assert [one.status_code for one in answers] == [404] * 4
    assert len({one.json()["detail"] for one in answers}) == 1


async def test_a_body_that_is_too_large_or_no_form_is_refused(bell: Ringing) -> None:
    async with anonymous(bell.app) as client:
        large = await client.post("/telephony/twilio/x/status", content=b"a" * 70_000)
        odd = await client.post("/telephony/twilio/x/status", content=b"\xff\xfe")
    assert (large.status_code, odd.status_code) == (413, 400)


async def test_the_same_word_a_hundred_times_is_one_row(bell: Ringing) -> None:
    call, token = await bell.told()
    for _ in range(5):
        await post(bell, f"/telephony/twilio/{token}/status", STATUS)
    assert len(await bell.events(call)) == 1


async def test_a_ringing_that_comes_after_the_end_changes_nothing(bell: Ringing) -> None:
    call, token = await bell.told()
    path = f"/telephony/twilio/{token}/status"
    await post(bell, path, STATUS | {"CallStatus": "completed", "SequenceNumber": "3", "CallDuration": "12"})
    await post(bell, path, STATUS)
    row = await bell.call(call)
    assert (row["state"], row["seconds"]) == ("ended", 12)
    assert [event["changed"] for event in await bell.events(call)] == [True, False]


def aksk(url: str, shared: str = VOICE) -> dict[str, str]:
    text = f"{url}\nn0nce\n2026-11-21T16:30:00Z"
    digest = base64.b64encode(hmac.digest(shared.encode(), text.encode(), "sha256")).decode()
    value = (
        f'UsernameToken Username="voice", PasswordDigest="{digest}", Nonce="n0nce",'
        ' Created="2026-11-21T16:30:00Z"'
    )
    return {"X-AKSK": value, "Content-Type": "application/json;charset=UTF-8"}


async def said(bell: Ringing, token: str, kind: str, shared: str = VOICE, **info: object) -> int:
    path = f"/telephony/domestic/{token}/status"
    body = {"eventType": kind, "statusInfo": {"sessionId": "s1", "called": DAUGHTER, **info}}
    async with anonymous(bell.app) as client:
        answer: httpx.Response = await client.post(
            path, content=json.dumps(body), headers=aksk(f"{PUBLIC}{path}", shared)
        )
    return answer.status_code


async def test_the_domestic_provider_tells_of_a_call_and_of_its_key(bell: Ringing) -> None:
    call, token = await bell.told()
    for nth, kind in enumerate(("callout", "alerting", "answer")):
        assert await said(bell, token, kind, timestamp=f"2026-11-21 08:30:0{nth}") == 200
    assert await said(bell, token, "collectInfo", timestamp="2026-11-21 08:30:09", digitInfo="2") == 200
    assert await said(bell, token, "collectInfo", timestamp="2026-11-21 08:30:09", digitInfo="2") == 200
    assert await said(bell, token, "disconnect", timestamp="2026-11-21 08:30:12", stateCode=0) == 200
    row = await bell.call(call)
    assert (row["state"], row["keys"]) == ("ended", "2")
    assert [line["data"]["answer"] for line in await bell.lines("family_answer")] == ["coming"]


@pytest.mark.parametrize(
    ("code", "state", "why"),
    [
        (8102, "busy", None),
        (8101, "no_answer", None),
        (8104, "failed", "not_reached"),
        (0, "no_answer", None),
    ],
)
async def test_the_domestic_provider_s_ends(bell: Ringing, code: int, state: str, why: str | None) -> None:
    call, token = await bell.told()
    await said(bell, token, "alerting", timestamp="2026-11-21 08:30:00")
    await said(bell, token, "disconnect", timestamp="2026-11-21 08:30:12", stateCode=code)
    row = await bell.call(call)
    assert (row["state"], row["code"]) == (state, why)


async def test_the_domestic_provider_s_signature_is_checked(bell: Ringing) -> None:
    call, token = await bell.told()
    assert await said(bell, token, "alerting", shared="wrong", timestamp="2026-11-21 08:30:00") == 403
    assert await said(bell, "A" * 22, "alerting", timestamp="2026-11-21 08:30:00") == 404
    assert (await bell.call(call))["state"] == "queued"


async def pushed(bell: Ringing, what: str, body: object, shared: str = PUSHED) -> int:
    async with anonymous(bell.app) as client:
        answer = await client.post(f"/telephony/domestic/reports/{shared}/{what}", content=json.dumps(body))
    return answer.status_code


async def test_domestic_receipts_and_replies_find_their_message(bell: Ringing) -> None:
    call, token = await bell.told("sms")
    receipt = {"out_id": token, "biz_id": "b1", "success": True, "report_time": "2026-11-21 16:30:05"}
    assert await pushed(bell, "receipts", [receipt], shared="wrong") == 404
    assert await pushed(bell, "receipts", {"not": "a list"}) == 400
    assert await pushed(bell, "receipts", [receipt, receipt, {"out_id": "unknown"}]) == 200
    assert (await bell.call(call))["state"] == "delivered"
    reply = {"phone_number": "13800005678", "content": "3", "sequence_id": 7}
    stranger = {"phone_number": "13899990000", "content": "1", "sequence_id": 8}
    assert await pushed(bell, "replies", [reply, stranger, reply]) == 200
    assert [line["data"]["answer"] for line in await bell.lines("family_answer")] == ["cannot"]


async def test_a_domestic_message_that_did_not_arrive(bell: Ringing) -> None:
    call, token = await bell.told("sms")
    report = {"out_id": token, "biz_id": "b1", "success": False, "err_code": "isv.MOBILE_NUMBER_ILLEGAL"}
    await pushed(bell, "receipts", [report])
    row = await bell.call(call)
    assert (row["state"], row["code"]) == ("failed", "no_such_number")


DOORS = sorted(
    route.path
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and "POST" in (route.methods or ())
)


async def test_every_door_is_closed_to_who_does_not_sign(bell: Ringing) -> None:
    call, token = await bell.told()
    assert len(DOORS) > 20
    for door in DOORS:
        path = door.format(token=token, nth=1, wrong=0, secret="wrong")
        given = {**STATUS, "CallStatus": "completed", "Digits": "2", "RecordingSid": "RE1", "From": DAUGHTER}
        assert (await post(bell, path, given, "bm9wZQ==")).status_code in {403, 404}, door
    assert ((await bell.call(call))["state"], await bell.events(call)) == ("queued", [])
    assert (await bell.row("SELECT count(*) AS n FROM inbound_call"))["n"] == 0
