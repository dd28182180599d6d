"""What-ifs on a real database: begun, computed in pieces, left, killed, stopped."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.accounts import Person
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from services import claims
from services.whatif import judging, runs
from tests.makers import NOW, make_person
from tests.services.worlds import TEXT, World, at

DECEMBER = datetime(2026, 12, 10, 2, tzinfo=UTC)
DRAFT = (
    TEXT.replace("version = 1\n", "version = 2\n")
    .replace("2021-01-01", "2027-01-01")
    .replace('moderate = "260.00"', 'moderate = "300.00"')
    .replace('mild = "200.00"', 'mild = "100.00"')
)


@pytest.fixture
async def clerk(world: World, pool_web: Pool) -> Person:
    async with pool_web.transaction(world.district) as conn:
        return await make_person(conn, world.district, "clerk")


@pytest.fixture
async def elders(world: World) -> tuple[UUID, UUID]:
    """November: four baths at 80 each for two people: 260 of 320 are paid for one, 200 for the other."""
    pair = (await world.elder("moderate"), await world.elder("mild"))
    for elder in pair:
        for day in (2, 4, 6, 8):
            await world.visit(elder, "bath", at(day))
    await claims.tick(world.worker, NOW)
    return pair


async def begin(pool: Pool, clerk: Person, text: str = DRAFT, **given: object) -> UUID:
    wanted = {"months": 2, "population": "enrolled", "seed": 7, **given}
    async with pool.transaction(clerk.district_id) as conn:
        return await runs.start(conn, text=text, by=clerk, now=DECEMBER, **wanted)  # type: ignore[arg-type]


async def test_a_draft_is_priced_over_the_last_full_months(
    world: World, pool_web: Pool, clerk: Person, elders: tuple[UUID, UUID]
) -> None:
    what_if = await begin(pool_web, clerk)
    assert await runs.tick(world.worker, lambda: DECEMBER) == 1
    async with pool_web.transaction(world.district) as conn:
        row = await runs.find(conn, what_if)
        gaining = await runs.persons(conn, what_if, sign=1)
        losing = await runs.persons(conn, what_if, sign=-1)
    assert (row["state"], row["looked_at"], row["persons"]) == ("done", 2, 2)
    months = [(one["month"], one["paid"], one["would_pay"]) for one in row["result"]["months"]]
    assert months == [("2026-10", "0.00", "0.00"), ("2026-11", "460.00", "400.00")]
    assert [(one["elder_id"], str(one["change"])) for one in gaining] == [(elders[0], "40.00")]
    assert [(one["elder_id"], str(one["change"])) for one in losing] == [(elders[1], "-100.00")]


async def test_a_killed_run_goes_on_after_the_last_piece_and_counts_nobody_twice(
    world: World, pool_web: Pool, clerk: Person, elders: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "PIECE", 1)
    what_if = await begin(pool_web, clerk)
    assert await runs._take(world.worker, world.district, DECEMBER) == what_if  # noqa: SLF001 - as a process that dies
    async with world.worker.transaction(world.district) as conn:
        row = await conn.fetchrow(runs.SQL.lock, what_if)
        assert row is not None
        await runs._piece(conn, row, DECEMBER)  # noqa: SLF001 - and dies after its first piece
    assert await runs.tick(world.worker, lambda: DECEMBER) == 0  # somebody seems to be at it
    later = DECEMBER + runs.SILENT + timedelta(seconds=1)
    assert await runs.tick(world.worker, lambda: later) == 1
    async with pool_web.transaction(world.district) as conn:
        done = await runs.find(conn, what_if)
    assert (done["looked_at"], done["result"]["total"]["would_pay"]) == (len(elders), "400.00")


async def test_everybody_eligible_may_be_counted_without_being_enrolled(
    world: World, pool_web: Pool, clerk: Person, elders: tuple[UUID, UUID]
) -> None:
    other = DRAFT.replace('"hekou_home_visits"', '"hekou_more"').replace("version = 2\n", "version = 1\n")
    what_if = await begin(pool_web, clerk, other, population="eligible")
    await runs.tick(world.worker, lambda: DECEMBER)
    async with pool_web.transaction(world.district) as conn:
        row = await runs.find(conn, what_if)
    # another scheme paid seven and a half of the eight baths: only the unpaid one of the mild elder is left
    assert (row["result"]["total"]["paid"], row["result"]["total"]["would_pay"]) == ("0.00", "80.00")
    assert len(elders) == 2


async def test_a_stopped_one_stays_stopped(world: World, pool_web: Pool, clerk: Person) -> None:
    what_if = await begin(pool_web, clerk)
    async with pool_web.transaction(world.district) as conn:
        await runs.stop(conn, what_if, clerk, DECEMBER)
        with pytest.raises(Conflict):
            await runs.stop(conn, what_if, clerk, DECEMBER)
        with pytest.raises(NotFound):
            await runs.find(conn, clerk.account_id)
    assert await runs.tick(world.worker, lambda: DECEMBER) == 0


async def test_one_that_cannot_be_computed_says_so_and_does_not_hold_up_the_others(
    world: World, pool_web: Pool, clerk: Person, elders: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = await begin(pool_web, clerk)
    monkeypatch.setattr(judging, "judge", None)  # as a mistake of ours would be
    assert await runs.tick(world.worker, lambda: DECEMBER) == 1
    monkeypatch.undo()
    good = await begin(pool_web, clerk)
    assert await runs.tick(world.worker, lambda: DECEMBER) == 1
    async with pool_web.transaction(world.district) as conn:
        assert [row["state"] for row in await runs.list_(conn)] == ["done", "failed"]
        assert (await runs.find(conn, broken))["error"] == "TypeError"
        assert (await runs.find(conn, good))["persons"] == len(elders)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (DRAFT.replace("370503", "341300"), {}),
        (DRAFT, {"months": 13}),
        (DRAFT, {"population": "all"}),
        ("nonsense", {}),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_field(
    pool_web: Pool, clerk: Person, text: str, given: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        await begin(pool_web, clerk, text, **given)
