"""`yinling plan solve` and `yinling plan price`: benchmark files in, plans and their price out."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from core.errors import Failure
from deploy.cli import yinling
from tests import bare
from tests.dispatch.evaluator.cases import HHCRSP, PLANS, changed
from tests.waiting import until

TINY = PLANS / "uhhc" / "tiny.json"


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(yinling, [str(one) for one in arguments])


def test_where_the_plan_cannot_be_written_is_said_before_the_search(tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "plan.json"
    found = invoke("plan", "solve", TINY, "--format", "uhhc", "--seconds", 600, "--out", out)
    assert isinstance(found.exception, Failure)
    assert "cannot be written" in str(found.exception)


def test_a_plan_is_solved_written_and_priced_by_the_evaluator(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    found = invoke("plan", "solve", TINY, "--format", "uhhc", "--seconds", 0.5, "--seed", 3, "--out", out)
    said = json.loads(found.stdout)
    assert said["total"] == said["search"]["total"] <= 1704
    assert (said["seed"], said["threads"], said["violations"]) == (3, 1, [])
    priced = invoke("plan", "price", TINY, out, "--format", "uhhc")
    assert json.loads(priced.stdout)["total"] == said["total"]


def test_a_plan_that_breaks_a_rule_is_a_failure(tmp_path: Path) -> None:
    day, plan = tmp_path / "day.json", tmp_path / "plan.json"
    day.write_bytes(changed(HHCRSP))
    plan.write_text('{"routes": []}')
    found = CliRunner().invoke(
        yinling, ["plan", "price", str(day), str(plan), "--format", "hhcrsp"], standalone_mode=False
    )
    assert found.return_value == 1
    assert "the plan breaks 3 rules" in found.stderr


def test_a_file_that_is_no_day_is_refused_with_its_field(tmp_path: Path) -> None:
    day = tmp_path / "day.json"
    day.write_bytes(changed(HHCRSP, (("patients", 0, "time_window"), [9])))
    command = [sys.executable, "-m", "deploy", "plan", "solve", str(day), "--format", "hhcrsp"]
    ended = subprocess.run(
        command, env=bare.environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 2
    assert "day.json: not understood: expected array of length 2 - at patients[0].time_window" in ended.stderr


async def test_ctrl_c_keeps_the_best_so_far(tmp_path: Path) -> None:
    out, told = tmp_path / "plan.json", tmp_path / "told"
    command = [sys.executable, "-m", "deploy", "plan", "solve", str(PLANS / "uhhc" / "i-100.json")]
    command += ["--format", "uhhc", "--seconds", "600", "--out", str(out)]
    with told.open("wb") as stderr:
        running = subprocess.Popen(command, env=bare.environment(), stdout=subprocess.PIPE, stderr=stderr)  # noqa: ASYNC220 - waited for below
    await until(lambda: "s of 600" in told.read_text(), seconds=240)
    running.send_signal(signal.SIGINT)
    said = json.loads(running.communicate(timeout=60)[0])
    assert running.returncode == 0
    assert said["violations"] == []
    assert said["seconds"] < 300
    assert json.loads(out.read_bytes())["routes"]


def test_the_plan_of_a_small_instance_is_as_good_as_the_best_known(tmp_path: Path) -> None:
    day = PLANS / "hhcrsp" / "InstanzCPLEX_HCSRP_10_5.json"
    found = invoke(
        "plan", "solve", day, "--format", "hhcrsp", "--seconds", 3, "--out", tmp_path / "plan.json"
    )
    assert json.loads(found.stdout)["total"] <= 189.544
