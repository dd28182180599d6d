"""The account of a run: what was published against what the database holds; and the certificate."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from tests.chaos.devices import Diary

_ALARMS = "SELECT id, device_id, message_id FROM alarm WHERE rule IS NULL"
_WITHOUT_CASE = (
    "SELECT count(*) FROM alarm a LEFT JOIN case_alarm c ON c.alarm_id = a.id WHERE c.alarm_id IS NULL"
)
_WAITING = "SELECT count(*) FROM alarm_intake"
_READINGS = (
    "SELECT d.id AS device_id, r.observed_at, count(*) AS times"
    " FROM ingest.reading r JOIN device d ON d.no = r.device_no GROUP BY 1, 2"
)
_EVENTS = (
    "SELECT count(*) FROM alarm a WHERE a.rule IS NULL"
    " AND NOT EXISTS (SELECT FROM event e WHERE e.kind = 'alarm.raised' AND e.subject_id = a.id)"
)


@dataclass
class Strike:
    """One kill, and how long it was until the work went on."""

    victim: str
    at: float
    recovered: float | None = None


@dataclass
class Account:
    """What a run comes to."""

    seed: int
    began: datetime
    seconds: float
    strikes: list[Strike]
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Say whether nothing was lost and nothing doubled."""
        return all(not value for name, value in self.figures.items() if name.startswith(("lost", "doubled")))

    def json(self) -> dict[str, Any]:
        """Return the certificate as data."""
        kills = Counter(one.victim for one in self.strikes)
        slowest: dict[str, float] = {}
        for one in self.strikes:
            if one.recovered is not None:
                slowest[one.victim] = round(max(slowest.get(one.victim, 0.0), one.recovered), 1)
        return {
            "seed": self.seed,
            "on": self.began.astimezone(UTC).date().isoformat(),
            "seconds": round(self.seconds),
            "kills": len(self.strikes),
            "kills_by_role": dict(sorted(kills.items())),
            "max_recovery_seconds": slowest,
            "lost_for_good_after_a_kill": sum(one.recovered is None for one in self.strikes),
            **self.figures,
            "is_whole": self.is_whole,
        }

    def markdown(self) -> str:
        """Return the certificate as a page of the manual."""
        rows = [f"| {name.replace('_', ' ')} | {_shown(value)} |" for name, value in self.json().items()]
        return "\n".join([_HEAD, "| figure | value |", "| --- | --- |", *rows, "", _FOOT, ""])


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items()) or "none"
    return json.dumps(value) if isinstance(value, bool) else str(value)


_HEAD = """# Nothing lost: the certificate

Written by `make chaos` (`tests/chaos/`), never by hand. Gateway, dispatcher, web, Mosquitto and PostgreSQL
run as in production (synchronous commits, the Mosquitto configuration that we ship, passwords and topic
rules of the registry) while forty devices, each with a connection of its own, raise alarms; processes are
ended with `kill -9` at random, the database is taken away, and the broker is restarted with a queue. A device
keeps an alarm and says it again, with the same id, until it has the receipt. In the end each published alarm
is counted against its receipt, its row, its case and its event, and each reading against its message.
"""
_FOOT = """*Broker-acknowledged* telemetry is what devices sent that ask for no receipt: an acknowledgement of
Mosquitto is a promise of its memory, which it writes to disk now and then; `kill -9` of the broker may take
back what the gateway had not fetched yet. So may it with a press that a hub passes on through a plain bridge.
Alarms of native devices, and telemetry with `"ack": true`, wait for the platform's own receipt, which is sent
after the commit.
"""


async def account(dsn: str, diary: Diary, presses: dict[UUID, int]) -> dict[str, Any]:
    """Count (as the superuser, who sees every district)."""
    conn = await asyncpg.connect(dsn)
    try:
        alarms = await conn.fetch(_ALARMS)
        figures = _alarms(alarms, diary) | await _readings(conn, diary) | _presses(alarms, presses)
        figures["lost_without_case"] = await conn.fetchval(_WITHOUT_CASE)
        figures["lost_in_intake"] = await conn.fetchval(_WAITING)
        figures["lost_without_event"] = await conn.fetchval(_EVENTS)
    finally:
        await conn.close()
    return figures


def _alarms(rows: list[Any], diary: Diary) -> dict[str, Any]:
    stored = Counter((row["device_id"], row["message_id"]) for row in rows)
    ids = {row["message_id"]: str(row["id"]) for row in rows}
    published = {(device, identity) for identity, (device, _) in diary.alarms.items()}
    waits = sorted(at - diary.alarms[identity][1] for identity, at in diary.receipted_at.items())
    return {
        "alarms_published": len(published),
        "messages_sent": diary.sent,
        "reconnections": diary.reconnects,
        "alarms_receipted": len(diary.receipts),
        "alarm_rows": sum(stored[one] for one in published),
        "lost_alarms": len(published - set(stored)),
        "lost_receipts": len(published) - len(diary.receipts),
        "lost_wrong_receipts": sum(ids.get(one) != alarm for one, alarm in diary.receipts.items()),
        "doubled_alarms": sum(times - 1 for times in stored.values()),
        "refused": dict(diary.refused),
        "longest_wait_for_a_receipt_seconds": round(waits[-1], 1) if waits else None,
        "median_wait_for_a_receipt_seconds": round(waits[len(waits) // 2], 3) if waits else None,
    }


async def _readings(conn: asyncpg.Connection, diary: Diary) -> dict[str, Any]:
    times = {(row["device_id"], row["observed_at"]): row["times"] for row in await conn.fetch(_READINGS)}
    receipted = {_key(*diary.telemetry[one]) for one in diary.stored}
    plain = {_key(*one) for one in diary.acknowledged.values()}
    return {
        "telemetry_receipted": len(receipted),
        "lost_receipted_telemetry": len(receipted - times.keys()),
        "lost_telemetry_without_receipt": len(diary.telemetry) - len(diary.stored),
        "doubled_readings": sum(count - 1 for count in times.values()),
        "broker_acknowledged_telemetry": len(plain),
        "broker_acknowledged_and_not_stored": len(plain - times.keys()),
    }


def _key(device: UUID, at: str) -> tuple[UUID, datetime]:
    return device, datetime.fromisoformat(at)


def _presses(rows: list[Any], presses: dict[UUID, int]) -> dict[str, Any]:
    found = Counter(row["device_id"] for row in rows if row["device_id"] in presses)
    return {
        "hub_presses_broker_acknowledged": sum(presses.values()),
        "hub_presses_not_stored": sum(max(0, count - found[one]) for one, count in presses.items()),
        "doubled_hub_presses": sum(max(0, found[one] - count) for one, count in presses.items()),
    }
