"""Two SOS in one street, seen by the operator: two people go, and the page says who was asked."""

from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from tests.browser.faces import Faces
from tests.browser.story import press

pytestmark = [pytest.mark.browser, pytest.mark.journey]


def test_two_calls_from_one_street_get_two_people(faces: Faces) -> None:
    operator = faces.installation.logins("operator")[0]["login"]
    console = faces.page(operator, "/console")
    calls = faces.context(operator).request
    beds = calls.get(f"{faces.base}/api/v1/care-beds?limit=100").json()["items"]
    first = beds[-1]
    street = sorted(
        beds, key=lambda one: (one["lat"] - first["lat"]) ** 2 + (one["lon"] - first["lon"]) ** 2
    )[:2]
    sent = [_send(faces, console, calls, bed) for bed in street]
    assert len(set(sent)) == len(sent)
    assert not faces.complaints


def _send(faces: Faces, console: Page, calls: APIRequestContext, bed: dict[str, Any]) -> str:
    """Press SOS at a bed, claim its case, send somebody; return the name of who was asked."""
    press(faces, bed["id"])
    console.goto(f"{faces.base}/console/cases/{_case(faces, console, calls, bed['elder_id'])}")
    expect(console.locator("#link[data-state=live]")).to_be_visible()
    console.keyboard.press("c")
    expect(console.locator("#case[data-state=claimed]")).to_be_visible()
    console.keyboard.press("d")
    expect(console.locator("#case[data-state=dispatched]")).to_be_visible()
    expect(console.locator(".sent .asked li").first).to_contain_text("已询问")
    return str(console.locator(".sent strong").first.text_content())


def _case(faces: Faces, console: Page, calls: APIRequestContext, elder: str) -> str:
    """Return the open case of somebody, as soon as there is one."""
    for _ in range(50):
        found = calls.get(f"{faces.base}/api/v1/cases?elder_id={elder}&state=raised").json()["items"]
        if found:
            return str(found[0]["id"])
        console.wait_for_timeout(200)
    raise AssertionError("no case was opened")
