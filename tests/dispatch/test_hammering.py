"""Operators, ticks and caregivers in several processes at once: never two people, never nobody in silence."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from datetime import timedelta

from dispatch import cases
from tests.databases import Database
from tests.dispatch import errands
from tests.dispatch.worlds import World, make_caregiver, make_case, make_operator
from tests.makers import NOW

PROCESSES, TIMES = 3, 60
WRONG = {
    "two people are on the way to one case": """SELECT case_id FROM visit
        WHERE case_id IS NOT NULL AND state IN ('offered', 'accepted', 'en_route', 'in_progress')
        GROUP BY case_id HAVING count(*) > 1""",
    "somebody is on the way to two cases": """SELECT caregiver_id FROM visit
        WHERE case_id IS NOT NULL AND state IN ('accepted', 'en_route', 'in_progress')
        GROUP BY caregiver_id HAVING count(*) > 1""",
    "a case that is called dispatched has nobody": """SELECT id FROM care_case c WHERE state = 'dispatched'
        AND NOT EXISTS (SELECT FROM visit v WHERE v.case_id = c.id
                        AND v.state IN ('offered', 'accepted', 'en_route', 'in_progress'))""",
    "a visit is offered to nobody": """SELECT id FROM visit v WHERE case_id IS NOT NULL AND state = 'offered'
        AND NOT EXISTS (SELECT FROM visit_offer o WHERE o.visit_id = v.id AND o.state = 'open')""",
    "somebody is asked who need not come": """SELECT o.id FROM visit_offer o JOIN visit v ON v.id = o.visit_id
        WHERE o.state = 'open' AND v.state <> 'offered'""",
    "a visit waits and is not tried again": """SELECT v.id FROM visit v JOIN care_case c ON c.id = v.case_id
        WHERE v.state = 'wanted' AND v.retry_at IS NULL AND c.state IN ('claimed', 'verified')""",
    "an accepted offer is not who comes": """SELECT o.id FROM visit_offer o JOIN visit v ON v.id = o.visit_id
        WHERE o.state = 'accepted' AND v.state = 'accepted' AND v.caregiver_id <> o.caregiver_id""",
}


async def test_whatever_many_do_at_once_nobody_is_sent_twice_and_no_case_is_forgotten(
    world: World, database: Database
) -> None:
    operator = await make_operator(world)
    people = [await make_caregiver(world, f"carer {nth}", km=1 + nth) for nth in range(4)]
    called = [await make_case(world, at=NOW + timedelta(hours=nth)) for nth in range(3)]
    for one in people:
        window = {"window_start": NOW + timedelta(minutes=20), "window_end": NOW + timedelta(minutes=90)}
        await errands.accepted(world, one, **window)
    async with world.web.transaction(world.district) as conn:
        for case in called:
            await cases.claim(conn, case, operator, NOW)
    given = {
        "district": str(world.district),
        "operator": str(operator.account_id),
        "people": [(str(one.account_id), str(one.caregiver_id)) for one in people],
        "cases": [str(one) for one in called],
        "now": NOW.isoformat(),
        "times": TIMES,
    }

    async def hammer(seed: int) -> str:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.dispatch.hammering", database.web), stdin=PIPE, stdout=PIPE
        )
        told, _ = await child.communicate(json.dumps({**given, "seed": seed}).encode())
        assert child.returncode == 0
        return told.decode()

    assert await asyncio.gather(*map(hammer, range(PROCESSES))) == [""] * PROCESSES
    async with world.web.transaction(world.district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM visit WHERE state <> 'wanted'") > 0
        assert {name for name, wrong in WRONG.items() if await conn.fetch(wrong)} == set()
