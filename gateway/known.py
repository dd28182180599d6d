"""A copy of the registry and the rules in memory; refreshed by the doorbell `registry` and on every miss."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core import districts
from core.clock import ZONE
from core.db import Conn, Pool, Row
from core.ids import parse_id
from core.sql import load
from devices import rooms, thing_models
from devices.messages import Message
from devices.thing_models import ThingModel
from gateway import alarm_rules
from gateway.hub_memory import HubMemory
from gateway.rules import book, memory
from gateway.rules.book import Book

SQL = load(__file__)
_PATIENCE = 1.0  # seconds before a stranger is looked up again
_NATIVE = "native"
_COPIED = ("traced", "_by_name", "_by_no", "_of_subject", "_mats", "_rules", "_books", "_strangers")
_Override = tuple[str, bool, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """A registered device, as the pipeline needs it."""

    id: UUID
    text: str
    no: int
    district: UUID
    care_bed: UUID | None
    elder: UUID | None
    model: ThingModel
    hub: UUID | None
    ecosystem: str
    address: str | None
    subject: UUID
    as_device: memory.Device


def known(row: Row) -> Known:
    """Read one row."""
    model = thing_models.get(row["thing_model"])
    text = str(row["id"])
    return Known(
        row["id"],
        text,
        row["no"],
        row["district_id"],
        row["care_bed_id"],
        row["elder_id"],
        model,
        row["hub_id"],
        row["ecosystem"],
        row["address"],
        row["care_bed_id"] or row["id"],
        memory.Device(text, model, rooms.code_of(row["room"])),
    )


class Registry:
    """The copy."""

    def __init__(self, zone: ZoneInfo = ZONE) -> None:
        self.zone = zone
        self.memory = HubMemory()
        self.traced: dict[int, datetime] = {}
        self._by_name: dict[tuple[str | None, str, str], Known] = {}
        self._by_no: dict[int, Known] = {}
        self._of_subject: dict[UUID, Known] = {}
        self._mats: set[UUID] = set()
        self._rules: dict[tuple[UUID, UUID | None], list[_Override]] = {}
        self._books: dict[tuple[UUID, UUID | None], Book] = {}
        self._strangers: dict[tuple[str | None, str, str], float] = {}
        self._lock = asyncio.Lock()

    async def refresh(self, pool: Pool, now: datetime) -> None:
        """Read everything again."""
        async with self._lock:
            async with pool.transaction() as conn:
                rows = await conn.fetch(SQL.list_known)
                rules = await conn.fetch(SQL.list_rules, now)
                nights = await conn.fetch(SQL.list_nights)
                traced = await conn.fetch(SQL.list_traced, now)
            # All at once: with a half-filled copy a sweep would forget whom it does not know.
            fresh = vars(await self._built(rows, rules, nights))
            fresh["traced"] = {row["no"]: row["ends_at"] for row in traced}
            vars(self).update({name: fresh[name] for name in _COPIED})

    async def _built(self, rows: Sequence[Row], rules: Sequence[Row], nights: Sequence[Row]) -> "Registry":
        """Build a copy aside, letting others go on meanwhile."""
        fresh = Registry(self.zone)
        for nth, row in enumerate(rows):
            fresh._remember(known(row))
            if nth % 1000 == 0:
                await asyncio.sleep(0)
        for row in nights:
            settings = districts.DistrictSettings.model_validate(row["settings"] or {})
            night = alarm_rules.night_of(settings)
            fresh._rules[row["id"], None] = [(rule, book.is_on(rule), night) for rule in alarm_rules.NIGHTLY]
        for row in rules:
            key = (row["district_id"], row["elder_id"])
            fresh._rules.setdefault(key, []).append((row["rule"], row["enabled"], row["params"]))
        return fresh

    def _remember(self, device: Known) -> None:
        self._by_name[None, _NATIVE, device.text] = device
        self._by_no[device.no] = self._of_subject[device.subject] = device
        if device.address:
            key = (str(device.hub) if device.hub else None, device.ecosystem, device.address)
            owner = self._by_name.get(key)
            if (
                owner is None or owner.text != device.address
            ):  # whose id it is has the name, whoever else took it
                self._by_name[key] = device
        if device.care_bed is not None and "in_bed" in device.model.metrics:
            self._mats.add(device.subject)

    def find(self, message: Message) -> Known | None:
        """Return the device that a message is from, if it is in the copy."""
        for address in message.addresses:
            found = self._by_name.get((message.hub, message.ecosystem, address))
            if found is not None:
                return found
        return None

    def by_topic(self, device: str) -> Known | None:
        """Return a native device by the name in its topic."""
        return self._by_name.get((None, _NATIVE, device))

    def by_no(self, no: int) -> Known | None:
        """Return a device by its short key."""
        return self._by_no.get(no)

    def of_subject(self, subject: UUID) -> Known | None:
        """Return any device of a bed (they share its elder and district)."""
        return self._of_subject.get(subject)

    def forget_strangers(self) -> None:
        """Ask the database again for everyone: the registry has changed."""
        self._strangers.clear()

    async def look_up(self, conn: Conn, message: Message) -> Known | None:
        """Ask the database for a device that is not in the copy; a stranger is asked for once a second.

        Who calls for help is looked up each time: it may have been registered since.
        """
        key = (message.hub, message.ecosystem, message.addresses[0])
        asked = time.monotonic()
        is_calm = message.alarm is None and not message.is_press
        if is_calm and asked - self._strangers.get(key, -_PATIENCE) < _PATIENCE:
            return None
        found = await find(conn, message.hub, message.ecosystem, message.addresses)
        if found is None:
            if len(self._strangers) > 10_000:  # noqa: PLR2004 - a flood of strangers must not eat the memory
                self._strangers.clear()
            self._strangers[key] = asked
        else:
            self._remember(found)
        return found

    async def speaker(self, conn: Conn, name: str) -> Known | None:
        """Return the device or hub that a topic names, asking the database if need be."""
        found = self.by_topic(name)
        if found is None and "\0" in name:
            return None
        return found or await self.look_up(conn, Message("", None, _NATIVE, (name,), ""))

    def has_mat(self, device: Known) -> bool:
        """Say whether the bed has a mat, so that motion need not guess."""
        return device.subject in self._mats

    def book_of(self, district: UUID, elder: UUID | None) -> Book:
        """Return the rules in force for a person of a district."""
        key = (district, elder)
        found = self._books.get(key)
        if found is None:
            particular = self._rules.get(key, []) if elder else []
            found = book.compile_([*self._rules.get((district, None), []), *particular], self.zone)
            self._books[key] = found
        return found


async def find(conn: Conn, hub: str | None, ecosystem: str, addresses: Sequence[str]) -> Known | None:
    """Find a device in the database by the names that a message gives it."""
    own = parse_id(addresses[0]) if hub is None and ecosystem == _NATIVE else None
    hub_id = parse_id(hub) if hub else None
    if hub and hub_id is None:
        return None
    row = await conn.fetchrow(SQL.find_known, own, hub_id, ecosystem, list(addresses))
    return known(row) if row else None
