"""Everything the records hold of a caller, in few statements, for the screen that pops up."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core import people
from core.db import Row
from core.sql import load
from dashboards.auth import Scope
from dispatch.inbound import calls, recordings
from dispatch.inbound.callers import Caller

SQL = load(__file__)


@dataclass(frozen=True)
class Elder:
    """One elder whom the caller may speak of."""

    row: Row
    cases: list[Row]
    visits: list[Row]
    contacts: list[dict[str, Any]]
    complaints: list[Row]


@dataclass(frozen=True)
class Popped:
    """The caller: `number` is masked, empty when it was withheld."""

    call: Row
    caller: Caller
    number: str
    elders: list[Elder]
    before: list[Row]
    recordings: list[Row]


async def find(scope: Scope, call_id: UUID) -> Popped:
    """Gather what is known; raise NotFound."""
    call = await calls.find(scope.conn, call_id)
    caller = await calls.caller_of(scope.conn, call, scope.now)
    elders = [row["id"] for row in caller.elders]
    conn, by_elder = scope.conn, dict[str, dict[UUID, list[Row]]]()
    for name, statement in (
        ("cases", SQL.list_cases),
        ("visits", SQL.list_visits),
        ("contacts", SQL.list_contacts),
        ("complaints", SQL.list_complaints),
    ):
        by_elder[name] = {one: [] for one in elders}
        for row in await conn.fetch(statement, elders) if elders else []:
            by_elder[name][row["elder_id"]].append(row)
    return Popped(
        call,
        caller,
        masked(scope, call["number_sealed"]),
        [
            Elder(
                row,
                by_elder["cases"][row["id"]],
                by_elder["visits"][row["id"]],
                [
                    {**one, "phone": masked(scope, one["phone_sealed"])}
                    for one in by_elder["contacts"][row["id"]]
                ],
                by_elder["complaints"][row["id"]],
            )
            for row in caller.elders
        ],
        await conn.fetch(SQL.list_before, call["number_index"], call_id) if call["number_index"] else [],
        await recordings.of_call(conn, call_id),
    )


def masked(scope: Scope, sealed: bytes | None) -> str:
    """Return a number as a page shows it, empty without one."""
    return people.mask_phone(scope.keys.open(scope.person.district_id, sealed)) if sealed else ""
