"""Everywhere that links lead: a walk through the pages of the demonstration as one of its people."""

import re
from collections import deque
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
from fastapi import FastAPI
from starlette.routing import Match

from dashboards.web.menus import HOMES, LINKS, SECTIONS
from tests.dashboards.clients import BASE, anonymous

LEADS = re.compile(r"""\s(?:href|hx-get|src)="([^"#]+)""")
ASSETS = ("/static/", "/language", "/logout", "/live")
ENOUGH = 2
"""Addresses of one route that a walk opens: of a hundred elders two are looked at."""


@dataclass
class Walk:
    """What one person came to: addresses by route, those of whole pages, and links that lead nowhere."""

    role: str
    found: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[tuple[str, str, int]] = field(default_factory=list)


async def walk(app: FastAPI, account: dict[str, str]) -> Walk:
    """Open what the person's menu and every page it leads to link to, a few of each kind."""
    seen = Walk(account["role"])
    async with anonymous(app, headers={"Accept-Language": "zh-CN"}) as client:
        await client.post("/login", data={"login": account["login"], "password": account["password"]})
        waiting = deque((("menu"), href) for href in starts(account["role"]))
        known = {href for _, href in waiting}
        while waiting:
            source, href = waiting.popleft()
            route = route_of(app, urlsplit(href).path)
            if len(seen.found.get(route, ())) >= ENOUGH:
                continue
            answer = await client.get(href)
            if answer.status_code >= 400:
                seen.wrong.append((source, href, answer.status_code))
                continue
            seen.found.setdefault(route, []).append(href)
            if "<html" in answer.text[:200]:
                seen.pages.setdefault(route, []).append(href)
            for lead in leads(href, answer):
                if lead not in known:
                    known.add(lead)
                    waiting.append((route, lead))
    return seen


def starts(role: str) -> list[str]:
    """Return where a role begins: its landing page and its menu."""
    pages = [*LINKS.get(role, ()), *(page for _, some in SECTIONS.get(role, ()) for page in some)]
    return list(dict.fromkeys([HOMES[role], *(href for href, _ in pages)]))


def leads(at: str, answer: httpx.Response) -> list[str]:
    """Return the addresses of ours that a page links to; a redirect leads on too."""
    if answer.is_redirect:
        return [urljoin(at, answer.headers["location"])]
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return []
    found = (urlsplit(urljoin(BASE + at, unescape(one))) for one in LEADS.findall(answer.text))
    return [
        one.path + (f"?{one.query}" if one.query else "")
        for one in found
        if one.netloc == urlsplit(BASE).netloc and not one.path.startswith(ASSETS)
    ]


def route_of(app: FastAPI, path: str) -> str:
    """Return the template of the route that answers a path."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    for route in app.router.routes:
        matched, _ = route.matches(scope)
        if matched is Match.FULL:
            return str(getattr(route, "path", path))
    return path
