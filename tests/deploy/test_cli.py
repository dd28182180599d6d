"""What a person sees when something is wrong: one clear line, and a code that scripts can read."""

import json
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.settings import Settings
from deploy.cli import COMMANDS, yinling
from tests import bare

ROOT = Path(__file__).parents[2]


def call(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy", *arguments]
    given = bare.environment(**(env or {}))
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False, timeout=60)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(yinling, list(arguments))


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_explains_itself(command: str) -> None:
    result = invoke(command, "--help")
    assert result.exit_code == 0, result.output
    assert "Usage" in result.output


def test_the_list_of_commands_is_readable() -> None:
    assert "Start everything on this machine" in invoke("--help").output


@pytest.mark.parametrize(
    ("arguments", "env", "line"),
    [
        (("serve", "web"), {}, "YINLING_DATABASE_URL is not set"),
        (
            ("serve", "web"),
            {"YINLING_DATABASE_URL": "postgresql://u:p@127.0.0.1:1/x"},
            "the database does not answer",
        ),
        (("settings",), {"YINLING_HTTP_PORT": "x"}, "YINLING_HTTP_PORT"),
        (("settle", "--month", "2026-11", "--home", "/nowhere"), {}, "there is no installation"),
        (("migrate", "--home", "/nowhere"), {}, "there is no installation"),
    ],
)
def test_a_failure_is_one_clear_line(arguments: tuple[str, ...], env: dict[str, str], line: str) -> None:
    done = call(*arguments, env=env)
    assert done.returncode == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        taken = listener.getsockname()[1]
        done = call("up", "--home", str(tmp_path), "--http-port", str(taken), "--mqtt-port", "0")
    assert done.returncode == 2
    assert f"port {taken} is taken: choose another with --http-port" in done.stderr


def test_settings_shows_every_setting_and_no_secret() -> None:
    done = call("settings", env={"YINLING_MQTT_URL": "mqtt://gateway:hidden@127.0.0.1"})
    assert done.returncode == 0
    for name in Settings.model_fields:
        assert f"YINLING_{name.upper()}=" in done.stdout
    assert "hidden" not in done.stdout


def test_the_manual_s_page_of_settings_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "manual" / "settings.md").read_text(encoding="utf-8")
    assert invoke("settings", "--markdown").output == page


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    assert invoke("keys", "create", str(path)).exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert invoke("keys", "create", str(path)).exit_code != 0
    assert path.read_bytes() == before


def test_schemes_are_checked_against_each_other_and_allowances_tried_out(tmp_path: Path) -> None:
    folder = ROOT / "services" / "data" / "schemes"
    assert "3 of 3 amounts are assumed" in invoke("scheme", "check", str(folder)).output
    old, new = (folder / f"suzhou_dibao_{n}.toml" for n in (1, 2))
    gone = tmp_path / "gap.toml"
    gone.write_text(old.read_text("utf-8").replace("2020-01-01\n", "2020-01-01\neffective_to = 2022-12-31\n"))
    gap = call("scheme", "check", str(gone), str(new))
    assert gap.returncode == 2
    assert "nobody is paid from then until 2024-01-01" in gap.stderr
    facts = [["assistance", "tekun", "2026-01-01"], ["grade:tekun_self_care", "self", "2026-01-01"]]
    cases = [{"month": "2026-12-01", "person": {"facts": facts}}, {"month": "2026-12-02", "person": {}}, {}]
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    care = str(folder / "hekou_tekun_care.toml")
    result = CliRunner().invoke(yinling, ["scheme", "price", care], input=lines)
    due, day, empty = (json.loads(line) for line in result.output.splitlines())
    assert (due["amount"], due["rate"], due["reasons"]) == ("210.13", "2522.00", [])
    assert (day["errors"][0]["code"], empty["errors"][0]["field"]) == ("first_day", "month")
    assert result.exit_code == 1


def test_a_scheme_is_checked_and_tried_out(tmp_path: Path) -> None:
    scheme = ROOT / "services" / "data" / "schemes" / "hekou_home_visits.toml"
    assert invoke("scheme", "check", str(scheme)).exit_code == 0
    case = {
        "grade": "moderate",
        "on": "2026-11-05",
        "service": "bath",
        "units": "1",
        "used": "0",
        "price": "80.00",
    }
    result = CliRunner().invoke(yinling, ["scheme", "price", str(scheme)], input=json.dumps(case) + "\n")
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["subsidy"] == "80.00"
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("skale = 1\n" + scheme.read_text())
    assert call("scheme", "check", str(wrong)).returncode == 2


PRESS = {"topic": "zigbee2mqtt/button", "payload": {"action": "emergency", "battery": 80}}


def test_recorded_messages_are_decoded_line_by_line() -> None:
    lines = "".join(json.dumps(line) + "\n" for line in (PRESS, {**PRESS, "topic": "elsewhere/x"}))
    result = CliRunner().invoke(yinling, ["decode"], input=lines)
    first, second = map(json.loads, result.output.splitlines())
    assert (first["device"], first["alarms"], first["rejected"]) == ("button", ["sos"], None)
    assert second["rejected"] is not None


def test_rules_are_replayed_over_a_recorded_home(tmp_path: Path) -> None:
    log, out = tmp_path / "home.jsonl", tmp_path / "alarms.jsonl"
    log.write_text(json.dumps({**PRESS, "at": "2026-11-20T03:00:00+08:00"}) + "\n")
    result = invoke("rules", "replay", str(log), "--out", str(out))
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["figures"]["messages"] == 1
    assert [json.loads(line)["type"] for line in out.read_text().splitlines()] == ["sos"]


def test_a_damaged_log_is_named_by_its_line(tmp_path: Path) -> None:
    log = tmp_path / "home.jsonl"
    log.write_text('{"at": "2026-11-20T03:00:00+08:00", "topic": "x", "payload": {}}\n{"at": \n')
    done = call("rules", "replay", str(log))
    assert done.returncode == 2
    assert "line 2" in done.stderr
