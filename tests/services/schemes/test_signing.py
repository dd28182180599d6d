"""Two people for a scheme: proposed, signed by another, never edited, only succeeded in time."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from core import accounts
from core.errors import Conflict, Invalid
from services import claims, entitlements, schemes
from tests.makers import NOW
from tests.services.worlds import TEXT, World, at

NEXT = TEXT.replace("version = 1\n", "version = 2\n").replace(
    "effective_from = 2021-01-01", "effective_from = 2026-12-01"
)
OTHER = TEXT.replace('code = "hekou_home_visits"', 'code = "other_visits"')


async def person(world: World, login: str, role: str) -> UUID:
    async with world.worker.transaction(world.district) as conn:
        return await accounts.create(
            conn,
            district=world.district,
            login=login,
            password="long-enough-1",
            role=role,
            name=login,
            now=NOW,
        )


@pytest.fixture
async def two(world: World) -> tuple[UUID, UUID]:
    return await person(world, "clerk_of_schemes", "clerk"), await person(
        world, "second_of_schemes", "approver"
    )


async def propose(world: World, text: str, by: UUID) -> UUID:
    async with world.worker.transaction(world.district) as conn:
        given: dict[str, Any] = {"district": world.district, "district_code": "370503", "now": NOW}
        return await schemes.propose(conn, text=text, by=by, **given)


async def sign(world: World, scheme: UUID, by: UUID, **given: Any) -> str:
    async with world.worker.transaction(world.district) as conn:
        row = await schemes.sign(conn, district=world.district, scheme=scheme, by=by, now=NOW, **given)
    state: str = row["state"]
    return state


def code(refused: pytest.ExceptionInfo[Conflict]) -> object:
    return refused.value.code


async def test_the_second_approver_who_is_the_first_is_refused(world: World, two: tuple[UUID, UUID]) -> None:
    draft = await propose(world, NEXT, two[0])
    with pytest.raises(Conflict) as refused:
        await sign(world, draft, two[0])
    assert code(refused) == "same_person"
    assert await sign(world, draft, two[1]) == "signed"
    with pytest.raises(Conflict) as again:
        await sign(world, draft, two[1])
    assert code(again) == "not_draft"


async def test_a_draft_counts_for_nothing_until_it_is_signed(world: World, two: tuple[UUID, UUID]) -> None:
    draft = await propose(world, NEXT, two[0])
    async with world.worker.transaction(world.district) as conn:
        assert [row["version"] for row in await schemes.list_(conn)] == [1]
        assert {row["state"] for row in await schemes.list_(conn, ("draft",))} == {"draft"}
    await sign(world, draft, two[1])
    async with world.worker.transaction(world.district) as conn:
        rows = await schemes.list_(conn)
    assert [(row["version"], row["effective_to"]) for row in rows] == [(2, None), (1, date(2026, 11, 30))]


async def test_what_is_signed_is_never_edited(world: World, two: tuple[UUID, UUID]) -> None:
    await sign(world, await propose(world, NEXT, two[0]), two[1])
    with pytest.raises(Conflict, match="new version"):
        await propose(world, NEXT + "# other\n", two[0])
    same = await propose(world, NEXT, two[0])
    for change in ("body = body || ' '", "effective_from = effective_from - 31", "state = 'withdrawn'"):
        with pytest.raises(asyncpg.RaiseError, match="never edited"):
            async with world.worker.transaction(world.district) as conn:
                await conn.execute(f"UPDATE scheme SET {change} WHERE id = $1", same)  # noqa: S608 - of the list above
    with pytest.raises(Conflict):
        async with world.worker.transaction(world.district) as conn:
            await schemes.withdraw(conn, same)


async def test_a_draft_that_changed_after_it_was_read_is_not_signed(
    world: World, two: tuple[UUID, UUID]
) -> None:
    draft = await propose(world, NEXT, two[0])
    async with world.worker.transaction(world.district) as conn:
        read = (await schemes.find(conn, draft))["sha256"]
    assert await propose(world, NEXT.replace('"320.00"', '"330.00"'), two[0]) == draft
    with pytest.raises(Conflict) as refused:
        await sign(world, draft, two[1], sha256=read)
    assert code(refused) == "changed"


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("2021-01-01", "", "order"),
        ("2020-06-01", "", "order"),
        ("2027-02-01", "effective_to = 2026-12-31\n", "gap"),
        ("2026-12-01", "effective_to = 2026-12-31\n", "overlap"),
    ],
)
async def test_versions_that_overlap_or_leave_a_gap_are_refused(
    world: World, two: tuple[UUID, UUID], first: str, second: str, wanted: str
) -> None:
    known = OTHER.replace("effective_from = 2021-01-01\n", f"effective_from = 2021-01-01\n{second}")
    await sign(world, await propose(world, known, two[0]), two[1])
    later = OTHER.replace("version = 1\n", "version = 2\n").replace("2021-01-01\nscale", f"{first}\nscale")
    with pytest.raises(Conflict) as refused:
        await propose(world, later, two[0])
    assert code(refused) == wanted


async def test_a_version_cannot_start_where_the_one_before_was_used(
    world: World, two: tuple[UUID, UUID]
) -> None:
    await world.visit(await world.elder("mild"), "bath", at(3))
    await claims.tick(world.worker, NOW)
    draft = await propose(world, NEXT.replace("2026-12-01", "2026-11-01"), two[0])
    with pytest.raises(Conflict) as refused:
        await sign(world, draft, two[1])
    assert (code(refused), refused.value.extra["on"]) == ("used", "2026-11-03")


async def test_months_that_nobody_used_pass_to_the_successor(world: World, two: tuple[UUID, UUID]) -> None:
    elder = await world.elder("mild")
    await entitlements.tick(world.worker, NOW)
    raised = NEXT.replace("2026-12-01", "2026-11-01").replace('mild = "200.00"', 'mild = "240.00"')
    await sign(world, await propose(world, raised, two[0]), two[1])
    await entitlements.tick(world.worker, NOW)
    assert await world.used(elder) == ("mild", "240.00", "0.00")


async def test_of_two_signatures_at_once_one_is_told_that_it_was_late(
    world: World, two: tuple[UUID, UUID]
) -> None:
    third = await person(world, "third_of_schemes", "approver")
    draft = await propose(world, NEXT, two[0])
    found = await asyncio.gather(
        sign(world, draft, two[1]), sign(world, draft, third), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in found) == ["Conflict", "str"]


async def test_an_exclusion_that_names_no_scheme_is_refused(world: World, two: tuple[UUID, UUID]) -> None:
    text = NEXT.replace('no_rate = "district"', 'no_rate = "district"\nexcludes = ["nowhere"]')
    with pytest.raises(Conflict) as refused:
        await propose(world, text, two[0])
    assert code(refused) == "unknown_scheme"
    assert "no scheme nowhere in the district" in str(refused.value)


async def test_another_districts_scheme_cannot_be_proposed(world: World, two: tuple[UUID, UUID]) -> None:
    with pytest.raises(Invalid, match="district 341302"):
        await propose(world, NEXT.replace('"370503"', '"341302"'), two[0])
