"""What a demo family has ordered and pays: a visit done, one to come, and one that the subsidy pays."""

from datetime import datetime, timedelta
from uuid import UUID

from core.accounts import Person
from core.clock import at_local
from core.db import Row
from core.sql import load
from deploy.demo.place import Place
from dispatch import service_items, visits
from services import orders
from services.orders import NewOrder

SQL = load(__file__)
HOUR = timedelta(hours=1)
ORDERED, CLEANED, COMES = 3, 1, -2
"""Days before today of the order that is done and of the subsidised visit; the next one is days ahead."""
BEGINS = "16:40"


async def extend(place: Place) -> None:
    """Order once: a walk that was made, a cleaning to come; and have the provider clean for the subsidy."""
    logins = f"{place.world.login}_%"
    home = await place.conn.fetchrow(SQL.find_family, logins)
    if home is None or await orders.list_(place.conn, elder_id=home["elder_id"], limit=1):
        return
    row = await place.conn.fetchrow(SQL.find_carer, home["provider_id"], logins)
    if row is None:
        return
    daughter, carer = place.person(home, "family"), place.person(row, "caregiver")
    walk = await _order(place, home, daughter, "walk", ORDERED)
    await _perform(place, home, carer, walk, "walk", ORDERED)
    start = at_local(place.day(CLEANED), BEGINS)
    clean = await visits.want(
        place.conn,
        district=place.district,
        elder_id=home["elder_id"],
        provider_id=home["provider_id"],
        service="clean",
        window_start=start,
        window_end=start + 2 * HOUR,
        now=start - timedelta(days=1),
    )
    await _perform(place, home, carer, clean, "clean", CLEANED)
    await _order(place, home, daughter, "clean", COMES)


async def _order(place: Place, home: Row, by: Person, service: str, before: int) -> UUID:
    start = at_local(place.day(before), BEGINS)
    new = NewOrder(home["elder_id"], service, start, start + 2 * HOUR)
    at = min(place.now, start - timedelta(days=1))
    order = await orders.place(place.conn, new, by, at)
    visit: UUID = (await orders.find(place.conn, order))["visit_id"]
    return visit


async def _perform(place: Place, home: Row, by: Person, visit: UUID, service: str, before: int) -> None:
    began = at_local(place.day(before), BEGINS) + timedelta(minutes=6)
    ended = began + timedelta(minutes=service_items.get(service).minutes + 2)
    assert by.caregiver_id is not None  # noqa: S101 - made from a caregiver's account
    await _promise(place, visit, by, by.caregiver_id, began - timedelta(hours=12))
    where = {"lat": home["lat"] + 0.0002, "lon": home["lon"], "accuracy_m": 14.0}
    await visits.check_in(place.conn, place.keys, visit, by, began, at=began, **where)
    record = {"done": [service], "note": ""}
    await visits.check_out(place.conn, place.keys, visit, by, ended, at=ended, record=record, **where)


async def _promise(place: Place, visit: UUID, by: Person, caregiver: UUID, now: datetime) -> None:
    await visits.offer(place.conn, visit, caregiver, None, now)
    await visits.accept(place.conn, visit, by, now)
