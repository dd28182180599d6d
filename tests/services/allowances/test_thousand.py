"""A list of a thousand people is, to the fen, what the policy says of each of them."""

import random
from datetime import date, timedelta
from decimal import Decimal

from core.crypto import Keys
from core.ids import new_id
from services import policy, subjects
from services.allowances import lists
from tests import makers
from tests.services.allowances.payers import CARE, DISABLED, NOV, Payers

SEED = 5
_ELDER = """INSERT INTO elder (id, district_id, home_id, name, gender, born_on, id_number_sealed,
                               id_number_index, category, died_on, created_at)
            VALUES ($1, $2, $3, $4, 'female', $5, '', $6, 'general', $7, $8)"""
_GRADE = """INSERT INTO grade (id, district_id, elder_id, scale, grade, valid_from, valid_to, recorded_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"""
_FACT = """INSERT INTO person_fact (id, district_id, elder_id, kind, value, valid_from, valid_to, source,
                                    recorded_at)
           VALUES ($1, $2, $3, $4, $5, '2021-01-01', $6, 'import', $7)"""
_ENROL = """INSERT INTO enrolment (id, district_id, elder_id, scheme_code, valid_from, valid_to)
            VALUES ($1, $2, $3, $4, $5, $6)"""


async def settle(world: Payers, count: int) -> None:
    """Make people with every kind of change within the month."""
    dice = random.Random(SEED)  # noqa: S311 - a seeded population
    async with world.pool.transaction(world.district) as conn:
        home = await makers.make_home(conn, world.keys, world.district)
        for nth in range(count):
            elder, day = new_id(), NOV + timedelta(days=dice.randrange(30))
            died = day if dice.random() < 0.05 else None
            index = nth.to_bytes(8, "big")
            born = date(1936 + dice.randrange(20), 5, 1)
            await conn.execute(_ELDER, elder, world.district, home, f"p{nth}", born, index, died, makers.NOW)
            scheme = dice.choice(["disabled_living", "tekun_care"])
            is_disabled = scheme == "disabled_living"
            scale = "disability_certificate" if is_disabled else "tekun_self_care"
            ranks = ["1", "2", "3", "4"] if is_disabled else ["self", "partial", "dependent"]
            first, second = dice.choice(ranks), dice.choice(ranks)
            since = (date(2021, 1, 1), day)
            grade = (world.district, elder, scale)
            await conn.execute(
                _GRADE, new_id(), *grade, first, since[0], since[1] - timedelta(days=1), makers.NOW
            )
            await conn.execute(_GRADE, new_id(), *grade, second, since[1], None, makers.NOW)
            kinds = {
                "assistance": "dibao" if is_disabled else "tekun",
                "place": dice.choice(["scattered", "institution"]),
            }
            for kind, value in kinds.items():
                until = day if dice.random() < 0.1 else None
                await conn.execute(_FACT, new_id(), world.district, elder, kind, value, until, makers.NOW)
            begin = day if dice.random() < 0.2 else date(2022, 1, 1)
            end = day + timedelta(days=5) if dice.random() < 0.2 else None
            await conn.execute(_ENROL, new_id(), world.district, elder, scheme, begin, end)


async def test_a_list_of_a_thousand_is_what_the_policy_says_one_by_one(world: Payers, keys: Keys) -> None:
    assert world.keys is keys
    await settle(world, 1000)
    fallback = {"total": "severe"}
    sums = []
    for text in (DISABLED, CARE):
        scheme = policy.parse(text)
        found = await world.run(scheme.code, NOV)
        async with world.pool.transaction(world.district) as conn:
            rows = await conn.fetch("SELECT elder_id, amount FROM allowance_line WHERE list_id = $1", found)
            listed = {row["elder_id"]: row["amount"] for row in rows}
            people = await conn.fetch("SELECT elder_id FROM enrolment WHERE scheme_code = $1", scheme.code)
            alone = {}
            for row in people:
                subject = await subjects.find(conn, row["elder_id"])
                due = policy.due(scheme, subject, NOV, fallback=fallback)
                if due.amount:
                    alone[row["elder_id"]] = due.amount
            total = (await lists.find(conn, found))["total"]
        assert {elder: amount for elder, amount in listed.items() if amount} == alone
        assert total == sum(alone.values(), Decimal(0))
        sums.append(len(alone))
    assert min(sums) > 300
