"""Stored days of one home, as the rules heard them: for a replay of the database and for proposals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.sql import load
from devices import thing_models
from gateway.kit_files import Kit
from gateway.known import Known, known
from gateway.rules.book import Book
from gateway.rules.memory import Device, Seen
from gateway.rules_replay import Replay

SQL = load(__file__)


@dataclass(frozen=True)
class Days:
    """What the devices of one bed said in a time."""

    care_bed: UUID
    elder: UUID | None
    said: Sequence[Seen]
    has_mat: bool

    def replay(self, rules: Book) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Run rules over these days; return the alarms and the figures."""
        replay = Replay(Kit({}), rules, self.has_mat)
        for one in self.said:
            replay.take(one.device, one.values, one.at)
        return replay.alarms(), replay.figures()


async def beds(conn: Conn, district: UUID) -> list[Row]:
    """Return {id, elder_id} of the beds of a district that have devices."""
    return await conn.fetch(SQL.list_beds, district)


async def read(conn: Conn, care_bed: UUID, since: datetime, until: datetime, rules: Book) -> Days:
    """Read what the devices that are at a bed now said, as far as a rule listens to it.

    Online and offline are no readings: `link_lost` and `power_lost` of a last will are not in a replay.
    """
    devices = {row["no"]: known(row) for row in await conn.fetch(SQL.list_devices, care_bed)}
    rows = await conn.fetch(SQL.list_readings, list(devices), sorted(rules.by_metric), since, until)
    elder = next((one.elder for one in devices.values()), None)
    has_mat = any("in_bed" in one.model.metrics for one in devices.values())
    return Days(care_bed, elder, list(_seen(devices, rows)), has_mat)


def _seen(devices: dict[int, Known], rows: Sequence[Row]) -> Iterator[Seen]:
    metrics = thing_models.metrics()
    for (no, at), group in groupby(rows, key=lambda row: (row["device_no"], row["observed_at"])):
        values = {
            row["name"]: bool(row["value"]) if metrics[row["name"]].is_bool else row["value"] for row in group
        }
        device: Device = devices[no].as_device
        yield Seen(device, at, 0.0, values)
