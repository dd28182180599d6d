"""The console at three in the morning: heard, held still, worked by keys, on two screens, loud when deaf."""

from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, Page, expect

from dispatch import cases
from dispatch.seats import transfers, watching
from tests.browser.seats import LINK, Seat
from tests.dispatch.worlds import make_operator
from tests.waiting import until_true

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = """async tags => (await axe.run(document, {runOnly: tags})).violations
  .map(one => one.id + " " + one.nodes.map(node => node.html.slice(0, 120)).join(" | "))"""
RANG = "() => Number(document.body.dataset.rang ?? 0)"
LEADS = "() => document.body.dataset.leads === '1'"
ORDER = "() => [...document.querySelectorAll('#queue > li')].map(one => one.id.slice(5))"
PROMISE = 35_000


async def begin(page: Page) -> None:
    """Start the shift in a window, and wait until it leads."""
    await page.bring_to_front()
    await page.click("#shift")
    await until_true(lambda: page.evaluate(LEADS), seconds=20)


async def leader(pages: list[Page]) -> Page:
    """Wait until one of the windows is the one that sounds, whichever is first."""
    found: list[Page] = []

    async def look() -> bool:
        found[:] = [page for page in pages if await page.evaluate(LEADS)]
        return bool(found)

    await until_true(look, seconds=20)
    (one,) = found
    return one


async def test_seven_windows_hear_an_alarm_and_only_one_sounds_until_somebody_claims_it(
    seat: Seat, browser: Browser
) -> None:
    who, other = await make_operator(seat.world), await make_operator(seat.world)
    context = await seat.enter(browser, who)
    pages = [await seat.console(context) for _ in range(7)]
    await pages[3].click("#shift")
    first = await leader(pages)
    case = await seat.alarm(1)
    for page in pages:
        await expect(page.locator(f"#case-{case}")).to_be_visible(timeout=20_000)
    await until_true(lambda: first.evaluate(f"() => ({RANG})() >= 2"), seconds=30)  # again by itself
    others = [page for page in pages if page is not first]
    assert [await page.evaluate(RANG) for page in others] == [0] * 6
    await first.close()
    next_ = await leader(others)
    assert [await page.evaluate(RANG) for page in others if page is not next_] == [0] * 5
    async with seat.world.web.transaction(seat.world.district) as conn:
        await cases.claim(conn, case, other, datetime.now(UTC))
    await expect(next_.locator(f"#case-{case}")).to_contain_text(other.name)
    heard = await next_.evaluate(RANG)
    async with seat.world.web.transaction(seat.world.district) as conn:
        await watching.beat(conn, other, [case], datetime.now(UTC))
    await expect(next_.locator(f"#case-{case} [data-who]")).to_have_text(other.name)
    assert await next_.evaluate(RANG) == heard
    assert not seat.complaints


async def test_sound_is_there_again_after_a_reload(seat: Seat, browser: Browser) -> None:
    context = await seat.enter(browser, await make_operator(seat.world))
    page = await seat.console(context)
    await begin(page)
    await page.reload()
    await expect(page.locator(LINK)).to_be_visible()
    await page.keyboard.press("Shift")
    await until_true(lambda: page.evaluate(LEADS), seconds=20)
    await expect(page.locator("#blocked")).to_be_hidden()
    await expect(page.locator("#test-sound")).to_be_visible()


async def test_keys_work_a_case_and_never_act_while_somebody_types(seat: Seat, browser: Browser) -> None:
    context = await seat.enter(browser, await make_operator(seat.world))
    light, grave = await seat.alarms([(3, "bed_exit"), (1, "sos")])
    page = await seat.console(context)
    assert await page.evaluate(ORDER) == [str(grave), str(light)]
    await page.keyboard.press("g")
    await expect(page.locator(f'#case[data-id="{grave}"]')).to_be_visible()
    await page.keyboard.press("0")  # 120: claims with that, and says which number to dial
    await expect(page.locator(".on-call .dial")).to_have_text("120")
    await expect(page.locator("#case[data-state=claimed]")).to_be_visible()
    await page.keyboard.press("1")
    await expect(page.locator(".on-call")).to_have_count(0)
    await page.keyboard.press("n")
    await page.keyboard.type("cjx 120")
    await expect(page.locator("#note-note")).to_have_value("cjx 120")
    await page.keyboard.press("Escape")
    await expect(page.locator("details.drawer[open]")).to_have_count(0)
    await page.keyboard.press("j")
    await expect(page.locator(f'#case[data-id="{light}"]')).to_be_visible()
    await page.keyboard.press("?")
    await page.keyboard.press("c")
    await expect(page.locator("#help")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("c")
    await expect(page.locator("#case[data-state=claimed]")).to_be_visible()
    assert not seat.complaints


async def test_a_live_change_leaves_the_focus_on_the_same_button(seat: Seat, browser: Browser) -> None:
    case = await seat.alarm()
    who = await make_operator(seat.world)
    page = await seat.console(await seat.enter(browser, who), f"/console/cases/{case}")
    await page.focus('#calls [data-digit="0"]')
    async with seat.world.web.transaction(seat.world.district) as conn:
        await cases.claim(conn, case, who, datetime.now(UTC))
    await expect(page.locator("#case[data-state=claimed]")).to_be_visible()
    assert await page.evaluate("() => document.activeElement.dataset.digit") == "0"


async def test_the_case_is_on_the_second_screen_and_keys_work_in_both(seat: Seat, browser: Browser) -> None:
    one, two = await seat.alarms([(1, "sos"), (2, "no_motion")])
    page = await seat.console(await seat.enter(browser, await make_operator(seat.world)))
    async with page.context.expect_page() as opened:
        await page.keyboard.press("w")
    screen = await opened.value
    await expect(screen.locator(LINK)).to_be_visible()
    await expect(page.locator("body.two-screens")).to_be_visible()
    await page.locator(f"#case-{one} a").click()
    await expect(screen.locator(f'#case[data-id="{one}"]')).to_be_visible()
    await page.keyboard.press("c")
    await expect(screen.locator("#case[data-state=claimed]")).to_be_visible()
    await screen.keyboard.press("j")
    await expect(screen.locator(f'#case[data-id="{two}"]')).to_be_visible()
    await expect(page.locator(f"#case-{two} [aria-current]")).to_be_visible()
    await screen.close()
    await expect(page.locator(f'#case[data-id="{two}"]')).to_be_visible()
    assert not seat.complaints


async def test_nothing_moves_under_the_pointer_and_what_is_new_waits_above(
    seat: Seat, browser: Browser
) -> None:
    first, second = await seat.alarms([(3, "bed_exit"), (3, "bed_exit")])
    page = await seat.console(await seat.enter(browser, await make_operator(seat.world)))
    box = await page.locator(f"#case-{second}").bounding_box()
    assert box is not None
    held = False
    for _ in range(3):
        await page.mouse.move(box["x"] + 30, box["y"] + 20)
        grave = await seat.alarm(1)
        await page.mouse.move(box["x"] + 32, box["y"] + 22)
        await expect(page.locator(f"#waiting:visible, #case-{grave}").first).to_be_visible(timeout=20_000)
        if await page.locator("#waiting").is_visible():
            held = (await page.evaluate(ORDER))[-2:] == [str(first), str(second)]
            break
    assert held
    await page.mouse.move(900, 500)
    await expect(page.locator("#waiting")).to_be_hidden()
    assert (await page.evaluate(ORDER))[0] == str(grave)
    assert (await page.evaluate(ORDER))[-2:] == [str(first), str(second)]


async def test_an_offer_is_told_and_taken_with_one_key(seat: Seat, browser: Browser) -> None:
    case = await seat.alarm()
    giver, taker = await make_operator(seat.world), await make_operator(seat.world)
    page = await seat.console(await seat.enter(browser, taker))
    async with seat.world.web.transaction(seat.world.district) as conn:
        now = datetime.now(UTC)
        await cases.claim(conn, case, giver, now)
        await transfers.offer(conn, case, giver, now, taker.account_id, "language", None, "hand_over")
    await expect(page.locator(".offer")).to_contain_text(giver.name)
    await page.keyboard.press("a")
    await expect(page.locator(f'#case[data-id="{case}"]')).to_contain_text(taker.name)
    await expect(page.locator(".offer")).to_have_count(0)
    await page.locator('form[action="/logout"] button').click()
    await expect(page.locator("#leaving")).to_be_visible()


async def test_a_line_that_falls_silent_is_told_within_35_seconds_and_comes_back(
    seat: Seat, browser: Browser
) -> None:
    page = await seat.console(await seat.enter(browser, await make_operator(seat.world)))
    seat.line.is_silent = True
    await expect(page.locator("#lost")).to_be_visible(timeout=PROMISE)
    seat.line.is_silent = False
    await expect(page.locator(LINK)).to_be_visible(timeout=PROMISE)
    await expect(page.locator("#lost")).to_be_hidden()
    case = await seat.alarm()
    await expect(page.locator(f"#case-{case}")).to_be_visible(timeout=20_000)


async def test_a_server_that_is_replaced_is_told_and_nothing_of_meanwhile_is_missed(
    seat: Seat, browser: Browser
) -> None:
    page = await seat.console(await seat.enter(browser, await make_operator(seat.world)))
    await seat.stop()
    await expect(page.locator("#lost")).to_be_visible(timeout=PROMISE)
    case = await seat.alarm()
    await seat.start()
    await expect(page.locator(LINK)).to_be_visible(timeout=PROMISE)
    await expect(page.locator(f"#case-{case}")).to_be_visible(timeout=20_000)


async def test_a_worker_that_dies_is_replaced_for_every_window(seat: Seat, browser: Browser) -> None:
    context = await seat.enter(browser, await make_operator(seat.world))
    pages = [await seat.console(context) for _ in range(3)]
    protocol = await browser.new_browser_cdp_session()
    targets = (await protocol.send("Target.getTargets", {"filter": [{}]}))["targetInfos"]
    (worker,) = [one["targetId"] for one in targets if one["type"] == "shared_worker"]
    await protocol.send("Target.closeTarget", {"targetId": worker})
    await until_true(lambda: replaced(protocol, worker), seconds=PROMISE / 1000)
    case = await seat.alarm()
    for page in pages:
        await expect(page.locator(f"#case-{case}")).to_be_visible(timeout=20_000)
        await expect(page.locator(LINK)).to_be_visible(timeout=PROMISE)


async def replaced(protocol: Any, worker: str) -> bool:
    """Say whether the windows have another worker."""
    targets = (await protocol.send("Target.getTargets", {"filter": [{}]}))["targetInfos"]
    return any(one["type"] == "shared_worker" and one["targetId"] != worker for one in targets)


async def test_a_storm_over_a_long_queue_leaves_it_in_order(seat: Seat, browser: Browser) -> None:
    kinds = [(1 + nth % 4, "sos") for nth in range(120)]
    await seat.alarms(kinds[:80])
    page = await seat.console(await seat.enter(browser, await make_operator(seat.world)))
    await seat.alarms(kinds[80:])
    await expect(page.locator("#queue > li")).to_have_count(120, timeout=30_000)
    ranks = await page.evaluate(
        "() => [...document.querySelectorAll('#queue > li')].map(one => one.dataset.rank)"
    )
    assert ranks == sorted(ranks)
    assert not seat.complaints


@pytest.mark.parametrize("language", ["zh_CN", "en"])
async def test_the_seat_shuts_nobody_out(seat: Seat, browser: Browser, language: str) -> None:
    case, who = await seat.alarm(), await make_operator(seat.world)
    async with seat.world.web.transaction(seat.world.district) as conn:
        await conn.execute("UPDATE account SET language = $1", language)
        await cases.claim(conn, case, who, datetime.now(UTC))
    context = await seat.enter(
        browser, who, extra_http_headers={"Accept-Language": language.replace("_", "-")}
    )
    page = await seat.console(context, f"/console/cases/{case}")
    await page.keyboard.press("0")
    await expect(page.locator(".on-call")).to_be_visible()
    found = {}
    for path in (None, "/console/hand-over", f"/console/screen/{case}"):
        if path:
            await page.goto(seat.base + path)
        await page.evaluate(AXE_SCRIPT)
        found[path] = await page.evaluate(AXE, RULES)
    assert not any(found.values()), found
