"""The page of the pretended phones: what rings, what was heard; answer, press, hang up, reply, call."""

import tomllib
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from core.clock import ZONE
from deploy.pretend.exchange import Exchange
from deploy.pretend.phones import Delivery, Manner
from deploy.pretend.resources import Call

HERE = Path(__file__).parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_LATE_S = 60.0
_TAGS = {"zh_CN": "zh-CN", "en": "en"}
_TYPES = {"page.css": "text/css", "page.js": "text/javascript"}
_NOTES = {"[connected with ": "note_connected", "[calls ": "note_calls", "[recording]": "note_recording"}
_SAFE = ("GET", "HEAD")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the page's words by language."""
    return tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(HERE / "page")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


async def guard(request: Request, proceed: RequestResponseEndpoint) -> Response:
    """Answer this machine only, and no other site's forms; the carrier's API has its own password."""
    if urlsplit(f"//{request.headers.get('host', '')}").hostname not in LOOPBACK:
        return Response("only on this machine", 403)
    origin = request.headers.get("origin")
    if request.method not in _SAFE and origin and urlsplit(origin).netloc != request.headers.get("host"):
        return Response("a request from another site", 403)
    answer = await proceed(request)
    answer.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
    answer.headers["Cache-Control"] = "no-store"
    return answer


async def show(request: Request) -> Response:
    """Show the page."""
    return _render(request, "phones.html")


async def listed(request: Request) -> Response:
    """Show the phones alone."""
    return _render(request, "list.html")


async def asset(request: Request) -> Response:
    """Give the page's style or script."""
    name = request.url.path.lstrip("/")
    return Response((HERE / "page" / name).read_bytes(), media_type=_TYPES[name])


async def add(request: Request) -> Response:
    """Add a phone."""
    form = await request.form()
    number = _text(form, "number").replace(" ", "")
    if number.lstrip("+").isdigit():
        phone = _exchange(request).phone(number)
        phone.name, phone.manner = _text(form, "name") or phone.name, Manner.BY_HAND
    return _home(request)


async def set_modes(request: Request) -> Response:
    """Set how the carrier misbehaves."""
    form, modes = await request.form(), _exchange(request).courier.modes
    modes.late = _LATE_S if "late" in form else 0.0
    modes.is_twice, modes.is_shuffled = "twice" in form, "shuffled" in form
    modes.refusals, modes.breaks = _number(form, "refusals"), _number(form, "breaks")
    return _home(request)


async def act(request: Request) -> Response:
    """Do something with a call: answer, hang_up, or press a key."""
    form, exchange = await request.form(), _exchange(request)
    call = exchange.calls.get(request.path_params["sid"])
    if call is not None and not call.is_over:
        key, done = _text(form, "key"), _text(form, "do")
        if len(key) == 1 and key in "0123456789*#":
            exchange.press(call, key)
        elif done == "answer":
            exchange.pick_up(call)
        elif done == "hang_up":
            exchange.hang_up(call)
    return _home(request)


async def use(request: Request) -> Response:
    """Do something with a phone: call the centre, reply, change its manner."""
    form, exchange = await request.form(), _exchange(request)
    phone = exchange.phones.get(request.path_params["number"])
    verb = request.path_params["verb"]
    if phone is None:
        return Response("no such phone", 404)
    if verb == "call":
        exchange.dial_in(phone.number)
    elif verb == "reply" and _text(form, "text"):
        exchange.write_in(phone.number, _text(form, "text")[:160])
    elif verb == "manner":
        phone.manner, phone.delivery = Manner(_text(form, "manner")), Delivery(_text(form, "delivery"))
        phone.keys = tuple(key.strip() for key in _text(form, "keys").split(",") if key.strip())
    return _home(request)


def _home(request: Request) -> Response:
    asked = request.query_params.get("lang", "zh_CN")
    return RedirectResponse(f"/?lang={asked if asked in _TAGS else 'zh_CN'}", 303)


def _exchange(request: Request) -> Exchange:
    found: Exchange = request.app.state.exchange
    return found


def _text(form: FormData, name: str) -> str:
    found = form.get(name)
    return found.strip() if isinstance(found, str) else ""


def _number(form: FormData, name: str) -> int:
    text = _text(form, name)
    return min(int(text), 1000) if text.isascii() and text.isdigit() else 0


def _told(known: Mapping[str, str], text: str) -> str:
    """Return what a phone heard, the exchange's own notes in the reader's words."""
    for begin, word in _NOTES.items():
        if text.startswith(begin):
            return known[word].format(text.removeprefix(begin).removesuffix("]"))
    return text


def _render(request: Request, template: str) -> Response:
    exchange, asked = _exchange(request), request.query_params.get("lang", "zh_CN")
    language = asked if asked in _TAGS else "zh_CN"
    living: dict[str, Call] = {call.phone: call for call in exchange.calls.values() if not call.is_over}
    shown = [{"phone": phone, "call": living.get(phone.number)} for phone in exchange.phones.values()]
    shown.sort(key=lambda one: one["call"] is None)
    html = (
        _environment()
        .get_template(template)
        .render(
            t=words()[language],
            told=partial(_told, words()[language]),
            tag=_TAGS[language],
            language=language,
            other="en" if language == "zh_CN" else "zh_CN",
            modes=exchange.courier.modes,
            phones=shown,
            troubles=exchange.courier.troubles[-5:],
            manners=list(Manner),
            deliveries=list(Delivery),
            zone=ZONE,
        )
    )
    return HTMLResponse(html)


PAGES = [
    Route("/", show),
    Route("/list", listed),
    Route("/page.css", asset),
    Route("/page.js", asset),
    Route("/phones", add, methods=["POST"]),
    Route("/modes", set_modes, methods=["POST"]),
    Route("/calls/{sid}", act, methods=["POST"]),
    Route("/phones/{number}/{verb}", use, methods=["POST"]),
]
