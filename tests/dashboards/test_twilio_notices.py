"""An automatic call to a relative over the pretended Twilio: every manner of phone, every trick."""

from collections.abc import AsyncIterator

import pytest

from deploy.pretend.phones import Delivery, Manner
from dispatch.telephony.carriers import Failed
from tests.dashboards.ringing import DAUGHTER, OURS, Ringing, ringing
from tests.dispatch.worlds import World

TRY = """SELECT t.state, t.code, t.is_permanent, n.answer, n.answered_at FROM notice_try t
         JOIN notice n ON n.id = t.notice_id JOIN phone_call c ON c.notice_try_id = t.id WHERE c.id = $1"""


WIDE_2 = "\uff12 马上"


@pytest.fixture
async def bell(world: World) -> AsyncIterator[Ringing]:
    async with ringing(world) as made:
        yield made


async def test_the_daughter_presses_2_and_the_case_knows_that_she_is_coming(bell: Ringing) -> None:
    bell.phones.exchange.phone(DAUGHTER).keys = ("2",)
    call, token = await bell.told()
    sent = await bell.twilio.say(DAUGHTER, token)
    await bell.phones.go(60)
    row = await bell.call(call)
    assert (row["state"], row["keys"]) == ("ended", "2")
    assert row["seconds"] is not None
    assert row["answered_at"] < row["ended_at"]
    assert (await bell.row(TRY, call))["answer"] == "coming"
    assert [line["data"]["answer"] for line in await bell.lines("family_answer")] == ["coming"]
    heard = " ".join(bell.heard())
    assert "请按1" in heard
    assert "路上请注意安全" in heard
    assert (await bell.row("SELECT carrier_ref FROM phone_call WHERE id = $1", call))[
        "carrier_ref"
    ] == sent.ref


@pytest.mark.parametrize(
    ("manner", "state", "code"),
    [
        (Manner.BUSY, "busy", "busy"),
        (Manner.RINGS_OUT, "no_answer", "no_answer"),
        (Manner.VOICEMAIL, "voicemail", "voicemail"),
        (Manner.FAILS, "failed", "unknown"),
    ],
)
async def test_a_phone_that_reaches_nobody_is_a_try_that_failed(
    bell: Ringing, manner: Manner, state: str, code: str
) -> None:
    bell.phones.exchange.phone(DAUGHTER).manner = manner
    call, token = await bell.told()
    await bell.twilio.say(DAUGHTER, token)
    await bell.phones.go(120)
    assert (await bell.call(call))["state"] == state
    row = await bell.row(TRY, call)
    assert (row["state"], row["code"], row["answer"]) == ("failed", code, None)


async def test_a_voice_mailbox_hears_nothing_of_the_matter(bell: Ringing) -> None:
    bell.phones.exchange.phone(DAUGHTER).manner = Manner.VOICEMAIL
    _, token = await bell.told()
    await bell.twilio.say(DAUGHTER, token)
    await bell.phones.go(120)
    heard = " ".join(bell.heard())
    assert "回电" in heard
    assert "报警" not in heard


async def test_who_hangs_up_in_the_prompt_has_heard_it_and_not_answered(bell: Ringing) -> None:
    bell.phones.exchange.phone(DAUGHTER).manner = Manner.HANGS_UP
    call, token = await bell.told()
    await bell.twilio.say(DAUGHTER, token)
    await bell.phones.go(60)
    assert (await bell.call(call))["state"] == "ended"
    row = await bell.row(TRY, call)
    assert (row["state"], row["answer"]) == ("answered", None)


async def test_a_wrong_key_is_asked_again_and_the_right_one_counts(bell: Ringing) -> None:
    phone = bell.phones.exchange.phone(DAUGHTER)
    phone.keys = ("7", "1")
    call, token = await bell.told()
    await bell.twilio.say(DAUGHTER, token)
    await bell.phones.go(90)
    assert (await bell.call(call))["keys"] == "71"
    assert (await bell.row(TRY, call))["answer"] == "seen"
    assert "按键无效" in " ".join(bell.heard())


async def test_9_says_it_again_and_two_wrong_keys_end_the_call(bell: Ringing) -> None:
    bell.phones.exchange.phone(DAUGHTER).keys = ("9", "7", "8", "0")
    call, token = await bell.told()
    await bell.twilio.say(DAUGHTER, token)
    await bell.phones.go(180)
    row = await bell.call(call)
    assert (row["state"], row["keys"]) == ("ended", "780")
    assert (await bell.row(TRY, call))["answer"] is None
    assert sum("请按1" in text for text in bell.heard()) == 4


async def test_no_key_at_all_is_no_answer(bell: Ringing) -> None:
    bell.phones.exchange.phone(DAUGHTER).keys = ()
    call, token = await bell.told()
    await bell.twilio.say(DAUGHTER, token)
    await bell.phones.go(90)
    assert (await bell.call(call))["keys"] == ""
    assert (await bell.row(TRY, call))["answer"] is None
    assert "没有收到您的按键" in " ".join(bell.heard())


async def test_callbacks_twice_and_out_of_order_come_to_the_same(bell: Ringing) -> None:
    modes = bell.phones.exchange.courier.modes
    modes.is_twice = modes.is_shuffled = True
    bell.phones.exchange.phone(DAUGHTER).keys = ("2",)
    call, token = await bell.told()
    await bell.twilio.say(DAUGHTER, token)
    await bell.phones.go(120)
    row = await bell.call(call)
    assert (row["state"], row["keys"]) == ("ended", "2")
    assert len(await bell.lines("family_answer")) == 1
    keys = [event["key"] for event in await bell.events(call)]
    assert len(keys) == len(set(keys))
    assert bell.phones.exchange.courier.troubles == []


async def test_an_hour_late_is_noted_with_its_own_time(bell: Ringing) -> None:
    bell.phones.exchange.courier.modes.late = 3600
    bell.phones.exchange.phone(DAUGHTER).manner = Manner.BUSY
    call, token = await bell.told()
    await bell.twilio.say(DAUGHTER, token)
    said = bell.phones.clock()
    await bell.phones.go(10)
    assert (await bell.call(call))["state"] == "queued"
    bell.phones.clock.push(minutes=59)
    await bell.phones.go(120)
    row = await bell.call(call)
    assert row["state"] == "busy"
    assert (row["ended_at"] - said).total_seconds() < 60
    assert [line["data"]["word"] for line in await bell.lines("call_late")] == ["busy"]


async def test_a_number_that_cannot_exist_is_known_at_once(bell: Ringing) -> None:
    bell.phones.exchange.phone(DAUGHTER).manner = Manner.INVALID
    _, token = await bell.told()
    with pytest.raises(Failed) as refused:
        await bell.twilio.say(DAUGHTER, token)
    assert (refused.value.code, refused.value.is_permanent) == ("no_such_number", True)


async def test_429_is_temporary_and_says_when(bell: Ringing) -> None:
    bell.phones.exchange.courier.modes.refusals = 1
    _, token = await bell.told()
    with pytest.raises(Failed) as refused:
        await bell.twilio.say(DAUGHTER, token)
    assert (refused.value.code, refused.value.is_permanent) == ("rate_limited", False)
    assert refused.value.retry_after == 1.0
    await bell.twilio.say(DAUGHTER, token)


async def test_what_was_done_and_answered_500_is_found_and_not_done_again(bell: Ringing) -> None:
    bell.phones.exchange.courier.modes.breaks = 1
    _, token = await bell.told()
    since = bell.phones.clock()
    with pytest.raises(Failed) as refused:
        await bell.twilio.say(DAUGHTER, token)
    assert refused.value.code == "in_doubt"
    found = await bell.twilio.find(DAUGHTER, since, token)
    assert found is not None
    assert await bell.twilio.find(DAUGHTER, since, token, {found.ref}) is None
    assert await bell.twilio.find("+8613800009999", since, token) is None


async def test_a_message_is_delivered_and_answered(bell: Ringing) -> None:
    call, token = await bell.told("sms")
    await bell.twilio.text(DAUGHTER, "回复2", token)
    await bell.phones.go(30)
    assert (await bell.call(call))["state"] == "delivered"
    assert (await bell.row(TRY, call))["state"] == "delivered"
    bell.phones.exchange.sms.url = f"{bell.settings.public_url}/telephony/twilio/inbound/text"
    bell.phones.exchange.write_in(DAUGHTER, WIDE_2)
    await bell.phones.go(10)
    assert (await bell.row(TRY, call))["answer"] == "coming"
    assert [line["note"] for line in await bell.lines("reply")] == [WIDE_2]


async def test_a_landline_is_a_permanent_failure_a_phone_switched_off_is_not(bell: Ringing) -> None:
    for delivery, code, is_permanent in (
        (Delivery.SWITCHED_OFF, "not_reached", False),
        (Delivery.LANDLINE, "landline", True),
    ):
        bell.phones.exchange.phone(DAUGHTER).delivery = delivery
        call, token = await bell.told("sms")
        await bell.twilio.text(DAUGHTER, "x", token)
        await bell.phones.go(60)
        row = await bell.row(TRY, call)
        assert (row["state"], row["code"], row["is_permanent"]) == ("failed", code, is_permanent)
        await bell.row("UPDATE notice SET next_at = NULL, state = 'failed', ended_at = now() RETURNING id")


async def test_a_stranger_s_message_changes_nothing_and_is_not_answered(bell: Ringing) -> None:
    bell.phones.exchange.sms.url = f"{bell.settings.public_url}/telephony/twilio/inbound/text"
    bell.phones.exchange.write_in("+8613899990000", "1")
    await bell.phones.go(10)
    assert bell.heard("+8613899990000") == []
    assert bell.phones.exchange.courier.troubles == []
    assert OURS.startswith("+86")
