"""Who may speak: the carrier's signature, then the token; whoever fails learns nothing but that.

A wrong signature is 403 before anything is looked up; a token that is unknown, too old or used is 404, and no
answer says which.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl

from fastapi import Request

from core import log
from core.errors import Forbidden, NotFound, Problem
from dashboards.shield import TooLarge
from dispatch.telephony import calls
from dispatch.telephony.calls import Place
from dispatch.telephony.twilio_signatures import is_signed

LARGEST = 64 * 1024
"""Bytes that a webhook may have; Twilio's have about one thousand."""
MOST_FIELDS = 200


async def body(request: Request) -> bytes:
    """Return a webhook's body; raise TooLarge."""
    found = await request.body()
    if len(found) > LARGEST:
        raise TooLarge("the body is too large")
    return found


async def form(request: Request) -> dict[str, str]:
    """Return the fields of a form; raise Invalid's like when they are none."""
    try:
        pairs = parse_qsl(
            (await body(request)).decode(),
            keep_blank_values=True,
            strict_parsing=False,
            max_num_fields=MOST_FIELDS,
        )
    except ValueError as error:
        raise Problem("the body is no form") from error
    return {name: value.replace("\0", "") for name, value in pairs}


async def twilio_fields(request: Request) -> dict[str, str]:
    """Return what Twilio says, its signature checked against the address that we gave it; raise Forbidden."""
    fields = await form(request)
    signature = request.headers.get("x-twilio-signature", "")
    if not is_signed(request.app.state.settings, address(request), fields, signature):
        raise forged("twilio")
    return fields


def forged(carrier: str) -> Forbidden:
    """Note that somebody spoke who is not the carrier; return the refusal."""
    log.get().warning("telephony.forged", carrier=carrier)
    return Forbidden("not signed by the carrier", code="not_the_carrier")


def address(request: Request) -> str:
    """Return the address of this request as the carrier was given it, whatever proxy stands before us."""
    base = (request.app.state.settings.public_url or str(request.base_url)).rstrip("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{base}{request.url.path}{query}"


async def place(request: Request, token: str) -> Place:
    """Return which call a token names; raise NotFound."""
    state = request.app.state
    found = await calls.place(state.pool, token, state.clock()) if _is_token(token) else None
    if found is None:
        raise NotFound("nothing here")
    return found


def _is_token(text: str) -> bool:
    return 16 <= len(text) <= 100 and text.isascii()  # noqa: PLR2004 - 128 bits need 22 letters


def said_at(fields: Mapping[str, str]) -> datetime | None:
    """Return when Twilio says that something happened (`Timestamp`, RFC 2822), or None."""
    try:
        at = parsedate_to_datetime(fields.get("Timestamp", ""))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def number(fields: Mapping[str, str], name: str, most: int = 100_000) -> int | None:
    """Return a field as a whole number, or None."""
    text = fields.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - more is no duration
