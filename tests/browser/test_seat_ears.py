"""An operator's ears: offers, answers from a phone, alarms on every other page; and the way back."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Browser, expect

from dispatch import cases, journal
from dispatch.seats import transfers
from tests.browser.seats import LINK, Seat
from tests.browser.test_console import LEADS, RANG, begin
from tests.dispatch.worlds import make_operator
from tests.waiting import until_true

pytestmark = pytest.mark.browser


async def test_an_offer_and_an_answer_from_a_phone_are_heard(seat: Seat, browser: Browser) -> None:
    giver, taker = await make_operator(seat.world), await make_operator(seat.world)
    case = await seat.alarm(3, "bed_exit")
    page = await seat.console(await seat.enter(browser, taker))
    await begin(page)
    before = await page.evaluate(RANG)
    async with seat.world.web.transaction(seat.world.district) as conn:
        row = await cases.lock(conn, case)
        await journal.case(conn, row, "family_answer", datetime.now(UTC), data={"answer": "coming"})
    await expect(page.locator(f"#case-{case} .says")).to_be_visible(timeout=20_000)
    await until_true(lambda: page.evaluate(f"() => ({RANG})() === {before + 1}"), seconds=20)
    async with seat.world.web.transaction(seat.world.district) as conn:
        now = datetime.now(UTC)
        await cases.claim(conn, case, giver, now)
        await transfers.offer(conn, case, giver, now, taker.account_id, "break", None, "hand_over")
    await expect(page.locator(".offer")).to_contain_text(giver.name, timeout=20_000)
    await until_true(lambda: page.evaluate(f"() => ({RANG})() === {before + 2}"), seconds=20)
    assert not seat.complaints


async def test_another_page_of_the_operator_hears_and_says_an_alarm(seat: Seat, browser: Browser) -> None:
    context = await seat.enter(browser, await make_operator(seat.world))
    page = await seat.console(context)
    await begin(page)
    await page.goto(f"{seat.base}/console/history")
    await page.mouse.click(700, 600)  # a click lets the browser sound
    await until_true(lambda: page.evaluate(LEADS), seconds=20)
    await expect(page.locator("#ear")).to_be_hidden()
    await seat.alarm(1)
    await expect(page.locator("#ear a")).to_be_visible(timeout=20_000)
    await until_true(lambda: page.evaluate(f"() => ({RANG})() >= 2"), seconds=30)  # again by itself
    await page.click("#ear a")
    await expect(page.locator(LINK)).to_be_visible(timeout=30_000)
    assert not seat.complaints


async def test_without_a_shift_other_pages_are_quiet(seat: Seat, browser: Browser) -> None:
    page = await (await seat.enter(browser, await make_operator(seat.world))).new_page()
    async with page.expect_response("**/ear.js*"):
        await page.goto(f"{seat.base}/console/history")
    await seat.alarm(1)
    other = await seat.console(page.context)
    await expect(other.locator("#queue > li")).to_have_count(1)
    await expect(page.locator("#ear")).to_be_hidden()
    assert not seat.complaints


async def test_the_way_back_shows_the_case_of_that_address_and_stays_alive(
    seat: Seat, browser: Browser
) -> None:
    one, two = await seat.alarms([(1, "sos"), (2, "bed_exit")])
    page = await seat.console(await seat.enter(browser, await make_operator(seat.world)))
    for case in (one, two):
        await page.locator(f"#case-{case} a").click()
        await expect(page.locator(f'#case[data-id="{case}"]')).to_be_visible()
    await page.go_back()
    await expect(page.locator(f'#case[data-id="{one}"]')).to_be_visible()
    await page.go_back()
    await expect(page.locator("#case")).to_have_count(0)
    await page.go_forward()
    await expect(page.locator(f'#case[data-id="{one}"]')).to_be_visible()
    third = await seat.alarm(1)
    await expect(page.locator(f"#case-{third}")).to_be_visible(timeout=20_000)
    await page.keyboard.press("c")
    await expect(page.locator("#case[data-state=claimed]")).to_be_visible()
    assert not seat.complaints
