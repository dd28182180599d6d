"""Browser sessions of the demonstration's people, in Debian's Chromium."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Request

from tests.journeys.installations import Installation

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
DESK, PHONE = (1440, 900), (390, 844)
SIZES = (DESK, PHONE)
SOUND = "AudioContext was not allowed to start"
"""What a browser notes of a page that may not sound before it is touched: a red bar says so."""
EXPECTED = ("409", "422", "ERR_INTERNET_DISCONNECTED", "htmx:afterRequest", "htmx:sendError", SOUND)
LANGUAGES = {"zh_CN": "zh-CN", "en": "en"}


@dataclass
class Faces:
    """Opens pages as somebody; remembers every request and every complaint of a page."""

    installation: Installation
    browser: Browser
    requests: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    _spoken: dict[str, str] = field(default_factory=dict)
    _contexts: dict[tuple[str, tuple[int, int], str], BrowserContext] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The address, by a name that browsers hold secure."""
        return self.installation.url.replace("127.0.0.1", "localhost")

    def context(self, login: str, size: tuple[int, int] = DESK, language: str = "zh_CN") -> BrowserContext:
        """Return the logged-in context of an account at a size in a language."""
        key = (login, size, language)
        if key not in self._contexts:
            self._contexts[key] = self._open(login, size, language)
        return self._contexts[key]

    def page(self, login: str, path: str, size: tuple[int, int] = DESK, language: str = "zh_CN") -> Page:
        """Open a page as somebody."""
        page = self.context(login, size, language).new_page()
        if self._spoken.get(login) != language:
            page.goto(f"{self.base}/login")
            page.evaluate(SPEAK, language)
            self._spoken[login] = language
        page.goto(self.base + path)
        return page

    def password(self, login: str) -> str:
        """Return the password of a demo account."""
        return next(str(one["password"]) for one in self.installation.accounts if one["login"] == login)

    def _open(self, login: str, size: tuple[int, int], language: str) -> BrowserContext:
        width, height = size
        given: dict[str, Any] = {
            "viewport": {"width": width, "height": height},
            "locale": LANGUAGES[language],
            "timezone_id": "Asia/Shanghai",
            "permissions": ["geolocation"],
            "geolocation": {"latitude": 37.886, "longitude": 118.526, "accuracy": 12},
        }
        context = self.browser.new_context(**given)
        context.set_default_timeout(45_000)
        context.on("request", self._note)
        context.on("console", lambda m: self._complain(m.type, m.text))
        context.on("weberror", lambda e: self.complaints.append(str(e.error)))
        page = context.new_page()
        page.goto(f"{self.base}/login")
        page.fill("#login", login)
        page.fill("#password", self.password(login))
        page.click("button.main")
        page.wait_for_url(lambda url: "/login" not in url)
        page.close()
        return context

    def _note(self, request: Request) -> None:
        self.requests.add(request.url)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(known in text for known in EXPECTED):
            self.complaints.append(text)


SPEAK = """language => fetch("/language", {
  method: "POST", body: new URLSearchParams({language, next: "/login"}),
})"""
