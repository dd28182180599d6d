"""A site for the caregiver's phone: our app on a real database, and Chromium dressed as a telephone."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import uvicorn
from playwright.async_api import BrowserContext, Page, Playwright

from core.accounts import Person
from core.settings import Settings
from dashboards.app import create, live
from dashboards.run import Server
from dispatch import visits
from tests import makers
from tests.browser.faces import ARGUMENTS, CHROMIUM
from tests.dispatch.worlds import HOME, World, make_caregiver, make_operator
from tests.waiting import until_true

PIXEL: dict[str, Any] = {
    "viewport": {"width": 412, "height": 839},
    "device_scale_factor": 2.625,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "permissions": ["geolocation"],
    "geolocation": {"latitude": HOME[0], "longitude": HOME[1], "accuracy": 12},
}


@dataclass
class Site:
    """A running app, who works in it, and what its pages complained of."""

    world: World
    base: str
    carer: Person
    complaints: list[str] = field(default_factory=list)

    async def visit(self, minutes_ahead: int = 0, *, accept: bool = True, **given: Any) -> UUID:
        """Plan a visit of the caregiver that begins in so many minutes."""
        now = datetime.now(UTC)
        start = now + timedelta(minutes=minutes_ahead)
        manager = await make_operator(self.world, "provider_manager")
        row: dict[str, Any] = {"service": "clean", "care_bed_id": self.world.bed, **given}
        async with self.world.web.transaction(self.world.district) as conn:
            made = await visits.want(
                conn,
                district=self.world.district,
                elder_id=self.world.elder,
                window_start=start,
                window_end=start + timedelta(hours=2),
                now=now,
                **row,
            )
            assert self.carer.caregiver_id is not None
            await visits.offer(conn, made, self.carer.caregiver_id, manager, now)
            if accept:
                await visits.accept(conn, made, self.carer, now)
        return made

    async def rows(self, query: str, *values: object) -> list[Any]:
        """Ask the database."""
        async with self.world.web.transaction(self.world.district) as conn:
            return list(await conn.fetch(query, *values))


@asynccontextmanager
async def site(world: World, dsn: str) -> AsyncIterator[Site]:
    """Serve the app on a free port until the test is over."""
    carer = await make_caregiver(world, "王小芳", phone="13900002222")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        app = create(Settings(), world.web, world.keys)
        how = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
        server, stop = Server(how), asyncio.Event()
        tasks = [
            asyncio.create_task(server.serve(sockets=[listening])),
            asyncio.create_task(live(app, dsn, stop)),
        ]
        try:
            yield Site(world, f"http://localhost:{port}", carer)
        finally:
            stop.set()
            server.should_exit = True
            await asyncio.gather(*tasks)


async def phone(playwright: Playwright, one: Site, profile: Path) -> BrowserContext:
    """Open a telephone whose memory lies in a folder: killed and opened again, it has what it had."""
    context = await playwright.chromium.launch_persistent_context(
        str(profile), executable_path=CHROMIUM, args=ARGUMENTS, **PIXEL
    )
    context.set_default_timeout(15_000)
    context.on("weberror", lambda error: one.complaints.append(str(error.error)))
    return context


async def log_in(context: BrowserContext, one: Site) -> Page:
    """Log in as the caregiver; return today's page, with everything carried."""
    page = await context.new_page()
    await page.goto(f"{one.base}/login")
    await page.fill("#login", one.carer.name)
    await page.fill("#password", makers.PASSWORD)
    await page.click("button.main")
    await page.wait_for_url("**/m")
    await ready(page)
    return page


async def ready(page: Page) -> None:
    """Wait until the page's scripts have done their first work."""
    await page.wait_for_selector("body[data-ready]")


async def carried(page: Page, count: int) -> None:
    """Wait until the phone has so many visits, their pages, and a worker that answers without a network."""
    await until_true(lambda: page.evaluate(CARRIED, count), seconds=20)


async def settle(page: Page) -> None:
    """Wait until what was typed last is in the phone's memory."""
    await until_true(lambda: page.evaluate("async () => (await self.YlStore.all('drafts')).length === 1"))


def kill(profile: Path) -> None:
    """Kill the browser of a profile as a phone that loses its power does: every process of it, at once."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if str(profile).encode() in process.read_bytes():
                os.kill(int(process.parent.name), signal.SIGKILL)


async def left(page: Page) -> tuple[int, int]:
    """Return how many records wait, and how many were refused."""
    found: list[int] = await page.evaluate(LEFT)
    return found[0], found[1]


CARRIED = """async count => {
  const worker = await navigator.serviceWorker.ready;
  const cards = await self.YlStore.all("carried");
  const names = (await caches.keys()).filter(one => one.startsWith("yl-pages-"));
  const pages = names.length ? await (await caches.open(names[0])).keys() : [];
  return worker.active && navigator.serviceWorker.controller && cards.length === count
    && pages.filter(one => one.url.includes("/m/visits/")).length === count
    && pages.some(one => one.url.endsWith("/m"))
    && cards.filter(one => one.state !== "offered").every(one => one.secrets);
}"""
LEFT = """async () => [(await self.YlOutbox.pending()).length, (await self.YlOutbox.refused()).length]"""
__all__ = ("Site", "carried", "kill", "left", "log_in", "phone", "ready", "settle", "site")
