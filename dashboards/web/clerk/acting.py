"""Steps of an application from the page's form, and which of them are possible now."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from core.clock import local_date
from core.db import Conn, Row
from core.errors import Forbidden, Invalid, NotFound
from core.sql import load
from dashboards import standing_words
from dashboards.auth import Scope
from dashboards.web.care import forms
from services import standing
from services.applications import admitting, flows, handing, moving
from services.applications.admitting import Place
from services.applications.flows import Flow

SQL = load(__file__)
CLERKS = ("complete", "withdraw", "register", "hand-over", "accept", "send-back")
_WORDS = ("eligible", "enrolled", "compliant", "payable")


def may(row: Row, flow: Flow, role: str) -> list[str]:
    """Return the steps that somebody of a role may take now."""
    state, is_clerk = row["state"], role == "clerk"
    if state == "received":
        return ["accept", "send-back"] if is_clerk else []
    if state not in {"open", "returned"}:
        return []
    found = ["complete", "withdraw"] if is_clerk else []
    found += ["hand-over"] if is_clerk and row["from_id"] is None else []
    found += ["register"] if is_clerk and row["elder_id"] is None else []
    if state == "open" and role in flow.stages[row["stage"]].roles:
        found += ["approve", "refuse"] if flows.is_last(flow, row["stage"]) else ["pass"]
        found += ["return"]
    return found


async def act(scope: Scope, application: UUID, verb: str, sent: Mapping[str, Any]) -> None:
    """Take a step; raise Forbidden when the role may not, and what the step itself raises."""
    if verb in CLERKS and scope.person.role != "clerk":
        raise Forbidden("this is a clerk's step")
    await VERBS[verb](scope, application, sent)


async def _pass(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    await moving.pass_on(scope.conn, application, scope.person, scope.now, forms.text(sent, "note"))


async def _approve(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    await moving.approve(scope.conn, application, scope.person, scope.now, forms.text(sent, "note"))


async def _return(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    await moving.return_(scope.conn, application, scope.person, scope.now, **_because(sent))


async def _refuse(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    await moving.refuse(scope.conn, application, scope.person, scope.now, **_because(sent))


async def _withdraw(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    await moving.withdraw(scope.conn, application, scope.person, scope.now, forms.text(sent, "note"))


async def _complete(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    papers = [one for one in flows.DOCUMENTS if forms.text(sent, f"paper-{one}")]
    note = forms.text(sent, "note")
    await moving.complete(scope.conn, application, papers, scope.person, scope.now, note)


async def _register(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    place = Place(
        forms.text(sent, "address", 200), None, _degrees(sent, "lat", 90), _degrees(sent, "lon", 180)
    )
    await admitting.register(scope.conn, scope.keys, application, place, scope.person, scope.now)


async def _hand_over(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    to, note = forms.text(sent, "district", 6), forms.text(sent, "note")
    await handing.hand_over(scope.conn, scope.keys, application, to, scope.person, scope.now, note)


async def _accept(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    code = forms.text(sent, "scheme_code", 60)
    await handing.accept(scope.conn, application, code, scope.person, scope.now)


async def _send_back(scope: Scope, application: UUID, sent: Mapping[str, Any]) -> None:
    said = _because(sent)
    await handing.send_back(scope.conn, scope.keys, application, scope.person, scope.now, **said)


VERBS: dict[str, Callable[[Scope, UUID, Mapping[str, Any]], Awaitable[None]]] = {
    "pass": _pass,
    "approve": _approve,
    "return": _return,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "complete": _complete,
    "register": _register,
    "hand-over": _hand_over,
    "accept": _accept,
    "send-back": _send_back,
}


def _because(sent: Mapping[str, Any]) -> dict[str, str]:
    return {"reason": forms.text(sent, "reason", 60), "note": forms.text(sent, "note")}


def _degrees(sent: Mapping[str, Any], name: str, most: float) -> float:
    try:
        found = float(forms.text(sent, name, 20))
    except ValueError as error:
        raise Invalid(f"{name}: degrees", [{"field": name, "code": "not_a_number"}]) from error
    if not -most <= found <= most:
        limits = {"low": str(-most), "high": str(most)}
        raise Invalid(f"{name}: degrees", [{"field": name, "code": "out_of_range", **limits}])
    return found


async def names(conn: Conn) -> dict[str, str]:
    """Return {code: name} of the district's schemes."""
    return {row["code"]: row["name"] for row in await conn.fetch(SQL.list_scheme_names)}


async def standing_of(scope: Scope, row: Row) -> list[dict[str, Any]]:
    """Return how the person of an application stands today, word by word; nothing while it cannot be said."""
    if row["elder_id"] is None or row["state"] not in {"open", "returned"}:
        return []
    try:
        found = await standing.of(scope.conn, row["elder_id"], row["scheme_code"], local_date(scope.now))
    except NotFound:
        return []
    known = await names(scope.conn)
    marks = [(word, getattr(found, word)) for word in _WORDS[:2]]
    return [
        {
            "word": word,
            "holds": mark.holds,
            "says": standing_words.sentence(scope.language, mark.reasons, known),
        }
        for word, mark in marks
    ]
