"""The faces in a real browser: the journey, nobody shut out, nothing from outside, one look at each."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import simulated
from tests.browser.faces import DESK, LANGUAGES, PHONE, SIZES, Faces
from tests.browser.story import Story

pytestmark = pytest.mark.browser
ARTIFACTS = Path(__file__).parents[1] / "artifacts"
SCREENS = Path(__file__).parents[2] / "docs" / "screens"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
README = {"console": DESK, "caregiver-offer": PHONE, "family": PHONE, "claim": DESK}
SMALLEST = 18
CHINA = ZoneInfo("Asia/Shanghai")
TARGET = 44


def pages(faces: Faces, story: Story) -> dict[str, tuple[str, str]]:
    """Return {name: (login, path)} of every page."""
    one = faces.installation
    by = {account["role"]: account["login"] for account in reversed(one.accounts)}
    first = {role: one.logins(role)[0]["login"] for role in by}
    operator, family, clerk = first["operator"], first["family"], first["auditor"]
    return {
        "console": (operator, f"/console/cases/{story.open_case}"),
        "console-closed": (operator, f"/console/cases/{story.case}"),
        "console-queue": (operator, "/console"),
        "console-technical": (operator, "/console/technical"),
        "console-technical-list": (operator, "/console/technical/list"),
        "console-incidents": (operator, "/console/incidents"),
        "console-history": (operator, "/console/history"),
        "caregiver-offer": (story.asked, "/m"),
        "caregiver-today": (story.carer, "/m"),
        "caregiver": (story.carer, f"/m/visits/{story.visit}"),
        "caregiver-certificates": (story.carer, "/m/certificates"),
        "family": (family, "/family"),
        "family-bill": (family, "/family/bill"),
        "statements": (clerk, "/desk/statements"),
        "claims": (clerk, "/desk/claims"),
        "claim": (clerk, f"/desk/claims/{story.claim}"),
        "unpriced": (clerk, "/desk/unpriced"),
        "entitlements": (clerk, "/desk/entitlements"),
        "elders": (clerk, "/desk/elders"),
        "elder": (clerk, f"/desk/elders/{story.elder}"),
        "assessment": (first["assessor"], f"/desk/assessments/new?elder={story.elder}"),
        **auditing(clerk, story.visit),
        "dead-letters": (first["admin"], "/admin/dead-letters"),
        "unknown-devices": (first["admin"], "/admin/unknown-devices"),
        "devices": (first["admin"], "/fleet"),
        "device": (first["admin"], f"/fleet/{device(one.home)}"),
        "rules": (first["admin"], "/admin/rules"),
        "kits": (first["admin"], "/admin/kits"),
        **desk(faces, first["provider_manager"]),
        "caregiver-open": (story.carer, "/m/open"),
        **phone(faces, first["installer"], simulated(one)[0]["care_bed_id"]),
        "accounts": (first["admin"], "/admin/accounts"),
    }


def auditing(auditor: str, visit: str) -> dict[str, tuple[str, str]]:
    """Return the auditor's pages."""
    names = ("purchases", "claims", "budget", "scores", "log")
    return {
        "audit": (auditor, "/audit"),
        **{f"audit-{name}": (auditor, f"/audit/{name}") for name in names},
        "audit-visit": (auditor, f"/audit/visits/{visit}"),
        "complaints": (auditor, "/desk/complaints"),
        "complaint-new": (auditor, "/desk/complaints/new"),
    }


def desk(faces: Faces, manager: str) -> dict[str, tuple[str, str]]:
    """Return the planner's and the provider's pages, with a visit of tomorrow's plan."""
    tomorrow = (datetime.now(CHINA) + timedelta(days=1)).date()
    page = faces.page(manager, f"/plan?date={tomorrow}")
    visit = str(page.locator("a[data-open]").first.get_attribute("href")).split("/")[-1]
    page.close()
    return {
        "day-plan": (manager, f"/plan?date={tomorrow}"),
        "day-plan-visit": (manager, f"/plan/visits/{visit}"),
        "day-plan-map": (manager, f"/plan/map?date={tomorrow}"),
        "provider": (manager, "/provider"),
        "provider-substitutes": (manager, f"/provider/visits/{visit}/substitutes"),
        "provider-figures": (manager, "/provider/figures"),
    }


def phone(faces: Faces, installer: str, bed: str) -> dict[str, tuple[str, str]]:
    """Return the installer's pages, which are made for a phone."""
    return {
        "installer-homes": (installer, "/installer"),
        "installer-home": (installer, f"/installer/beds/{bed}"),
        "installer-scan": (installer, "/installer/scan"),
        "installer-unknown": (installer, f"/installer/unknown?bed={bed}"),
        "installer-test": (installer, fitting(faces, installer, bed)),
    }


def fitting(faces: Faces, installer: str, bed: str) -> str:
    """Begin a test of a home, or go on with it; return its page."""
    asked = faces.context(installer).request
    answer = asked.post(f"{faces.base}/installer/beds/{bed}/test", form={"kind": "monthly"}, max_redirects=0)
    return str(answer.headers["location"])


def device(home: Path) -> str:
    """Return a mat that speaks."""
    found = json.loads((home / "simulator.json").read_text(encoding="utf-8"))["homes"][0]["devices"]
    return str(next(one["device_id"] for one in found if one["thing_model"] == "care_bed_v1"))


def test_an_alarm_goes_from_the_button_to_the_bill(story: Story) -> None:
    assert story.seconds_to_console < 5, "device add included"
    assert "有人应答吗" in story.seen["todo"]
    assert "不在班" in story.seen["why"]
    for words in ("额度", "六要素", "设备原始报文", "居家设备", "已证实"):
        assert words in story.seen["claim"]
    assert "助急" in story.seen["bill"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shuts_anybody_out(language: str, faces: Faces, story: Story) -> None:
    found = {}
    for name, (login, path) in pages(faces, story).items():
        size = PHONE if name.startswith(("caregiver", "family", "installer")) else DESK
        page = faces.page(login, path, size, language)
        page.locator("main").wait_for()
        result = Axe().run(page, options=RULES)
        if result.violations_count:
            found[name] = result.generate_report()
        page.close()
    assert found == {}


def test_what_the_server_did_not_confirm_is_said_aloud(faces: Faces, story: Story) -> None:
    operator = faces.installation.logins("operator")[0]["login"]
    page = faces.page(operator, f"/console/cases/{story.open_case}")
    expect(page.locator("#failed")).to_be_hidden()
    page.context.set_offline(True)
    page.keyboard.press("n")
    page.fill("#note-note", "记一笔")
    page.locator("details[data-key=n] button.main").click()
    expect(page.locator("#failed")).to_be_visible()
    page.context.set_offline(False)
    page.locator("details[data-key=n] button.main").click()
    expect(page.locator("#failed")).to_be_hidden()
    expect(page.locator(".timeline")).to_contain_text("记一笔")
    page.close()


def test_family_pages_are_large_enough_for_old_eyes_and_hands(faces: Faces, story: Story) -> None:
    for name in ("family", "family-bill"):
        login, path = pages(faces, story)[name]
        page = faces.page(login, path, PHONE)
        assert page.evaluate(SMALL, SMALLEST) == []
        assert page.evaluate(TIGHT, TARGET) == []
        page.close()


@pytest.mark.parametrize("size", SIZES, ids=["1440", "390"])
def test_every_page_fits_and_has_its_picture(size: tuple[int, int], faces: Faces, story: Story) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    wide = []
    for name, (login, path) in pages(faces, story).items():
        page = faces.page(login, path, size)
        page.wait_for_timeout(300)
        page.screenshot(path=ARTIFACTS / f"{name}-{size[0]}.png", full_page=size == PHONE)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            wide.append(name)
        if os.environ.get("YINLING_SHOTS") and README.get(name) == size:
            SCREENS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SCREENS / f"{name}.png")
        page.close()
    assert wide == []


def test_nothing_was_asked_of_another_host_and_no_page_complained(faces: Faces, story: Story) -> None:
    assert story.case
    assert [url for url in faces.requests if not url.startswith((faces.base, "data:", "blob:"))] == []
    assert faces.complaints == []


SMALL = """least => [...document.querySelectorAll("body *")].filter(e => e.getClientRects().length
  && !e.closest(".visually-hidden, .skip, svg, option")
  && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
  && parseFloat(getComputedStyle(e).fontSize) < least).map(e => e.outerHTML.slice(0, 80))"""
TIGHT = """least => [...document.querySelectorAll("a, button, summary, input, select")]
  .filter(e => e.getClientRects().length && !e.closest(".skip"))
  .filter(e => e.getBoundingClientRect().height < least - 0.5).map(e => e.outerHTML.slice(0, 80))"""
