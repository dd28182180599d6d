"""Public logs of real homes, turned into ours: what is no event is left, what is no time is named."""

import gzip
import json
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.clock import ZONE
from devices import recordings

NIGHT = datetime(2011, 11, 28, 23, 0, tzinfo=ZONE)


def test_casas_tells_doors_from_motion_and_leaves_short_lines() -> None:
    lines = [
        "2011-11-28 23:00:00.5 M1 Closet ON",
        "",
        "2011-11-28 23:00:01",
        "2011-11-28 23:00:02 D1 FrontDoor CLOSE Leave",
        "2011-11-28 23:00:03 M9 Attic OFF",
    ]
    events, kit = recordings.casas(lines)
    assert [(name, values) for _, name, values in events] == [
        ("casas-Closet", {"occupied": True}),
        ("casas-FrontDoor", {"open": False}),
        ("casas-Attic", {"occupied": False}),
    ]
    assert events[0][0] == NIGHT + timedelta(seconds=0.5)
    assert kit == {
        "casas-Closet": {"thing_model": "motion_v1", "room": "bedroom"},
        "casas-FrontDoor": {"thing_model": "door_v1", "room": "entrance"},
        "casas-Attic": {"thing_model": "motion_v1", "room": "attic"},
    }


ROWS = [
    ("Bed", "Pressure", "Bedroom", "in_bed", "mat_v1", "bedroom"),
    ("Maindoor", "Magnetic", "Entrance", "open", "door_v1", "entrance"),
    ("Fridge", "Magnetic", "Kitchen", "open", "door_v1", "kitchen cupboard"),
    ("Seat", "Pressure", "Living", "occupied", "motion_v1", "living_room"),
    ("Basin", "PIR", "Bathroom", "occupied", "motion_v1", "bathroom"),
]


@pytest.mark.parametrize(("location", "kind", "place", "metric", "model", "room"), ROWS)
def test_ordonez_tells_a_bed_a_door_and_a_cupboard(
    location: str, kind: str, place: str, metric: str, model: str, room: str
) -> None:
    row = f"2011-11-28 23:00:00\t\t2011-11-28 23:10:00\t\t{location}\t\t{kind}\t\t{place}"
    events, kit = recordings.ordonez(["Start time\tEnd time", "-----\t----", row, "2011-11-28 23:00:00\t"])
    assert [(at - NIGHT, values) for at, _, values in events] == [
        (timedelta(0), {metric: True}),
        (timedelta(minutes=10), {metric: False}),
    ]
    assert kit == {f"ordonez-{location}": {"thing_model": model, "room": room}}


def test_intervals_that_overlap_are_told_in_the_order_of_time() -> None:
    rows = [
        "2011-11-28 23:00:00\t2011-11-28 23:30:00\tSeat\tPressure\tLiving",
        "2011-11-28 23:10:00\t2011-11-28 23:20:00\tBasin\tPIR\tBathroom",
    ]
    events, _ = recordings.ordonez(rows)
    assert [at.minute for at, _, _ in events] == [0, 10, 20, 30]


def test_a_time_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="no time: soon now"):
        recordings.casas(["soon now M1 Closet ON"])


@pytest.mark.parametrize("name", ["night.txt", "night.txt.gz"])
def test_a_published_file_becomes_a_log_and_its_kit(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"2011-11-28 23:00:00\t2011-11-28 23:10:00\tBed\tPressure\tBedroom\n"
    source, log, kit = tmp_path / name, tmp_path / "night.jsonl", tmp_path / "kit.toml"
    source.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    monkeypatch.setattr("sys.argv", ["recordings", "ordonez", str(source), str(log), str(kit)])
    recordings.main()
    values = [json.loads(json.loads(line)["payload"])["values"] for line in log.read_text().splitlines()]
    assert values == [{"in_bed": True}, {"in_bed": False}]
    assert tomllib.loads(kit.read_text()) == {
        "topics": {"yl/v1/ordonez-Bed/telemetry": {"thing_model": "mat_v1", "room": "bedroom"}}
    }


def test_a_log_s_ids_are_derived_from_what_is_said() -> None:
    def written(values: dict[str, Any]) -> dict[str, Any]:
        (line,) = recordings.as_log([(NIGHT, "casas-Closet", values)])
        found: dict[str, Any] = json.loads(line)
        assert found["topic"] == "yl/v1/casas-Closet/telemetry"
        assert found["at"] == NIGHT.isoformat()
        body: dict[str, Any] = json.loads(found["payload"])
        return body

    assert written({"occupied": True}) == written({"occupied": True})
    assert written({"occupied": True})["id"] != written({"occupied": False})["id"]


MONITOR = """NO.,TIME,HR,RR,T1
2,2021-08-14 03:13:18,76,15,---
1,2021-08-14 03:12:18,75,---,---
3,2021-08-14 03:14:18,---,---,---""".splitlines()
TRIAL = ["0,1,1,1,4,-57,5,920,3", "0.5,1,1,1,4,-57,5,920,1", "60,1,1,1,4,-57,5,920,4", "short,row"]


def test_a_monitor_s_minutes_leave_out_what_was_not_measured() -> None:
    events, kit = recordings.mattress(MONITOR)
    assert [one[2] for one in events] == [
        {"in_bed": True, "heart_rate": 75.0},
        {"in_bed": True, "heart_rate": 76.0, "respiration_rate": 15.0},
    ]
    assert kit["mattress-1"]["thing_model"] == "care_bed_v1"


def test_a_trial_is_in_bed_until_somebody_walks() -> None:
    events, kit = recordings.uci_bedexit(TRIAL)
    assert [(one[0].hour, one[0].minute, one[2]["in_bed"]) for one in events] == [(1, 0, True), (1, 1, False)]
    assert kit["uci-1"]["thing_model"] == "mat_v1"
