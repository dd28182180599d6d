"""One register over HTTPS, page by page, signed; the protocol stands in docs/manual/eligibility.md.

GET url?register=…&as_of=YYYY-MM-DD&page=1 answers {register, as_of, is_complete, rows: [{column: …}], next}.
With `bearer` the secret is the token; with `hmac` each request carries X-Yinling-Timestamp (seconds) and
X-Yinling-Signature: hex HMAC-SHA256 of the method, path with query and timestamp, joined by line feeds.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from core.clock import local_date, month_of
from core.errors import Invalid
from services.registers import cells
from services.registers.cells import MistakeError
from services.registers.imports import Brought
from services.registers.reading import MOST_ROWS, read_mappings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
AUTHS = ("bearer", "hmac")
TIMEOUT = 30.0
_LARGEST_PAGE = 16 * 1024 * 1024
_MOST_PAGES = 2_000
_OK = 200


class FetchFailed(Exception):  # noqa: N818 - it is told by its code
    """A register could not be fetched; its text is the code, kept and tried again later."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a register is fetched from, the secret in clear."""

    register: str
    url: str
    auth: str
    secret: str


def check_url(url: str, outgoing: frozenset[str]) -> None:
    """Raise Invalid unless an address is HTTPS to a host that may be called; loopback may do without TLS."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    words = ""
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or parts.username:
        words = "url: https://host/path, without query or password"
    elif host not in LOOPBACK and parts.scheme != "https":
        words = "url: https, except on this machine"
    elif host not in LOOPBACK and host not in outgoing:
        words = f"url: {host} is not one of YINLING_OUTGOING_HOSTS"
    if words:
        raise Invalid(words, [{"field": "url", "code": "address", "message": words}])


def signature(secret: str, target: str, timestamp: int) -> str:
    """Return the signature of a request: `target` is the path with its query."""
    said = f"GET\n{target}\n{timestamp}".encode()
    return hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


async def fetch(source: Source, now: datetime, outgoing: frozenset[str]) -> Brought:
    """Fetch every page of a register; raise FetchFailed: `not_allowed`, `unreachable`, `status_NNN`, …."""
    try:
        check_url(source.url, outgoing)
    except Invalid as error:
        raise FetchFailed("not_allowed") from error
    rows: list[Mapping[str, Any]] = []
    number: int | None = 1
    head: dict[str, Any] = {}
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
        while number is not None:
            body = await _page(client, source, number, now)
            head = head or body
            rows += body["rows"]
            if len(rows) > MOST_ROWS or number > _MOST_PAGES:
                raise FetchFailed("too_large")
            number = _next(body, number)
    as_of = _as_of(head)
    today = local_date(now)
    records, mistakes = read_mappings(source.register, rows, today)
    digest = hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    is_complete = head.get("is_complete") is True
    name = urlsplit(source.url).hostname or ""
    return Brought(source.register, name, digest, as_of, is_complete, "connector", records, mistakes)


async def _page(client: httpx.AsyncClient, source: Source, number: int, now: datetime) -> dict[str, Any]:
    asked = {"register": source.register, "as_of": month_of(local_date(now)).isoformat(), "page": str(number)}
    request = client.build_request("GET", source.url, params=asked)
    if source.auth == "bearer":
        request.headers["Authorization"] = f"Bearer {source.secret}"
    else:
        timestamp = int(now.timestamp())
        target = request.url.raw_path.decode("ascii")
        request.headers["X-Yinling-Timestamp"] = str(timestamp)
        request.headers["X-Yinling-Signature"] = signature(source.secret, target, timestamp)
    content = await _content(client, request)
    try:
        body = json.loads(content)
    except ValueError as error:
        raise FetchFailed("not_json") from error
    rows = body.get("rows") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FetchFailed("wrong_shape")
    if body.get("register") != source.register:
        raise FetchFailed("wrong_register")
    found: dict[str, Any] = body
    return found


async def _content(client: httpx.AsyncClient, request: httpx.Request) -> bytes:
    content = bytearray()
    try:
        answer = await client.send(request, stream=True)
        try:
            if answer.status_code != _OK:
                raise FetchFailed(f"status_{answer.status_code}")
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > _LARGEST_PAGE:
                    raise FetchFailed("too_large")
        finally:
            await answer.aclose()
    except httpx.HTTPError as error:
        raise FetchFailed("unreachable") from error
    return bytes(content)


def _next(body: Mapping[str, Any], number: int) -> int | None:
    following = body.get("next")
    if following is None:
        return None
    if following != number + 1:
        raise FetchFailed("wrong_shape")
    return number + 1


def _as_of(head: Mapping[str, Any]) -> date:
    try:
        return cells.day(str(head.get("as_of", "")))
    except MistakeError as error:
        raise FetchFailed("wrong_shape") from error
