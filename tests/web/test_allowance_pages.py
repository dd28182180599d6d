"""The desk's pages of payment lists, proofs of life and deaths; the approver's first screen."""

from datetime import date
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from core.accounts import Person
from core.db import Pool
from services import deaths
from services.allowances import lists
from tests.dashboards.clients import client_of, make_app
from tests.makers import NOW
from tests.services.allowances import payers
from tests.services.allowances.payers import NOV, OCT, Payers

HX = {"hx-request": "true"}


@pytest.fixture
async def world(pool_owner: Pool, pool_worker: Pool, keys: Any) -> Payers:
    made = await payers.make(pool_owner, pool_worker, keys)
    async with pool_worker.transaction(made.district) as conn:
        await conn.execute("UPDATE account SET language = 'en'")
    return made


@pytest.fixture
async def app(pool_web: Pool, keys: Any) -> FastAPI:
    return make_app(pool_web, keys)


async def page(app: FastAPI, person: Person, url: str) -> str:
    async with await client_of(app, person) as client:
        answer = await client.get(url)
    assert answer.status_code == 200, (url, answer.text[-600:])
    return answer.text


async def post(app: FastAPI, person: Person, url: str, **more: Any) -> httpx.Response:
    async with await client_of(app, person) as client:
        return await client.post(url, **more)


async def open_list(app: FastAPI, world: Payers, month: date = NOV) -> str:
    sent = {"scheme": "old_age", "month": month.isoformat()}
    answer = await post(app, world.staff["clerk"], "/desk/allowances", data=sent)
    assert answer.status_code == 303, answer.text[-500:]
    return str(answer.headers["location"])


async def test_a_list_goes_from_the_clerk_over_the_approver_to_the_bank_and_back(
    app: FastAPI, world: Payers
) -> None:
    clerk, approver = world.staff["clerk"], world.staff["approver"]
    await world.person("old_age", name="王秀英")
    url = await open_list(app, world)
    assert "0 of 1 persons" in await page(app, clerk, url)
    await lists.tick(world.pool, NOW)
    assert "王秀英" in await page(app, clerk, url)
    assert (await post(app, approver, f"{url}/approve")).status_code == 409
    assert (await post(app, clerk, f"{url}/check")).status_code == 303
    waiting = await page(app, approver, "/approver")
    assert url in waiting
    assert "¥100.00" in waiting
    assert (await post(app, clerk, f"{url}/approve")).status_code == 404
    for verb in ("approve", "issue"):
        assert (await post(app, approver, f"{url}/{verb}")).status_code == 303
    assert "Nothing waits for you" in await page(app, approver, "/approver")
    made = await post(app, clerk, f"{url}/bank-file.csv")
    assert "6217000012340001234" in made.text
    assert (await post(app, clerk, f"{url}/bank-file.xlsx")).content[:2] == b"PK"
    wrong = {"sheet": ("r.csv", "参考号,金额,结果\nA00001-00001,99,成功\n".encode())}
    refused = await post(app, clerk, f"{url}/bank-results", files=wrong)
    assert (refused.status_code, "differs" in refused.text or "不符" in refused.text) == (422, True)
    right = {"sheet": ("r.csv", "参考号,金额,结果\nA00001-00001,100,成功\n".encode())}
    assert (await post(app, clerk, f"{url}/bank-results", files=right)).status_code == 303
    assert "Reconciled" in await page(app, world.staff["clerk"], url)


async def test_a_line_is_explained_and_corrected_by_a_new_one(app: FastAPI, world: Payers) -> None:
    elder = await world.person("old_age")
    found = await world.month("old_age", OCT)
    async with world.pool.transaction(world.district) as conn:
        [line] = await lists.lines(conn, found, elder=elder)
    url, clerk = f"/desk/allowances/lines/{line['id']}", world.staff["clerk"]
    assert "100.00" in await page(app, clerk, url)
    sent = {"amount": "-30.00", "reason": "overpaid"}
    assert (await post(app, clerk, f"{url}/correct", data={**sent, "amount": "much"})).status_code == 422
    assert (await post(app, clerk, f"{url}/correct", data=sent)).status_code == 303
    listed = await page(app, clerk, "/desk/allowances")
    assert "paid too much" in listed
    withdraw = listed.split("/withdraw")[0].rsplit('"', 1)[1] + "/withdraw"
    assert (await post(app, clerk, withdraw)).status_code == 303
    assert "paid too much" not in await page(app, clerk, "/desk/allowances")


async def test_a_missed_proof_is_recorded_from_the_list(app: FastAPI, world: Payers) -> None:
    elder = await world.person("old_age", date(2024, 1, 1), name="李桂兰")
    clerk = world.staff["clerk"]
    assert "李桂兰" in await page(app, clerk, "/desk/life-proofs")
    url, sent = f"/desk/elders/{elder}/life-proof", {"method": "phone", "next": "list"}
    assert (await post(app, clerk, url, data={**sent, "method": "device"})).status_code == 409
    assert (await post(app, clerk, url, data=sent)).headers["location"] == "/desk/life-proofs"
    assert "李桂兰" not in await page(app, clerk, "/desk/life-proofs")


async def test_an_account_is_masked_until_it_is_shown_on_record(app: FastAPI, world: Payers) -> None:
    elder = await world.person("old_age", account=None)
    url, clerk = f"/desk/elders/{elder}", world.staff["clerk"]
    sent = {"holder": "王", "relation": "self", "bank": "农行", "number": "62170000 12345678"}
    assert (await post(app, clerk, f"{url}/payee", data={**sent, "number": "6.2E+18"})).status_code == 422
    assert (await post(app, clerk, f"{url}/payee", data=sent)).status_code == 303
    shown = await page(app, clerk, f"{url}/life")
    assert "**** 5678" in shown
    assert "6217000012345678" not in shown
    assert "6217000012345678" in (await post(app, clerk, f"{url}/payee/reveal")).text


async def test_a_death_is_confirmed_by_one_and_undone_by_another(app: FastAPI, world: Payers) -> None:
    elder = await world.person("old_age", name="赵大山")
    clerk, approver = world.staff["clerk"], world.staff["approver"]
    async with world.pool.transaction(world.district) as conn:
        death = await deaths.report(conn, elder, date(2026, 11, 19), source="register", by=None, now=NOW)
    assert "赵大山" in await page(app, clerk, "/desk/life-proofs")
    url = f"/desk/deaths/{death}"
    assert (await post(app, approver, f"{url}/confirm")).status_code == 404
    assert (await post(app, clerk, f"{url}/confirm")).status_code == 303
    assert "赵大山" in await page(app, approver, "/approver")
    assert (await post(app, clerk, f"{url}/undo", data={"reason": "namesake"})).status_code == 409
    assert (await post(app, approver, f"{url}/undo", data={"reason": "namesake"})).status_code == 303
    assert "namesake" in await page(app, clerk, url)
    assert (await post(app, clerk, f"{url}/dismiss")).status_code == 409
    assert (await post(app, clerk, f"{url}/bury")).status_code == 404
    day = {"died_on": "2026-11-20"}
    again = await post(app, clerk, f"/desk/elders/{elder}/death", data=day)
    assert again.headers["location"].startswith("/desk/deaths/")
    assert "赵大山" in await page(app, clerk, "/desk/deaths")
    bad = await post(app, clerk, f"/desk/elders/{elder}/death", data={"died_on": "2027-01-01"})
    assert bad.status_code == 422


async def test_progress_ends_by_the_page_coming_anew(app: FastAPI, world: Payers) -> None:
    await world.person("old_age")
    url = await open_list(app, world)
    async with await client_of(app, world.staff["clerk"]) as client:
        under_way = await client.get(f"{url}/progress", headers=HX)
        assert 'hx-get="' in under_way.text
        await lists.tick(world.pool, NOW)
        assert (await client.get(f"{url}/progress", headers=HX)).headers["hx-refresh"] == "true"
    refused = await post(
        app, world.staff["clerk"], "/desk/allowances", data={"scheme": "x", "month": "2026-11-01"}
    )
    assert refused.status_code == 409
