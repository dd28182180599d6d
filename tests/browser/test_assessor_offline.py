"""The assessor's form in a real browser: filled in without a network, killed, signed by two, sent once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from core.accounts import Person
from core.db import Pool
from services import assessment_wants
from services.assessing import form
from tests.browser import phones
from tests.browser.phones import Site
from tests.dispatch.worlds import make_operator, make_world
from tests.makers import PASSWORD
from tests.waiting import until_true

pytestmark = pytest.mark.browser
TABLET = {"width": 1024, "height": 1366}
CARRIED = """async () => {
  const names = (await caches.keys()).filter(one => one.startsWith("yl-pages-"));
  const pages = names.length ? await (await caches.open(names[0])).keys() : [];
  return Boolean(navigator.serviceWorker.controller) && document.body.dataset.carried === "1"
    && pages.some(one => one.url.includes("/assessor/elders/"));
}"""
KEPT = """async () => {
  const [draft] = await self.YlStore.all("drafts");
  const fields = draft?.fields ?? [];
  return fields.filter(([name]) => name.startsWith("items.")).length === 26
    && fields.some(([name, value]) => name === "notes.B.1.1" && value);
}"""
CLEAR = """async secret => {
  const kept = [await self.YlStore.all("drafts"), await self.YlStore.all("outbox")];
  return !JSON.stringify(kept).includes(secret);
}"""
SIGNED = "SELECT position, is_intact, on_first_tablet FROM assessment_signature ORDER BY position"


@pytest.fixture
async def site(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any, database: Any
) -> AsyncIterator[Site]:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    async with phones.site(world, database.web) as one:
        yield one


async def sent_to(site: Site, first: Person, second: Person) -> None:
    """Give the world's elder to two assessors."""
    clerk, now = await make_operator(site.world, "clerk"), datetime.now(UTC)
    async with site.world.web.transaction(site.world.district) as conn:
        want = await assessment_wants.ask(
            conn,
            elder=site.world.elder,
            reason="routine",
            due_on=(now + timedelta(days=3)).date(),
            by=clerk,
            now=now,
        )
        await assessment_wants.assign(
            conn, want, first=first.account_id, second=second.account_id, at=now, by=clerk, now=now
        )


async def tablet(context: BrowserContext, site: Site, person: Person) -> Page:
    """Log in as an assessor; return the first screen."""
    page = await context.new_page()
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await page.goto(f"{site.base}/login")
    await page.fill("#login", person.name)
    await page.fill("#password", PASSWORD)
    await page.click("button.main")
    await page.wait_for_url("**/assessor")
    await phones.ready(page)
    return page


async def answer(page: Page) -> None:
    """Answer every item with its second-best answer."""
    for item in form().items:
        await page.locator(f"input[name='items.{item.code}'][value='{item.most - 1}']").check()


async def draw(page: Page, nth: int) -> None:
    """Draw on a pad."""
    pad = page.locator(f"svg[data-pad='{nth}']")
    await pad.scroll_into_view_if_needed()
    box = await pad.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    await page.mouse.up()


async def second(page: Page, person: Person, password: str) -> None:
    """Let the second assessor sign on this tablet."""
    await page.locator("input[name=two]").check()
    await page.fill("#second_login", person.name)
    await page.fill("#second_password", password)


async def filled(page: Page, site: Site) -> None:
    """Fill the form in with a note, and wait until the tablet has it."""
    await page.goto(f"{site.base}/assessor/elders/{site.world.elder}")
    await phones.ready(page)
    await answer(page)
    note = page.locator("fieldset", has=page.locator("[name='items.B.1.1']")).locator("details")
    await note.locator("summary").click()
    await note.locator("input").fill("偶有呛咳")
    await until_true(lambda: page.evaluate(KEPT))


async def reopened(context: BrowserContext, site: Site) -> Page:
    """Open the form again without a network: all that was filled in is there."""
    await context.set_offline(True)
    page = await context.new_page()
    await page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    await page.goto(f"{site.base}/assessor/elders/{site.world.elder}")
    await phones.ready(page)
    await expect(page.locator("[data-total]")).to_have_text("64")
    await expect(page.locator("[data-grade]")).to_have_text("中度失能")
    await expect(page.locator("[name='notes.B.1.1']")).to_have_value("偶有呛咳")
    return page


async def keep(page: Page, state: str) -> None:
    """Sign and keep; wait for what becomes of it."""
    await page.get_by_role("button", name="签字并保存").click()
    await expect(page.locator("body")).to_have_attribute("data-sheet", state)


async def signed_again(page: Page, site: Site, two: Person) -> None:
    """Open what the server did not take: it says why; the second assessor gives the right password."""
    await until_true(lambda: refused(page), seconds=20)
    assert await site.rows("SELECT id FROM assessment") == []
    await page.goto(f"{site.base}/assessor/elders/{site.world.elder}")
    await phones.ready(page)
    await expect(page.locator("#attention")).to_contain_text("密码")
    await second(page, two, PASSWORD)
    await keep(page, "sent")
    assert await phones.left(page) == (0, 0)


async def test_filled_in_offline_killed_signed_by_two_and_sent_once(site: Site, tmp_path: Path) -> None:
    one, two = [await make_operator(site.world, "assessor") for _ in range(2)]
    await sent_to(site, one, two)
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await tablet(context, site, one)
        await until_true(lambda: page.evaluate(CARRIED), seconds=20)
        await context.set_offline(True)
        await filled(page, site)
        await page.reload()
        await phones.ready(page)
        await expect(page.locator("[data-total]")).to_have_text("64")
        phones.kill(tmp_path / "profile")
        again = await phones.phone(playwright, site, tmp_path / "profile")
        page = await reopened(again, site)
        await draw(page, 1)
        await second(page, two, "not the password")
        await draw(page, 2)
        await keep(page, "waits")
        assert await page.evaluate(CLEAR, "not the password")
        await expect(page.locator("#assessment")).to_be_hidden()
        assert await phones.left(page) == (1, 0)
        await again.set_offline(False)
        page = await tablet(again, site, one)
        await signed_again(page, site, two)
        await page.get_by_role("link", name="查看结果").click()
        await expect(page.locator("svg.strokes")).to_have_count(2)
        await again.close()
    await check_kept(site, one, two)
    assert site.complaints == []


async def check_kept(site: Site, one: Person, two: Person) -> None:
    """Look at what the server has: one form, two whole signatures, a grade, and nothing wanted any more."""
    (row,) = await site.rows("SELECT id, grade, score, assessor_1, assessor_2 FROM assessment")
    assert (row["grade"], row["score"]) == ("moderate", 64)
    assert (row["assessor_1"], row["assessor_2"]) == (one.account_id, two.account_id)
    signed = await site.rows(SIGNED)
    assert [tuple(line) for line in signed] == [(1, True, False), (2, True, True)]
    (grade,) = await site.rows("SELECT grade FROM grade WHERE source_id = $1", row["id"])
    assert grade["grade"] == "moderate"
    (want,) = await site.rows("SELECT state FROM assessment_want")
    assert want["state"] == "done"


async def refused(page: Page) -> bool:
    """Say whether the server did not take what was sent."""
    return await phones.left(page) == (0, 1)


async def test_an_answer_changed_after_the_signature_takes_the_signature_away(
    site: Site, tmp_path: Path
) -> None:
    one = await make_operator(site.world, "assessor")
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await tablet(context, site, one)
        await page.goto(f"{site.base}/assessor/elders/{site.world.elder}")
        await phones.ready(page)
        await answer(page)
        await draw(page, 1)
        await page.locator("input[name='adjustments.coma']").check()
        await expect(page.locator("[data-grade]")).to_have_text("完全失能")
        await expect(page.locator("#problem")).to_contain_text("重新签名")
        await page.get_by_role("button", name="签字并保存").click()
        await expect(page.locator("#problem")).to_contain_text("请先签名")
        await draw(page, 1)
        await page.get_by_role("button", name="签字并保存").click()
        await expect(page.locator("body")).to_have_attribute("data-sheet", "sent")
        await context.close()
    (row,) = await site.rows("SELECT grade, assessor_2 FROM assessment")
    assert (row["grade"], row["assessor_2"]) == ("total", None)
    assert site.complaints == []
