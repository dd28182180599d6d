"""The phone in a real browser: a morning without a network, killed, its clock moved, refused records."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from core.db import Pool
from dispatch import visits
from dispatch.phone import conflicts
from tests.browser import phones
from tests.browser.phones import Site
from tests.dispatch.worlds import make_operator, make_world
from tests.waiting import until_true

pytestmark = pytest.mark.browser
ARTIFACTS = Path(__file__).parents[1] / "artifacts"
ARTWORK = Path(__file__).parents[2] / "dashboards" / "static" / "icons" / "phone-512.png"


@pytest.fixture
async def site(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any, database: Any
) -> AsyncIterator[Site]:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    async with phones.site(world, database.web) as one:
        yield one


async def work(page: Page, visit: UUID, base: str) -> None:
    """Check in and out of a visit as somebody does who has no network."""
    await page.goto(f"{base}/m/visits/{visit}")
    await phones.ready(page)
    await page.get_by_role("button", name="签到").click()
    leave = page.locator("form[data-send=check-out]")
    await expect(leave).to_be_visible()
    await leave.get_by_label("打扫房间").check()
    await page.get_by_role("button", name="签退").click()
    await expect(page.locator("[data-visit][data-state=completed]").first).to_be_attached()


async def test_offline_for_a_morning_four_visits_back_on_line_all_there_once(
    site: Site, tmp_path: Path
) -> None:
    made = [await site.visit(nth * 5) for nth in range(4)]
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await phones.log_in(context, site)
        await phones.carried(page, 4)
        await context.set_offline(True)
        for visit in made:
            await work(page, visit, site.base)
        await page.reload()
        await phones.ready(page)
        await expect(page.locator("form[data-send=check-in]")).to_be_hidden()
        assert await phones.left(page) == (8, 0)
        await context.set_offline(False)
        await sent(page)
        assert await phones.left(page) == (0, 0)
        await context.close()
    rows = await site.rows("SELECT id, state, record, check_in FROM visit ORDER BY id")
    assert {row["id"]: row["state"] for row in rows} == dict.fromkeys(made, "verified")
    lines = await site.rows(
        "SELECT visit_id, action FROM visit_entry WHERE action IN ('check_in', 'check_out')"
    )
    assert len(lines) == 8
    assert all(row["record"]["done"] == ["room_cleaned"] for row in rows)
    assert all(row["check_in"]["accuracy_m"] == 12 for row in rows)
    assert site.complaints == []


async def begin(context: BrowserContext, site: Site, visit: UUID) -> Page:
    """Log in, lose the network, and check in to a visit."""
    page = await phones.log_in(context, site)
    await phones.carried(page, 1)
    await context.set_offline(True)
    await page.goto(f"{site.base}/m/visits/{visit}")
    await phones.ready(page)
    await page.get_by_role("button", name="签到").click()
    await expect(page.locator("form[data-send=check-out]")).to_be_visible()
    return page


async def test_a_browser_killed_without_a_network_has_lost_nothing(site: Site, tmp_path: Path) -> None:
    visit = await site.visit()
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await begin(context, site, visit)
        await page.get_by_label("打扫房间").check()
        await page.locator("#note").fill("半途断电")
        await phones.settle(page)
        phones.kill(tmp_path / "profile")
        again = await phones.phone(playwright, site, tmp_path / "profile")
        await again.set_offline(True)
        page = await again.new_page()
        await page.goto(f"{site.base}/m/visits/{visit}")
        await phones.ready(page)
        await expect(page.locator("#note")).to_have_value("半途断电")
        await expect(page.get_by_label("打扫房间")).to_be_checked()
        await expect(page.locator("form[data-send=check-in]")).to_be_hidden()
        await page.get_by_role("button", name="签退").click()
        await expect(page.locator("[data-visit][data-state=completed]").first).to_be_attached()
        assert (await phones.left(page))[0] > 0
        await again.set_offline(False)
        page = await phones.log_in(
            again, site
        )  # a killed browser may have forgotten its session, never a record
        await sent(page)
        await again.close()
    (row,) = await site.rows("SELECT state, record FROM visit WHERE id = $1", visit)
    assert (row["state"], row["record"]["note"]) == ("verified", "半途断电")


async def test_a_clock_moved_by_an_hour_is_seen_said_and_set_right(site: Site, tmp_path: Path) -> None:
    visit = await site.visit()
    before = datetime.now(UTC)
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        await context.clock.install(time=before + timedelta(hours=1))
        page = await phones.log_in(context, site)
        await phones.carried(page, 1)
        await page.goto(f"{site.base}/m/visits/{visit}")
        await phones.ready(page)
        await expect(page.locator("#skew")).to_contain_text("60")
        await page.get_by_role("button", name="签到").click()
        await expect(page.locator("form[data-send=check-out]")).to_be_visible()
        await sent(page)
        await page.reload()
        await expect(page.locator("#visit .notice.warn")).to_contain_text("时间不准")
        await context.close()
    (row,) = await site.rows("SELECT started_at, check_in FROM visit WHERE id = $1", visit)
    assert row["check_in"]["clock"] == "off"
    assert 3500 < -row["check_in"]["clock_off_s"] < 3700
    assert abs((row["started_at"] - before).total_seconds()) < 300


async def test_two_refused_records_stay_visible_here_and_at_the_providers(site: Site, tmp_path: Path) -> None:
    made = [await site.visit(nth * 5) for nth in range(3)]
    manager = await make_operator(site.world, "duty_manager")
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await phones.log_in(context, site)
        await phones.carried(page, 3)
        await context.set_offline(True)
        await work(page, made[0], site.base)
        async with site.world.web.transaction(site.world.district) as conn:
            await visits.cancel(conn, made[0], manager, datetime.now(UTC), "moved away")
        await work(page, made[1], site.base)
        await context.set_offline(False)
        await sent(page)
        await expect(page.locator("body[data-refused='2']")).to_be_attached()
        await page.goto(f"{site.base}/m")
        await phones.ready(page)
        await expect(page.locator("#attention li")).to_have_count(2)
        await expect(page.locator("#attention")).to_contain_text("服务商已可看到")
        await page.screenshot(path=ARTIFACTS / "phone-attention-390.png", full_page=True)
        kept = await site.rows("SELECT id, verb, visit_id, status FROM phone_conflict ORDER BY said_at")
        assert [(row["verb"], row["visit_id"], row["status"]) for row in kept] == [
            ("check_in", made[0], 409),
            ("check_out", made[0], 409),
        ]
        async with site.world.web.transaction(site.world.district) as conn:
            await conflicts.settle(conn, kept[0]["id"], manager, datetime.now(UTC), "paid by hand")
        await page.reload()
        await expect(page.locator("#attention li")).to_have_count(1)
        await context.close()
    (row,) = await site.rows("SELECT state FROM visit WHERE id = $1", made[1])
    assert row["state"] == "verified"


async def test_a_photo_and_a_signature_made_without_a_network_arrive_whole(
    site: Site, tmp_path: Path
) -> None:
    visit = await site.visit()
    async with async_playwright() as playwright:
        context = await phones.phone(playwright, site, tmp_path / "profile")
        page = await begin(context, site, visit)
        await page.set_input_files("input[data-photo]", ARTWORK)
        await expect(page.locator("[data-photos] img")).to_have_count(1)
        await page.locator("summary", has_text="签名").click()
        await draw(page)
        assert await page.evaluate("document.documentElement.scrollWidth <= 412"), "no sideways scrolling"
        await page.screenshot(path=ARTIFACTS / "phone-visit-390.png", full_page=True)
        await page.get_by_role("button", name="签退").click()
        await expect(page.locator("[data-visit][data-state=completed]").first).to_be_attached()
        await context.set_offline(False)
        await sent(page)
        await context.close()
    (photo,) = await site.rows("SELECT media_type, size, same_as FROM visit_photo")
    (signature,) = await site.rows("SELECT who, is_intact FROM visit_signature")
    assert (photo["media_type"], photo["same_as"]) == ("image/jpeg", None)
    assert (signature["who"], signature["is_intact"]) == ("elder", True)
    assert site.complaints == []


async def sent(page: Page) -> None:
    """Wait until nothing waits any more, in the phone's memory and on the page."""
    await until_true(lambda: nothing_left(page), seconds=30)
    await expect(page.locator("body[data-waiting='0']")).to_be_attached(timeout=20_000)


async def nothing_left(page: Page) -> bool:
    """Say whether the phone has sent all that it has recorded."""
    return (await phones.left(page))[0] == 0


async def draw(page: Page) -> None:
    """Draw a line on the field to sign in."""
    pad = page.locator("svg[data-sign]")
    await pad.scroll_into_view_if_needed()
    box = await pad.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    for step in range(1, 12):
        await page.mouse.move(box["x"] + 20 + step * 20, box["y"] + 20 + (step % 3) * 15)
    await page.mouse.up()
