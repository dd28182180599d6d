"""A month brought as a file: what is read, what is rejected and why; figures that a district may change."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.errors import Failure, Invalid
from deploy.commands.audit import audit
from services.fraud import month_files, scoring, thresholds
from services.fraud.month_files import Read

EXAMPLE = Path(__file__).parent.parent / "data" / "audit" / "month.jsonl"
VISIT: dict[str, Any] = {
    "type": "visit",
    "id": "v1",
    "person_id": "p1",
    "caregiver_id": "c1",
    "service": "clean",
    "check_in": {"at": "2026-10-05T09:00:00"},
    "check_out": {"at": "2026-10-05T10:00:00"},
}


AWAY = {"type": "absence", "person_id": "p", "kind": "hospital"}


def read(*rows: Any) -> Read:
    return month_files.read(row if isinstance(row, str) else json.dumps(row) for row in rows)


def test_a_visit_with_nothing_but_what_is_required_is_read() -> None:
    [one] = read(VISIT).month.visits
    assert (one.provider, one.minutes, one.planned, one.place, one.amount) == (
        "provider",
        60.0,
        None,
        None,
        None,
    )
    assert one.start.at.utcoffset() == timedelta(hours=8)
    assert one.start.received_at == one.start.at
    assert one.says("phone") == "absent"
    assert read(VISIT).month.first == date(2026, 10, 1)
    assert read().month.visits == []


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("{", "type", "not_an_object_with_a_type"),
        ("[]", "type", "not_an_object_with_a_type"),
        ({"id": "v1"}, "type", "not_an_object_with_a_type"),
        ("[" * 100_000, "type", "not_an_object_with_a_type"),
        ({**VISIT, "id": None}, "id", "missing"),
        ({**VISIT, "id": "x" * 101}, "id", "text_expected"),
        ({**VISIT, "id": True}, "id", "text_expected"),
        ({**VISIT, "check_in": None}, "check_in", "missing"),
        ({**VISIT, "check_in": "nine"}, "check_in", "object_expected"),
        ({**VISIT, "check_in": {}}, "check_in.at", "missing"),
        ({**VISIT, "check_in": {"at": "nine"}}, "at", "time_expected"),
        ({**VISIT, "check_in": {"at": 9}}, "at", "time_expected"),
        ({**VISIT, "check_in": {"at": "0001-01-01T00:00:00"}}, "at", "out_of_range"),
        ({**VISIT, "check_out": {"at": "2026-10-05T08:00:00"}}, "check_out.at", "before_check_in"),
        ({**VISIT, "check_in": {"at": "2026-10-05T09:00:00", "lat": 91, "lon": 0}}, "lat", "out_of_range"),
        ({**VISIT, "check_in": {"at": "2026-10-05T09:00:00", "mock": 1}}, "mock", "true_or_false_expected"),
        ({**VISIT, "planned_minutes": "60"}, "planned_minutes", "number_expected"),
        ({**VISIT, "planned_minutes": float("nan")}, "planned_minutes", "number_expected"),
        ({**VISIT, "amount": "much"}, "amount", "amount_expected"),
        ({**VISIT, "amount": "-1"}, "amount", "out_of_range"),
        ({**VISIT, "photos": {}}, "photos", "list_expected"),
        ({**VISIT, "photos": [{"phash": "xyz"}]}, "phash", "hexadecimal_expected"),
        ({**VISIT, "photos": [{"phash": "f" * 17}]}, "phash", "out_of_range"),
        ({**VISIT, "devices": {"says": "perhaps"}}, "devices.says", "unknown"),
        ({"type": "month", "month": "October"}, "month", "month_or_zone_expected"),
        ({"type": "month", "month": "2026-10", "zone": "Mars"}, "month", "month_or_zone_expected"),
        ({"type": "person", "id": "p", "died_on": "spring"}, "died_on", "date_expected"),
        (AWAY, "starts_on", "missing"),
        ({**AWAY, "starts_on": "2026-10-02", "ends_on": "2026-10-01"}, "ends_on", "before_start"),
        ({"type": "device", "id": "d", "home_id": "h", "metric": "smell"}, "metric", "unknown"),
        ({"type": "reading", "device_id": "d", "at": "2026-10-05"}, "value", "missing"),
        ({"type": "reading", "device_id": "d", "value": True}, "at", "missing"),
        ({"type": "deaf", "since": "2026-10-05"}, "until", "missing"),
        ({"type": "deaf"}, "since", "missing"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_the_others_are_used(
    row: Any, field: str, reason: str
) -> None:
    made = read({**VISIT, "id": "other"}, row)
    assert made.rejected == [{"line": 2, "reason": reason, "field": field}]
    assert [one.id for one in made.month.visits] == ["other"]


def test_an_id_is_used_once_and_unknown_types_are_counted() -> None:
    made = read(VISIT, VISIT, {"type": "weather"}, "", {"type": "provider", "id": 7})
    assert made.rejected == [{"line": 2, "reason": "twice", "field": "id"}]
    assert (made.counts["ignored"], made.counts["provider"]) == (1, 1)


def test_what_is_given_is_taken_as_it_is() -> None:
    proof = {
        "verdict": "doubted",
        "elements": {},
        "witnesses": [{"witness": "phone", "says": "agrees", "code": "inside"}],
    }
    one, two, three = read(
        {"type": "person", "id": "p1", "lat": 37.9, "lon": 118.5, "grade": "severe"},
        {"type": "absence", "person_id": "p9", "kind": "holiday", "starts_on": "2026-10-01"},
        {"type": "caregiver", "id": "c1", "provider_id": "s7", "vehicle": "car"},
        {"type": "caregiver", "id": "c2"},
        {"type": "home", "id": "h0"},
        {**VISIT, "proof": proof, "amount": 15, "correction": {"approved": True}},
        {**VISIT, "id": "v2", "devices": {"says": "contradicts", "code": "bed_occupied"}, "service": "bath"},
        {
            **VISIT,
            "id": "v3",
            "is_emergency": True,
            "planned_minutes": 60,
            "confirmations": [{"agrees": False}],
        },
    ).month.visits
    assert (one.provider, one.grade, one.place, one.amount) == (
        "s7",
        "severe",
        (37.9, 118.5),
        Decimal("15.00"),
    )
    assert (one.says("phone"), one.verdict, one.is_corrected) == ("agrees", "doubted", True)
    assert two.code("devices") == "bed_occupied"
    assert (three.planned, three.code("elder")) == (None, "denied")


def test_readings_of_the_home_are_weighed_as_those_of_the_district() -> None:
    door = {"type": "device", "id": "d1", "home_id": "h1", "metric": "open"}
    said = [("2026-10-05T08:59:00", True), ("2026-10-05T08:59:20", False), ("2026-10-05T10:01:00", True)]
    rows = [{"type": "reading", "device_id": "d1", "at": at, "value": value} for at, value in said]
    person = {"type": "person", "id": "p1", "home_id": "h1"}
    [one] = read(VISIT, person, door, *rows).month.visits
    assert one.witnesses["devices"]["traces"] == {"door_moved": 3}
    spell = {"type": "deaf", "since": "2026-10-05T09:10:00", "until": "2026-10-05T09:20:00"}
    [deaf] = read(VISIT, person, door, spell, {**rows[0], "at": "2026-10-04T12:00:00"}).month.visits
    assert deaf.code("devices") == "not_listening"


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"weather": {}}, "weather"),
        ({"shortened": 5}, "shortened"),
        ({"shortened": {"colour": 1}}, "no such figure"),
        ({"shortened": {"part": "half"}}, "a number"),
        ({"shortened": {"part": -1}}, "a number"),
        ({"billed_away": {"services_allowed": "all"}}, "a list of codes"),
        ({"impossible_travel": {"kmh": {"walk": 5}}}, "a table of"),
    ],
)
def test_figures_that_make_no_sense_are_refused(own: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        thresholds.merged(own)


def test_a_district_changes_single_figures() -> None:
    speeds = {"walk": 5, "ebike": 30, "motorbike": 50, "car": 70, "other": 50}
    made = thresholds.merged({"shortened": {"part": 0.4}, "impossible_travel": {"kmh": speeds}})
    assert made["shortened"]["part"] == 0.4
    assert made["shortened"]["away_m"] == thresholds.defaults()["shortened"]["away_m"]
    assert thresholds.parse("[overlapping]\nminutes = 20")["overlapping"]["minutes"] == 20
    with pytest.raises(Invalid, match="not TOML"):
        thresholds.parse("[")


@pytest.mark.parametrize("line", ["{", "[]", '{"visit_id": "v"}', '{"visit_id": "v", "kinds": ["luck"]}'])
def test_labels_that_cannot_be_read_are_named(line: str) -> None:
    with pytest.raises(Invalid, match="line 2"):
        scoring.parse(["", line])


def test_the_command_reads_the_example_of_the_manual(tmp_path: Path) -> None:
    out, rejected = tmp_path / "found.jsonl", tmp_path / "rejected.jsonl"
    figures = tmp_path / "own.toml"
    figures.write_text("[shortened]\npart = 0.4\n")
    options = ["--out", str(out), "--rejected", str(rejected), "--thresholds", str(figures)]
    labels = ["--labels", str(EXAMPLE.with_name("labels.jsonl"))]
    answer = CliRunner().invoke(audit, ["run", str(EXAMPLE), *options, *labels], catch_exceptions=False)
    said = json.loads(answer.output)
    assert (said["visits"], said["visits_doubted"], said["amount_doubted"]) == (4, 3, "195.00")
    assert said["scores"]["overall"] == {"precision": 1.0, "recall": 1.0, "labelled": 3}
    assert [json.loads(line)["visit_id"] for line in out.read_text().splitlines()] == ["v2", "v3", "v3", "v4"]
    assert rejected.read_text() == ""
    (tmp_path / "latin").write_bytes(b"\xff\xfe")
    with pytest.raises(Failure, match="not UTF-8"):
        CliRunner().invoke(audit, ["run", str(tmp_path / "latin")], catch_exceptions=False)
    assert CliRunner().invoke(audit, ["--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no visit in it"),
        ("x\n", r"no visit in it could be read \(line 1: not_an_object_with_a_type\)"),
    ],
)
def test_a_file_without_a_visit_is_no_month(tmp_path: Path, text: str, says: str) -> None:
    file, rejected = tmp_path / "month.jsonl", tmp_path / "rejected.jsonl"
    file.write_text(text)
    with pytest.raises(Failure, match=says):
        CliRunner().invoke(audit, ["run", str(file), "--rejected", str(rejected)], catch_exceptions=False)
    assert len(rejected.read_text().splitlines()) == len(text.splitlines())


def test_a_mark_at_its_beginning_and_separators_in_names_do_not_break_a_file(tmp_path: Path) -> None:
    file = tmp_path / "month.jsonl"
    text = EXAMPLE.read_text("utf-8").replace('"id": "v1"', '"id": "v\u20281"')
    assert "\u2028" in text
    file.write_text(text, "utf-8-sig", newline="\r\n")
    said = json.loads(CliRunner().invoke(audit, ["run", str(file)], catch_exceptions=False).output)
    assert (said["rejected"], said["visits"]) == (0, 4)


def test_a_month_in_which_nobody_was_visited_is_a_month(tmp_path: Path) -> None:
    file = tmp_path / "month.jsonl"
    file.write_text('{"type": "month", "month": "2026-10"}\n')
    said = json.loads(CliRunner().invoke(audit, ["run", str(file)], catch_exceptions=False).output)
    assert (said["month"], said["visits"], said["amount_doubted"]) == ("2026-10", 0, "0.00")


def test_a_photo_needs_no_perceptual_hash() -> None:
    made = read({**VISIT, "photos": [{"sha256": "ab"}]})
    assert made.rejected == []
    assert [photo.phash for photo in made.month.visits[0].photos] == [None]
