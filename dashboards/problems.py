"""Errors as RFC 9457 problems: a stable code, the reader's words, extras for machines; pages get a page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import asyncpg
from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from core import log
from core.errors import Conflict, Invalid, NotFound, Problem, TooMany
from dashboards import words
from dashboards.i18n import TAGS, choose

MEDIA_TYPE = "application/problem+json"
MACHINES = ("/api/", "/intake/", "/telephony/")
"""Where nobody looks at a page."""
AWAY = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
)
"""What says that the database is away, not that somebody made a mistake."""
RACES = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError)
_STATUS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "payload_too_large"}
_FIELD = {
    "missing": "missing",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_long",
    "greater_than": "too_low",
    "greater_than_equal": "too_low",
    "less_than": "too_high",
    "less_than_equal": "too_high",
    "literal_error": "unknown",
    "enum": "unknown",
    "extra_forbidden": "unknown_field",
    "json_invalid": "not_json",
}
_LOW = ("gt", "ge", "min_length")
_HIGH = ("lt", "le", "max_length")


def language_of(request: Request) -> str:
    """Return the language to answer in: on the API the request's own wish, on pages the person's setting."""
    scope = getattr(request.state, "scope", None)
    if scope is not None:
        return str(scope.language)
    person = getattr(request.state, "person", None)
    return wish(request, person.language if person else None)


def wish(request: Request, setting: str | None) -> str:
    """Choose between a person's setting, the cookie and Accept-Language."""
    accept, cookie = request.headers.get("accept-language"), request.cookies.get("yl_language")
    if request.url.path.startswith("/api/") and accept:
        return choose(accept=f"{accept}, {(setting or 'zh').replace('_', '-')};q=0.001")
    return choose(setting, cookie, accept=accept)


def body_of(problem: Problem, language: str) -> dict[str, Any]:
    """Return the members of a problem document."""
    extra = dict(problem.extra)
    if isinstance(problem, Invalid):
        extra["errors"] = [_worded(one, language) for one in problem.extra.get("errors") or []]  # type: ignore[attr-defined]
    title = words.problem(language, problem.code, type(problem).title, extra)
    return {
        "type": f"urn:yinling:problem:{problem.code}",
        "title": title,
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        **{name: value for name, value in extra.items() if name not in _MEMBERS},
    }


_MEMBERS = {"type", "title", "status", "detail", "code"}


def _worded(error: Mapping[str, Any], language: str) -> dict[str, Any]:
    said = words.sentence(language, "fields", error)
    return {**error, "message": said if error.get("code") else error.get("message", "")}


def respond(request: Request, problem: Problem) -> Response:
    """Answer with a problem document, or with the page that the faces have for it."""
    page = getattr(request.app.state, "problem_page", None)
    if page is not None and not request.url.path.startswith(MACHINES):
        shown: Response = page(request, problem)
        return shown
    language = language_of(request)
    headers = {**problem.headers, "Content-Language": TAGS[language]}
    if isinstance(problem, TooMany):
        headers["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:  # noqa: PLR2004 - RFC 9110 wants the header with this one
        headers.setdefault("WWW-Authenticate", 'Bearer realm="yinling"')
    body = jsonable_encoder(body_of(problem, language))
    return JSONResponse(body, problem.status, headers, media_type=MEDIA_TYPE)


def from_validation(error: RequestValidationError) -> Problem:
    """Translate FastAPI's findings: an id in the path that is none does not exist."""
    found = error.errors()
    if any(one["loc"][0] == "path" for one in found):
        return NotFound("no such id")
    fields = [_field(one) for one in found]
    named = ", ".join(sorted({str(one["field"]) for one in fields}))
    return Invalid(f"wrong fields: {named}", fields)


def _field(one: Mapping[str, Any]) -> dict[str, object]:
    kind, limits = str(one["type"]), one.get("ctx") or {}
    loc = [str(part) for part in one["loc"][1:]]
    code = _FIELD.get(kind) or _by_suffix(kind)
    line: dict[str, object] = {"field": ".".join(loc) or str(one["loc"][0]), "code": code}
    low, high = (next((limits[n] for n in names if n in limits), None) for names in (_LOW, _HIGH))
    return line | ({"low": low} if low is not None else {}) | ({"high": high} if high is not None else {})


def _by_suffix(kind: str) -> str:
    if kind.startswith(("int_", "float_", "decimal_", "finite_")):
        return "not_a_number"
    if kind.startswith(("date_", "datetime_", "timezone_")):
        return "date"
    return "invalid"


def from_database(error: Exception) -> Problem | None:
    """Say what a database error means to the person, or None if it is our own mistake."""
    if isinstance(error, asyncpg.DataError):
        return Invalid("a value cannot be stored")
    if isinstance(error, RACES):
        return Conflict("somebody else was at it at the same moment: try again", code="conflict")
    if isinstance(error, AWAY):
        away = Problem("the database does not answer", code="unavailable")
        away.status = 503
        return away
    return None


def from_http(error: HTTPException) -> Problem:
    """Translate what the framework raises."""
    problem = Problem(str(error.detail), code=_STATUS.get(error.status_code, "bad_request"))
    problem.status = error.status_code
    problem.headers = dict(error.headers or {})
    return problem


def unexpected(request: Request, error: Exception) -> Response:
    """Log our own mistake once, and say that it is ours."""
    known = from_database(error)
    if known is None or known.status >= 500:  # noqa: PLR2004 - ours, not theirs
        log.get().error("request.failed", error=type(error).__name__, exc_info=known is None)
    problem = known or Problem("something went wrong on our side", code="internal")
    problem.status = problem.status if known else 500
    return respond(request, problem)


Handler = Callable[[Request, Exception], Awaitable[Response]]


def _handler(translate: Callable[[Any], Problem]) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        return respond(request, translate(error))

    return handle


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""
    app.add_exception_handler(Problem, _handler(lambda problem: problem))
    app.add_exception_handler(RequestValidationError, _handler(from_validation))
    app.add_exception_handler(HTTPException, _handler(from_http))
