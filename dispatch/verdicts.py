"""What people found after alarms of rules: real or false, by how their cases were closed."""

from datetime import datetime
from uuid import UUID

from core.db import Conn
from core.sql import load
from gateway.rules.tuning import Verdict

SQL = load(__file__)
_REAL = frozenset({"assisted", "hospital", "police_fire"})


async def of_elder(conn: Conn, elder: UUID, since: datetime, until: datetime) -> list[Verdict]:
    """Return verdicts of a time; a case that says neither (no answer, reassured, a test) is no verdict."""
    found = []
    for row in await conn.fetch(SQL.list_verdicts, elder, since, until):
        is_false = row["outcome"] == "false_alarm" or row["false_alarm"] is not None
        if is_false or row["outcome"] in _REAL:
            found.append(Verdict(row["rule"], str(row["device_id"]), row["observed_at"], not is_false))
    return found
