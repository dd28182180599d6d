"""The journey: press SOS, look at the console, accept on the phone, check out, read the bill."""

import json
import math
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from paho.mqtt import publish
from playwright.sync_api import Geolocation, Page, expect

from tests.browser.faces import PHONE, Faces


@dataclass
class Story:
    """What was seen on the way, and where it is."""

    seconds_to_console: float = 0.0
    elder: str = ""
    case: str = ""
    open_case: str = ""
    visit: str = ""
    claim: str = ""
    carer: str = ""
    asked: str = ""
    seen: dict[str, str] = field(default_factory=dict)


def press(faces: Faces, bed: str, kind: str = "sos", model: str = "sos_button_v1") -> None:
    """Register a device at a bed, and let it send an alarm by a real MQTT client."""
    _send(faces, bed, model, "alarm", [{"at": datetime.now(UTC), "type": kind, "values": {}}])


def remember(faces: Faces, bed: str) -> None:
    """Let a new mat of a bed hand in what it has measured in the last day."""
    now = datetime.now(UTC)
    said = []
    for ago in range(24 * 60, 0, -5):
        asleep = 10 * 60 < ago < 19 * 60 or ago < 3 * 60
        heart = (58 if asleep else 72) + round(5 * math.sin(ago / 17) + 2 * math.sin(ago / 3))
        breath = (13 if asleep else 16) + round(1.5 * math.sin(ago / 11))
        vitals = {"heart_rate": heart, "respiration_rate": breath} if asleep or ago % 60 < 25 else {}
        values = {"in_bed": bool(vitals), **vitals}
        said.append({"at": now - timedelta(minutes=ago), "values": values, "historical": True})
    _send(faces, bed, "care_bed_v1", "telemetry", said)


def let_in(faces: Faces, bed: str) -> None:
    """Open the home's door to a visitor: whether pretended sensors notice a visit of seconds is chance."""
    now = datetime.now(UTC)
    said = [
        {"at": now - timedelta(seconds=ago), "values": {"open": bool(ago)}, "ack": True} for ago in (2, 0)
    ]
    _send(faces, bed, "door_v1", "telemetry", said)


def _send(faces: Faces, bed: str, model: str, kind: str, said: list[dict[str, Any]]) -> None:
    line = faces.installation.command("device", "add", "--thing-model", model, "--care-bed", bed)
    device = json.loads(line)
    topic = f"yl/v1/{device['device_id']}/{kind}"
    made = [{"id": str(uuid4()), **one, "at": one["at"].isoformat().replace("+00:00", "Z")} for one in said]
    publish.multiple(
        [(topic, json.dumps(one), 1, False) for one in made],
        hostname="127.0.0.1",
        port=faces.installation.mqtt_port,
        client_id=device["username"],
        auth={"username": device["username"], "password": device["password"]},
    )


def tell(faces: Faces) -> Story:
    """Walk the whole way through the pages."""
    story, one = Story(), faces.installation
    family = one.logins("family")[0]
    operator = one.logins("operator")[0]["login"]
    home = next(h for h in _homes(one.home) if h["elder_id"] == family["elder_id"])
    story.elder = family["elder_id"]
    console = faces.page(operator, "/console")
    expect(console.locator("#link[data-state=live]")).to_be_visible()
    console.click("#shift")
    remember(faces, home["care_bed_id"])
    kin = faces.page(family["login"], "/family", PHONE)
    expect(kin.locator(".state.is-quiet, .state.is-unknown, .state.is-silent")).to_be_visible()
    started = time.monotonic()
    press(faces, home["care_bed_id"])
    row = console.locator("#queue li.sev-1", has=console.locator("time"))
    expect(row.first).to_be_visible()
    story.seconds_to_console = time.monotonic() - started
    expect(kin.locator(".state.is-alert")).to_be_visible()
    row.first.locator("a").click()
    expect(console.locator("#case")).to_be_visible()
    story.case = str(console.locator("#case").get_attribute("data-id"))
    story.seen["todo"] = console.locator(".todo").inner_text()
    _work(console)
    story.seen["why"] = console.locator(".sent").first.inner_text()
    expect(kin.locator("#now")).to_contain_text("正在处理")
    _visit(faces, story, home["care_bed_id"])
    expect(console.locator("#case[data-state=resolved]")).to_be_visible()
    expect(kin.locator("#now")).to_contain_text("已处置")
    _close(console)
    _read_bill(faces, story, family["login"])
    return story


def work_on(faces: Faces, name: str) -> str:
    """Claim and verify somebody's case, and send somebody; return the case."""
    console = faces.page(faces.installation.logins("operator")[0]["login"], "/console")
    console.locator("#queue li", has_text=name).first.locator("a").click()
    expect(console.locator("#case")).to_contain_text(name)
    _work(console)
    found = str(console.locator("#case").get_attribute("data-id"))
    console.close()
    return found


def _place(faces: Faces, elder: str) -> Geolocation:
    """Return where an elder lives, as the operator's session knows."""
    operator = faces.installation.logins("operator")[0]["login"]
    beds = faces.context(operator).request.get(f"{faces.base}/api/v1/care-beds?limit=100").json()["items"]
    bed = next(one for one in beds if one["elder_id"] == elder)
    return {"latitude": bed["lat"] + 0.0002, "longitude": bed["lon"], "accuracy": 12}


def asked(faces: Faces) -> str:
    """Return the login of the caregiver who has an emergency offered."""
    for account in faces.installation.logins("caregiver"):
        phone = faces.page(account["login"], "/m", PHONE)
        offered = phone.locator(".emergency.is-offered").count()
        phone.close()
        if offered:
            return str(account["login"])
    raise AssertionError("nobody has been asked")


def _homes(home: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((home / "simulator.json").read_text(encoding="utf-8"))["homes"]
    return found


def _work(console: Page) -> None:
    """Claim, record a call, verify and send, by the keyboard."""
    console.keyboard.press("c")
    expect(console.locator("#case[data-state=claimed]")).to_be_visible()
    _open(console, "t")
    console.select_option("#call-result", "no_answer")
    console.locator("details[data-key=t] button.main").click()
    expect(console.locator(".timeline")).to_contain_text("无人接听")
    console.keyboard.press("v")
    expect(console.locator("#case[data-state=verified]")).to_be_visible()
    console.keyboard.press("d")
    expect(console.locator("#case[data-state=dispatched]")).to_be_visible()
    expect(console.locator(".sent").first).to_contain_text("已派")


def _visit(faces: Faces, story: Story, bed: str) -> None:
    """Find whose phone was asked; accept, check in, lose the network, check out, find it again."""
    for account in faces.installation.logins("caregiver"):
        phone = faces.page(account["login"], "/m", PHONE)
        if phone.locator(".emergency.is-offered").count():
            break
        phone.close()
    story.carer = account["login"]
    phone.context.set_geolocation(_place(faces, story.elder))
    phone.locator(".emergency.is-offered button.main").click()
    phone.wait_for_url("**/m/visits/*")
    story.visit = phone.url.rpartition("/")[2]
    phone.get_by_role("button", name="出发").click()
    expect(phone.locator("form[data-send=check-in]")).to_be_visible()
    let_in(faces, bed)
    phone.get_by_role("button", name="签到").click()
    expect(phone.locator("form[data-send=check-out]")).to_be_visible()
    phone.get_by_label("与老人交谈").check()
    phone.fill("#note", "老人误触按钮")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="签退").click()
    expect(phone.locator("#outbox")).to_contain_text("联网后自动上传")
    phone.context.set_offline(False)
    expect(phone.locator("#visit")).to_contain_text("已完成并核验")
    phone.close()


def _open(console: Page, key: str) -> None:
    """Open a drawer by its key."""
    console.keyboard.press(key)
    expect(
        console.locator(f"details[data-key={key}]"), console.locator("#case").inner_text()
    ).to_have_attribute("open", "")


def _close(console: Page) -> None:
    _open(console, "x")
    console.locator("details[data-key=x] button.main").click()
    expect(console.locator("#wrong-outcome")).to_be_visible()
    console.select_option("#close-outcome", "reassured")
    console.select_option("#close-false_alarm", "pressed_by_mistake")
    console.locator("details[data-key=x] button.main").click()
    expect(console.locator("#case[data-state=closed]")).to_be_visible()


def _read_bill(faces: Faces, story: Story, family: str) -> None:
    auditor = faces.installation.logins("auditor")[0]["login"]
    desk = faces.page(auditor, "/desk/claims?service=emergency")
    line = desk.locator("tbody tr", has_text="助急").last
    for _ in range(20):
        if line.count():
            break
        desk.wait_for_timeout(500)
        desk.reload()
    line.locator("a").click()
    desk.wait_for_url("**/desk/claims/*")
    story.claim = desk.url.rpartition("/")[2]
    story.seen["claim"] = desk.locator("main").inner_text()
    story.seen["bill"] = faces.page(family, "/family/bill", PHONE).locator("main").inner_text()
