from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from core import codes, consents, people
from core.consents import ITEMS, Given, Subject, Withdrawn
from core.crypto import Keys
from core.db import Conn, Pool
from core.errors import Conflict, Invalid, NotFound
from tests.makers import NOW, make_district, make_elder

DAY = timedelta(days=1)


async def begin(pool_owner: Pool, pool: Pool, keys: Keys) -> tuple[UUID, UUID]:
    district = await make_district(pool_owner)
    async with pool.transaction(district) as conn:
        return district, await make_elder(conn, keys, district)


def vitals(elder: UUID, **more: Any) -> Given:
    return Given(**{"item": "vitals", "by": elder, "given_as": "elder", "how": "paper", "at": NOW, **more})


async def test_a_consent_holds_from_its_day_until_it_is_withdrawn_and_both_stay_on_record(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    district, elder = await begin(pool_owner, pool_web, keys)
    who = Subject(elder)
    by: dict[str, Any] = {"district": district, "account": None}
    async with pool_web.transaction(district) as conn:
        assert (await consents.of(conn, [elder]))[elder] == frozenset()
        await consents.give(conn, who, vitals(elder, at=NOW - 2 * DAY), **by, now=NOW)
        assert not await consents.given(conn, elder, "vitals", NOW - 3 * DAY)
        assert await consents.given(conn, elder, "vitals", NOW)
        [row] = await consents.history(conn, who)
        back = Withdrawn("elder", "voice", "changed_mind", NOW)
        await consents.withdraw(conn, row["id"], back, **by, now=NOW)
        assert not await consents.given(conn, elder, "vitals", NOW)
        assert await consents.given(conn, elder, "vitals", NOW - DAY)
        assert (await consents.of(conn, [elder]))[elder] == frozenset()
        with pytest.raises(Conflict):
            await consents.withdraw(conn, row["id"], back, **by, now=NOW)
        await consents.give(conn, who, vitals(elder), **by, now=NOW)
        rows = await consents.history(conn, who)
        assert [one["reason"] for one in rows] == [None, "changed_mind"]
        said = await conn.fetch("SELECT action, detail FROM audit_log ORDER BY id")
        assert [one["action"] for one in said] == ["consent_given", "consent_withdrawn", "consent_given"]
        told = await conn.fetch("SELECT kind, elder_id, roles FROM event ORDER BY id")
        assert {(one["elder_id"], "family" in one["roles"]) for one in told} == {(elder, True)}


async def test_of_two_who_give_the_same_consent_the_second_is_told_and_several_at_once_keep_what_is_there(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    district, elder = await begin(pool_owner, pool_web, keys)
    by: dict[str, Any] = {"district": district, "account": None, "now": NOW}
    async with pool_web.transaction(district) as conn:
        await consents.give(conn, Subject(elder), vitals(elder), **by)
        with pytest.raises(Conflict, match="already"):
            await consents.give(conn, Subject(elder), vitals(elder), **by)
        new = await consents.give_all(conn, Subject(elder), ITEMS, vitals(elder), **by)
        assert set(new) == set(ITEMS) - {"vitals"}
        assert await consents.give_all(conn, Subject(elder), ITEMS, vitals(elder), **by) == []


async def test_a_consent_is_never_rewritten_nor_deleted(pool_owner: Pool, pool_web: Pool, keys: Keys) -> None:
    district, elder = await begin(pool_owner, pool_web, keys)
    async with pool_web.transaction(district) as conn:
        await consents.give(conn, Subject(elder), vitals(elder), district=district, account=None, now=NOW)
    for wrong in (
        "UPDATE consent SET given_at = given_at - interval '1 day'",
        "UPDATE consent SET item = 'location'",
        "DELETE FROM consent",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with pool_web.transaction(district) as conn:
                await conn.execute(wrong)
    with pytest.raises(asyncpg.RaiseError, match="never rewritten"):
        async with pool_owner.transaction(district) as conn:
            await conn.execute("UPDATE consent SET item = 'location'")


async def test_a_relative_consents_for_the_own_phone_only_and_nobody_for_another_kind(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    district, elder = await begin(pool_owner, pool_web, keys)
    by: dict[str, Any] = {"district": district, "account": None, "now": NOW}
    async with pool_web.transaction(district) as conn:
        around: dict[str, Any] = {"district": district, "name": "n", "phone": None, "now": NOW}
        member = await people.create_family_member(conn, keys, **around)
        own = vitals(member, item="sms", given_as="member", how="online")
        await consents.give(conn, Subject(member=member), own, **by)
        assert (await consents.of_members(conn, [member]))[member] == {"sms"}
        for who, wrong in (
            (Subject(member=member), vitals(member, given_as="member")),
            (Subject(member=member), vitals(member, item="sms", given_as="elder")),
            (Subject(elder), vitals(elder, given_as="member")),
            (Subject(elder), vitals(elder, item="everything")),
            (Subject(elder), vitals(elder, how="hearsay")),
            (Subject(elder), vitals(elder, at=NOW + DAY)),
        ):
            with pytest.raises(Invalid):
                await consents.give(conn, who, wrong, **by)


async def test_a_withdrawal_needs_a_consent_a_reason_and_a_day_that_makes_sense(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    district, elder = await begin(pool_owner, pool_web, keys)
    by: dict[str, Any] = {"district": district, "account": None, "now": NOW}
    async with pool_web.transaction(district) as conn:
        await consents.give(conn, Subject(elder), vitals(elder), **by)
        [row] = await consents.history(conn, Subject(elder))
        for wrong in (
            Withdrawn("elder", "voice", "because", NOW),
            Withdrawn("elder", "hearsay", "other", NOW),
            Withdrawn("elder", "voice", "other", NOW + DAY),
            Withdrawn("elder", "voice", "other", NOW - DAY),
        ):
            with pytest.raises(Invalid):
                await consents.withdraw(conn, row["id"], wrong, **by)
        with pytest.raises(NotFound):
            await consents.withdraw(conn, uuid4(), Withdrawn("elder", "voice", "other", NOW), **by)


async def test_another_district_sees_no_consent(pool_owner: Pool, pool_web: Pool, keys: Keys) -> None:
    district, elder = await begin(pool_owner, pool_web, keys)
    other = await make_district(pool_owner, "341302")
    async with pool_web.transaction(district) as conn:
        await consents.give(conn, Subject(elder), vitals(elder), district=district, account=None, now=NOW)
    async with pool_web.transaction(other) as conn:
        assert (await consents.of(conn, [elder]))[elder] == frozenset()
        assert await _count(conn) == 0


async def _count(conn: Conn) -> int:
    count: int = await conn.fetchval("SELECT count(*) FROM consent")
    return count


def test_a_code_fits_its_row_its_turn_and_its_purpose_only(keys: Keys) -> None:
    row = uuid4()
    code = codes.make(keys, "login", row, 1, 6)
    assert len(code) == 6
    assert code.isdecimal()
    assert codes.fits(keys, "login", row, 1, f" {code[:3]} {code[3:]}", 6)
    assert not codes.fits(keys, "login", row, 1, code[:5], 6)
    assert not codes.fits(keys, "login", row, 1, "\u0661" * 6, 6)
    others = {
        codes.make(keys, purpose, one, turn, 8)
        for purpose, one, turn in (
            ("login", row, 1),
            ("login", row, 2),
            ("invitation", row, 1),
            ("login", uuid4(), 1),
        )
    }
    assert len(others) == 4
    assert codes.make(Keys.generate(), "login", row, 1, 8) not in others
