"""The month before in the demo: a statement that waits for its provider, a rejected claim, a budget."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from core import accounts
from core.clock import ZONE, at_local, local_date, month_after, month_of
from core.ids import new_id
from core.sql import load
from deploy.demo.place import Place
from services import claiming, statements
from services.settlement import acts, budgets, terms

SQL = load(__file__)
_PERSONS, _DAYS, _MINUTES = 4, 7, 45
SERVICES = ("bath", "clean", "meal")
ELEMENTS = {
    "service": {"ok": True, "code": "recorded"},
    "recipient": {"ok": True, "code": "present"},
    "date": {"ok": True, "code": "planned_day"},
    "place": {"ok": True, "code": "at_home"},
    "caregiver": {"ok": True, "code": "qualified"},
    "times": {"ok": True, "code": "in_time", "minutes": _MINUTES},
}


async def extend(place: Place) -> None:
    """Settle the month before once: priced, checked, waiting for the provider."""
    month = month_of(month_of(local_date(place.now)) - timedelta(days=1))
    known = await accounts.list_(place.conn, limit=200)  # the owner, who loads, sees both districts'
    ours = {row["role"]: row["id"] for row in known if row["login"].startswith(f"{place.world.login}_")}
    is_there = await statements.list_(place.conn, month, limit=1)
    if is_there or not {"clerk", "approver", "auditor", "provider_manager"} <= ours.keys():
        return
    first = month_after(month) - timedelta(days=_DAYS)
    rows = await place.conn.fetch(SQL.list_entitled, first, _PERSONS)
    for nth, row in enumerate(rows):
        for turn, service in enumerate(SERVICES):
            start = at_local(first + timedelta(days=2 * turn), "09:00") + timedelta(hours=nth)
            await _visit(place, row, service, start, is_doubtful=nth == 1 and turn == 0)
    if not rows:
        return
    await _promise(place, rows[0]["provider_id"], ours, month)
    for one in await statements.list_(place.conn, month):
        await acts.check(place.conn, one["id"], ours["clerk"], place.now)


async def _visit(place: Place, row: Any, service: str, start: datetime, *, is_doubtful: bool) -> None:  # noqa: ANN401 - a row
    visit, end = new_id(), start + timedelta(minutes=_MINUTES)
    who = (row["elder_id"], service, start, end, row["provider_id"], row["caregiver_id"])
    await place.conn.execute(SQL.add_visit, visit, place.district, *who)
    says = "contradicts" if is_doubtful else "agrees"
    code = "bed_occupied" if is_doubtful else "motion"
    witness = [{"witness": "devices", "says": says, "code": code, "minutes": _MINUTES}]
    verdict = "contradicted" if is_doubtful else "proven"
    await place.conn.execute(SQL.add_proof, visit, place.district, verdict, ELEMENTS, witness, end)
    await place.conn.execute(SQL.verify, visit)
    try:
        async with place.conn.transaction():
            await claiming.claim(place.conn, visit, place.now, ZONE)
    except claiming.Unpriced:
        return  # the tick will say what is missing


async def _promise(place: Place, provider: UUID, ours: dict[str, UUID], month: date) -> None:
    """Give the contract terms and the year a budget, signed by two."""
    contract = await place.conn.fetchval(SQL.find_contract, provider)
    promised = terms.Terms(response_minutes=30, late_penalty=Decimal(50), hours_most=Decimal(2000))
    await terms.set_(place.conn, contract, promised, ours["clerk"], place.now)
    cap: dict[str, Any] = {"year": month.year, "scheme": None, "service": None, "ceiling": Decimal(60_000)}
    who: dict[str, Any] = {"district": place.district, "by": ours["approver"], "now": place.now}
    budget = await budgets.propose(place.conn, **cap, **who)
    await budgets.sign(place.conn, budget, ours["auditor"], place.now)
