"""The phone of an operator's seat: set, refused with a reason, taken away; the rota has the next best."""

import pytest
from fastapi import FastAPI

from core.accounts import Person
from dispatch.inbound import calls
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World, make_operator
from tests.makers import NOW

AT = "/console/desk-phone"


async def make_reader(world: World) -> Person:
    """Make an operator who reads English."""
    operator = await make_operator(world)
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = 'en' WHERE id = $1", operator.account_id)
    return operator


async def test_a_seat_has_none_then_one_then_none(app: FastAPI, world: World) -> None:
    operator = await make_reader(world)
    async with await client_of(app, operator) as client:
        none = await client.get(AT)
        kept = await client.post(AT, data={"number": "0531-8288 1234"}, follow_redirects=True)
        gone = await client.post(AT, data={"number": ""}, follow_redirects=True)
    assert "you cannot take callers" in none.text
    assert ("Kept." in kept.text, "you cannot take callers" in kept.text) == (True, False)
    assert "82881234" not in kept.text  # masked, as every number
    assert "you cannot take callers" in gone.text


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("120", "service or emergency number"),
        ("12345", "service or emergency number"),
        ("0531-82881234-801", "extension"),
        ("1380000123", "Digits are missing"),
        ("13800001234, 13900001234", "several numbers"),
        ("nobody", "letters"),
    ],
)
async def test_what_cannot_ring_at_a_seat_is_refused_and_stays_to_be_mended(
    app: FastAPI, world: World, number: str, why: str
) -> None:
    operator = await make_reader(world)
    async with await client_of(app, operator) as client:
        answer = await client.post(AT, data={"number": number})
        api = await client.post("/api/v1/desk-phone", json={"number": number})
        now = (await client.get("/api/v1/desk-phone")).json()
    assert (answer.status_code, api.status_code) == (422, 422)
    assert (why in answer.text, f'value="{number}"' in answer.text) == (True, True)
    assert now == {"number_masked": None}


async def test_the_number_of_the_rota_rings_where_the_seat_has_none(app: FastAPI, world: World) -> None:
    operator = await make_reader(world)
    sealed = world.keys.seal(world.district, "13900001111")
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET phone_sealed = $2 WHERE id = $1", operator.account_id, sealed)
    async with await client_of(app, operator) as client:
        page = await client.get(AT)
    assert ("139" in page.text, "your number of the rota" in page.text) == (True, True)


async def test_who_takes_a_caller_without_a_phone_is_led_to_it(app: FastAPI, world: World) -> None:
    operator = await make_reader(world)
    async with world.web.transaction(world.district) as conn:
        call, _ = await calls.arrive(
            conn, world.keys, district=world.district, carrier="twilio", ref="CA1", number=None, now=NOW
        )
    async with await client_of(app, operator) as client:
        answer = await client.post(f"/console/inbound/{call}/take")
    assert (answer.status_code, f'href="{AT}"' in answer.text) == (409, True)
