"""The family's page in a real browser: live, by keyboard, with a thumb, read aloud, without a network."""

from datetime import timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from playwright.async_api import expect

from core.accounts import Person
from dispatch import cases
from tests.browser.everything import everything
from tests.browser.test_faces import SMALL, SMALLEST, TARGET
from tests.databases import Database
from tests.dispatch.worlds import World, make_case, make_operator
from tests.makers import NOW
from tests.web.conftest import app, counting, everybody, things, world  # noqa: F401 - fixtures
from tests.web.test_family_pages import relative

pytestmark = pytest.mark.browser
THUMB = 60
VOICE = """
Object.defineProperty(window, "speechSynthesis", {value: {
  speaking: false, getVoices: () => [{lang: "zh-CN"}], addEventListener() {}, cancel() {},
  speak(said) { window.said = said.text; window.tongue = said.lang; },
}});"""


async def test_a_relative_answers_by_keyboard_and_sees_live_who_takes_the_alarm(
    app: FastAPI,  # noqa: F811 - a fixture
    world: World,  # noqa: F811 - a fixture
    database: Database,
) -> None:
    case, operator = await make_case(world, "fall"), await make_operator(world)
    one, two = await relative(world, "first"), await relative(world, "second")
    async with everything(app, world, database.web) as every:
        await every.speak("en")
        page = await (await every.context(one, "en")).new_page()
        other = await (await every.context(two, "en")).new_page()
        await page.goto(f"{every.base}/family")
        await other.goto(f"{every.base}/family/alert/{case}")
        await expect(page.locator(".headline")).to_contain_text("nobody has taken it yet")
        await page.locator("button[value=coming]").focus()
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(f"{every.base}/family/alert/{case}")
        await every.news()
        await expect(other.locator(".steps")).to_contain_text("first: I am on my way.")
        async with world.web.transaction(world.district) as conn:
            await cases.claim(conn, case, operator, NOW + timedelta(minutes=1))
        await every.news()
        await expect(page.locator(".headline")).to_contain_text("has been seeing to it since 16:31")
    assert every.complaints == []


async def test_old_eyes_and_one_thumb_are_enough(
    app: FastAPI,  # noqa: F811 - a fixture
    world: World,  # noqa: F811 - a fixture
    database: Database,
    everybody: dict[str, Person],  # noqa: F811 - a fixture
    things: dict[str, UUID],  # noqa: F811 - a fixture
) -> None:
    elder, case = things["elder_id"], things["case_id"]
    paths = [f"/family/{page}" for page in ("phone", f"visits/{elder}", f"vitals/{elder}", f"bill/{elder}")]
    async with everything(app, world, database.web) as every:
        page = await (await every.context(everybody["family"])).new_page()
        for path in ("/family", f"/family/alert/{case}", *paths):
            await page.goto(every.base + path)
            assert (path, await page.evaluate(SMALL, SMALLEST)) == (path, [])
            assert (path, await page.evaluate(TIGHT, TARGET)) == (path, [])
            low = await page.evaluate(LOW, THUMB)
            assert (path, low) == (path, [])
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path


async def test_the_first_view_is_read_aloud_where_there_is_a_voice_and_else_there_is_no_button(
    app: FastAPI,  # noqa: F811 - a fixture
    world: World,  # noqa: F811 - a fixture
    database: Database,
) -> None:
    person = await relative(world, "one")
    async with everything(app, world, database.web) as every:
        await every.speak("zh_CN")
        context = await every.context(person)
        page = await context.new_page()
        await page.goto(f"{every.base}/family")
        await expect(page.locator(".headline")).to_be_visible()
        if not await page.evaluate("window.speechSynthesis?.getVoices().length"):
            await expect(page.locator("#say")).to_be_hidden()
        await context.add_init_script(VOICE)
        await page.goto(f"{every.base}/family")
        await page.locator("#say").click()
        headline = (await page.locator(".headline").inner_text()).strip()
        assert headline in await page.evaluate("window.said")
        assert await page.evaluate("window.tongue") == "zh-CN"


async def test_without_a_network_the_last_page_says_how_old_it_is(
    app: FastAPI,  # noqa: F811 - a fixture
    world: World,  # noqa: F811 - a fixture
    database: Database,
) -> None:
    person = await relative(world, "one")
    async with everything(app, world, database.web) as every:
        await every.speak("en")
        context = await every.context(person, "en")
        page = await context.new_page()
        await page.goto(f"{every.base}/family")
        await page.evaluate("navigator.serviceWorker.ready")
        await page.wait_for_function("navigator.serviceWorker.controller !== null")
        await page.reload()
        await page.wait_for_function(
            "caches.open('yl-family-pages').then(c => c.keys()).then(k => k.length > 0)"
        )
        await context.set_offline(True)
        await page.goto(f"{every.base}/family")
        await expect(page.locator("#old")).to_contain_text("No network: this is what was known at")
        await page.goto(f"{every.base}/family/bill")
        await expect(page.locator("h1")).to_contain_text("No network")


TIGHT = """least => [...document.querySelectorAll("a, button, summary, input, select")]
  .filter(e => e.getClientRects().length && !e.closest(".skip"))
  .filter(e => (e.closest("label") ?? e).getBoundingClientRect().height < least - 0.5)
  .map(e => e.outerHTML.slice(0, 80))"""
LOW = """least => [...document.querySelectorAll(".thumb a, .calls .button, .answers .button, .button.big")]
  .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < least - 0.5)
  .map(e => e.outerHTML.slice(0, 80))"""
