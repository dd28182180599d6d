"""What a demo family sees: a month of one mat, and an alarm of the night before last that was seen to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from core.clock import at_local
from core.db import Row
from core.ids import new_id
from core.sql import load
from deploy.demo.place import Place

SQL = load(__file__)
RAW, MONTH = timedelta(hours=40), timedelta(days=30)


async def extend(place: Place) -> None:
    """Let one mat have spoken, once; a mat that has spoken already is left alone."""
    mat = await place.conn.fetchrow(SQL.find_mat, f"{place.world.login}_%")
    if mat is None or await place.conn.fetchval(SQL.has_lived, mat["no"]):
        return
    await place.conn.execute(SQL.live, mat["no"], place.now - RAW, place.now)
    await place.conn.execute(SQL.roll, mat["no"], place.now - MONTH, place.now - timedelta(hours=1))
    at = place.now.isoformat()
    values: dict[str, Any] = {"in_bed": [False, at]}
    await place.conn.execute(SQL.say, mat["no"], place.now, values)
    await _alarm(place, mat)


async def _alarm(place: Place, mat: Row) -> None:
    """Tell the story of an alarm: taken, the daughter reached, all well."""
    who = await place.conn.fetchrow(SQL.find_people, f"{place.world.login}_%", mat["elder_id"])
    if who is None or who["operator"] is None or who["member"] is None:
        return
    case, at = new_id(), at_local(place.day(2), "02:41")
    bed = (place.district, mat["elder_id"], mat["care_bed_id"])
    await place.conn.execute(SQL.open_case, case, *bed, at, who["operator"])
    answer = {"answer": "coming", "channel": "page", "family_member_id": str(who["member"])}
    told: tuple[tuple[int, UUID | None, str, str, str, dict[str, Any]], ...] = (
        (0, None, "open", "raised", "raised", {}),
        (40, who["operator"], "claim", "raised", "claimed", {}),
        (95, who["operator"], "call", "claimed", "claimed", {"to": "elder", "result": "no_answer"}),
        (160, who["relative"], "family_answer", "claimed", "claimed", answer),
        (430, who["operator"], "call", "claimed", "claimed", {"to": "family", "result": "answered"}),
        (540, who["operator"], "resolve", "claimed", "resolved", {}),
        (660, who["operator"], "close", "resolved", "closed", {"outcome": "reassured"}),
    )
    for seconds, account, action, before, after, data in told:
        values = (at + timedelta(seconds=seconds), account, action, before, after, data)
        await place.conn.execute(SQL.add_entry, new_id(), place.district, case, *values)
