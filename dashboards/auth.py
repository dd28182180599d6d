"""Who asks, and the one transaction of their district in which the request runs."""

import json
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from core import accounts, idempotency
from core.accounts import Person
from core.crypto import Keys
from core.db import Conn
from core.errors import Forbidden, NotFound, Problem, Unauthorized
from core.ids import parse_id
from core.settings import Settings
from core.sql import load
from dashboards.problems import wish

SQL = load(__file__)
COOKIE = "yl_session"
SAFE = ("GET", "HEAD", "OPTIONS")
LONGEST_TOKEN = 200
LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Of a demonstration, whose public address is this machine's: each name of it is as good as another."""
IN_CLEAR = ("/evidence", "/reveal", "/read", "/meal-card/renew", "/code")
"""Endings of the paths that answer with sealed values in clear: such an answer is never kept."""
ONCE = frozenset({"password", "dial"})
"""Fields that an answer shows once: its repetition does not have them."""
Handle = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request may use: its transaction, its person, its instant."""

    conn: Conn
    person: Person
    now: datetime
    keys: Keys
    language: str
    settings: Settings
    route: tuple[str, str] = ("", "")
    """Method and path of the route, with the names of its parameters: what is called, not with what."""
    guesses: list[str] = field(default_factory=list)
    """Who gave a wrong code in this request: counted after it, also when it fails."""
    afterwards: list[Callable[[], Awaitable[Response]]] = field(default_factory=list)
    """What waits for others, done when the transaction is committed and its connection given back; its
    answer is the request's. Whoever holds one connection and waits for a second stops the whole process."""


def token_of(request: Request) -> str | None:
    """Return the session token: the bearer's if there is one, else the cookie's."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    found = token.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE)
    return found if found and len(found) <= LONGEST_TOKEN and found.isascii() else None


async def person_of(request: Request) -> Person | None:
    """Return who asks, or None; looked up once per request."""
    if not hasattr(request.state, "person"):
        token, state = token_of(request), request.app.state
        request.state.person = await accounts.who(state.pool, token, state.clock()) if token else None
    person: Person | None = request.state.person
    return person


def set_cookie(response: Response, token: str, settings: Settings, hours: int | None = None) -> None:
    """Let the browser hold the session; `hours` when it lasts longer than one opened by a password."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=(hours or settings.session_hours) * 3600,
        httponly=True,
        samesite="lax",
        secure=(settings.public_url or "").startswith("https:"),
    )


def is_foreign(method: str, headers: Headers, settings: Settings) -> bool:
    """Say whether an unsafe request that a browser's cookie would authenticate comes from another site.

    Of all credentials only a bearer's token is asked before the cookie, and no browser adds one by itself.
    """
    if method in SAFE or headers.get("authorization", "").lower().startswith("bearer "):
        return False
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    public, host = urlsplit(settings.public_url or ""), headers.get("host", "")
    is_here = public.hostname in LOOPBACK and urlsplit(f"//{host}").hostname in LOOPBACK
    return urlsplit(origin).netloc != (host if is_here or not public.netloc else public.netloc)


class Guarded(APIRoute):
    """A route for those who are logged in: one request, one transaction, committed before the answer."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's own handler."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            person, state = await person_of(request), request.app.state
            if person is None:
                raise Unauthorized("log in first")
            if request.method not in SAFE:
                await request.body()  # all of it: a slow sender must not hold a connection
            guesses: list[str] = []
            afterwards: list[Callable[[], Awaitable[Response]]] = []
            try:
                async with state.pool.transaction(person.district_id) as conn:
                    language = wish(request, person.language)
                    now, route = state.clock(), (request.method, self.path)
                    around = (conn, person, now, state.keys, language, state.settings)
                    scope = Scope(*around, route=route, guesses=guesses, afterwards=afterwards)
                    request.state.scope = scope
                    answer = await _once(request, scope, handle)
            finally:
                if guesses:
                    async with state.pool.transaction() as conn:
                        await accounts.note_failure(conn, guesses[0], state.clock())
            for act in afterwards:
                answer = await act()
            return answer

        return guarded


async def _once(request: Request, scope: Scope, handle: Handle) -> Response:
    key, path = request.headers.get("idempotency-key"), request.url.path
    if key is None or request.method in SAFE or not path.startswith("/api/") or path.endswith(IN_CLEAR):
        return await handle(request)
    account, target = scope.person.account_id, f"{path}?{request.url.query}"
    plain = idempotency.fingerprint(request.method, target, await request.body())
    same = scope.keys.sign("idempotency", plain)  # a body may hold a password: its bare hash could be guessed
    answer = await idempotency.begin(
        scope.conn, district=scope.person.district_id, account=account, key=key, request=same, now=scope.now
    )
    if answer is not None:
        return JSONResponse(answer.body, answer.status, {"Idempotency-Replayed": "true"})
    response = await handle(request)
    await idempotency.finish(scope.conn, account=account, key=key, answer=_answer(response))
    return response


def _answer(response: Response) -> idempotency.Answer:
    body = json.loads(bytes(response.body)) if response.body else None
    if isinstance(body, dict):
        body |= dict.fromkeys(ONCE & body.keys())  # shown once, and kept nowhere in clear
    return idempotency.Answer(response.status_code, body)


def scope_of(request: Request) -> Scope:
    """Return the request's scope (for dependencies of Guarded routes)."""
    scope: Scope = request.state.scope
    return scope


def allow(*roles: str) -> Any:  # noqa: ANN401 - FastAPI's marker has no public type
    """Admit these roles; others are told so of what their district has, and `not found` of the rest."""

    async def admit(request: Request) -> Scope:
        scope = scope_of(request)
        if scope.person.role not in roles:
            raise await refusal(request, scope)
        return scope

    return Depends(admit)


async def refusal(request: Request, scope: Scope) -> Problem:
    """Return NotFound when the request names something that the district has not, else Forbidden."""
    named = [*request.path_params.items(), *request.query_params.items()]
    for name, value in named:
        noun = name.removesuffix("_id")
        if noun != name and noun in NOUNS and not await exists(scope.conn, noun, str(value)):
            return NotFound(f"no {noun.replace('_', ' ')} {parse_id(str(value)) or 'of that id'}")
    return Forbidden("your role may not do this")


NOUNS = {
    "elder": SQL.elder_exists,
    "care_bed": SQL.care_bed_exists,
    "device": SQL.device_exists,
    "alarm": SQL.alarm_exists,
    "case": SQL.case_exists,
    "incident": SQL.incident_exists,
    "visit": SQL.visit_exists,
    "caregiver": SQL.caregiver_exists,
    "plan": SQL.plan_exists,
    "provider": SQL.provider_exists,
    "shift": SQL.shift_exists,
    "shift_pattern": SQL.shift_pattern_exists,
    "leave": SQL.leave_exists,
    "swap": SQL.swap_exists,
    "wish": SQL.wish_exists,
    "coverage": SQL.coverage_exists,
    "assessment": SQL.assessment_exists,
    "assessment_want": SQL.assessment_want_exists,
    "assessment_dispute": SQL.assessment_dispute_exists,
    "guardianship": SQL.guardianship_exists,
    "guardianship_member": SQL.guardianship_member_exists,
    "guardianship_duty": SQL.guardianship_duty_exists,
    "scheme": SQL.scheme_exists,
    "claim": SQL.claim_exists,
    "statement": SQL.statement_exists,
    "contract": SQL.contract_exists,
    "settlement_run": SQL.settlement_run_exists,
    "budget": SQL.budget_exists,
    "what_if": SQL.what_if_exists,
    "report": SQL.report_exists,
    "account": SQL.account_exists,
    "assessor": SQL.account_exists,
    "member": SQL.member_exists,
    "consent": SQL.consent_exists,
    "invitation": SQL.invitation_exists,
    "dead_letter": SQL.dead_letter_exists,
    "alarm_rule": SQL.alarm_rule_exists,
    "rule_proposal": SQL.rule_proposal_exists,
    "phone_conflict": SQL.phone_conflict_exists,
    "caregiver_alert": SQL.caregiver_alert_exists,
    "visit_correction": SQL.visit_correction_exists,
    "condition_report": SQL.condition_report_exists,
    "visit_photo": SQL.visit_photo_exists,
    "care_plan": SQL.care_plan_exists,
    "order": SQL.order_exists,
    "absence": SQL.absence_exists,
    "application": SQL.application_exists,
    "register_import": SQL.register_import_exists,
    "death": SQL.death_exists,
    "allowance": SQL.allowance_exists,
    "allowance_line": SQL.allowance_line_exists,
    "allowance_correction": SQL.allowance_correction_exists,
    "place": SQL.place_exists,
    "meal": SQL.meal_exists,
    "serving": SQL.serving_exists,
    "caller": SQL.caller_exists,
    "phone_call": SQL.phone_call_exists,
    "complaint": SQL.complaint_exists,
    "push_subscription": SQL.push_subscription_exists,
    "finding": SQL.finding_exists,
    "audit_sample": SQL.audit_sample_exists,
    "sample_item": SQL.sample_item_exists,
    "duty_shift": SQL.duty_shift_exists,
    "duty_pattern": SQL.duty_pattern_exists,
    "duty_override": SQL.duty_override_exists,
    "duty_swap": SQL.duty_swap_exists,
    "quality_sample": SQL.quality_sample_exists,
    "quality_item": SQL.quality_item_exists,
    "monitoring_pause": SQL.monitoring_pause_exists,
    "inbound_call": SQL.inbound_call_exists,
    "recording": SQL.recording_exists,
    "case_report": SQL.case_report_exists,
    "transfer": SQL.transfer_exists,
    "escalation_policy": SQL.escalation_policy_exists,
    "drill": SQL.drill_exists,
    "protocol_script": SQL.protocol_script_exists,
    "cover_gap": SQL.cover_gap_exists,
}
"""What an id in a path or a query may name, and the question whether this district has it."""


async def exists(conn: Conn, noun: str, identity: str) -> bool:
    """Say whether the current district has a thing."""
    known = parse_id(identity)
    return known is not None and bool(await conn.fetchval(NOUNS[noun], known))
