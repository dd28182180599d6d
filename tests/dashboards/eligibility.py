"""Applications, registers, matches: who may call what, and one of each in a district."""

import io
from datetime import date
from typing import Any
from uuid import UUID

from openpyxl import Workbook

from core.accounts import Person
from services.applications import applications
from services.applications.applications import NewApplication
from services.registers import imports
from tests.dispatch.worlds import World
from tests.makers import NOW, id_number

OFFICE = {"clerk", "auditor", "approver", "admin"}
DECIDE, CLERK, APPLY = {"clerk", "approver"}, {"clerk"}, {"clerk", "family"}
KEEP, ADMIN = {"clerk", "admin"}, {"admin"}
ONE = "/applications/{application_id}"
LIST = "/register-imports/{register_import_id}"

ELIGIBILITY: dict[tuple[str, str], set[str]] = {
    ("GET", "/applications"): OFFICE | {"family"},
    ("POST", "/applications"): APPLY,
    ("GET", "/applications/flows"): OFFICE,
    ("POST", "/applications/flows"): ADMIN,
    ("GET", ONE): OFFICE | {"family"},
    ("GET", f"{ONE}/steps"): OFFICE | {"family"},
    **{("POST", f"{ONE}/{verb}"): DECIDE for verb in ("pass", "return", "refuse", "approve")},
    **{("POST", f"{ONE}/{verb}"): APPLY for verb in ("complete", "withdraw")},
    **{("POST", f"{ONE}/{verb}"): CLERK for verb in ("register", "hand-over", "accept", "send-back")},
    ("GET", "/registers"): OFFICE,
    ("POST", "/registers/mapping"): KEEP,
    ("POST", "/registers/source"): ADMIN,
    ("POST", "/registers/clear-source"): ADMIN,
    ("GET", "/register-imports"): OFFICE,
    ("POST", "/register-imports"): KEEP,
    ("GET", LIST): OFFICE,
    ("GET", f"{LIST}/mistakes"): OFFICE,
    ("POST", f"{LIST}/apply"): KEEP,
    ("POST", f"{LIST}/discard"): KEEP,
    ("GET", "/matches"): OFFICE,
    ("POST", "/matches/decide"): KEEP,
    ("GET", "/matching-runs"): OFFICE,
    ("POST", "/matching-runs"): KEEP,
    ("GET", "/standings"): OFFICE,
}
FILTERS = (("/applications", "elder_id"), ("/matches", "elder_id"), ("/standings", "elder_id"))


def bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    """Return bodies of writes, with ids of this district."""
    because = {"reason": "other"}
    return {
        "/applications": {"scheme_code": "s", "elder_id": ids["elder_id"]},
        "/applications/flows": {"scheme_code": "s", "flow": "simple"},
        f"{ONE}/return": because,
        f"{ONE}/refuse": because,
        f"{ONE}/send-back": because,
        f"{ONE}/complete": {"documents": ["id_card"]},
        f"{ONE}/register": {"lat": 37.8, "lon": 118.5},
        f"{ONE}/hand-over": {"district": "999999"},
        f"{ONE}/accept": {"scheme_code": "s"},
        "/registers/mapping": {"register": "death", "mapping": {}},
        "/registers/clear-source": {"register": "death"},
        "/registers/source": {"register": "death", "url": "nowhere", "auth": "bearer", "secret": "x" * 16},
        "/matches/decide": {"ids": [], "action": "enrol"},
    }


async def make_eligibility(world: World, ids: dict[str, UUID], clerk: Person) -> None:
    """Make one of each."""
    book = Workbook()
    assert book.active is not None
    for row in (("身份证号", "死亡日期"), (id_number(990), "2026-11-02")):
        book.active.append(row)
    output = io.BytesIO()
    book.save(output)
    how: dict[str, Any] = {"as_of": date(2026, 11, 1), "is_complete": False, "now": NOW}
    brought = imports.read_file("death", "deaths.xlsx", output.getvalue(), {}, **how)
    async with world.web.transaction(world.district) as conn:
        code = await conn.fetchval("SELECT code FROM scheme LIMIT 1")
        new = NewApplication(code, "clerk", world.elder, None, ("id_card",))
        ids["application_id"] = await applications.apply(conn, world.keys, new, clerk, NOW)
        ids["register_import_id"] = await imports.bring(
            conn, world.keys, world.district, brought, clerk.account_id, NOW
        )
