"""Pretend homes as real MQTT clients: each device with its own connection, plausible by day and by night."""

import asyncio
import json
import math
import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from core import log
from core.errors import Failure
from core.settings import Settings
from devices import obedience, thing_models
from devices.mqtt import LOST, Incoming, Link, Will

_RETRY_S, _REPEAT_S = 2.0, 5.0
_STAGGER_S = 0.05
_NIGHT_FROM, _NIGHT_TO = 21, 6
_ALARM_EVERY_S = 1800.0
"""About twice an hour somebody among all the pretend homes presses a button."""


async def run(
    settings: Settings, homes: Sequence[Mapping[str, Any]], rate: float, stop: asyncio.Event
) -> None:
    """Let homes speak until told to stop.

    A home is `{"devices": [{"device_id", "thing_model", "username", "password", "manner"?}]}`; `rate` is
    messages a second and home; a device's manner (devices/obedience.py) is how it answers commands.
    """
    zone = ZoneInfo(settings.time_zone)
    url = settings.require_mqtt()
    devices = [(nth, device) for nth, home in enumerate(homes) for device in home["devices"]]
    if not devices:
        raise Failure("no home has a device to simulate")
    per_home = max(1, len(devices) // max(1, len(homes)))
    speaking = [
        Pretender(url, device, seed=nth, every_s=per_home / max(rate, 0.001), zone=zone, presses=len(homes))
        for nth, device in devices
    ]
    async with asyncio.TaskGroup() as group:
        tasks = []
        for one in speaking:
            tasks.append(group.create_task(one.run()))
            await asyncio.sleep(_STAGGER_S if len(speaking) < 1000 else 0)  # noqa: PLR2004 - a crowd need not queue
        await stop.wait()
        for task in tasks:
            task.cancel()


class Pretender:
    """One device."""

    def __init__(
        self, url: str, device: Mapping[str, Any], *, seed: int, every_s: float, zone: ZoneInfo, presses: int
    ) -> None:
        self._id = str(device["device_id"])
        self._model = str(device["thing_model"])
        place = url.rpartition("@")[2].removeprefix("mqtt://")
        self._url = f"mqtt://{device['username']}:{device['password']}@{place}"
        self._random = random.Random(f"{seed} {self._id}")  # noqa: S311 - pretended vitals
        self._every_s = every_s
        self._zone = zone
        self._presses = presses
        self._unanswered: dict[str, bytes] = {}
        self._manner = str(device.get("manner", obedience.OBEYS))
        self._late_s = float(device.get("late_s", obedience.LATE_S))
        self._given: dict[str, list[obedience.Answer]] = {}

    async def run(self) -> None:
        """Speak for ever; come back whenever the broker does."""
        while True:
            try:
                await self._connected()
            except* (*LOST, Failure):  # a task group of Python 3.11 wraps what its tasks raise
                pass
            log.get().info("simulator.reconnecting")
            await asyncio.sleep(_RETRY_S * (0.5 + self._random.random()))

    def _topic(self, kind: str) -> str:
        return f"yl/v1/{self._id}/{kind}"

    async def _connected(self) -> None:
        will = Will(self._topic("status"), b'{"online": false}')
        async with Link(self._url, self._id, will=will) as link, asyncio.TaskGroup() as group:
            await self._greet(link, group)

    async def _greet(self, link: Link, group: asyncio.TaskGroup) -> None:
        group.create_task(self._listen(link, group))
        await link.subscribe([self._topic("receipt"), self._topic("command")], 10)
        await link.publish(self._topic("status"), b'{"online": true}', retain=True)
        group.create_task(self._repeat(link))
        group.create_task(self._measure(link))

    async def _listen(self, link: Link, group: asyncio.TaskGroup) -> None:
        """Take receipts, which alone let an alarm be forgotten, and commands."""
        while True:
            messages = await link.take(100)
            for one in messages:
                if one.topic == self._topic("command"):
                    group.create_task(self._obey(link, one))
                    continue
                found = json.loads(one.payload)
                if found.get("result") in {"accepted", "duplicate", "rejected"}:
                    self._unanswered.pop(str(found.get("id")), None)
            link.acknowledge(messages)

    async def _obey(self, link: Link, message: Incoming) -> None:
        """Answer a command in this device's manner; one that comes again gets the same answer again."""
        command = json.loads(message.payload)
        known = thing_models.get(self._model).commands
        identity = str(command.get("id"))
        is_new = identity not in self._given
        if is_new:
            now = datetime.now(UTC)
            self._given[identity] = obedience.answers(command, self._manner, known, now, self._late_s)
        told = 0.0
        for answer in self._given[identity]:
            await asyncio.sleep(answer.after_s - told)
            told = answer.after_s
            link.send(self._topic("command/result"), json.dumps(answer.body).encode())
            if is_new and answer.body["result"] == "done" and command["name"] == "set_interval":
                self._every_s = float(command["params"]["seconds"])

    async def _repeat(self, link: Link) -> None:
        """Say an alarm again, with the same id, until it has its receipt."""
        while True:
            await asyncio.sleep(_REPEAT_S)
            for body in list(self._unanswered.values()):
                link.send(self._topic("alarm"), body)

    async def _measure(self, link: Link) -> None:
        await asyncio.sleep(self._random.random() * self._every_s)
        while True:
            now = datetime.now(UTC)
            body = {"id": str(uuid4()), "at": now.isoformat(), "values": self.values(now)}
            link.send(self._topic("telemetry"), json.dumps(body).encode())
            chance = self._every_s / (_ALARM_EVERY_S * self._presses)
            if self._model in {"sos_button_v1", "care_bed_v1"} and self._random.random() < chance:
                self.press(link, now)
            await asyncio.sleep(self._every_s * (0.8 + 0.4 * self._random.random()))

    def press(self, link: Link, now: datetime) -> str:
        """Raise an SOS; it is repeated until its receipt comes."""
        identity = str(uuid4())
        body = json.dumps({"id": identity, "at": now.isoformat(), "type": "sos"}).encode()
        self._unanswered[identity] = body
        link.send(self._topic("alarm"), body)
        return identity

    def values(self, now: datetime) -> dict[str, Any]:
        """Return what this device would measure now."""
        hour = now.astimezone(self._zone).hour + now.minute / 60
        is_night = hour >= _NIGHT_FROM or hour < _NIGHT_TO
        found: dict[str, Any] = _MODELS.get(self._model, _battery)(self._random, now, is_night)
        metrics = thing_models.get(self._model).metrics
        return {name: value for name, value in found.items() if name in metrics}


def _wave(now: datetime, minutes: float) -> float:
    return math.sin(now.timestamp() / 60 / minutes * math.tau)


def _battery(chance: random.Random, now: datetime, is_night: bool) -> dict[str, Any]:  # noqa: ARG001, FBT001 - one signature
    return {"battery": 70 + chance.randrange(30)}


def _bed(chance: random.Random, now: datetime, is_night: bool) -> dict[str, Any]:  # noqa: FBT001 - one signature
    if not (is_night or chance.random() < 0.02):  # noqa: PLR2004 - a nap
        return {"in_bed": False, "battery": 100, "mains": True}
    return {
        "in_bed": True,
        "heart_rate": round(60 + 5 * _wave(now, 90) + chance.gauss(0, 2)),
        "respiration_rate": round(14 + 1.5 * _wave(now, 25) + chance.gauss(0, 0.7)),
        "movement": min(100, int(abs(chance.gauss(0, 12)))),
        "wet": False,
        "battery": 100,
        "mains": True,
    }


def _motion(chance: random.Random, now: datetime, is_night: bool) -> dict[str, Any]:  # noqa: ARG001, FBT001 - one signature
    return {"occupied": chance.random() < (0.02 if is_night else 0.4), "battery": 90}


def _door(chance: random.Random, now: datetime, is_night: bool) -> dict[str, Any]:  # noqa: ARG001, FBT001 - one signature
    return {"open": not is_night and chance.random() < 0.03, "battery": 85}  # noqa: PLR2004 - now and then


def _climate(chance: random.Random, now: datetime, is_night: bool) -> dict[str, Any]:  # noqa: FBT001 - one signature
    warm = 21.0 if is_night else 23.0
    return {
        "temperature": round(warm + _wave(now, 240) + chance.gauss(0, 0.1), 1),
        "humidity": round(45 + 5 * _wave(now, 300)),
        "battery": 80,
    }


def _watch(chance: random.Random, now: datetime, is_night: bool) -> dict[str, Any]:  # noqa: FBT001 - one signature
    base = 60 if is_night else 76
    return {"heart_rate": round(base + 6 * _wave(now, 45) + chance.gauss(0, 3)), "worn": True, "battery": 60}


def _safe(name: str) -> Any:  # noqa: ANN401 - a function like the others
    return lambda chance, now, is_night: {name: False, **_battery(chance, now, is_night)}


_MODELS: dict[str, Any] = {
    "care_bed_v1": _bed,
    "bed_radar_v1": _bed,
    "plug_v1": lambda chance, now, is_night: {"power": round(chance.uniform(0, 80), 1)},  # noqa: ARG005 - one signature
    "motion_v1": _motion,
    "radar_v1": lambda chance, now, is_night: {
        "occupied": _motion(chance, now, is_night)["occupied"],
        "fall": False,
    },
    "door_v1": _door,
    "climate_v1": _climate,
    "watch_v1": _watch,
    "smoke_v1": _safe("smoke"),
    "gas_v1": _safe("gas"),
    "co_v1": _safe("co"),
    "water_v1": _safe("leak"),
    "hub_v1": lambda chance, now, is_night: {"mains": True},  # noqa: ARG005 - one signature
}
