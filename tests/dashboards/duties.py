"""The duty manager: who may call what, which forms and pages, and one of each in a district."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.ids import new_id
from tests.dispatch.worlds import World
from tests.makers import NOW

CENTRE = {"operator", "duty_manager", "admin"}
PLANNERS, MANAGER, OWN = {"duty_manager", "admin"}, {"duty_manager"}, {"operator", "duty_manager"}
MEASURED = {"duty_manager", "admin", "auditor"}
PAUSERS = {"operator", "duty_manager", "clerk", "admin"}
DUTIES: dict[tuple[str, str], set[str]] = {
    ("GET", "/duty/now"): CENTRE,
    ("GET", "/duty-shifts"): CENTRE,
    ("POST", "/duty-shifts"): PLANNERS,
    ("POST", "/duty-shifts/{duty_shift_id}/remove"): PLANNERS,
    ("GET", "/kpis"): MEASURED,
    ("GET", "/monitoring-pauses"): CENTRE | {"clerk", "auditor", "approver", "family"},
    ("POST", "/monitoring-pauses"): PAUSERS,
    ("POST", "/monitoring-pauses/{monitoring_pause_id}/end"): PAUSERS,
}
FILTERS = (("/monitoring-pauses", "elder_id"),)
DUTY_PAGES = {
    "/duty/week": CENTRE,
    "/duty/week.xlsx": CENTRE,
    "/duty/mine": OWN,
    "/wall": CENTRE,
    "/wall/board": CENTRE,
    "/desk/kpi": MEASURED,
    "/desk/kpi/export.{kind}": MEASURED,
    "/desk/false-alarms": MEASURED,
    "/desk/staffing": PLANNERS,
    "/desk/quality": MEASURED,
    "/desk/quality/{quality_sample_id}": MEASURED,
    "/desk/quality/items/{quality_item_id}": MEASURED,
    "/desk/pauses": PAUSERS,
}
DUTY_WRITES = {
    **{f"/duty/{noun}": PLANNERS for noun in ("shifts", "drag", "patterns", "overrides")},
    "/duty/shifts/{duty_shift_id}": PLANNERS,
    "/duty/patterns/{duty_pattern_id}/end": PLANNERS,
    "/duty/overrides/{duty_override_id}/withdraw": PLANNERS,
    "/duty/swaps/{duty_swap_id}": PLANNERS,
    "/duty/people/{account_id}/phone": PLANNERS,
    "/duty/mine/phone": OWN,
    "/duty/mine/shifts/{duty_shift_id}/offer": OWN,
    "/duty/mine/swaps/{duty_swap_id}": OWN,
    "/desk/quality": MANAGER,
    "/desk/quality/items/{quality_item_id}": MANAGER,
    "/desk/quality/items/{quality_item_id}/answer": OWN,
    "/desk/pauses": PAUSERS,
    "/desk/pauses/{monitoring_pause_id}/end": PAUSERS,
}
_DAY = timedelta(days=1)
_SHIFT = """INSERT INTO duty_shift (id, district_id, account_id, role, starts_at, ends_at)
            VALUES ($1, $2, $3, 'operator', $4, $5)"""
_PATTERN = """INSERT INTO duty_pattern (id, district_id, account_id, role, weekdays, starts, minutes,
                                        valid_from, laid_to, created_at)
              VALUES ($1, $2, $3, 'operator', '{1}', '20:00', 720, $4, '2027-01-01', $5)"""
_OVERRIDE = """INSERT INTO duty_override (id, district_id, absent_id, reason, starts_at, ends_at, created_at)
               VALUES ($1, $2, $3, 'sick', $4, $5, $4)"""
_SWAP = """INSERT INTO duty_swap (id, district_id, duty_shift_id, giver_id, starts_at, ends_at, state,
                                  offered_at)
           VALUES ($1, $2, $3, $4, $5, $6, 'withdrawn', $5)"""
_SAMPLE = """INSERT INTO quality_sample (id, district_id, month, seed, form, population, population_hash,
                                         drawn_at)
             VALUES ($1, $2, '2026-10-01', 's', 1, 1, '\\x00', $3)"""
_ITEM = """INSERT INTO quality_item (id, district_id, quality_sample_id, account_id, case_id, is_whole)
           VALUES ($1, $2, $3, $4, $5, true)"""
_PAUSE = """INSERT INTO monitoring_pause (id, district_id, elder_id, reason, starts_at, ends_at, created_at)
            VALUES ($1, $2, $3, 'holiday', $4, $5, $4)"""


def bodies(ids: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    span = {"starts_at": "2026-12-01T00:00:00Z", "ends_at": "2026-12-01T08:00:00Z"}
    pause = {"elder_id": ids["elder_id"], "reason": "hospital", "ends_at": "2026-12-20T00:00:00Z"}
    return {
        "/duty-shifts": {"account_id": ids["account_id"], "role": "operator", **span},
        "/monitoring-pauses": {**pause, "starts_at": "2026-12-01T00:00:00Z"},
    }


async def make_duties(world: World, ids: dict[str, UUID], spare: Person) -> None:
    """Make one of each; the shift is tomorrow's."""
    names = ("duty_shift", "duty_pattern", "duty_override", "duty_swap", "quality_sample", "quality_item")
    for name in (*names, "monitoring_pause"):
        ids[f"{name}_id"] = new_id()
    district, whose = world.district, spare.account_id
    span = (NOW + _DAY, NOW + 1.3 * _DAY)
    async with world.web.transaction(district) as conn:
        await conn.execute(_SHIFT, ids["duty_shift_id"], district, whose, *span)
        await conn.execute(_PATTERN, ids["duty_pattern_id"], district, whose, NOW.date(), NOW)
        await conn.execute(_OVERRIDE, ids["duty_override_id"], district, whose, NOW, NOW + _DAY / 2)
        await conn.execute(_SWAP, ids["duty_swap_id"], district, ids["duty_shift_id"], whose, *span)
        await conn.execute(_SAMPLE, ids["quality_sample_id"], district, NOW)
        item = (ids["quality_sample_id"], whose, ids["case_id"])
        await conn.execute(_ITEM, ids["quality_item_id"], district, *item)
        await conn.execute(
            _PAUSE, ids["monitoring_pause_id"], district, world.elder, NOW + 40 * _DAY, NOW + 41 * _DAY
        )
