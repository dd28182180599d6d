"""What-ifs and reports: who may call what, and one of each in a district."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from core.accounts import Person
from services.indicators import reports
from services.indicators.definitions import period
from services.whatif import runs
from tests.dispatch.worlds import World
from tests.makers import NOW

OFFICE = {"clerk", "auditor", "approver", "admin"}
STARTERS = {"clerk", "approver", "admin"}
PUBLISHERS = {"clerk", "approver"}
TEXT = Path("services/data/schemes/hekou_home_visits.toml")

REPORTING: dict[tuple[str, str], set[str]] = {
    ("GET", "/what-ifs"): OFFICE,
    ("POST", "/what-ifs"): STARTERS,
    ("GET", "/what-ifs/{what_if_id}"): OFFICE,
    ("GET", "/what-ifs/{what_if_id}/persons"): OFFICE,
    ("POST", "/what-ifs/{what_if_id}/stop"): STARTERS,
    ("GET", "/indicators"): OFFICE,
    ("GET", "/reports"): OFFICE,
    ("POST", "/reports"): PUBLISHERS,
    ("GET", "/reports/{report_id}"): OFFICE,
}
PAGES = {
    "/desk/what-ifs": OFFICE,
    "/desk/what-ifs/{what_if_id}": OFFICE,
    "/desk/what-ifs/{what_if_id}/progress": OFFICE,
    "/desk/what-ifs/{what_if_id}/persons": OFFICE,
    "/desk/what-ifs/{what_if_id}/export.xlsx": OFFICE,
    "/desk/reports": OFFICE,
    "/desk/reports/live.docx": OFFICE,
    "/desk/reports/live.xlsx": OFFICE,
    "/desk/reports/{report_id}": OFFICE,
    "/desk/reports/{report_id}/report.docx": OFFICE,
    "/desk/reports/{report_id}/report.xlsx": OFFICE,
    "/desk/figures": OFFICE,
}


def bodies() -> dict[str, dict[str, Any]]:
    """Return bodies of writes."""
    return {
        "/what-ifs": {"body": TEXT.read_text("utf-8"), "months": 1},
        "/reports": {"period": "2025H2"},
    }


async def make_reporting(world: World, ids: dict[str, UUID], clerk: Person) -> None:
    """Make a what-if that was computed and a published report."""
    given: dict[str, Any] = {"text": _text().replace("370503", clerk.district_code)}
    async with world.web.transaction(world.district) as conn:
        more: dict[str, Any] = {"months": 2, "population": "eligible", "seed": 1, "by": clerk, "now": NOW}
        ids["what_if_id"] = await runs.start(conn, **given, **more)
        ids["report_id"] = await reports.publish(conn, period("2025H2"), clerk, NOW)
    await runs.tick(world.worker, lambda: NOW + timedelta(seconds=1))


def _text() -> str:
    return TEXT.read_text("utf-8")
