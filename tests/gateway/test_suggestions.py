"""Stored days replayed, a change suggested that spares false alarms alone, a person who decides."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.accounts import Person
from core.errors import Conflict, Invalid
from gateway import alarm_rules, rule_proposals, suggestions
from gateway.known import Registry
from gateway.rules import tuning
from gateway.rules.tuning import Verdict
from tests.gateway.worlds import Device, World
from tests.makers import NOW, make_person

NIGHT = datetime(2026, 11, 10, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
END = NIGHT + timedelta(days=6)


async def nights(world: World, mat: Device, *minutes: float) -> None:
    """Let somebody be out of bed for so many minutes, one night after the other."""
    for nth, out_for in enumerate(minutes):
        start = NIGHT + timedelta(days=nth)
        out = start + timedelta(hours=2)
        back = out + timedelta(minutes=out_for)
        up = start + timedelta(hours=8)
        for at, is_in in ((start, True), (out, False), (back, True), (up, False)):
            await world.hear(mat.says(at=at, in_bed=is_in), now=at)


def verdict(mat: Device, nth: int, *, is_real: bool) -> Verdict:
    at = NIGHT + timedelta(days=nth, hours=2, minutes=20)
    return Verdict("bed_exit", str(mat.id), at, is_real)


async def suggested(world: World, verdicts: list[Verdict]) -> list[tuning.Effect]:
    async with world.pool_gateway.transaction(world.district) as conn:
        days, overrides = await suggestions.days_of(conn, world.bed, NIGHT, END)
    assert days.elder == world.elder
    return suggestions.suggest(days, overrides, verdicts)


async def test_the_smallest_change_that_spares_the_false_ones_is_suggested(world: World, mat: Device) -> None:
    await nights(world, mat, 24, 23, 55, 5)
    told = [verdict(mat, nth, is_real=nth == 2) for nth in range(3)]
    (found,) = await suggested(world, told)
    assert (found.rule, found.params) == ("bed_exit", {"minutes": 25})
    assert (found.before, found.after, found.false_gone, found.real_gone) == (3, 1, 2, 0)
    assert found.as_dict()["gone"] == [one.at.astimezone(UTC).isoformat() for one in told[:2]]


async def test_what_would_lose_a_real_alarm_is_not_suggested(world: World, mat: Device) -> None:
    await nights(world, mat, 24, 24, 24)
    assert await suggested(world, [verdict(mat, nth, is_real=nth == 1) for nth in range(3)]) == []


async def test_one_false_alarm_changes_nothing(world: World, mat: Device) -> None:
    await nights(world, mat, 24, 5)
    assert await suggested(world, [verdict(mat, 0, is_real=False)]) == []


async def decider(world: World) -> Person:
    async with world.pool_owner.transaction(world.district) as conn:
        return await make_person(conn, world.district, "duty_manager")


async def test_an_approved_proposal_is_the_rule_from_then_on(world: World, mat: Device) -> None:
    await nights(world, mat, 24, 23)
    effects = await suggested(world, [verdict(mat, nth, is_real=False) for nth in range(2)])
    async with world.pool_gateway.transaction(world.district) as conn:
        given = {"district": world.district, "elder": world.elder, "effects": effects, "now": NOW}
        assert await suggestions.propose(conn, **given) == 1  # type: ignore[arg-type]
        assert await suggestions.propose(conn, **given) == 1  # type: ignore[arg-type]
    person = await decider(world)
    async with world.pool_owner.transaction(world.district) as conn:
        (row,) = await rule_proposals.list_(conn, "proposed")
        by = {"account": person.account_id, "now": NOW}
        await rule_proposals.approve(conn, row["id"], district=world.district, **by)  # type: ignore[arg-type]
        with pytest.raises(Conflict):
            await rule_proposals.reject(conn, row["id"], **by)  # type: ignore[arg-type]
        rows = {one["rule"]: one for one in await alarm_rules.in_force(conn, world.elder, NOW)}
        assert rows["bed_exit"]["params"]["minutes"] == 25
        assert (rows["bed_exit"]["from"], rows["no_motion"]["from"]) == ("person", "default")
    registry = Registry()
    await registry.refresh(world.pool_gateway, NOW)
    assert getattr(registry.book_of(world.district, world.elder).by_name["bed_exit"], "minutes", 0) == 25


async def test_a_rejected_proposal_changes_nothing(world: World) -> None:
    person = await decider(world)
    async with world.pool_owner.transaction(world.district) as conn:
        made = await rule_proposals.propose(
            conn,
            district=world.district,
            elder=None,
            rule="no_motion",
            params={"hours": 6},
            effect={},
            now=NOW,
        )
        await rule_proposals.reject(conn, made, account=person.account_id, now=NOW)
        assert (await rule_proposals.find(conn, made))["state"] == "rejected"
        assert await alarm_rules.list_(conn) == []


async def test_a_rule_is_set_from_now_on_and_ends_when_somebody_says_so(world: World) -> None:
    person = await decider(world)
    given = {"district": world.district, "elder": None, "rule": "no_motion", "enabled": True, "now": NOW}
    given |= {"valid_to": None, "account": person.account_id}
    async with world.pool_owner.transaction(world.district) as conn:
        with pytest.raises(Invalid, match="past"):
            await alarm_rules.set_(conn, params={"hours": 6}, valid_from=NOW - timedelta(1), **given)  # type: ignore[arg-type]
        with pytest.raises(Invalid, match="hours does not fit"):
            await alarm_rules.set_(conn, params={"hours": -6}, valid_from=NOW, **given)  # type: ignore[arg-type]
        made = await alarm_rules.set_(conn, params={"hours": 6}, valid_from=NOW, **given)  # type: ignore[arg-type]
        await alarm_rules.end(conn, made, NOW + timedelta(hours=1))
        with pytest.raises(Conflict):
            await alarm_rules.end(conn, made, NOW + timedelta(hours=2))
        later = await alarm_rules.in_force(conn, None, NOW + timedelta(hours=3))
        assert {one["from"] for one in later} == {"default"}


def test_limits_move_apart_and_minutes_grow() -> None:
    assert list(tuning.candidates("heart_rate", {"low": 40, "high": 130})) == [
        {"low": 35.0, "high": 135.0},
        {"low": 30.0, "high": 140.0},
    ]
    assert list(tuning.candidates("door_open", {"minutes": 30, "rooms": ["hall"]})) == [
        {"minutes": 38},
        {"minutes": 45},
        {"minutes": 60},
    ]
    assert list(tuning.candidates("silent", {"factor": 1.0})) == []
