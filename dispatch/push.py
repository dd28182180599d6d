"""Web push: one message, encrypted for one browser, signed with our VAPID key, handed to its push service.

A payload wakes a phone that anybody may be looking at: it holds words without a name or a condition, the
path of the page to open, and the token by which the browser says that it arrived. RFC 8030 (headers), 8188
and 8291 (encryption), 8292 (VAPID).
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.db import Row
from core.settings import Settings
from dispatch import vapid
from dispatch.telephony.carriers import Failed

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
FIELDS = frozenset({"title", "body", "url", "tag", "token", "language"})
"""What a payload may hold, all texts; `title` and `body` are shown, `url` is a path of ours."""
MOST = 3000
"""Bytes of a payload: 4096 encrypted is what every push service must take."""
KEPT_S = 600
"""Seconds that a push service keeps it for a phone without network: later another channel has spoken."""
SIGNED = timedelta(hours=1)
TIMEOUT_S = 10.0
GONE = frozenset({404, 410})
"""The browser has withdrawn it, or its push service has forgotten it: for good (RFC 8030, 7.3)."""
PERMANENT = frozenset({400, 401, 403, 413})
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")


def is_allowed(settings: Settings, endpoint: str) -> bool:
    """Say whether a push service may be called: loopback, or https to one of `outgoing_hosts` (`*.host`)."""
    try:
        parts = urlsplit(endpoint)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None:
        return False
    if host in LOOPBACK:
        return parts.scheme in {"http", "https"} and _is_local(settings)
    below = any(one.startswith("*.") and host.endswith(one[1:]) for one in settings.outgoing)
    return parts.scheme == "https" and (host in settings.outgoing or below)


def _is_local(settings: Settings) -> bool:
    """Say whether people open this installation on its own machine: only then loopback is a push service."""
    return settings.public_url is None or urlsplit(settings.public_url).hostname in LOOPBACK


async def send(settings: Settings, subscription: Row, payload: Mapping[str, str], now: datetime) -> None:
    """Hand a message to the browser's push service; return when it was taken.

    `subscription` is a row of `push_subscriptions` (id, district_id, endpoint, p256dh, auth); the fields of
    `payload` are FIELDS. Raises Failed: `gone` (permanent: `push_subscriptions.settle` deletes it),
    `push_host_not_allowed`, `push_keys_wrong`, `push_refused` (permanent), `push_busy` (with `retry_after`),
    `push_unavailable`, `push_unreachable`. Raises ValueError for a payload that is too large or holds
    another field.
    """
    endpoint = subscription["endpoint"]
    if not is_allowed(settings, endpoint):
        raise Failed("push_host_not_allowed", is_permanent=True)
    body = _encrypted(settings, subscription, _body(subscription, payload))
    head = _headers(settings, endpoint, payload.get("tag", ""), now)
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False) as client:
            answer = await client.post(endpoint, content=body, headers=head)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Failed("push_unreachable", is_permanent=False) from error
    _judge(answer)


def _body(subscription: Row, payload: Mapping[str, str]) -> bytes:
    if not payload.keys() <= FIELDS:
        raise ValueError(f"a push message has no field {sorted(payload.keys() - FIELDS)}")
    # The district stands before the token: a receipt comes without a login, and finds its row only there.
    said = dict(payload) | {"receipt": f"{subscription['district_id']}.{payload.get('token', '')}"}
    said.pop("token", None)
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    if len(text) > MOST:
        raise ValueError(f"a push message has {len(text)} bytes; {MOST} are taken")
    return text


def _encrypted(settings: Settings, subscription: Row, text: bytes) -> bytes:
    browser = (subscription["endpoint"], subscription["p256dh"], subscription["auth"])
    pair = vapid.load(settings.vapid_path)
    try:
        return pair.encrypt(text, *browser)
    except ValueError as error:
        raise Failed("push_keys_wrong", is_permanent=True) from error


def _headers(settings: Settings, endpoint: str, tag: str, now: datetime) -> dict[str, str]:
    parts = urlsplit(endpoint)
    pair = vapid.load(settings.vapid_path)
    origin = f"{parts.scheme}://{parts.netloc}"
    head = {
        "Authorization": pair.authorization(origin, settings.push_sender, now + SIGNED),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT_S),
        "Urgency": "high",
    }
    # A later message about the same thing takes the place of one that still waits.
    return head | ({"Topic": tag} if TOPIC.fullmatch(tag) else {})


def _judge(answer: Any) -> None:  # noqa: ANN401 - httpx's answer
    status = answer.status_code
    if 200 <= status < 300:  # noqa: PLR2004 - taken
        return
    if status in GONE:
        raise Failed("gone", is_permanent=True)
    if status == 429:  # noqa: PLR2004 - too many
        said = answer.headers.get("retry-after", "")
        raise Failed("push_busy", is_permanent=False, retry_after=float(said) if said.isdigit() else None)
    if status in PERMANENT or 300 <= status < 400:  # noqa: PLR2004 - a redirect is not followed
        raise Failed("push_refused", is_permanent=True)
    raise Failed("push_unavailable", is_permanent=False)
