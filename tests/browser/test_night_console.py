"""The first night in a browser: nobody answers, the daughter presses 2, and the console shows it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright

from core.db import Pool
from dashboards import words
from dashboards.auth import COOKIE
from deploy.pretend.phones import Manner
from tests.browser.faces import ARGUMENTS, CHROMIUM
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import make_case, make_world
from tests.journeys.nights import MANAGER, night
from tests.pretending import listening

pytestmark = pytest.mark.browser


async def test_the_console_shows_that_the_daughter_is_coming(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any, tmp_path: Path
) -> None:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys, carrier="twilio")
    async with (
        night(world, tmp_path) as dark,
        listening(dark.app) as address,
        async_playwright() as playwright,
    ):
        dark.phone(MANAGER).manner, dark.phone().keys = Manner.RINGS_OUT, ("2",)
        async with await client_of(dark.app, dark.operator) as client:
            token = client.headers["Authorization"].removeprefix("Bearer ")
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(locale="zh-CN")
        await context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        page = await context.new_page()
        case = await make_case(world)
        coming = words.word("zh_CN", "told_answers", "coming")
        await dark.until(2.9)
        await page.goto(f"{address}/console/cases/{case}", wait_until="domcontentloaded")
        assert coming not in await page.locator("#case").inner_text()
        await dark.until(6)
        await page.reload(wait_until="domcontentloaded")
        shown = await page.locator("#case").inner_text()
        await browser.close()
    assert coming in shown
    assert "李娜" in shown
