"""What is seen before anybody is logged in: coming in by password, by code, by invitation; going wrong."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright

from core.crypto import Keys
from core.db import Pool
from tests.browser.everything import WIDE, violations
from tests.browser.faces import ARGUMENTS, CHROMIUM, DESK, LANGUAGES, PHONE
from tests.dashboards.joiners import PHONE as NUMBER
from tests.dashboards.joiners import Place, make_place
from tests.pretending import listening

pytestmark = pytest.mark.browser


@pytest.fixture
async def place(pool_owner: Pool, pool_web: Pool, pool_worker: Pool, keys: Keys) -> Place:
    return await make_place(pool_owner, pool_web, pool_worker, keys)


@pytest.fixture(params=[DESK, PHONE], ids=["1440", "390"])
async def page(request: pytest.FixtureRequest, place: Place) -> AsyncIterator[tuple[str, Page]]:
    width, height = request.param
    async with listening(place.app) as base, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        context.set_default_timeout(60_000)
        yield base, await context.new_page()
        await browser.close()


async def wrong_with(page: Page) -> list[str]:
    """Return what shuts somebody out of the page that is open, and whether it is too wide."""
    found = await violations(page)
    return [*found, "too wide"] if await page.evaluate(WIDE) else found


@pytest.mark.parametrize("language", LANGUAGES)
async def test_who_comes_in_is_not_shut_out(language: str, place: Place, page: tuple[str, Page]) -> None:
    base, tab = page
    await tab.context.set_extra_http_headers({"Accept-Language": LANGUAGES[language]})
    found = {}
    for path in ("/login", "/login/code", "/login/code/enter", "/join", "/family/offline", "/no-such-page"):
        await tab.goto(base + path)
        found[path] = await wrong_with(tab)
    await tab.goto(f"{base}/login")
    await tab.fill("#login", "nobody")
    await tab.fill("#password", "nothing")
    await tab.click("main button.main")
    found["a wrong password"] = await wrong_with(tab)
    await tab.goto(f"{base}/join")
    await tab.fill("#phone", "138")
    await tab.fill("#code", "1")
    await tab.click("main button.main")
    found["a wrong invitation"] = await wrong_with(tab)
    await place.invite()
    await tab.goto(f"{base}/join")
    await tab.fill("#phone", NUMBER)
    await tab.fill("#code", await place.code())
    await tab.click("main button.main")
    await tab.wait_for_url("**/join/sharing")
    found["what is shared"] = await wrong_with(tab)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
