"""A caregiver falls ill: the day is repaired before the manager's eyes, and those concerned are told."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.faces import PHONE, Faces
from tests.browser.story import Story

pytestmark = pytest.mark.browser
CHINA = ZoneInfo("Asia/Shanghai")
PATIENT = 90_000
"""Milliseconds: the first plan of an installation compiles the search."""


def day() -> str:
    """Return tomorrow: today's visits may be over, or too near to change."""
    return str((datetime.now(CHINA) + timedelta(days=1)).date())


def visits(faces: Faces, login: str, **wanted: str) -> list[dict[str, Any]]:
    """Return tomorrow's visits as somebody is told of them."""
    query = "&".join(f"{name}={value}" for name, value in {"day": day(), "limit": "200", **wanted}.items())
    answer = faces.context(login).request.get(f"{faces.base}/api/v1/visits?{query}")
    return list(answer.json()["items"])


def want(faces: Faces, manager: str, elder: str) -> None:
    """Ask for a short and urgent visit to the family's elder, so that it is planned."""
    window = {name: f"{day()}T{clock}:00+08:00" for name, clock in (("start", "07:30"), ("end", "18:00"))}
    asked = {"elder_id": elder, "service": "care", "priority": 1, "minutes": 15}
    asked |= {f"window_{name}": at for name, at in window.items()}
    answer = faces.context(manager).request.post(f"{faces.base}/api/v1/visits", data=asked)
    assert answer.ok, answer.text()


def accept(page: Page) -> None:
    """Wait until the proposal is ready, and accept it."""
    expect(page.locator("#proposal header .tag.accent")).to_be_visible(timeout=PATIENT)
    page.locator("#proposal form[action$='/accept'] button").click()
    expect(page.locator("#proposal header .tag.good")).to_be_visible(timeout=PATIENT)


def plan(page: Page) -> None:
    """Let the day be planned by hand, whether the night has done it or not."""
    page.fill("#seconds", "3")
    page.locator("form[action='/plan/runs'] button").click()
    accept(page)


def test_a_caregiver_falls_ill_the_day_is_repaired_and_those_concerned_are_told(
    faces: Faces, story: Story
) -> None:
    assert story.case
    manager = faces.installation.logins("provider_manager")[0]["login"]
    family = faces.installation.logins("family")[0]
    want(faces, manager, family["elder_id"])
    page = faces.page(manager, f"/plan?date={day()}")
    plan(page)
    own = [one for one in visits(faces, manager, elder_id=family["elder_id"]) if one["caregiver_id"]]
    ill = own[0]["caregiver_id"]
    lost = {one["id"] for one in visits(faces, manager, caregiver_id=ill)}
    repair(faces, page, ill)
    now = {one["id"]: one for one in visits(faces, manager) if one["id"] in lost}
    assert lost == now.keys(), "nothing is lost"
    assert [one for one in now.values() if one["caregiver_id"] == ill] == []
    told(faces, ill, [one for one in now.values() if one["caregiver_id"]])
    coming = visits(faces, family["login"], elder_id=family["elder_id"])
    assert coming
    assert [one for one in coming if one["caregiver_id"] == ill] == []
    page.close()


def repair(faces: Faces, page: Page, ill: str) -> None:
    """Say who is ill; read what it breaks before anything changes; accept."""
    page.goto(f"{faces.base}/plan?date={day()}")
    page.locator("#repair > summary").click()
    page.select_option("#repair-caregiver", value=ill)
    page.locator("form[action='/plan/repairs'] button").click()
    expect(page.locator("#proposal header .tag.accent")).to_be_visible(timeout=PATIENT)
    expect(page.locator("#proposal .notice.warn li").first).to_contain_text("\u5df2\u627f\u8bfa")
    accept(page)
    page.goto(f"{faces.base}/plan?date={day()}")
    row = page.locator(f"[data-caregiver='{ill}']")
    expect(row).to_contain_text("\u8bf7\u5047")


def told(faces: Faces, ill: str, passed: list[dict[str, Any]]) -> None:
    """See that the phone of who is ill has none of them any more, and that of who goes instead has."""
    logins = {one["caregiver_id"]: one["login"] for one in faces.installation.logins("caregiver")}
    at_home = faces.page(logins[ill], "/m/week", PHONE)
    for one in passed:
        expect(at_home.locator(f"a[href='/m/visits/{one['id']}']")).to_have_count(0)
    at_home.close()
    for one in passed[:1]:
        on_the_way = faces.page(logins[one["caregiver_id"]], "/m/week", PHONE)
        expect(on_the_way.locator(f"a[href='/m/visits/{one['id']}']")).to_have_count(1)
        on_the_way.close()
