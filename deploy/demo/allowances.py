"""Allowances of a demo district: one month paid, one that waits for the approver, a missed proof of life."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core import accounts, people
from core.accounts import Person
from core.clock import local_date, month_of
from core.db import Row
from core.people import age_on
from deploy.demo.place import Place
from deploy.demo.world import scheme
from services import deaths, enrolments, life_proofs, schemes
from services.allowances import computing, issuing, lists, payees, payments
from services.allowances.payees import NewPayee

DISTRICT, SCHEME = "370503", "demo_high_age"
_MOST, _AGE = 8, 80
_PAGE, _SPECIAL = 200, 2


async def extend(place: Place) -> None:
    """Make the lists once, in the first district."""
    if place.world.code != DISTRICT or await lists.list_(place.conn, limit=1):
        return
    known = await accounts.list_(place.conn, limit=200)  # the owner, who loads, sees both districts'
    ours = [row for row in known if row["login"].startswith(f"{place.world.login}_")]
    staff = {row["role"]: place.person(row) for row in reversed(ours)}
    await schemes.load(
        place.conn,
        district=place.district,
        district_code=DISTRICT,
        text=scheme(SCHEME),
        now=place.now,
    )
    today = local_date(place.now)
    found = await people.list_elders(place.conn, limit=_PAGE)
    old = [row for row in found if age_on(row["born_on"], today) > _AGE][:_MOST]
    for nth, row in enumerate(old):
        await _draw(place, row, nth, staff["clerk"], today)
    before = month_of(month_of(today) - timedelta(days=1))
    paid = await _list(place, before, staff)
    await lists.approve(place.conn, paid, staff["approver"], place.now)
    await issuing.issue(place.conn, paid, staff["approver"], place.now)
    await _bank(place, paid, staff["clerk"])
    await _list(place, month_of(today), staff)
    await _report(place, found, old, today)


async def _draw(place: Place, row: Row, nth: int, clerk: Person, today: date) -> None:
    """Enrol somebody; the first has missed the proof, the second's is due, the last has no account."""
    since = month_of(today - timedelta(days=70))
    if nth < _SPECIAL:
        since = date(today.year - 2, 1, 1) if nth == 0 else today - timedelta(days=350)
    whose: dict[str, Any] = {"district": place.district, "elder": row["id"], "scheme_code": SCHEME}
    await enrolments.enrol(
        place.conn, **whose, valid_from=since, reason="applied", by=clerk.account_id, now=place.now
    )
    if nth < _MOST - 1:
        number = f"62179900{nth:03d}00{nth * 37 % 1000:04d}21"
        new = NewPayee(row["name"], "self", "", number)
        await payees.record(place.conn, place.keys, row["id"], new, clerk, place.now)
    if nth == _SPECIAL:
        await life_proofs.record(place.conn, row["id"], "phone", clerk, place.now)


async def _list(place: Place, month: date, staff: dict[str, Person]) -> UUID:
    """Make a month's list and check it."""
    conn = place.conn
    found = await lists.open_(conn, place.district, SCHEME, month, staff["clerk"], place.now)
    running = {**await lists.find(conn, found), "cursor_elder": None}
    await computing.page(conn, running, await lists.facts_of(conn, running), place.now, _PAGE)
    await lists.check(conn, found, staff["clerk"], place.now)
    return found


async def _bank(place: Place, paid: UUID, clerk: Person) -> None:
    """Let the bank pay everybody but one."""
    waiting = await payments.list_(place.conn, paid, "pending", limit=_PAGE)
    rows = [f"{one['reference']},{one['amount']},paid," for one in waiting[:-1]]
    rows += [f"{one['reference']},{one['amount']},returned,closed" for one in waiting[-1:]]
    body = "\n".join(["reference,amount,result,reason", *rows])
    await payments.settle(place.conn, paid, body.encode(), clerk, place.now)


async def _report(place: Place, found: list[Row], old: list[Row], today: date) -> None:
    """Let a register say of somebody that they have died: a clerk looks at it."""
    known = {row["id"] for row in old}
    last = next((row for row in reversed(found) if row["id"] not in known), None)
    if last is not None:
        said: dict[str, Any] = {"source": "register", "by": None, "now": place.now}
        await deaths.report(place.conn, last["id"], today - timedelta(days=3), **said)
