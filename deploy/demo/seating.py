"""A case of the demo that passed from one operator to another: its timeline shows how."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.ids import new_id
from core.sql import load
from deploy.demo.place import Place

SQL = load(__file__)
NOTE: str = tomllib.loads((Path(__file__).parent / "data" / "seating.toml").read_text(encoding="utf-8"))[
    "note"
]
OFFERED, ANSWERED, UNTIL = timedelta(seconds=60), timedelta(seconds=72), timedelta(seconds=120)


async def extend(place: Place) -> None:
    """Pass one closed case on, once."""
    case = await place.conn.fetchrow(SQL.find_closed)
    if case is None:
        return
    transfer, at = new_id(), case["claimed_at"]
    whose = (place.district, case["id"])
    times = (at + OFFERED, at + UNTIL, at + ANSWERED)
    await place.conn.execute(
        SQL.add_transfer, transfer, *whose, case["claimed_by"], case["other"], NOTE, *times
    )
    about: dict[str, Any] = {"transfer_id": str(transfer), "kind": "transfer"}
    offered = {**about, "reason": "knows_person", "to_name": case["to_name"]}
    taken = {**about, "from_name": case["from_name"]}
    lines = (
        (at + OFFERED, case["claimed_by"], "transfer_offer", NOTE, offered),
        (at + ANSWERED, case["other"], "transfer_accept", None, taken),
    )
    for line in lines:
        await place.conn.execute(SQL.add_entry, new_id(), *whose, *line)
