"""What is planned for demo elders: care plans by grade, places with meals, people who are called on."""

import tomllib
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from core import accounts, grades
from core.clock import at_local, local_date
from core.db import Row
from deploy.demo.place import Place
from deploy.demo.world import DATA
from devices import care_beds
from dispatch import providers
from dispatch.places import calling, meals, places
from dispatch.places.places import NewPlace
from services import care_plans
from services.plan_items import NewItem

_LOADS = {"intact": "light", "mild": "light", "moderate": "middle", "severe": "heavy", "total": "heavy"}
_LUNCH = ("11:00", "13:00")
_PORTIONS, _EATERS = 30, 8


async def extend(place: Place) -> None:
    """Make what is not there yet: plans, places, callers; and the lunches of today and tomorrow."""
    described = tomllib.loads((DATA / "care.toml").read_text(encoding="utf-8"))
    beds = sorted(await care_beds.list_(place.conn, limit=200), key=lambda bed: str(bed["label"]))
    known = await accounts.list_(place.conn, limit=200)  # the owner, who loads, sees both districts'
    ours = [row for row in known if row["login"].startswith(f"{place.world.login}_")]
    staff = {row["role"]: row for row in reversed(ours)}
    if not await care_plans.list_(place.conn, limit=1):
        await _plan(place, described["plans"], beds, staff)
    if not await places.list_(place.conn, limit=1):
        await _open(place, described[place.world.code])
        await _call_on(place, described[place.world.code], staff["clerk"])
    await _cook(place, beds)


async def _plan(
    place: Place, plans: dict[str, list[dict[str, Any]]], beds: list[Row], staff: dict[str, Row]
) -> None:
    today = local_date(place.now)
    clerk, approver = (place.person(staff[role]) for role in ("clerk", "admin"))
    for nth, bed in enumerate(beds):
        grade = await grades.in_force(place.conn, bed["elder_id"], "gbt_42195", today)
        load = _LOADS[grade["grade"]] if grade else "light"
        plan = await care_plans.draft(
            place.conn,
            district=place.district,
            elder=bed["elder_id"],
            valid_from=today,
            valid_to=None,
            goals="",
            items=[_item(dict(line), nth, today) for line in plans[load]],
            by=clerk,
            now=place.now,
        )
        await care_plans.approve(place.conn, plan, approver, place.now, agreed_by="self", agreed_on=today)


def _item(line: dict[str, Any], nth: int, today: date) -> NewItem:
    rrules: list[str] = line.pop("rrules")
    windows = tuple(_window(text) for text in line.pop("windows"))
    monday = today - timedelta(days=today.weekday() + 14)
    rrule = rrules[nth // 2 % len(rrules)]  # beds take turns with providers, so two neighbours share a rhythm
    return NewItem(rrule=rrule, windows=windows, starts_on=monday, **line)


def _window(text: str) -> tuple[time, time]:
    since, until = text.split("-")
    return time.fromisoformat(since), time.fromisoformat(until)


async def _open(place: Place, described: dict[str, Any]) -> None:
    made: list[UUID] = []
    runs = await _providers(place)
    for one in described["places"]:
        new = NewPlace(
            kind=one["kind"],
            tier=one.get("tier"),
            name=one["name"],
            lat=one["lat"],
            lon=one["lon"],
            capacity=one["capacity"],
            hours=_hours(one["hours"]),
            has_kitchen=one.get("kitchen", False),
            provider_id=runs[one["provider"]] if "provider" in one else None,
            parent_id=made[one["under"]] if "under" in one else None,
            region_code=one.get("region"),
            opened_on=date(2024, 1, 1),
        )
        made.append(await places.create(place.conn, place.district, new, place.now))


async def _providers(place: Place) -> list[UUID]:
    """Return the providers in the order of the data, also when they were made by an earlier start."""
    known = {row["name"]: row["id"] for row in await providers.list_(place.conn)}
    return [known[one.name] for one in place.world.providers]


def _hours(text: str) -> dict[str, list[list[str]]]:
    """Read `1-5 08:30-12:00 13:30-17:30`."""
    days, *spans = text.split()
    first, last = days.split("-")
    return {str(day): [span.split("-") for span in spans] for day in range(int(first), int(last) + 1)}


async def _call_on(place: Place, described: dict[str, Any], clerk: Row) -> None:
    made: dict[str, UUID] = {}
    for one in described["callers"]:
        made[one["region"]] = await calling.create_caller(
            place.conn,
            place.keys,
            district=place.district,
            name=one["name"],
            role=one["role"],
            grid=one["grid"],
            region_code=one["region"],
            now=place.now,
        )
    for nth, elder in enumerate(await calling.candidates(place.conn, place.district, place.now)):
        caller = made.get(str(elder["region_code"])[:9])
        await calling.assign(
            place.conn,
            district=place.district,
            elder=elder["elder_id"],
            category=elder["category"],
            since=place.day(60),
            caller=caller,
        )
        if caller:
            await calling.record(
                place.conn,
                district=place.district,
                elder=elder["elder_id"],
                caller=caller,
                at=place.now - timedelta(days=2 + 9 * (nth % 4), hours=3),
                how="in_person",
                outcome="well",
                note="",
                by=place.person(clerk),
                now=place.now,
            )


async def _cook(place: Place, beds: list[Row]) -> None:
    """Plan lunch for today and tomorrow where there is a kitchen; some eat there, some have it brought."""
    kitchens = [row for row in await places.list_(place.conn, kind="meal_point") if row["has_kitchen"]]
    for ahead in (0, 1):
        day = local_date(place.now) + timedelta(days=ahead)
        known = {row["place_id"] for row in await meals.list_(place.conn, on=day)}
        for nth, kitchen in enumerate(kitchens):
            if kitchen["id"] not in known:
                await _lunch(place, kitchen["id"], day, beds[nth :: len(kitchens)][:_EATERS])


async def _lunch(place: Place, kitchen: UUID, day: date, eaters: list[Row]) -> None:
    starts, ends = (at_local(day, clock) for clock in _LUNCH)
    meal = await meals.create(
        place.conn,
        district=place.district,
        place=kitchen,
        on=day,
        kind="lunch",
        portions=_PORTIONS,
        starts_at=starts,
        ends_at=ends,
        now=place.now,
    )
    for nth, bed in enumerate(eaters):
        mode = "deliver" if nth % 2 else "eat_in"
        await meals.order(place.conn, meal, bed["elder_id"], mode, place.now, funding="private")
