"""The domestic carrier against a small server that answers as the providers' documentation says."""

import base64
import contextlib
import hmac
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.errors import Failure
from core.settings import Settings
from dispatch.telephony.carriers import IN_DOUBT, Capability, Failed
from dispatch.telephony.choosing import made, named
from dispatch.telephony.domestic import Domestic
from tests.makers import NOW
from tests.pretending import PUBLIC, listening

TO, SEAT, TOKEN = "+8613800005678", "+8613900001111", "t" * 22


class Provider:
    """Keeps what it was asked, answers what the test says."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer: dict[str, Any] = {"resultcode": "0", "resultdesc": "Success", "sessionId": "s1"}
        self.status = 200
        self.headers: dict[str, str] = {}

    async def voice(self, request: Request) -> Response:
        header = dict(re.findall(r'(\w+)="([^"]*)"', request.headers["x-aksk"]))
        secret = {"voice": b"vs", "bridge": b"bs"}[header["Username"]]
        text = header["Nonce"] + header["Created"]
        digest = base64.b64encode(hmac.digest(secret, text.encode(), "sha256")).decode()
        assert header["PasswordDigest"] == digest
        self.asked.append((request.url.path, await request.json()))
        return JSONResponse(self.answer, self.status, self.headers)

    async def text(self, request: Request) -> Response:
        assert request.headers["authorization"].startswith("ACS3-HMAC-SHA256 Credential=ak,SignedHeaders=")
        assert request.headers["x-acs-action"] == "SendSms"
        self.asked.append((request.url.path, dict(request.query_params)))
        return JSONResponse(self.answer, self.status, self.headers)


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[tuple[Provider, Domestic]]:
    provider = Provider()
    routes = [
        Route("/rest/httpsessions/{what}/v2.0", provider.voice, methods=["POST"]),
        Route("/", provider.text, methods=["POST"]),
    ]
    async with listening(Starlette(routes=routes)) as address:
        yield provider, Domestic(Settings(**given(address)))


def given(address: str) -> dict[str, Any]:
    return {
        "public_url": PUBLIC,
        "domestic_voice_url": address,
        "domestic_voice_key": "voice",
        "domestic_voice_secret": SecretStr("vs"),
        "domestic_voice_template": "template",
        "domestic_bridge_key": "bridge",
        "domestic_bridge_secret": SecretStr("bs"),
        "domestic_number": "+8654612345678",
        "domestic_text_url": address,
        "domestic_text_key": "ak",
        "domestic_text_secret": SecretStr("sk"),
        "domestic_text_sign": "银铃",
        "domestic_text_template": "SMS_1",
        "domestic_text_push": SecretStr("p"),
    }


async def test_a_notice_is_read_out_one_key_collected_and_told_to_our_address() -> None:
    async with running() as (provider, carrier):
        sent = await carrier.say(TO, TOKEN, "有报警")
    path, body = provider.asked[0]
    assert (sent.ref, path) == ("s1", "/rest/httpsessions/callnotify/v2.0")
    assert (body["calleeNbr"], body["displayNbr"]) == (TO, "+8654612345678")
    assert body["playInfoList"][0]["templateParas"] == ["有报警"]
    assert body["playInfoList"][0]["collectInd"] == 1
    told = base64.b64decode(body["statusUrl"]).decode()
    assert told == f"{PUBLIC}/telephony/domestic/{TOKEN}/status"


async def test_two_phones_are_joined_and_hung_up() -> None:
    async with running() as (provider, carrier):
        await carrier.bridge(SEAT, TO, TOKEN)
        await carrier.end("s1")
    (joined, body), (stopped, over) = provider.asked
    assert (body["callerNbr"], body["calleeNbr"]) == (SEAT, TO)
    assert joined.endswith("click2Call/v2.0")
    assert stopped.endswith("callStop/v2.0")
    assert over == {"sessionid": "s1", "signal": "call_stop"}


async def test_a_message_goes_without_our_sign_which_the_template_has() -> None:
    async with running() as (provider, carrier):
        provider.answer = {"Code": "OK", "BizId": "b1"}
        sent = await carrier.text(TO, "【银铃】请回复", TOKEN)
    query = provider.asked[0][1]
    assert (sent.ref, query["PhoneNumbers"], query["OutId"]) == ("b1", "13800005678", TOKEN)
    assert json.loads(query["TemplateParam"]) == {"words": "请回复"}


@pytest.mark.parametrize(
    ("status", "answer", "code", "is_permanent", "wait"),
    [
        (200, {"resultcode": "1020165"}, "rate_limited", False, None),
        (200, {"resultcode": "7004"}, "blocked", True, None),
        (403, {"resultcode": "1010010"}, "not_set_up", False, None),
        (429, {}, "rate_limited", False, 30.0),
        (503, {}, IN_DOUBT, False, None),
    ],
)
async def test_what_the_provider_refuses(
    status: int,
    answer: dict[str, str],
    code: str,
    is_permanent: bool,  # noqa: FBT001 - a table's column
    wait: float | None,
) -> None:
    async with running() as (provider, carrier):
        provider.status, provider.answer = status, answer
        provider.headers = {"Retry-After": "30"} if wait else {}
        with pytest.raises(Failed) as refused:
            await carrier.say(TO, TOKEN, "w")
    found = refused.value
    assert (found.code, found.is_permanent, found.retry_after) == (code, is_permanent, wait)


async def test_a_provider_that_is_away_and_one_that_keeps_no_list() -> None:
    carrier = Domestic(Settings(**given("http://127.0.0.1:1")))
    with pytest.raises(Failed) as away:
        await carrier.text(TO, "w", TOKEN)
    assert away.value.code == "carrier_away"
    with pytest.raises(Failed) as unknown:
        await carrier.find(TO, NOW, TOKEN)
    assert unknown.value.code == "cannot_tell"


def test_what_is_set_up_is_what_it_can_do() -> None:
    everything = Settings(**given("http://127.0.0.1:1"))
    assert Domestic(everything).capabilities == {
        Capability.VOICE,
        Capability.KEYS,
        Capability.BRIDGE,
        Capability.SMS,
        Capability.SMS_IN,
    }
    texts = {key: value for key, value in given("http://127.0.0.1:1").items() if "text" in key}
    only = Settings(**{**texts, "domestic_text_push": None})
    assert Domestic(only).capabilities == {Capability.SMS}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"domestic_voice_url": "https://rtccall.test"}, "rtccall.test is not one of YINLING_OUTGOING_HOSTS"),
        ({"domestic_voice_url": "http://rtccall.test"}, "not an address of https"),
        ({"public_url": None}, "YINLING_PUBLIC_URL is not set"),
    ],
)
def test_what_is_wrong_with_the_settings_is_named(changed: dict[str, Any], words: str) -> None:
    settings = Settings(**{**given("http://127.0.0.1:1"), **changed})
    with pytest.raises(Failure, match=words):
        made(settings, "domestic")
    assert named(settings, "domestic") is None
    assert named(settings, "desk") is None


def test_without_anything_there_is_no_provider() -> None:
    with pytest.raises(Failure, match="neither voice nor SMS"):
        made(Settings(), "domestic")
    with pytest.raises(Failure, match="YINLING_TWILIO_ACCOUNT_SID is not set"):
        made(Settings(), "twilio")
