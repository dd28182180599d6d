"""Groups and mailboxes of a district (WeCom, DingTalk, Feishu, e-mail) through Apprise; the one door to it.

The addresses hold secrets, so they stand in the process's settings by name (YINLING_NOTICE_URLS) and a
district names those that it wants. Only hosts of YINLING_OUTGOING_HOSTS are called; loopback always may be.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

import apprise

from core.settings import Settings
from dispatch.telephony.carriers import Failed, Sent

FIXED: Mapping[str, str] = {
    "wecombot": "qyapi.weixin.qq.com",
    "dingtalk": "oapi.dingtalk.com",
    "feishu": "open.feishu.cn",
}
"""Services whose address is not in the URL."""
MAIL = frozenset({"mailto", "mailtos"})
PLAIN = frozenset({"json", "jsons"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def named(settings: Settings) -> dict[str, str]:
    """Return {name: address} of what this process may write to; an address without a name is left out."""
    if settings.notice_urls is None:
        return {}
    pairs = (one.split("=", 1) for one in settings.notice_urls.get_secret_value().split() if "=" in one)
    return {name: url for name, url in pairs if "://" not in name}


def host_of(url: str) -> str | None:
    """Return the host that an address makes us call; None: a service that is not admitted here."""
    parts = urlsplit(url)
    if parts.scheme in FIXED:
        return FIXED[parts.scheme]
    if parts.scheme in MAIL:
        return parse_qs(parts.query).get("smtp", [parts.hostname or ""])[0] or None
    return parts.hostname if parts.scheme in PLAIN else None


def is_allowed(settings: Settings, url: str) -> bool:
    """Say whether an address may be called."""
    host = host_of(url)
    return host is not None and (host in LOOPBACK or host in settings.outgoing)


def channels(settings: Settings, rooms: tuple[str, ...]) -> frozenset[str]:
    """Return which of chat and mail a district with these rooms can use."""
    known = named(settings)
    schemes = {
        urlsplit(known[room]).scheme for room in rooms if room in known and is_allowed(settings, known[room])
    }
    return frozenset(({"mail"} if schemes & MAIL else set()) | ({"chat"} if schemes - MAIL else set()))


async def write(settings: Settings, room: str, text: str) -> Sent:
    """Write to a room; raise Failed (no_room and host_not_allowed are permanent)."""
    url = named(settings).get(room)
    if url is None:
        raise Failed("no_room", is_permanent=True)
    if not is_allowed(settings, url):
        raise Failed("host_not_allowed", is_permanent=True)
    door = apprise.Apprise()
    if not await asyncio.to_thread(door.add, url):  # the first loads every service that Apprise knows
        raise Failed("no_room", is_permanent=True)
    if not await door.async_notify(body=text):
        raise Failed("room_away", is_permanent=False)
    return Sent(room)
