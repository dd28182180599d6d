"""Every page of the demonstration, as those see it whom it is made for: what does not fit, and a picture."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from core.db import Pool
from tests.browser.everything import FILES, WIDE, violations
from tests.browser.faces import ARGUMENTS, CHROMIUM, LANGUAGES
from tests.demonstration import Demonstration
from tests.pretending import listening
from tests.web.walking import walk

ARTIFACTS = Path(__file__).parents[1] / "artifacts" / "pages"
SIZES = {1440: 900, 390: 844}
NO_PAGES = (*FILES, ".js", ".webmanifest", "/photo", "/letter")
Views = dict[str, list[tuple[str, str]]]
"""{role: [(route, an address of it)]}."""
_WALKED: Views = {}
"""The addresses are the same in every copy of the demonstration: walked once."""


@dataclass
class Gallery:
    """A served demonstration, a browser, and what its pages complained of."""

    base: str
    browser: Browser
    demonstration: Demonstration
    views: Views
    complaints: list[str] = field(default_factory=list)

    async def look(self, role: str, language: str, width: int, *, axe: bool) -> dict[str, list[str]]:
        """Open each page of a role; return {route: what is wrong with it}."""
        context = await self.browser.new_context(
            viewport=ViewportSize(width=width, height=SIZES[width]),
            locale=LANGUAGES[language],
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(90_000)
        context.on("weberror", lambda wrong: self.complaints.append(str(wrong.error)))
        page = await context.new_page()
        await self._log_in(page, role)
        found = {}
        for route, address in self.views[role]:
            await page.goto(self.base + address, wait_until="load")
            wrong = [f"wider than {width} px"] if await page.evaluate(WIDE) else []
            wrong += await violations(page) if axe else []
            await keep(page, f"{language}-{width}", route)
            if wrong:
                found[route] = wrong
        await context.close()
        return found

    async def _log_in(self, page: Page, role: str) -> None:
        account = self.demonstration.login(role)
        await page.goto(f"{self.base}/login")
        await page.fill("#login", account["login"])
        await page.fill("#password", account["password"])
        await page.click("button.main")
        await page.wait_for_url(lambda url: "/login" not in url)


@asynccontextmanager
async def gallery(app: FastAPI, demonstration: Demonstration) -> AsyncIterator[Gallery]:
    """Serve the demonstration and open a browser."""
    views = await views_of(app, demonstration)
    async with listening(app) as base, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield Gallery(base, browser, demonstration, views)
        finally:
            await browser.close()


async def views_of(app: FastAPI, demonstration: Demonstration) -> Views:
    """Return the whole pages that links lead to, each once, by the first role that comes to it."""
    known: set[str] = set()
    for role in demonstration.roles() if not _WALKED else ():
        seen = await walk(app, demonstration.login(role))
        assert seen.wrong == [], f"links of {role} that lead nowhere"
        for route, addresses in seen.pages.items():
            if route not in known and not route.endswith(NO_PAGES):
                known.add(route)
                _WALKED.setdefault(role, []).append((route, addresses[0]))
    return _WALKED


async def speak(pool: Pool, language: str) -> None:
    """Let every account of the demonstration read a language; the pool is the owner's."""
    async with pool.transaction() as conn:
        await conn.execute("UPDATE account SET language = $1", language)


async def keep(page: Page, folder: str, route: str) -> None:
    """Keep a picture of a page when `make shots` asks for it."""
    if os.environ.get("YINLING_SHOTS"):
        (ARTIFACTS / folder).mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=ARTIFACTS / folder / f"{name_of(route)}.png", full_page=True)


def name_of(route: str) -> str:
    """Return the name of a route's picture."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"\{(\w+?)(_id)?\}", r"\1", route)).strip("-") or "start"
