"""Allowances, proofs of life and deaths: who may call what, and one of each in a district."""

from datetime import date
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.ids import new_id
from services import deaths
from services.allowances import payees
from services.allowances.payees import NewPayee
from tests import makers
from tests.dispatch.worlds import World
from tests.makers import NOW

CENTRE = {"operator", "duty_manager", "admin"}
OFFICE = {"clerk", "auditor", "approver", "admin"}
STAFF = CENTRE | OFFICE
CLERK, APPROVER, TWO = {"clerk"}, {"approver"}, {"clerk", "approver"}
DECIDES = {"clerk", "admin"}

PAYING: dict[tuple[str, str], set[str]] = {
    ("GET", "/allowances"): OFFICE,
    ("POST", "/allowances"): CLERK,
    ("GET", "/allowances/{allowance_id}"): OFFICE,
    ("GET", "/allowances/{allowance_id}/lines"): OFFICE,
    ("GET", "/allowances/{allowance_id}/payments"): OFFICE,
    ("POST", "/allowances/{allowance_id}/check"): TWO,
    ("POST", "/allowances/{allowance_id}/approve"): APPROVER,
    ("POST", "/allowances/{allowance_id}/issue"): APPROVER,
    ("POST", "/allowances/{allowance_id}/reopen"): TWO,
    ("POST", "/allowances/{allowance_id}/settle"): CLERK,
    ("POST", "/allowance-lines/{allowance_line_id}/correct"): CLERK,
    ("GET", "/allowance-corrections"): OFFICE,
    ("POST", "/allowance-corrections/{allowance_correction_id}/withdraw"): CLERK,
    ("GET", "/elders/{elder_id}/payee"): OFFICE,
    ("POST", "/elders/{elder_id}/payee"): CLERK,
    ("POST", "/elders/{elder_id}/payee/reveal"): CLERK,
    ("GET", "/life-proofs"): STAFF | {"family"},
    ("GET", "/life-proofs/due"): OFFICE,
    ("POST", "/life-proofs"): DECIDES | {"caregiver"},
    ("GET", "/deaths"): OFFICE,
    ("GET", "/deaths/{death_id}"): OFFICE,
    ("POST", "/deaths"): STAFF | {"family", "caregiver"},
    ("POST", "/deaths/{death_id}/confirm"): DECIDES,
    ("POST", "/deaths/{death_id}/dismiss"): DECIDES,
    ("POST", "/deaths/{death_id}/undo"): DECIDES | APPROVER,
}
FILTERS = (("/life-proofs", "elder_id"),)
_LIST = """INSERT INTO allowance_list (id, district_id, scheme_code, month, state, created_by, created_at)
           VALUES ($1, $2, 'old_age', $5, 'draft', $3, $4)"""
_LINE = """INSERT INTO allowance_line (id, district_id, list_id, elder_id, scheme_code, kind, for_month,
                                       amount, change, explanation)
           VALUES ($1, $2, $3, $4, 'old_age', 'regular', '2026-11-01', 100, 'new', '[]')"""
_CORRECTION = """INSERT INTO allowance_correction (id, district_id, line_id, scheme_code, elder_id, for_month,
                                                   amount, reason, made_by, made_at)
                 VALUES ($1, $2, $3, 'old_age', $4, '2026-11-01', 5, 'other', $5, $6)"""


def bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    """Return bodies of writes, with ids of this district."""
    account = {"holder": "a", "bank": "b", "number": "6217000012340001234"}
    seen = {"elder_id": ids["elder_id"], "method": "face", "visit_id": ids["visit_id"]}
    return {
        "/allowances": {"scheme": "no_such", "month": "2026-11"},
        "/allowance-lines/{allowance_line_id}/correct": {"amount": "-5.00", "reason": "other"},
        "/elders/{elder_id}/payee": account,
        "/life-proofs": seen,
        "/deaths": {"elder_id": ids["elder_id"], "died_on": "2026-11-20"},
    }


async def make_paying(world: World, ids: dict[str, UUID], clerk: Person) -> None:
    """Make one of each."""
    district, elder = world.district, world.elder
    for name in ("allowance", "allowance_line", "allowance_correction"):
        ids[f"{name}_id"] = new_id()
    async with world.web.transaction(district) as conn:
        earlier, line = new_id(), ids["allowance_line_id"]
        for listed, month in ((earlier, date(2026, 10, 1)), (ids["allowance_id"], date(2026, 11, 1))):
            await conn.execute(_LIST, listed, district, clerk.account_id, NOW, month)
        await conn.execute(_LINE, line, district, earlier, elder)
        whose = (district, line, elder, clerk.account_id, NOW)
        await conn.execute(_CORRECTION, ids["allowance_correction_id"], *whose)
        new = NewPayee("a", "self", "b", "6217000012340001234")
        await payees.record(conn, world.keys, elder, new, clerk, NOW)
        neighbour = await makers.make_elder(conn, world.keys, district)
        said: dict[str, Any] = {"source": "register", "by": None, "now": NOW}
        ids["death_id"] = await deaths.report(conn, neighbour, NOW.date(), **said)
