"""The pretended Twilio: what it answers, what it asks our webhooks, how phones and the server misbehave."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from deploy.pretend.courier import sign
from deploy.pretend.numbers import ACCOUNT, TOKEN
from deploy.pretend.phones import Delivery, Manner
from tests.makers import NOW
from tests.pretending import PUBLIC, Pretended, Pushed, pretending

ELDER, DESK, CENTRE = "+8613800001111", "+8613900002222", "+8605463300000"
ASK = (
    '<Response><Gather action="/keys" numDigits="1" timeout="5"><Say>please press</Say></Gather>'
    "<Say>nothing pressed</Say></Response>"
)


@dataclass
class Webhooks:
    """A web app of ours in small: documents by path, and everything that was asked."""

    documents: dict[str, str] = field(default_factory=lambda: {"/words": ASK})
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)

    async def __call__(self, request: Request) -> Response:
        fields = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        url = f"{PUBLIC}{request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
        if not RequestValidator(TOKEN).validate(url, fields, request.headers["x-twilio-signature"]):
            self.forged.append(request.url.path)
        self.asked.append((request.url.path, fields))
        return Response(self.documents.get(request.url.path, "<Response/>"), media_type="text/xml")

    def said(self, path: str = "/status", field: str = "CallStatus") -> list[str]:
        return [fields[field] for where, fields in self.asked if where == path]


@pytest.fixture
def webhooks() -> Webhooks:
    return Webhooks()


@pytest.fixture
async def pretended(webhooks: Webhooks) -> AsyncIterator[Pretended]:
    app = Starlette(routes=[Route("/{rest:path}", webhooks.__call__, methods=["GET", "POST"])])
    async with pretending(app, Pushed()) as made:
        yield made
    assert webhooks.forged == []


async def post(pretended: Pretended, what: str, **fields: Any) -> httpx.Response:
    url = f"{pretended.address}/2010-04-01/Accounts/{ACCOUNT}/{what}.json"
    async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN), trust_env=False) as client:
        return await client.post(url, data=fields)


async def get(pretended: Pretended, what: str, **query: str) -> httpx.Response:
    url = f"{pretended.address}/2010-04-01/Accounts/{ACCOUNT}/{what}"
    async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN), trust_env=False) as client:
        return await client.get(url, params=query)


async def call(pretended: Pretended, manner: Manner = Manner.ANSWERS, **more: Any) -> str:
    pretended.exchange.phone(ELDER).manner = manner
    given = {
        "To": ELDER,
        "From": CENTRE,
        "Url": f"{PUBLIC}/words",
        "StatusCallback": f"{PUBLIC}/status",
        "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        "Timeout": 25,
    }
    made = await post(pretended, "Calls", **given, **more)
    assert made.status_code == 201, made.text
    sid: str = made.json()["sid"]
    return sid


async def test_a_phone_that_answers_hears_the_words_and_its_key_comes_back(
    pretended: Pretended, webhooks: Webhooks
) -> None:
    pretended.exchange.phone(ELDER).keys = ("2",)
    sid = await call(pretended)
    await pretended.go(30)
    assert pretended.exchange.phone(ELDER).words() == ["please press"]
    assert webhooks.said("/keys", "Digits") == ["2"]
    assert webhooks.said() == ["initiated", "ringing", "in-progress", "completed"]
    shown = (await get(pretended, f"Calls/{sid}.json")).json()
    assert (shown["status"], shown["duration"], shown["direction"]) == ("completed", "3", "outbound-api")


@pytest.mark.parametrize(
    ("manner", "last", "keys"),
    [
        (Manner.BUSY, "busy", []),
        (Manner.FAILS, "failed", []),
        (Manner.RINGS_OUT, "no-answer", []),
        (Manner.VOICEMAIL, "completed", []),
        (Manner.HANGS_UP, "completed", []),
        (Manner.WRONG_KEY, "completed", ["7"]),
        (Manner.BY_HAND, "no-answer", []),
    ],
)
async def test_each_manner_of_a_phone_ends_as_twilio_tells_it(
    pretended: Pretended, webhooks: Webhooks, manner: Manner, last: str, keys: list[str]
) -> None:
    await call(pretended, manner)
    await pretended.go(60)
    assert webhooks.said()[-1] == last
    assert webhooks.said("/keys", "Digits") == keys


async def test_after_a_wrong_key_the_right_one_is_pressed_when_it_is_asked_again(
    pretended: Pretended, webhooks: Webhooks
) -> None:
    webhooks.documents["/keys"] = ASK
    pretended.exchange.phone(ELDER).keys = ("2",)
    await call(pretended, Manner.WRONG_KEY)
    await pretended.go(9)
    webhooks.documents["/keys"] = "<Response/>"
    await pretended.go(30)
    assert webhooks.said("/keys", "Digits")[:2] == ["7", "2"]


async def test_a_machine_is_told_from_a_person_when_asked(pretended: Pretended, webhooks: Webhooks) -> None:
    await call(pretended, Manner.VOICEMAIL, MachineDetection="Enable")
    await pretended.go(60)
    assert {fields.get("AnsweredBy") for path, fields in webhooks.asked if path == "/words"} == {
        "machine_start"
    }


async def test_a_number_that_cannot_exist_is_refused_before_it_rings(pretended: Pretended) -> None:
    pretended.exchange.phone(ELDER).manner = Manner.INVALID
    made = await post(pretended, "Calls", To=ELDER, From=CENTRE, Url=f"{PUBLIC}/words")
    assert (made.status_code, made.json()["code"]) == (400, 21211)


async def test_who_does_not_know_the_token_is_told_401_in_twilios_form(pretended: Pretended) -> None:
    url = f"{pretended.address}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    async with httpx.AsyncClient(auth=(ACCOUNT, "wrong"), trust_env=False) as client:
        made = await client.get(url)
    assert made.status_code == 401
    assert made.json() == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }


async def test_a_busy_server_refuses_so_many_requests_and_does_nothing(pretended: Pretended) -> None:
    pretended.exchange.courier.modes.refusals = 1
    refused = await post(pretended, "Messages", To=ELDER, From=CENTRE, Body="x")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert not pretended.exchange.messages
    assert (await post(pretended, "Messages", To=ELDER, From=CENTRE, Body="x")).status_code == 201


async def test_a_broken_answer_hides_a_call_that_was_made_and_a_list_finds_it(pretended: Pretended) -> None:
    pretended.exchange.courier.modes.breaks = 1
    made = await post(pretended, "Calls", To=ELDER, From=CENTRE, Url=f"{PUBLIC}/words")
    assert made.status_code == 500
    since = (NOW - timedelta(seconds=5)).isoformat()
    found = await get(pretended, "Calls.json", **{"To": ELDER, "StartTime>": since})
    assert [one["to"] for one in found.json()["calls"]] == [ELDER]
    other = await get(pretended, "Calls.json", **{"To": DESK, "StartTime>": since})
    assert other.json()["calls"] == []


async def test_status_callbacks_come_late_twice_and_out_of_order_when_asked(
    pretended: Pretended, webhooks: Webhooks
) -> None:
    modes = pretended.exchange.courier.modes
    modes.late, modes.is_twice, modes.is_shuffled = 100, True, True
    await call(pretended)
    await pretended.go(90)
    assert webhooks.said() == []
    await pretended.go(90)
    assert webhooks.said()[::2] == ["completed", "in-progress", "ringing", "initiated"]
    assert webhooks.said()[1::2] == ["completed", "in-progress", "ringing", "initiated"]


async def test_a_dial_joins_two_phones_and_says_how_it_went(pretended: Pretended, webhooks: Webhooks) -> None:
    webhooks.documents["/words"] = (
        '<Response><Dial action="/dialled" record="record-from-answer" recordingStatusCallback="/recorded">'
        f'<Number statusCallback="/child">{DESK}</Number></Dial></Response>'
    )
    pretended.exchange.phone(DESK).talks = 40
    await call(pretended)
    await pretended.go(90)
    (dialled,) = [fields for path, fields in webhooks.asked if path == "/dialled"]
    assert (dialled["DialCallStatus"], dialled["DialCallDuration"]) == ("completed", "40")
    assert webhooks.said("/child") == ["completed"]
    assert webhooks.said("/recorded", "RecordingDuration") == ["40"]
    sound = await get(pretended, f"Recordings/{dialled['RecordingSid']}.wav")
    assert (sound.status_code, sound.content[:4]) == (200, b"RIFF")


async def test_the_other_phone_of_a_dial_that_is_busy_leaves_the_first_on_the_line(
    pretended: Pretended, webhooks: Webhooks
) -> None:
    webhooks.documents["/words"] = f'<Response><Dial action="/dialled">{DESK}</Dial></Response>'
    webhooks.documents["/dialled"] = "<Response><Say>nobody there</Say></Response>"
    pretended.exchange.phone(DESK).manner = Manner.BUSY
    await call(pretended)
    await pretended.go(60)
    assert webhooks.said("/dialled", "DialCallStatus") == ["busy"]
    assert pretended.exchange.phone(ELDER).words()[-1] == "nobody there"


async def test_a_caller_waits_and_gives_up(pretended: Pretended, webhooks: Webhooks) -> None:
    exchange = pretended.exchange
    exchange.voice.url, exchange.status.url = f"{PUBLIC}/wait", f"{PUBLIC}/status"
    webhooks.documents["/wait"] = (
        '<Response><Say>wait</Say><Pause length="3"/><Redirect>/wait</Redirect></Response>'
    )
    made = exchange.dial_in(ELDER)
    await pretended.go(20)
    exchange.hang_up(made)
    await pretended.go(1)
    assert webhooks.said()[-1] == "completed"
    assert [fields["Direction"] for path, fields in webhooks.asked if path == "/wait"] == ["inbound"] * 6


async def test_a_living_call_is_ended_over_the_api(pretended: Pretended, webhooks: Webhooks) -> None:
    sid = await call(pretended, Manner.RINGS_OUT)
    await pretended.go(5)
    ended = await post(pretended, f"Calls/{sid}", Status="completed")
    assert ended.json()["status"] == "canceled"
    assert webhooks.said()[-1] == "canceled"


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        (Delivery.DELIVERED, ["sent", "delivered"]),
        (Delivery.SWITCHED_OFF, ["sent", "undelivered"]),
        (Delivery.LANDLINE, ["sent", "undelivered"]),
        (Delivery.SILENT, ["sent"]),
    ],
)
async def test_each_delivery_of_a_message_is_told(
    pretended: Pretended, webhooks: Webhooks, delivery: Delivery, expected: list[str]
) -> None:
    pretended.exchange.phone(ELDER).delivery = delivery
    await post(pretended, "Messages", To=ELDER, From=CENTRE, Body="hello", StatusCallback=f"{PUBLIC}/status")
    await pretended.go(20)
    assert webhooks.said(field="MessageStatus") == expected
    assert pretended.exchange.phone(ELDER).words("sms") == (["hello"] if delivery == "delivered" else [])


async def test_a_phone_answers_a_message(pretended: Pretended, webhooks: Webhooks) -> None:
    pretended.exchange.sms.url = f"{PUBLIC}/sms"
    pretended.exchange.phone(ELDER).replies = "2"
    await post(pretended, "Messages", To=ELDER, From=CENTRE, Body="hello")
    await pretended.go(20)
    assert webhooks.said("/sms", "Body") == ["2"]


async def test_a_webhook_that_fails_ends_the_call_as_twilio_does_and_is_kept_as_trouble(
    pretended: Pretended, webhooks: Webhooks
) -> None:
    webhooks.documents["/words"] = "<Response><Sing/></Response>"
    await call(pretended)
    await pretended.go(30)
    assert pretended.exchange.phone(ELDER).words() == ["[application error: Sing is not known here]"]
    assert webhooks.said()[-1] == "completed"


def test_our_signature_is_the_one_of_twilios_own_library() -> None:
    fields = {"CallSid": "CA1", "To": "+86 1", "Digits": ""}
    wanted = RequestValidator("secret").compute_signature("https://x.test/a?b=c", fields)
    assert sign("secret", "https://x.test/a?b=c", fields) == wanted
