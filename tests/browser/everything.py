"""A live server with one of everything, and a browser that opens any page of it as anybody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.async_playwright import Axe
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

from core import events
from core.accounts import Person
from dashboards import app as composition
from dashboards.auth import COOKIE
from tests.browser.faces import ARGUMENTS, CHROMIUM, LANGUAGES
from tests.dashboards.clients import client_of
from tests.dispatch.worlds import World
from tests.pretending import listening

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
}
FILES = (".xlsx", ".docx", ".pdf", ".{kind}", ".csv")
WIDE = "document.documentElement.scrollWidth > innerWidth + 1"


@dataclass
class Everything:
    """A server, a browser, and who is who."""

    base: str
    app: FastAPI
    world: World
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    async def context(
        self, person: Person | None, language: str = "zh_CN", *, phone: bool = True, **given: Any
    ) -> BrowserContext:
        """Return a browser's context in which somebody is logged in."""
        size = ViewportSize(width=390, height=844) if phone else ViewportSize(width=1440, height=900)
        context = await self.browser.new_context(
            viewport=size, locale=LANGUAGES[language], timezone_id="Asia/Shanghai", **given
        )
        context.set_default_timeout(60_000)
        if person is not None:
            client = await client_of(self.app, person)
            token = client.headers["Authorization"].removeprefix("Bearer ")
            await client.aclose()
            await context.add_cookies([{"name": COOKIE, "value": token, "url": self.base}])
        context.on("weberror", lambda wrong: self.complaints.append(str(wrong.error)))
        return context

    async def speak(self, language: str) -> None:
        """Let every account read a language."""
        async with self.world.web.transaction(self.world.district) as conn:
            await conn.execute("UPDATE account SET language = $1", language)

    async def news(self) -> None:
        """Give numbers to what has been committed, as the tick does."""
        await events.number(self.world.worker)


@asynccontextmanager
async def everything(app: FastAPI, world: World, dsn: str) -> AsyncIterator[Everything]:
    """Serve the app with its live feed and open a browser."""
    stop = asyncio.Event()
    feed = asyncio.create_task(composition.live(app, dsn, stop))
    try:
        async with listening(app) as base, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            try:
                yield Everything(base, app, world, browser)
            finally:
                await browser.close()
    finally:
        stop.set()
        await feed


async def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with a page: rule and the first place."""
    found = await Axe().run(page, options=RULES)
    return [
        f"{one['id']}: {node['html'][:140]}"
        for one in found.response["violations"]
        for node in one["nodes"][:3]
    ]


def is_page(route: str) -> bool:
    """Say whether a route answers with a whole page that somebody looks at."""
    pictures = ("/photos/", "/recordings/")
    return not route.endswith((*FILES, "/photo")) and not any(one in route for one in pictures)


async def shut_out(
    every: Everything,
    everybody: dict[str, Person],
    addresses: dict[str, str],
    roles: dict[str, str],
    language: str,
    *,
    phone: bool,
) -> dict[str, list[str]]:
    """Return {route: what is wrong} of pages, each opened by a role that may: {route: role}."""
    await every.speak(language)
    found: dict[str, list[str]] = {}
    for role in sorted(set(roles.values())):
        context = await every.context(everybody[role], language, phone=phone, reduced_motion="reduce")
        page = await context.new_page()
        for route in (route for route, opens in roles.items() if opens == role):
            await page.goto(every.base + addresses[route], wait_until="load")
            wrong = await violations(page)
            if await page.evaluate(WIDE):
                wrong.append("wider than the window")
            if wrong:
                found[f"{route} as {role}"] = wrong
        await context.close()
    return found
