"""Web push, the browser's half: a message delivered to the worker is shown, answered, opens the alert."""

import json
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from playwright.async_api import BrowserContext, Page, expect

from core.accounts import Person
from core.crypto import digest
from tests.browser.everything import everything
from tests.databases import Database
from tests.dispatch.worlds import World
from tests.makers import NOW
from tests.waiting import until_true
from tests.web.conftest import app, counting, everybody, things, world  # noqa: F401 - fixtures

pytestmark = pytest.mark.browser
CLICK = """async () => {
  const [shown] = await registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", {notification: shown}));
}"""


async def test_a_message_is_shown_acknowledged_and_opens_the_alert(
    app: FastAPI,  # noqa: F811 - a fixture
    world: World,  # noqa: F811 - a fixture
    database: Database,
    everybody: dict[str, Person],  # noqa: F811 - a fixture
    things: dict[str, UUID],  # noqa: F811 - a fixture
) -> None:
    path = f"/family/alert/{things['case_id']}"
    async with world.web.transaction(world.district) as conn:
        values = (things["push_subscription_id"], digest("nonce"), NOW)
        await conn.execute(
            "UPDATE push_subscription SET test_token = $2, tested_at = $3 WHERE id = $1", *values
        )
    said = {"title": "Yinling", "body": "Something happened", "url": path, "tag": "a1", "language": "en"}
    said["receipt"] = f"{world.district}.nonce"
    async with everything(app, world, database.web) as every:
        context = await every.context(everybody["family"], "en", permissions=["notifications"])
        page = await context.new_page()
        await page.goto(f"{every.base}/family/phone")
        await page.evaluate("navigator.serviceWorker.ready")
        await page.wait_for_function("navigator.serviceWorker.controller !== null")
        await deliver(context, page, every.base, json.dumps(said))
        (shown,) = await shown_on(page)
        assert (shown["title"], shown["body"], shown["tag"]) == ("Yinling", "Something happened", "a1")

        async def received() -> object:
            async with world.web.transaction(world.district) as conn:
                return await conn.fetchval("SELECT received_at FROM push_subscription")

        await until_true(received)
        (worker,) = context.service_workers
        await worker.evaluate(CLICK)
        await expect(page).to_have_url(every.base + path)
        assert await shown_on(page) == []


async def deliver(context: BrowserContext, page: Page, origin: str, data: str) -> None:
    """Deliver a message to the page's worker, as the push service would."""
    session = await context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    await session.send("ServiceWorker.enable")

    async def known() -> object:
        return found

    await until_true(known)
    mine = next(one["registrationId"] for one in found if one["scopeURL"].endswith("/family"))
    await session.send(
        "ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": mine, "data": data}
    )
    await until_true(lambda: shown_on(page))


async def shown_on(page: Page) -> list[dict[str, str]]:
    """Return the messages on the screen."""
    found: list[dict[str, str]] = await page.evaluate(
        "navigator.serviceWorker.getRegistration('/family').then(one => one.getNotifications())"
        ".then(all => all.map(one => ({title: one.title, body: one.body, tag: one.tag})))"
    )
    return found
