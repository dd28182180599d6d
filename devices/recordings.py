"""Public logs of real homes, turned into our log format (`{at, topic, payload}`) with a kit file.

`python -m devices.recordings KIND SOURCE LOG.jsonl KIT.toml`. The logs themselves are not ours.
"""

import argparse
import csv
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from core.clock import ZONE

Event = tuple[datetime, str, dict[str, Any]]
Kit = dict[str, dict[str, str]]
_ROOMS = {
    "Bedroom": "bedroom",
    "Closet": "bedroom",
    "Bathroom": "bathroom",
    "BathroomLight": "bathroom",
    "Kitchen": "kitchen",
    "KitchenLight": "kitchen",
    "LivingRoom": "living_room",
    "LoungeChair": "living_room",
    "Living": "living_room",
    "Entry": "entrance",
    "FrontDoor": "entrance",
    "Entrance": "entrance",
    "WorkArea": "study",
    "WorkAreaLight": "study",
}
_STAMPS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S")


def _at(text: str) -> datetime:
    for stamp in _STAMPS:
        try:
            return datetime.strptime(text, stamp).replace(tzinfo=ZONE)
        except ValueError:
            continue
    raise ValueError(f"no time: {text}")


def casas(lines: Iterable[str]) -> tuple[list[Event], Kit]:
    """Read `date time room place value activity`: motion, lights and doors of one resident."""
    events: list[Event] = []
    kit: Kit = {}
    for line in lines:
        words = line.split()
        if len(words) < 5:  # noqa: PLR2004 - the five fields before the label
            continue
        at, place, value = _at(f"{words[0]} {words[1]}"), words[3], words[4]
        is_door = value in {"OPEN", "CLOSE"}
        name = f"casas-{place}"
        kit[name] = {
            "thing_model": "door_v1" if is_door else "motion_v1",
            "room": _ROOMS.get(place, place.lower()),
        }
        events.append((at, name, {"open": value == "OPEN"} if is_door else {"occupied": value == "ON"}))
    return events, kit


def ordonez(lines: Iterable[str]) -> tuple[list[Event], Kit]:
    """Read intervals `start end location type place`: one message at the start, one at the end."""
    events: list[Event] = []
    kit: Kit = {}
    for line in lines:
        parts = [part.strip() for part in line.split("\t") if part.strip()]
        if len(parts) < 5 or not parts[0][:1].isdigit():  # noqa: PLR2004 - the five fields of a row
            continue
        start, end, location, kind, place = parts[:5]
        metric, model = _sensor(location, kind)
        name = f"ordonez-{location}"
        kit[name] = {"thing_model": model, "room": _ROOMS.get(place, place.lower())}
        if metric == "open" and location != "Maindoor":
            kit[name]["room"] = f"{kit[name]['room']} cupboard"
        events += [(_at(start), name, {metric: True}), (_at(end), name, {metric: False})]
    return sorted(events, key=lambda event: event[0]), kit


def _sensor(location: str, kind: str) -> tuple[str, str]:
    if location == "Bed":
        return "in_bed", "mat_v1"
    return ("open", "door_v1") if kind == "Magnetic" else ("occupied", "motion_v1")


def mattress(lines: Iterable[str]) -> tuple[list[Event], Kit]:
    """Read a bedside monitor's minutes (`NO.,TIME,HR,RR,…`); `---` is no value, and somebody is in bed."""
    events: list[Event] = []
    for row in csv.DictReader(lines):
        said = {"heart_rate": row["HR"], "respiration_rate": row["RR"]}
        values: dict[str, Any] = {name: float(text) for name, text in said.items() if text.isdecimal()}
        if values:
            events.append((_at(row["TIME"]), "mattress-1", {"in_bed": True, **values}))
    kit = {"mattress-1": {"thing_model": "care_bed_v1", "room": "bedroom"}}
    return sorted(events, key=lambda event: event[0]), kit


_IN_BED = frozenset({"1", "3"})
_TRIAL_BEGINS = datetime(2016, 1, 1, 1, 0, tzinfo=ZONE)


def uci_bedexit(lines: Iterable[str]) -> tuple[list[Event], Kit]:
    """Read one trial (`seconds,…,label`): sitting on the bed or lying is in bed, a chair or walking is not.

    A trial has no date: it is put into a night, at one o'clock.
    """
    events: list[Event] = []
    was: bool | None = None
    for row in csv.reader(lines):
        if len(row) < 9 or (is_in := row[8] in _IN_BED) is was:  # noqa: PLR2004 - the label is the ninth
            continue
        was = is_in
        events.append((_TRIAL_BEGINS + timedelta(seconds=float(row[0])), "uci-1", {"in_bed": is_in}))
    return events, {"uci-1": {"thing_model": "mat_v1", "room": "bedroom"}}


READERS = {"casas": casas, "ordonez": ordonez, "mattress": mattress, "uci_bedexit": uci_bedexit}


def as_log(events: Iterable[Event]) -> Iterator[str]:
    """Return the lines of a log: native telemetry, ids derived from what is said."""
    for at, name, values in events:
        text = f"{name} {at.isoformat()} {sorted(values.items())}"
        identity = UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])
        body = {"id": str(identity), "at": at.isoformat(), "values": values}
        yield json.dumps(
            {"at": at.isoformat(), "topic": f"yl/v1/{name}/telemetry", "payload": json.dumps(body)}
        )


def as_kit(kit: Kit) -> str:
    """Return the kit file: each topic's thing model and room."""
    blocks = (
        f'[topics."yl/v1/{name}/telemetry"]\nthing_model = "{one["thing_model"]}"\nroom = "{one["room"]}"\n'
        for name, one in sorted(kit.items())
    )
    return "\n".join(blocks)


def main() -> None:
    """Convert one file: `python -m devices.recordings KIND SOURCE LOG.jsonl KIT.toml`."""
    parser = argparse.ArgumentParser(description="Turn a public log of a real home into our log format.")
    parser.add_argument("kind", choices=list(READERS))
    parser.add_argument("source", type=Path, help="the log as published, also as .gz")
    parser.add_argument(
        "log", type=Path, help="the log to write, for yinling replay and yinling rules replay"
    )
    parser.add_argument("kit", type=Path, help="the kit file to write: each topic's thing model and room")
    given = parser.parse_args()
    raw = given.source.read_bytes()
    text = (gzip.decompress(raw) if given.source.suffix == ".gz" else raw).decode()
    events, kit = READERS[given.kind](text.splitlines())
    given.log.write_text("".join(f"{line}\n" for line in as_log(events)), encoding="utf-8")
    given.kit.write_text(as_kit(kit), encoding="utf-8")


if __name__ == "__main__":
    main()
