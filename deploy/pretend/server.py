"""The part of Twilio's HTTP API that Yinling speaks, answered from pretended phones.

Source: https://www.twilio.com/docs/voice/api and /docs/messaging/api, version 2010-04-01.
"""

import base64
import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.applications import Starlette
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.pretend.exchange import Exchange, is_possible
from deploy.pretend.numbers import ACCOUNT, TOKEN
from deploy.pretend.resources import VERSION, Call, Fetch, Hook, Message
from deploy.pretend.sounds import silence

_ROOT = f"/{VERSION}/Accounts/{{account}}"
_PAGE, _MOST = 50, 1000
_TO, _FROM = "To", "From"


class Refused(Exception):  # noqa: N818 - the noun says what the sender gets
    """An answer in the form of Twilio's errors."""

    def __init__(self, status: int, code: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


def app(
    clock: Callable[[], datetime],
    *,
    client: httpx.AsyncClient | None = None,
    account: str = ACCOUNT,
    token: str = TOKEN,
    hosts: frozenset[str] | None = None,
) -> Starlette:
    """Return the server; `state.exchange` holds phones, modes and the pushed time.

    `client` speaks to our webhooks (in tests over ASGI); `hosts` limits whom it may call.
    """
    speaker = client or httpx.AsyncClient(timeout=15, trust_env=False)
    made = Starlette(routes=ROUTES, exception_handlers={Refused: _refused})
    made.state.exchange = Exchange(clock, speaker, account=account, token=token, hosts=hosts)
    return made


def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for it alone
    more = f"https://www.twilio.com/docs/errors/{error.code}"
    body = {"code": error.code, "message": str(error), "more_info": more, "status": error.status}
    return JSONResponse(body, error.status, error.headers)


async def _enter(request: Request) -> tuple[Exchange, FormData]:
    """Check who asks, and whether the server takes requests just now."""
    exchange: Exchange = request.app.state.exchange
    if not _knows(request, exchange):
        raise Refused(401, 20003, "Authenticate")
    if request.path_params["account"] != exchange.account:
        raise _missing(request)
    modes = exchange.courier.modes
    if modes.refusals > 0:
        modes.refusals -= 1
        raise Refused(429, 20429, "Too Many Requests", **{"Retry-After": "1"})
    return exchange, await request.form()


def _knows(request: Request, exchange: Exchange) -> bool:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    wanted = base64.b64encode(f"{exchange.account}:{exchange.token}".encode()).decode()
    return scheme.lower() == "basic" and hmac.compare_digest(given.strip().encode(), wanted.encode())


def _missing(request: Request) -> Refused:
    return Refused(404, 20404, f"The requested resource {request.url.path} was not found")


def _made(exchange: Exchange, shown: dict[str, object]) -> Response:
    modes = exchange.courier.modes
    if modes.breaks > 0:
        modes.breaks -= 1
        raise Refused(500, 20500, "Internal Server Error")
    return JSONResponse(shown, 201)


async def create_call(request: Request) -> Response:
    """Ring a phone: To, From, Url or Twiml, Timeout, MachineDetection, StatusCallback and its events."""
    exchange, form = await _enter(request)
    to, from_ = _ends(exchange, form)
    first = _document(form)
    if first is None:
        raise Refused(400, 21205, "Url parameter is required.")
    call = exchange.call(
        to,
        from_,
        first,
        timeout=float(_text(form, "Timeout") or 60),
        detects=bool(_text(form, "MachineDetection")),
        hook=_hook(form),
    )
    return _made(exchange, call.shown())


async def update_call(request: Request) -> Response:
    """End a living call (Status completed or canceled) or let it go on with another document."""
    exchange, form = await _enter(request)
    call, status, wanted = _call(request, exchange), _text(form, "Status"), _document(form)
    if call.is_over:
        raise Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
    if status in ("completed", "canceled"):
        exchange.hang_up(call)
        await exchange.timeline.quiet()
    elif wanted is not None:
        exchange.move(call, wanted)
    return JSONResponse(call.shown())


async def show_call(request: Request) -> Response:
    """Return one call."""
    exchange, _ = await _enter(request)
    return JSONResponse(_call(request, exchange).shown())


async def list_calls(request: Request) -> Response:
    """List calls, newest first, by To, From, Status, ParentCallSid and StartTime."""
    exchange, _ = await _enter(request)
    query = request.query_params
    found = [one for one in exchange.calls.values() if _fits(one, query, "StartTime")]
    return _page(request, "calls", found)


async def create_message(request: Request) -> Response:
    """Write an SMS: To, From, Body, StatusCallback."""
    exchange, form = await _enter(request)
    to, from_ = _ends(exchange, form)
    body = _text(form, "Body")
    if not body:
        raise Refused(400, 21602, "Message body is required.")
    return _made(exchange, exchange.text(to, from_, body, _hook(form)).shown())


async def show_message(request: Request) -> Response:
    """Return one message."""
    exchange, _ = await _enter(request)
    found = exchange.messages.get(request.path_params["sid"])
    if found is None:
        raise _missing(request)
    return JSONResponse(found.shown())


async def list_messages(request: Request) -> Response:
    """List messages, newest first, by To, From and DateSent."""
    exchange, _ = await _enter(request)
    query = request.query_params
    found = [one for one in exchange.messages.values() if _fits(one, query, "DateSent")]
    return _page(request, "messages", found)


async def show_account(request: Request) -> Response:
    """Return the account, as a doctor asks for it."""
    exchange, _ = await _enter(request)
    shown = {"sid": exchange.account, "friendly_name": "pretended", "status": "active", "type": "Full"}
    return JSONResponse(shown)


async def show_recording(request: Request) -> Response:
    """Return a recording's facts (.json), or a sound of its length (.wav, or no ending)."""
    exchange, _ = await _enter(request)
    sid, _, ending = request.path_params["sid"].partition(".")
    found = exchange.recordings.get(sid)
    if found is None or ending not in ("", "wav", "json"):
        raise _missing(request)
    if ending == "json":
        return JSONResponse(found.shown())
    return Response(silence(found.seconds), media_type="audio/x-wav")


async def delete_recording(request: Request) -> Response:
    """Forget a recording."""
    exchange, _ = await _enter(request)
    if exchange.recordings.pop(request.path_params["sid"].partition(".")[0], None) is None:
        raise _missing(request)
    return Response(status_code=204)


def _ends(exchange: Exchange, form: FormData) -> tuple[str, str]:
    to, from_ = _text(form, _TO), _text(form, _FROM)
    if not to:
        raise Refused(400, 21201, "No 'To' number is specified")
    if not from_:
        raise Refused(400, 21213, "Caller phone number is required.")
    if not is_possible(exchange.phone(to)):
        raise Refused(400, 21211, f"The 'To' number {to} is not a valid phone number.")
    return to, from_


def _text(form: FormData, name: str) -> str:
    found = form.get(name)
    return found if isinstance(found, str) else ""


def _document(form: FormData) -> Fetch | None:
    if _text(form, "Twiml"):
        return Fetch("", document=_text(form, "Twiml"))
    return Fetch(_text(form, "Url"), _text(form, "Method") or "POST") if _text(form, "Url") else None


def _hook(form: FormData) -> Hook:
    events = tuple(word for one in form.getlist("StatusCallbackEvent") for word in str(one).split())
    url, method = _text(form, "StatusCallback") or None, _text(form, "StatusCallbackMethod") or "POST"
    return Hook(url, events or ("completed",), method)


def _call(request: Request, exchange: Exchange) -> Call:
    found = exchange.calls.get(request.path_params["sid"])
    if found is None:
        raise _missing(request)
    return found


def _fits(one: Call | Message, query: QueryParams, time: str) -> bool:
    same = {
        _TO: one.to,
        _FROM: one.from_,
        "Status": one.status,
        "ParentCallSid": getattr(one, "parent", None),
    }
    if any(name in query and query[name] != value for name, value in same.items()):
        return False
    at = (one.answered_at if isinstance(one, Call) else one.sent_at) or one.created_at
    after, before, on = query.get(f"{time}>"), query.get(f"{time}<"), query.get(time)
    return (
        (after is None or at >= _instant(after))
        and (before is None or at <= _instant(before))
        and (on is None or at.astimezone(UTC).date() == _instant(on).date())
    )


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(400, 20001, f"'{text}' is not a date") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _page(request: Request, name: str, found: Iterable[Call | Message]) -> Response:
    query = request.query_params
    size = min(int(query.get("PageSize", _PAGE)), _MOST)
    page = int(query.get("Page", 0))
    rows = sorted(found, key=lambda one: one.created_at, reverse=True)
    part = rows[page * size : (page + 1) * size]
    has_more = len(rows) > (page + 1) * size

    def uri(number: int) -> str:
        return f"{request.url.path}?{urlencode({**query, 'PageSize': size, 'Page': number})}"

    shown: dict[str, Any] = {
        name: [one.shown() for one in part],
        "page": page,
        "page_size": size,
        "start": page * size,
        "end": page * size + max(len(part) - 1, 0),
        "uri": uri(page),
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1) if has_more else None,
        "previous_page_uri": uri(page - 1) if page else None,
    }
    return JSONResponse(shown)


ROUTES = [
    Route(f"{_ROOT}.json", show_account),
    Route(f"{_ROOT}/Calls.json", create_call, methods=["POST"]),
    Route(f"{_ROOT}/Calls.json", list_calls),
    Route(f"{_ROOT}/Calls/{{sid}}.json", update_call, methods=["POST"]),
    Route(f"{_ROOT}/Calls/{{sid}}.json", show_call),
    Route(f"{_ROOT}/Messages.json", create_message, methods=["POST"]),
    Route(f"{_ROOT}/Messages.json", list_messages),
    Route(f"{_ROOT}/Messages/{{sid}}.json", show_message),
    Route(f"{_ROOT}/Recordings/{{sid}}", delete_recording, methods=["DELETE"]),
    Route(f"{_ROOT}/Recordings/{{sid}}", show_recording),
]

__all__ = ("ACCOUNT", "ROUTES", "TOKEN", "Refused", "app")
