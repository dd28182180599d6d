"""What the phone shows and what it calls: the SOS at the console, the pages as they look, nobody shut out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from core.db import Pool
from core.ids import new_id
from dispatch.phone import conflicts, reports
from tests import makers
from tests.browser import phones
from tests.browser.faces import ARGUMENTS, CHROMIUM
from tests.browser.phones import Site
from tests.dashboards.things import make_everybody
from tests.dispatch.worlds import make_caregiver, make_operator, make_world
from tests.waiting import until_true

pytestmark = pytest.mark.browser
ARTIFACTS = Path(__file__).parents[1] / "artifacts"
WIDTHS = {"390": (390, 844), "1440": (1440, 900)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """async tags => (await axe.run(document, {runOnly: tags})).violations
  .map(one => one.id + " " + one.nodes.map(node => node.html.slice(0, 120)).join(" | "))"""


@pytest.fixture
async def site(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any, database: Any
) -> AsyncIterator[Site]:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    async with phones.site(world, database.web) as one:
        yield one


async def enter(browser: Browser, site: Site, login: str, size: tuple[int, int]) -> Page:
    """Log somebody in at a size."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = await context.new_page()
    await page.goto(f"{site.base}/login")
    await page.fill("#login", login)
    await page.fill("#password", makers.PASSWORD)
    await page.click("button.main")
    await page.wait_for_url(lambda url: "/login" not in url)
    return page


async def test_an_sos_of_the_phone_is_seen_at_the_console_and_taken_once(site: Site, tmp_path: Path) -> None:
    operator = await make_operator(site.world)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        console = await enter(browser, site, operator.name, WIDTHS["1440"])
        await console.goto(f"{site.base}/console")
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await phones.log_in(context, site)
        await page.locator("summary.sos").click()
        await page.get_by_role("button", name="立即求助").click()
        await expect(page.locator("form[data-send=sos] [data-said]")).to_contain_text("求助已发出")
        await console.reload()
        await expect(console.locator("#carers .carer-alarm")).to_contain_text("王小芳")
        await console.locator("#carers .carer-alarm").click()
        await console.get_by_role("button", name="我来处理").click()
        await expect(console.locator("#alarms")).to_contain_text("已有人处理")
        await context.set_offline(True)
        await page.get_by_role("button", name="立即求助").click()
        await expect(page.locator("form[data-send=sos] [data-said]")).to_contain_text("请打电话求助")
        await expect(page.locator("#contacts a").first).to_be_visible()
        await context.close()
        await browser.close()
    (row,) = await site.rows("SELECT kind, state, lat FROM caregiver_alert")
    assert (row["kind"], row["state"], round(row["lat"], 3)) == ("sos", "taken", 37.886)


async def furnish(site: Site) -> dict[str, tuple[str, str]]:
    """Make what the pages show; return {name: (login, path)}."""
    everybody = await make_everybody(site.world)
    visit = await site.visit(30, service="bath")
    await site.visit(24 * 60, service="meal")
    await site.visit(60, accept=False)
    now, carer = datetime.now(UTC), site.carer
    refused: dict[str, Any] = {"visit_id": visit, "verb": "check_in", "said_at": now, "status": 409}
    refused |= {"said": {"at": now.isoformat()}, "code": "wrong_state", "reason": {"title": "已取消"}}
    seen: dict[str, Any] = {
        "changes": ["fell", "walks_worse"],
        "note": "上周在卫生间滑倒",
        "wants_assessment": True,
    }
    async with site.world.web.transaction(site.world.district) as conn:
        await conflicts.keep(conn, new_id(), carer, now, **refused)
        await reports.keep(conn, site.world.keys, new_id(), visit, carer, now, observed_at=now, **seen)
    elder = site.world.elder
    return {
        "phone-today": (carer.name, "/m"),
        "phone-week": (carer.name, "/m/week"),
        "phone-month": (carer.name, "/m/month"),
        "phone-visit": (carer.name, f"/m/visits/{visit}"),
        "phone-desk": (everybody["provider_manager"].name, "/desk/phone"),
        "phone-reports": (everybody["assessor"].name, "/desk/phone"),
        "phone-alarms": (everybody["operator"].name, "/carers/alarms"),
        "home-code": (everybody["family"].name, f"/family/elders/{elder}/code"),
    }


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_the_pages_fit_and_shut_nobody_out(site: Site, language: str) -> None:
    pages = await furnish(site)
    async with site.world.web.transaction(site.world.district) as conn:
        await conn.execute("UPDATE account SET language = $1", language)
    wrong: dict[str, Any] = {}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, (login, path) in pages.items():
            for width, size in WIDTHS.items():
                page = await enter(browser, site, login, size)
                await page.goto(site.base + path)
                await page.locator("main").wait_for()
                await page.evaluate(AXE_SCRIPT)
                found = await page.evaluate(AXE, RULES)
                if await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
                    found.append("too wide")
                if found:
                    wrong[f"{name}-{width}"] = found
                if language == "zh_CN":
                    await page.screenshot(path=ARTIFACTS / f"{name}-{width}.png", full_page=True)
                await page.context.close()
        await browser.close()
    assert wrong == {}


async def begin_offline(context: BrowserContext, site: Site) -> Page:
    """Log in, lose the network, and check in to the visit of today."""
    page = await phones.log_in(context, site)
    await phones.carried(page, 1)
    await context.set_offline(True)
    await page.locator(".visit a").first.click()
    await phones.ready(page)
    await page.get_by_role("button", name="签到").click()
    await expect(page.locator("form[data-send=check-out]")).to_be_visible()
    return page


async def test_who_logs_in_next_finds_nothing_of_who_used_the_phone_before(
    site: Site, tmp_path: Path
) -> None:
    await site.visit()
    other = await make_caregiver(site.world, "李红")
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await begin_offline(context, site)
        page.on("dialog", lambda dialog: asyncio.ensure_future(dialog.accept()))
        await context.set_offline(False)
        await context.route("**/check-in", lambda route: route.fulfill(status=503))
        await page.get_by_role("button", name="退出").click()
        await page.wait_for_url("**/login")
        assert await page.evaluate(KEPT_OF_PEOPLE) == []
        await context.unroute("**/check-in")
        await page.close()
        first, site.carer = site.carer, other
        page = await phones.log_in(context, site)
        await expect(page.locator(".visit")).to_have_count(0)
        await expect(page.locator("body[data-waiting='0']")).to_be_attached()
        await page.get_by_role("button", name="退出").click()
        await page.wait_for_url("**/login")
        site.carer = first
        page = await phones.log_in(context, site)
        await expect(page.locator("body[data-waiting='0']")).to_be_attached(timeout=20_000)
        await context.close()
    (row,) = await site.rows("SELECT state FROM visit")
    assert row["state"] == "in_progress", "what waited was sent by the one whose it is"


async def test_the_phone_asks_who_stays_too_long_and_takes_the_word_that_all_is_well(
    site: Site, tmp_path: Path
) -> None:
    visit = await site.visit()
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await phones.log_in(context, site)
        await page.goto(f"{site.base}/m/visits/{visit}")
        await phones.ready(page)
        await page.get_by_role("button", name="签到").click()
        await expect(page.locator("form[data-send=check-out]")).to_be_visible()
        await expect(page.locator("body[data-waiting='0']")).to_be_attached(timeout=20_000)
        await until_true(lambda: site.rows("SELECT due_at FROM lone_watch"))
        (before,) = await site.rows("SELECT due_at FROM lone_watch")
        await page.evaluate(OVERDUE, str(visit))
        await expect(page.locator("dialog#lone")).to_be_visible(timeout=15_000)
        await page.screenshot(path=ARTIFACTS / "phone-lone-390.png")
        box = await page.locator("dialog#lone").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 412
        await page.get_by_role("button", name="我需要帮助").click()
        await expect(page.get_by_role("button", name="立即求助")).to_be_visible()
        await page.evaluate(OVERDUE, str(visit))
        await page.get_by_role("button", name="一切平安").click()
        await expect(page.locator("dialog#lone")).to_be_hidden()
        await until_true(lambda: due_changed(site, before["due_at"]))
        await context.close()


async def due_changed(site: Site, before: datetime) -> bool:
    """Say whether the server has heard that all is well."""
    (row,) = await site.rows("SELECT due_at FROM lone_watch")
    return bool(row["due_at"] != before)


KEPT_OF_PEOPLE = """async () => [
  ...(await caches.keys()).filter(name => name.startsWith("yl-pages-")),
  ...await new Promise(done => { const asked = indexedDB.open("yl-phone"); asked.onsuccess = () => {
    const work = asked.result.transaction("carried").objectStore("carried").getAllKeys();
    work.onsuccess = () => { asked.result.close(); done(work.result); }; }; })]"""
OVERDUE = """visit => self.YlStore.note("lone", {[visit]: Date.now() - 1000})"""
