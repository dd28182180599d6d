"""Eligibility of a demo district: applications under way, a register kept, another with mistakes."""

import tomllib
from datetime import timedelta
from typing import Any
from uuid import UUID

from core import accounts, people
from core.accounts import Person
from core.clock import local_date, month_of
from deploy.demo import people as made_up
from deploy.demo.place import Place
from deploy.demo.world import DATA
from services.applications import applications, moving
from services.applications.applications import Applicant, NewApplication
from services.registers import imports

DISTRICT = "370503"
_FROM = "2010-01-01"


async def extend(place: Place) -> None:
    """Make them once, in the first district."""
    if place.world.code != DISTRICT or await applications.list_(place.conn, limit=1):
        return
    described = tomllib.loads((DATA / "eligibility.toml").read_text(encoding="utf-8"))
    known = await accounts.list_(place.conn, limit=200)  # the owner, who loads, sees both districts'
    [clerk] = [row for row in known if row["login"] == f"{place.world.login}_clerk_1"]
    person = place.person(clerk, "clerk")
    for nth, one in enumerate(described["applicants"]):
        await _apply(place, one, nth, described["scheme"], person)
    await _household(place, described["register"], person)
    wrong = described["register"]
    await _bring(place, "disability", wrong["name"], [wrong["head"], *wrong["wrong"]], person)


async def _apply(place: Place, one: dict[str, Any], nth: int, scheme: str, clerk: Person) -> None:
    number = made_up.id_number(DISTRICT, one["born_on"], one["gender"], nth)
    applicant = Applicant(one["name"], number, "", one["address"])
    since = place.now - timedelta(days=one["days"])
    new = NewApplication(scheme, "clerk", None, applicant, tuple(one["documents"]))
    made = await applications.apply(place.conn, place.keys, new, clerk, since)
    if one["step"] == "passed":
        await moving.pass_on(place.conn, made, clerk, since + timedelta(days=2))
    if one["step"] == "returned":
        later = since + timedelta(days=1)
        await moving.return_(place.conn, made, clerk, later, reason="documents_missing")


async def _household(place: Place, register: dict[str, Any], clerk: Person) -> None:
    """Keep where the district's elders are registered: all but the last, who is missing in the list."""
    found = await people.list_elders(place.conn, limit=200)
    rows = []
    for elder in found[:-1]:
        full = await people.find_elder(place.conn, elder["id"])
        number = place.keys.open(place.district, full["id_number_sealed"])
        rows.append([elder["name"], number, DISTRICT, _FROM])
    name, head = register["household"], register["household_head"]
    made = await _bring(place, "household", name, [head, *rows], clerk)
    await imports.apply(place.conn, place.keys, made, clerk.account_id, place.now)


async def _bring(place: Place, register: str, name: str, rows: list[list[str]], clerk: Person) -> UUID:
    content = "\r\n".join(",".join(row) for row in rows).encode()
    how: dict[str, Any] = {"as_of": month_of(local_date(place.now)), "is_complete": False, "now": place.now}
    brought = imports.read_file(register, name, content, {}, **how)
    return await imports.bring(place.conn, place.keys, place.district, brought, clerk.account_id, place.now)
