"""What accepting a repair means beyond its visits: what is off is cancelled, illness is noted as leave."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.db import Conn
from core.errors import Conflict
from dispatch import visit_rows
from dispatch.roster import leaves
from dispatch.states import VISIT

_LEAVES = {"sick": "sick", "leave": "other"}


async def settle(conn: Conn, trigger: Mapping[str, Any], by: Person | None, now: datetime) -> None:
    """Make what happened a fact, unless it is one already."""
    kind = trigger.get("kind")
    if kind == "cancelled":
        row = await visit_rows.lock(conn, UUID(trigger["visit_id"]))
        if row["state"] in VISIT["cancel"].sources and row["case_id"] is None:
            await visit_rows.move(conn, row, "cancel", by, now, {"reason": "repair"})
    if kind in _LEAVES and by is not None and not trigger.get("is_noted"):
        since, until = (datetime.fromisoformat(trigger[name]) for name in ("from", "to"))
        whose = (UUID(trigger["caregiver_id"]), _LEAVES[kind], since, until)
        try:
            await leaves.record(conn, *whose, by, now, is_confirmed=True)
        except Conflict as error:
            if error.code != "leave_overlap":
                raise
