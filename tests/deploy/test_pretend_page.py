"""The page of the pretended phones: what a person can do with them, and who may not."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from core.errors import Failure
from core.settings import Settings
from deploy.pretend import __main__ as pretend
from deploy.pretend.exchange import Exchange
from deploy.pretend.numbers import ACCOUNT, CENTRE
from deploy.pretend.phones import Delivery, Manner
from deploy.pretend.resources import Fetch, Hook

PHONE = "+8610000000001"
ASK = '<Response><Gather numDigits="1" timeout="20"><Say>press</Say></Gather></Response>'


def made(tmp_path: Path, web: str = "http://127.0.0.1:1") -> Starlette:
    known = tmp_path / "phones.json"
    one = {"number": PHONE, "name": "王秀英", "role": "elder", "manner": "by_hand"}
    stranger = {"number": "+8615000009999", "name": "", "role": "stranger", "manner": "by_hand"}
    known.write_text(json.dumps([one, stranger]), encoding="utf-8")
    settings = Settings(twilio_account_sid=ACCOUNT, twilio_auth_token=SecretStr("t"))
    return pretend.made(settings, web, CENTRE, known)


@pytest.fixture
def app(tmp_path: Path) -> Starlette:
    return made(tmp_path)


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:9") as client:
        yield client


def exchange_of(app: Starlette) -> Exchange:
    found: Exchange = app.state.exchange
    return found


async def test_the_page_is_chinese_first_and_english_by_its_switch(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/")
    assert 'lang="zh-CN"' in page.text
    assert "王秀英" in page.text
    english = await browser.get("/?lang=en")
    assert "Pretended phones" in english.text
    assert ("老人" in page.text, "elder" in english.text) == (True, True)
    assert ("陌生人" in page.text, "a stranger" in english.text) == (True, True)
    assert "built-in" not in page.text + english.text
    assert "default-src 'self'" in english.headers["content-security-policy"]


async def test_a_phone_that_rings_is_answered_and_a_key_pressed_on_the_page(
    app: Starlette, browser: httpx.AsyncClient
) -> None:
    exchange = exchange_of(app)
    call = exchange.call(PHONE, CENTRE, Fetch("", document=ASK), hook=Hook())
    exchange.timeline.tick(exchange.now)
    await _second(exchange, 2)
    assert "接听" in (await browser.get("/list")).text
    await browser.post(f"/calls/{call.sid}", data={"do": "answer"})
    await _second(exchange, 1)
    assert call.status == "in-progress"
    await browser.post(f"/calls/{call.sid}", data={"key": "2"})
    assert call.keys == ["2"]
    await browser.post(f"/calls/{call.sid}", data={"do": "hang_up"})
    await _second(exchange, 1)
    assert call.is_over
    assert "press" in (await browser.get("/list")).text


async def _second(exchange: Exchange, seconds: int) -> None:
    await exchange.advance(exchange.now + timedelta(seconds=seconds))


async def test_manners_modes_and_new_phones_are_set_on_the_page(
    app: Starlette, browser: httpx.AsyncClient
) -> None:
    exchange = exchange_of(app)
    given = {"manner": "wrong_key", "keys": "1, 2", "delivery": "landline"}
    assert (await browser.post(f"/phones/{PHONE}/manner", data=given)).status_code == 303
    phone = exchange.phones[PHONE]
    assert (phone.manner, phone.keys, phone.delivery) == (Manner.WRONG_KEY, ("1", "2"), Delivery.LANDLINE)
    await browser.post("/modes?lang=en", data={"late": "1", "twice": "1", "refusals": "3", "breaks": "x"})
    modes = exchange.courier.modes
    assert (modes.late, modes.is_twice, modes.is_shuffled, modes.refusals, modes.breaks) == (
        60,
        True,
        False,
        3,
        0,
    )
    await browser.post("/phones", data={"number": "+8615000001234", "name": "新"})
    assert exchange.phones["+8615000001234"].name == "新"
    assert (await browser.post("/phones/+999/call")).status_code == 404


async def test_other_sites_and_other_host_names_are_refused(browser: httpx.AsyncClient) -> None:
    foreign = await browser.post("/modes", headers={"Origin": "http://evil.test"})
    rebound = await browser.get("/", headers={"Host": "evil.test"})
    assert (foreign.status_code, rebound.status_code) == (403, 403)


def test_it_speaks_to_this_machine_only(tmp_path: Path) -> None:
    with pytest.raises(Failure):
        made(tmp_path, "https://example.org")


async def test_a_webhook_beyond_this_machine_is_not_asked(app: Starlette) -> None:
    exchange = exchange_of(app)
    exchange.phone(PHONE).manner = Manner.ANSWERS
    exchange.call(PHONE, CENTRE, Fetch("https://example.org/x"), hook=Hook("https://example.org/s"))
    await _second(exchange, 60)
    assert set(exchange.courier.troubles) == {"example.org: not on this machine, not asked"}


async def test_the_carriers_api_has_its_own_password(browser: httpx.AsyncClient) -> None:
    assert (await browser.get(f"/2010-04-01/Accounts/{ACCOUNT}.json")).status_code == 401
    known: Any = await browser.get(f"/2010-04-01/Accounts/{ACCOUNT}.json", auth=(ACCOUNT, "t"))
    assert known.json()["status"] == "active"
