"""Callers over the pretended phones: spoken to and recorded, missed and called back, nobody there."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core import consents
from core.consents import Withdrawn
from core.db import Pool
from deploy.pretend.phones import Manner
from dispatch.inbound import recordings
from dispatch.telephony.twilio_sounds import TwilioSounds
from tests import makers
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import make_world
from tests.journeys.nights import DAUGHTER, FAILING, MANAGER, TRICKS, Night, night
from tests.makers import NOW

DESK = "+865463300101"


@pytest.fixture
async def dark(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any, tmp_path: Path
) -> AsyncIterator[Night]:
    given: dict[str, Any] = {"carrier": "twilio", "records_calls": True}
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, **given)
    async with night(world, tmp_path) as made:
        yield made


async def sit_down(dark: Night) -> None:
    """Let the operator have a console open and a phone at the seat."""
    world, operator = dark.world, dark.operator.account_id
    async with world.web.transaction(world.district) as conn:
        await conn.execute(
            "INSERT INTO operator_seen (account_id, district_id, seen_at) VALUES ($1, $2, $3)",
            operator,
            world.district,
            NOW + timedelta(minutes=30),
        )
        await conn.execute(
            "INSERT INTO desk_phone (account_id, district_id, number_sealed, changed_at)"
            " VALUES ($1, $2, $3, $4)",
            operator,
            world.district,
            world.keys.seal(world.district, "05463300101"),
            NOW,
        )


async def console(dark: Night) -> httpx.AsyncClient:
    return await client_of(dark.app, dark.operator)


@pytest.mark.parametrize("trick", TRICKS)
async def test_the_daughter_calls_is_spoken_to_and_the_recording_can_be_heard(
    dark: Night, trick: str
) -> None:
    await sit_down(dark)
    dark.play(trick)
    dark.phone(DESK).talks = 40
    dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(0.5)
    async with await console(dark) as client:
        (line,) = (await client.get("/api/v1/inbound-calls")).json()["items"]
        bar = (await client.get("/console/inbound/ringing")).text
        page = (await client.get(f"/console/inbound/{line['id']}")).text
        assert (await client.post(f"/api/v1/inbound-calls/{line['id']}/take")).status_code == 200
    assert "李娜" in bar
    assert "李娜" in page
    await dark.until(5)
    world = dark.world
    kept = 0
    for minutes in range(4):  # a carrier that refuses is asked again after a minute
        at = dark.clock.now + timedelta(minutes=2 * minutes)
        sounds = TwilioSounds(dark.settings)
        kept += await recordings.fetch_due(world.worker, world.keys, world.district, sounds, at)
    async with await console(dark) as client:
        ended = (await client.get(f"/api/v1/inbound-calls/{line['id']}")).json()
        sound_of = await world_row(dark, "SELECT id, seconds FROM recording")
        sound = await client.get(f"/console/recordings/{sound_of['id']}/sound")
    assert (ended["reason"], ended["ended_at"] is not None) == (None, True)
    assert (kept, sound_of["seconds"]) == (1, 40)
    assert (sound.status_code, sound.content[:4], sound.headers["content-type"]) == (
        200,
        b"RIFF",
        "audio/x-wav",
    )
    assert dark.phones.exchange.recordings == {}
    assert dark.phones.exchange.courier.troubles == []
    assert any("录音" in words for words in dark.phone().words())
    on_record = "SELECT count(*) AS n FROM audit_log WHERE action = 'reveal' AND subject_kind = 'recording'"
    assert (await world_row(dark, on_record))["n"] == 1


async def test_without_consent_nothing_is_recorded(dark: Night) -> None:
    await sit_down(dark)
    async with dark.world.web.transaction(dark.world.district) as conn:
        consent = await conn.fetchval("SELECT id FROM consent WHERE item = 'recording'")
        back = Withdrawn("elder", "in_person", "changed_mind", NOW)
        district = dark.world.district
        await consents.withdraw(conn, consent, back, district=district, account=None, now=NOW)
    dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(0.5)
    async with await console(dark) as client:
        (line,) = (await client.get("/api/v1/inbound-calls")).json()["items"]
        await client.post(f"/api/v1/inbound-calls/{line['id']}/take")
    await dark.until(5)
    assert dark.phones.exchange.recordings == {}
    assert not any("录音" in words for words in dark.phone().words())


@pytest.mark.parametrize("trick", TRICKS)
async def test_who_gives_up_is_called_back_and_a_second_call_that_comes_through_needs_none(
    dark: Night, trick: str
) -> None:
    await sit_down(dark)
    dark.play(trick)
    first = dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(1)
    dark.phones.exchange.hang_up(first)
    await dark.until(3)
    async with await console(dark) as client:
        (line,) = (await client.get("/api/v1/call-backs")).json()["items"]
        assert (line["names"], line["calls"], line["reasons"]) == ("李娜", 1, ["gave_up"])
        dark.phones.exchange.dial_in(DAUGHTER)
        await dark.until(4)
        newest = (await client.get("/api/v1/inbound-calls")).json()["items"][0]["id"]
        await client.post(f"/api/v1/inbound-calls/{newest}/take")
        await dark.until(8)
        assert (await client.get("/api/v1/call-backs")).json()["items"] == []


@pytest.mark.parametrize("manner", FAILING)
async def test_an_operator_whose_phone_does_not_ring_gives_the_caller_back_to_the_queue(
    dark: Night, manner: Manner
) -> None:
    await sit_down(dark)
    desk = dark.phone(DESK)
    desk.manner = manner
    dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(0.5)
    async with await console(dark) as client:
        (line,) = (await client.get("/api/v1/inbound-calls")).json()["items"]
        at = f"/api/v1/inbound-calls/{line['id']}"
        assert (await client.post(f"{at}/take")).status_code == 200
        await dark.until(1.5)
        shown = (await client.get(at)).json()
        if manner in (
            Manner.VOICEMAIL,
            Manner.HANGS_UP,
        ):  # who takes a call is at the phone: picked up is picked up
            assert shown["connected_at"] is not None
            return
        assert (shown["taken_by"], shown["ended_at"]) == (None, None)
        desk.manner = Manner.ANSWERS
        assert (await client.post(f"{at}/take")).status_code == 200
        await dark.until(4)
        shown = (await client.get(at)).json()
    assert (shown["reason"], shown["connected_at"] is not None) == (None, True)


async def on_duty(dark: Night) -> None:
    """Put the duty manager on the rota of this night."""
    async with dark.world.web.transaction(dark.world.district) as conn:
        await conn.execute(
            "INSERT INTO duty_shift (id, district_id, account_id, role, starts_at, ends_at)"
            " VALUES (gen_random_uuid(), $1, $2, 'duty_manager', $3, $4)",
            dark.world.district,
            dark.manager.account_id,
            NOW - timedelta(hours=1),
            NOW + timedelta(hours=5),
        )


@pytest.mark.parametrize("trick", TRICKS)
async def test_nobody_is_there_and_the_duty_managers_phone_rings(dark: Night, trick: str) -> None:
    await on_duty(dark)
    dark.play(trick)
    dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(3)
    assert any("按1" in words for words in dark.phone(MANAGER).words())
    assert any("connected" in words for words in dark.phone(MANAGER).words())
    row = await world_row(dark, "SELECT reason, connected_at, rung_id FROM inbound_call")
    assert (row["reason"], row["rung_id"]) == (None, dark.manager.account_id)


@pytest.mark.parametrize("manner", [*FAILING, Manner.WRONG_KEY])
async def test_a_duty_manager_who_is_not_reached_has_not_spoken_to_the_caller(
    dark: Night, manner: Manner
) -> None:
    await on_duty(dark)
    dark.phone(MANAGER).manner = manner
    dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(3)
    assert any("回电" in words for words in dark.phone().words())
    row = await world_row(dark, "SELECT reason, connected_at FROM inbound_call")
    assert (row["reason"], row["connected_at"]) == ("nobody_on_duty", None)
    assert (await world_row(dark, "SELECT count(*) AS n FROM care_case"))["n"] == 1


async def test_a_caller_whose_end_nobody_tells_is_off_the_line_and_called_back(dark: Night) -> None:
    await sit_down(dark)
    dark.phones.exchange.status.url = None
    call = dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(0.5)
    dark.phones.exchange.hang_up(call)
    await dark.until(4)
    row = await world_row(dark, "SELECT reason, ended_at < $1 AS is_then FROM inbound_call", dark.clock.now)
    assert (row["reason"], row["is_then"]) == ("technical", True)
    async with await console(dark) as client:
        assert len((await client.get("/api/v1/call-backs")).json()["items"]) == 1


async def test_a_relative_who_reads_english_is_spoken_to_in_english(dark: Night) -> None:
    async with dark.world.web.transaction(dark.world.district) as conn:
        person = await makers.make_person(conn, dark.world.district, "family", family_member=dark.daughter)
        await conn.execute("UPDATE account SET language = 'en' WHERE id = $1", person.account_id)
    dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(1)
    heard = dark.phone().words()
    assert any("call you back" in words for words in heard)
    assert not any("您好" in words for words in heard)


@pytest.mark.parametrize("manner", [Manner.BUSY, Manner.RINGS_OUT, Manner.FAILS])
async def test_nobody_at_all_means_a_promise_and_a_case_that_is_escalated(
    dark: Night, manner: Manner
) -> None:
    dark.phone(MANAGER).manner = manner
    dark.phones.exchange.dial_in(DAUGHTER)
    await dark.until(3)
    assert any("回电" in words for words in dark.phone().words())
    row = await world_row(dark, "SELECT type, state, elder_id FROM care_case")
    assert (row["type"], row["elder_id"]) == ("missed_call", dark.world.elder)
    await dark.until(6)
    assert dark.rang(MANAGER)


async def test_a_caller_who_hides_the_number_is_taken_like_anybody(dark: Night) -> None:
    dark.phones.exchange.dial_in("anonymous")
    await dark.until(1)
    row = await world_row(dark, "SELECT number_index, reason FROM inbound_call")
    assert row["number_index"] is None


async def test_of_districts_with_one_number_the_one_answers_where_somebody_is(
    dark: Night, pool_owner: Pool
) -> None:
    await makers.make_district(pool_owner, "110101", carrier="twilio")
    await sit_down(dark)
    stranger = "+8615000009999"
    call = dark.phones.exchange.dial_in(stranger)
    await dark.until(0.5)
    async with dark.world.web.transaction(dark.world.district) as conn:
        await conn.execute("DELETE FROM operator_seen")  # where a call is, it stays
    dark.phones.exchange.hang_up(call)
    await dark.until(1)
    row = await world_row(dark, "SELECT reason, ended_at IS NOT NULL AS is_over FROM inbound_call")
    assert (row["reason"], row["is_over"]) == ("gave_up", True)


async def world_row(dark: Night, query: str, *values: object) -> Any:
    async with dark.world.web.transaction(dark.world.district) as conn:
        return await conn.fetchrow(query, *values)
