"""Persons loaded for schemes: everything dated, of many at once, by a fixed number of statements."""

from datetime import date, timedelta
from typing import Any

import pytest

from core import absences
from core.errors import NotFound
from core.ids import new_id
from services import subjects
from services.policy import Absence, Fact, Membership
from tests.makers import NOW
from tests.services.schemes.test_visits import elder_in
from tests.services.worlds import World


class Counted:
    """A connection that counts what is fetched."""

    def __init__(self, conn: Any) -> None:
        self.conn, self.count = conn, 0

    async def fetch(self, *given: Any) -> Any:
        """Count and pass on."""
        self.count += 1
        return await self.conn.fetch(*given)


async def test_everything_that_schemes_ask_is_loaded(world: World) -> None:
    elder = await elder_in(world, "mild", "national_voucher", assistance="tekun")
    day = date(2026, 11, 3)
    async with world.worker.transaction(world.district) as conn:
        given: dict[str, Any] = {"kind": "hospital", "starts_on": day, "ends_on": None, "now": NOW}
        await absences.record(conn, district=world.district, elder=elder, **given)
        await conn.execute(
            "INSERT INTO life_proof (id, district_id, elder_id, proven_on, valid_to, method, recorded_at)"
            " VALUES ($1, $2, $3, $4, $5, 'face', $6)",
            *(new_id(), world.district, elder, day, day + timedelta(days=364), NOW),
        )
        found = await subjects.find(conn, elder)
    assert set(found.facts) == {
        Fact("grade:gbt_42195", "mild", date(2026, 1, 1), None),
        Fact("household", "370503", date(2026, 1, 1), None),
        Fact("assistance", "tekun", date(2026, 1, 1), None),
    }
    assert found.absences == (Absence("hospital", day, None),)
    assert found.memberships[-1] == Membership("national_voucher", date(2026, 6, 1), None)
    assert found.life_proofs == ((day, day + timedelta(days=364)),)


async def test_many_persons_cost_as_many_statements_as_one(world: World) -> None:
    elders = [await world.elder("mild") for _ in range(3)]
    async with world.worker.transaction(world.district) as conn:
        one, all_ = Counted(conn), Counted(conn)
        await subjects.load(one, elders[:1])  # type: ignore[arg-type]
        found = await subjects.load(all_, [*elders, new_id()])  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            await subjects.find(conn, new_id())
    assert set(found) == set(elders)
    assert one.count == all_.count == 5
