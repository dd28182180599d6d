"""What every page has: the reader, the way around, an answer."""

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from core.errors import Conflict, Invalid, Problem
from dashboards import words
from dashboards.auth import Scope
from dashboards.vocabulary.mark import N_
from dashboards.web.render import answer

LARGE = "yl_large"
HOMES = {
    "operator": "/console",
    "duty_manager": "/console",
    "caregiver": "/m",
    "provider_manager": "/provider",
    "family": "/family",
    "clerk": "/clerk",
    "auditor": "/audit",
    "approver": "/approver",
    "assessor": "/assessor",
    "installer": "/installer",
    "admin": "/admin/dead-letters",
}
"""Where a role lands after logging in."""

CONSOLE = (
    ("/console", N_("Care queue")),
    ("/console/technical", N_("Technical queue")),
    ("/console/incidents", N_("Incidents")),
    ("/console/history", N_("History")),
    ("/carers/alarms", N_("Caregivers in need")),
    ("/fleet", N_("Devices")),
)
CARE = (
    ("/desk/orders", N_("Orders")),
    ("/desk/places", N_("Places")),
    ("/desk/meals", N_("Meals")),
    ("/desk/calls", N_("Calling on people")),
)
DESK = (
    ("/desk/settlement", N_("Settlement")),
    ("/desk/statements", N_("Statements")),
    ("/desk/claims", N_("Claims")),
    ("/desk/unpriced", N_("Not priced")),
    ("/desk/entitlements", N_("Entitlements")),
    ("/desk/schemes", N_("Schemes")),
    ("/desk/allowances", N_("Payment lists")),
    ("/desk/life-proofs", N_("Proofs of life")),
    ("/desk/elders", N_("Elders")),
    ("/desk/reports", N_("Half-year report")),
    ("/desk/what-ifs", N_("What if")),
    ("/desk/assessments-wanted", N_("Assessments wanted")),
    ("/desk/guardianships", N_("Guardianship")),
    *CARE,
)
CLERK = (
    ("/clerk", N_("What waits")),
    ("/clerk/applications", N_("Applications")),
    ("/clerk/registers", N_("Registers")),
    ("/clerk/matches", N_("Matching")),
)
COMPLAINTS = ("/desk/complaints", N_("Complaints"))
AUDIT = (
    ("/audit", N_("What waits")),
    ("/audit/purchases", N_("What was bought")),
    ("/audit/budget", N_("Budgets")),
    ("/desk/audit/findings", N_("Findings")),
    ("/desk/audit/samples", N_("Samples")),
    ("/audit/scores", N_("Scores")),
    COMPLAINTS,
    ("/audit/log", N_("Audit log")),
)
ADMIN = (
    ("/fleet", N_("Devices")),
    ("/admin/unknown-devices", N_("Unknown devices")),
    ("/admin/kits", N_("Kits")),
    ("/admin/dead-letters", N_("Dead letters")),
    ("/admin/rules", N_("Alarm rules")),
    ("/admin/accounts", N_("Accounts")),
    ("/desk/schemes", N_("Schemes")),
)
INSTALLER = (
    ("/installer", N_("Homes")),
    ("/installer/scan", N_("Scan a code")),
    ("/installer/unknown", N_("Waiting devices")),
    ("/fleet", N_("Devices")),
)
PROVIDER = (
    ("/provider", N_("Provider's desk")),
    ("/plan", N_("Day plan")),
    ("/roster", N_("Roster")),
    ("/provider/figures", N_("Week in figures")),
    ("/provider/money", N_("Money")),
    ("/desk/phone", N_("From the phones")),
    ("/carers/alarms", N_("Caregivers in need")),
)
LINKS = {
    "operator": (*CONSOLE, ("/desk/orders", N_("Orders")), COMPLAINTS),
    "duty_manager": (*CONSOLE, ("/plan", N_("Day plan")), ("/admin/rules", N_("Alarm rules")), COMPLAINTS),
    "caregiver": (
        ("/m", N_("Today")),
        ("/m/week", N_("Next days")),
        ("/m/open", N_("Open visits")),
        ("/m/month", N_("My month")),
        ("/m/certificates", N_("Certificates")),
    ),
    "provider_manager": (*PROVIDER, *DESK[1:3], ("/desk/meals", N_("Meals")), COMPLAINTS),
    "family": (
        ("/family", N_("How they are")),
        ("/family/care", N_("Care")),
        ("/family/applications", N_("Applications")),
        ("/family/bill", N_("Bill")),
        ("/family/grade", N_("Grade")),
    ),
    "clerk": (
        *CLERK,
        *DESK,
        COMPLAINTS,
        ("/audit/purchases", N_("What was bought")),
        ("/desk/phone", N_("From the phones")),
        ("/plan", N_("Day plan")),
        ("/roster", N_("Roster")),
    ),
    "auditor": (*AUDIT, *DESK),
    "approver": (("/approver", N_("What waits for you")), *DESK, *AUDIT[1:7]),
    "assessor": (
        ("/assessor", N_("What waits")),
        ("/desk/assessments-wanted", N_("Assessments wanted")),
        ("/desk/elders", N_("Elders")),
        ("/desk/phone", N_("From the phones")),
    ),
    "installer": INSTALLER,
    "admin": (
        *ADMIN,
        ("/plan", N_("Day plan")),
        ("/roster", N_("Roster")),
        ("/provider", N_("Provider's desk")),
        ("/desk/elders", N_("Elders")),
        *CARE,
        COMPLAINTS,
        ("/console", N_("Care queue")),
    ),
}


def show(
    request: Request,
    scope: Scope,
    template: str,
    *,
    status: int = 200,
    **context: Any,  # noqa: ANN401 - whatever the template needs
) -> HTMLResponse:
    """Answer with a page or a fragment for this reader."""
    path = request.url.path
    around: dict[str, Any] = {
        "person": scope.person,
        "now": scope.now,
        "path": path + (f"?{request.url.query}" if request.url.query else ""),
        "links": links(scope.person.role, path),
        "large": request.cookies.get(LARGE) == "1",
    }
    return answer(scope.language, template, status=status, **around, **context)


def links(role: str, path: str) -> list[dict[str, Any]]:
    """Return the way around for a role; the longest address that begins the path is where one is."""
    known = LINKS.get(role, ())
    inside = [href for href, _ in known if path == href or path.startswith(f"{href}/")]
    here = max(inside, key=len, default="")
    return [{"href": href, "label": label, "here": href == here} for href, label in known]


def is_partial(request: Request) -> bool:
    """Say whether htmx asks for a part of a page (not for a whole page out of its history)."""
    headers = request.headers
    return "hx-request" in headers and "hx-history-restore-request" not in headers


def said(scope: Scope, problem: Problem) -> dict[str, Any]:
    """Put a problem into the reader's words for a notice on the page."""
    text = words.problem(scope.language, problem.code, problem.detail, problem.extra)
    tone = "warn" if isinstance(problem, Conflict) else "bad"
    return {
        "text": text,
        "tone": tone,
        "code": problem.code,
        "extra": problem.extra,
        "status": problem.status,
    }


def wrongs(scope: Scope, problem: Invalid) -> dict[str, str]:
    """Return {field: what is wrong with it in the reader's words}."""
    found: dict[str, str] = {}
    errors: Any = problem.extra.get("errors") or []
    for error in errors:
        found.setdefault(str(error["field"]), words.sentence(scope.language, "fields", error))
    return found


def back(request: Request, to: str) -> Response:
    """Send the browser on after a change; htmx is told by its own header."""
    if is_partial(request):
        return Response(status_code=204, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)
