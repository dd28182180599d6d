"""The way around: what each role may open, and where it lands."""

from typing import Any

from dashboards.vocabulary.mark import N_

Page = tuple[str, str]
Section = tuple[str, tuple[Page, ...]]

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

DESK_PHONE = ("/console/desk-phone", N_("Phone of my seat"))
CONSOLE = (
    ("/console", N_("Care queue")),
    ("/console/technical", N_("Technical queue")),
    ("/console/incidents", N_("Incidents")),
    ("/desk/gaps", N_("Gaps in the cover")),
    ("/console/history", N_("History")),
    ("/console/call-backs", N_("Call-backs")),
    ("/console/new", N_("New case")),
    DESK_PHONE,
    ("/carers/alarms", N_("Caregivers in need")),
    ("/fleet", N_("Devices")),
)
CARE = (
    ("/desk/orders", N_("Orders")),
    ("/desk/places", N_("Places")),
    ("/desk/meals", N_("Meals")),
    ("/desk/calls", N_("Calling on people")),
)
PLANNED = (
    ("/plan", N_("Day plan")),
    ("/roster", N_("Roster")),
)
PHONES = ("/desk/phone", N_("From the phones"))
COMPLAINTS = ("/desk/complaints", N_("Complaints"))
MONEY = (
    ("/desk/settlement", N_("Settlement")),
    ("/desk/statements", N_("Statements")),
    ("/desk/claims", N_("Claims")),
    ("/desk/unpriced", N_("Not priced")),
    ("/desk/allowances", N_("Payment lists")),
    ("/desk/contracts", N_("Contracts")),
)
BOUGHT = ("/audit/purchases", N_("What was bought"))
BUDGETS = ("/audit/budget", N_("Budgets"))
PEOPLE = (
    ("/desk/elders", N_("Elders")),
    ("/desk/entitlements", N_("Entitlements")),
    ("/desk/assessments-wanted", N_("Assessments wanted")),
    ("/desk/life-proofs", N_("Proofs of life")),
    ("/desk/deaths", N_("Deaths")),
    ("/desk/guardianships", N_("Guardianship")),
)
PAUSES = ("/desk/pauses", N_("Paused monitoring"))
POLICIES = ("/admin/policies", N_("Escalation policies"))
NOTICES = ("/desk/notices", N_("Notices"))
MY_SHIFTS = ("/duty/mine", N_("My shifts"))
DUTY = (
    ("/duty/week", N_("Rota of the call centre")),
    MY_SHIFTS,
    ("/wall", N_("Wallboard")),
    PAUSES,
    ("/desk/drills", N_("Contact drills")),
    ("/desk/staffing", N_("How many operators are needed")),
)
MEASURED = (
    ("/desk/kpi", N_("Answer times")),
    ("/desk/quality", N_("Quality of calls")),
    ("/desk/false-alarms", N_("What false alarms cost")),
)
RULES = (
    ("/desk/schemes", N_("Schemes")),
    ("/desk/what-ifs", N_("What if")),
    ("/desk/reports", N_("Half-year report")),
)
CHECKS = (
    ("/desk/audit/findings", N_("Findings")),
    ("/desk/audit/samples", N_("Samples")),
    ("/audit/scores", N_("Scores")),
    COMPLAINTS,
)
APPLYING = (
    ("/clerk/applications", N_("Applications")),
    ("/clerk/registers", N_("Registers")),
    ("/clerk/matches", N_("Matching")),
)
ADMIN = (
    ("/fleet", N_("Devices")),
    ("/admin/unknown-devices", N_("Unknown devices")),
    ("/admin/kits", N_("Kits")),
    ("/admin/dead-letters", N_("Dead letters")),
    ("/admin/rules", N_("Alarm rules")),
    ("/admin/protocols", N_("Protocols")),
    POLICIES,
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
    *PLANNED,
    ("/provider/figures", N_("Week in figures")),
    ("/provider/money", N_("Money")),
    *MONEY[1:3],
    PHONES,
    ("/carers/alarms", N_("Caregivers in need")),
    CARE[2],
    COMPLAINTS,
)
LINKS: dict[str, tuple[Page, ...]] = {
    "operator": (*CONSOLE, CARE[0], COMPLAINTS, NOTICES, MY_SHIFTS, PAUSES),
    "caregiver": (
        ("/m", N_("Today")),
        ("/m/week", N_("Next days")),
        ("/m/open", N_("Open visits")),
        ("/m/month", N_("My month")),
        ("/m/certificates", N_("Certificates")),
    ),
    "provider_manager": PROVIDER,
    "family": (
        ("/family", N_("How they are")),
        ("/family/visits", N_("Visits")),
        ("/family/vitals", N_("Charts")),
        ("/family/bill", N_("Bill")),
        ("/family/care", N_("Care")),
        ("/family/applications", N_("Applications")),
        ("/family/grade", N_("Grade")),
        ("/family/phone", N_("This phone")),
        ("/family/me", N_("My access")),
    ),
    "assessor": (
        ("/assessor", N_("What waits")),
        ("/desk/assessments-wanted", N_("Assessments wanted")),
        ("/desk/elders", N_("Elders")),
        PHONES,
    ),
    "installer": INSTALLER,
    "admin": (
        *ADMIN,
        *PLANNED,
        ("/provider", N_("Provider's desk")),
        ("/desk/elders", N_("Elders")),
        *CARE,
        COMPLAINTS,
        ("/console", N_("Care queue")),
    ),
}
"""The pages of a role whose menu is one row."""

SECTIONS: dict[str, tuple[Section, ...]] = {
    "duty_manager": (
        (N_("Cases"), CONSOLE),
        (N_("Duty"), DUTY),
        (N_("Key figures"), MEASURED),
        (
            N_("Care"),
            (
                PLANNED[0],
                ("/admin/rules", N_("Alarm rules")),
                ("/admin/protocols", N_("Protocols")),
                POLICIES,
                NOTICES,
                COMPLAINTS,
            ),
        ),
    ),
    "clerk": (
        (N_("What waits"), (("/clerk", N_("What waits")),)),
        (N_("Older people"), (PEOPLE[0], *APPLYING, *PEOPLE[1:])),
        (N_("Money"), (*MONEY, BOUGHT)),
        (N_("Policy"), RULES),
        (N_("Care"), (*CARE, *PLANNED, PHONES, COMPLAINTS, ("/console/new", N_("New case")))),
    ),
    "auditor": (
        (N_("What waits"), (("/audit", N_("What waits")),)),
        (N_("Checks"), (*CHECKS, ("/audit/log", N_("Audit log")))),
        (N_("Money"), (BOUGHT, BUDGETS, *MONEY)),
        (N_("Older people"), PEOPLE),
        (N_("Policy"), RULES),
        (N_("Care"), CARE),
    ),
    "approver": (
        (N_("What waits for you"), (("/approver", N_("What waits for you")),)),
        (N_("Money"), (*MONEY, BOUGHT, BUDGETS)),
        (N_("Policy"), RULES),
        (N_("Older people"), PEOPLE),
        (N_("Checks"), CHECKS),
        (N_("Care"), CARE),
    ),
}
"""The pages of a role that has too many for one row, by what they are about; a section opens on its first."""


def links(role: str, path: str) -> list[dict[str, Any]]:
    """Return the way around for a role; the longest address that begins the path is where one is.

    A section has its `pages` in the same shape, for a second row under the section one is in.
    """
    sections = SECTIONS.get(role)
    if sections is None:
        return _row(LINKS.get(role, ()), path)
    rows = [(label, _row(pages, path)) for label, pages in sections]
    longest = max((len(one["href"]) for _, row in rows for one in row if one["here"]), default=0)
    found = []
    for label, row in rows:
        here = any(one["here"] and len(one["href"]) == longest for one in row)
        found.append({"href": row[0]["href"], "label": label, "here": here, "pages": row})
    return found


def _row(pages: tuple[Page, ...], path: str) -> list[dict[str, Any]]:
    inside = [href for href, _ in pages if path == href or path.startswith(f"{href}/")]
    here = max(inside, key=len, default="")
    return [{"href": href, "label": label, "here": href == here} for href, label in pages]
