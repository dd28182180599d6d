"""What hubs say over HTTP: kept as a row and answered in their own protocol's words.

HTTP Basic with the hub's own name and password; who guesses is slowed as at the log-in. A message that is
kept will be handled: if no gateway has answered in time, the sender hears 202 and need not repeat it, except
where its protocol knows no such answer (SCAIP): 503, and its repetition is found to be one.
"""

import asyncio
import base64
import binascii
import contextlib
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from core import accounts, log
from core.doorbell import listen
from core.errors import Forbidden, Invalid, Unauthorized
from dashboards.problems import AWAY
from gateway import access, http_uplinks
from gateway.http_uplinks import Answer

router = APIRouter(prefix="/intake", include_in_schema=False)
WAIT_S, LOOK_S = 10.0, 0.25
LARGEST, _LONGEST = 256 * 1024, 250
_XML = frozenset({"scaip"})


class Answers:
    """Wakes requests that wait for an answer; without a bell they look again by themselves."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    async def run(self, dsn: str, stop: asyncio.Event) -> None:
        """Pass the database's bell on to everybody who waits."""
        async with listen(dsn, "http_answer", name="web intake") as bell:
            while not stop.is_set():
                try:
                    if await bell.wait(1.0):
                        self.ring()
                except AWAY as error:
                    log.get().warning("intake.no_bell", error=type(error).__name__)

    def ring(self) -> None:
        """Wake everybody who waits now."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when it rings, or after some time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()


@router.post("/{ecosystem}/{rest:path}")
async def take(ecosystem: str, rest: str, request: Request) -> Response:
    """Take one message of a hub and wait for what becomes of it."""
    hub = await _hub(request)
    below = f"{ecosystem}/{rest}"
    if len(below) > _LONGEST or "\0" in below or "/" in ecosystem:
        raise Invalid("the path is no topic", [{"field": "path", "code": "invalid"}])
    payload = await request.body()
    if len(payload) > LARGEST:
        raise Invalid("the message is too large", [{"field": "body", "code": "too_long"}])
    state = request.app.state
    async with state.pool.transaction() as conn:
        message = await http_uplinks.take(conn, state.keys, hub, below, payload, state.clock())
    if message is None:
        raise Forbidden("this credential is no longer good", code="wrong_login")
    answer = await _answer(request, message)
    return _respond(ecosystem, answer)


async def _hub(request: Request) -> str:
    """Return the hub that asks, or raise Unauthorized, Forbidden, TooMany."""
    name, password = _basic(request.headers.get("authorization", ""))
    state = request.app.state
    async with state.pool.transaction() as conn:
        user = await access.log_in(conn, name, password) if name else None
    if user is None:
        await _note_stranger(request)
        wrong = Unauthorized("the hub's name or password is wrong", code="wrong_login")
        wrong.headers["WWW-Authenticate"] = 'Basic realm="yinling"'
        raise wrong
    if not user.is_hub:
        raise Forbidden("only a hub may speak for other devices", code="not_a_hub")
    return user.name


async def _note_stranger(request: Request) -> None:
    """Slow down who guesses; whose password is right never waits, whoever else sits behind the same address.

    Counted apart from people: a hub with an old password shuts nobody out of the pages.
    """
    state, peer = request.app.state, request.client.host if request.client else "unknown"
    address, now = f"intake {peer}", state.clock()
    async with state.pool.transaction() as conn:
        await accounts.check_patience(conn, address, now, state.settings)
        await accounts.note_failure(conn, address, now)


def _basic(header: str) -> tuple[str, str]:
    scheme, _, given = header.partition(" ")
    try:
        text = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    name, _, password = text.partition(":")
    is_fit = scheme.lower() == "basic" and "\0" not in text and len(text) <= _LONGEST
    return (name, password) if is_fit else ("", "")


async def _answer(request: Request, message: UUID) -> Answer | None:
    """Wait for the gateway's answer; a database that is away now has kept the message all the same."""
    state = request.app.state
    loop = asyncio.get_running_loop()
    until = loop.time() + state.intake_wait_s
    while True:
        with contextlib.suppress(*AWAY):
            async with state.pool.transaction() as conn:
                found = await http_uplinks.find_answer(conn, message)
            if found is not None:
                return found
        left = until - loop.time()
        if left <= 0:
            return None
        await state.answers.wait(min(left, LOOK_S))


def _respond(ecosystem: str, answer: Answer | None) -> Response:
    if answer is None:
        status = 503 if ecosystem in _XML else 202
        headers = {"Retry-After": "10"} if ecosystem in _XML else {}
        return JSONResponse({"result": "kept"}, status, headers)
    if answer.body is not None:
        media = "application/xml" if ecosystem in _XML else "application/json"
        return Response(answer.body, 200, media_type=media)
    if answer.refusal is not None:
        return JSONResponse({"result": "rejected", "reason": answer.refusal}, 422)
    return JSONResponse({"result": "accepted"}, 200)
