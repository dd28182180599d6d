"""`yinling audit pack`, `verify` and `log verify`, as somebody at the server's shell calls them."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from core import audit
from core.db import Pool
from core.ids import new_id
from core.signing import Ring
from deploy.cli import yinling
from services import claims
from services.evidence import lines
from services.evidence.lines import Head, Leaf
from tests import bare
from tests.databases import Database
from tests.makers import NOW
from tests.services.worlds import World, at, make_world

RING = Ring.generate(NOW)


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(yinling, list(arguments))


async def call(database: Database, keys: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    env = bare.environment(YINLING_DATABASE_URL=database.web, YINLING_EVIDENCE_KEYS_FILE=str(keys))
    command = [sys.executable, "-m", "deploy", "audit", *arguments]
    return await asyncio.to_thread(subprocess.run, command, env=env, capture_output=True, check=False)


@pytest.fixture
async def world(pool_owner: Pool, pool_worker: Pool, keys: Any) -> World:
    return await make_world(pool_owner, pool_worker, keys)


@pytest.fixture
async def claim(world: World) -> UUID:
    visit = await world.visit(await world.elder("moderate"), "bath", at(2))
    await claims.tick(world.worker, NOW)
    found: UUID = (await world.claim(visit))["id"]
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Write a small pack."""
    money = [Leaf("claim", name, value) for name, value in (("amount", "80.00"), ("subsidy", "80.00"))]
    head = Head(str(new_id()), RING.newest.hex, {"claim": new_id()})
    path = tmp_path / "pack.jsonl"
    path.write_bytes(lines.write(head, [*money, Leaf("claim", "copay", "0.00")], RING.sign))
    return path


async def test_a_pack_made_at_the_shell_is_verified_and_stands_on_the_log(
    database: Database, world: World, claim: UUID, tmp_path: Path
) -> None:
    keys, file = tmp_path / "evidence-keys.json", tmp_path / "pack.jsonl"
    made = await call(database, keys, "pack", str(claim))
    assert made.returncode == 0, made.stderr
    file.write_bytes(made.stdout)
    key = Ring.load(keys).newest.hex
    answer = invoke("audit", "verify", str(file), "--key", key)
    assert (answer.exit_code, f"claim {claim}, 80.00 yuan" in answer.output) == (0, True)
    async with world.worker.transaction(world.district) as conn:
        [line] = await audit.list_(conn, subject=claim)
    assert (line["action"], line["detail"]["role"]) == ("evidence.pack", "shell")


async def test_a_claim_that_is_nowhere_is_said_to_be_nowhere(
    database: Database, world: World, tmp_path: Path
) -> None:
    del world
    asked = await call(database, tmp_path / "evidence-keys.json", "pack", str(new_id()))
    assert (asked.returncode, b"no claim" in asked.stderr, asked.stdout) == (2, True, b"")


async def test_the_chains_of_every_district_are_computed_again(
    database: Database, world: World, claim: UUID, pool_owner: Pool, tmp_path: Path
) -> None:
    keys = tmp_path / "evidence-keys.json"
    await call(database, keys, "pack", str(claim))
    async with world.worker.transaction(world.district) as conn:
        await audit.link(conn, world.district)
    right = await call(database, keys, "log", "verify")
    assert (right.returncode, json.loads(right.stdout)["lines"]) == (0, 1)
    async with pool_owner.transaction(world.district) as conn:
        await conn.execute("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only")
        await conn.execute("UPDATE audit_log SET detail = '{}' WHERE number = 1")
    wrong = await call(database, keys, "log", "verify")
    found = json.loads(wrong.stdout)
    assert (wrong.returncode, found["holds"], found["first_wrong_line"]) == (1, False, 1)


def test_a_changed_amount_is_named_in_words_and_as_json(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(b'"amount","value":"80.00"', b'"amount","value":"90.00"'))
    answer = invoke("audit", "verify", str(file))
    assert (answer.exit_code, answer.output) == (1, "line 5, claim amount: is not as it was signed\n")
    found = json.loads(invoke("audit", "verify", str(file), "--json").output)
    assert found["faults"] == [{"code": "changed", "line": 5, "part": "claim", "field": "amount"}]
    assert found["whole"] is False


def test_a_sum_that_was_wrong_before_it_was_signed_is_named(tmp_path: Path) -> None:
    head = Head(str(new_id()), RING.newest.hex, {"claim": new_id()})
    wrong = [Leaf("claim", name, "80.00") for name in ("amount", "subsidy", "copay")]
    path = tmp_path / "pack.jsonl"
    path.write_bytes(lines.write(head, wrong, RING.sign))
    answer = invoke("audit", "verify", str(path))
    assert (answer.exit_code, answer.output) == (
        1,
        "does not agree: claim: amount is not subsidy + copay\n",
    )


def test_a_pack_of_another_key_is_whole_and_not_trusted(file: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.txt"
    known.write_text(f"{Ring.generate(NOW).newest.hex}\n")
    answer = invoke("audit", "verify", str(file), "--key", str(known))
    assert (answer.exit_code, answer.output) == (1, "signed with another key than the one you trust\n")
    known.write_text(f"{RING.newest.hex}\n")
    assert invoke("audit", "verify", str(file), "--key", str(known)).exit_code == 0


def test_a_key_that_is_none_is_refused_in_one_line(file: Path) -> None:
    answer = invoke("audit", "verify", str(file), "--key", "abc")
    assert "a public key has 64 digits" in str(answer.exception)


def test_the_public_keys_are_printed_and_a_new_one_signs_from_then_on(tmp_path: Path) -> None:
    one = invoke("keys", "evidence", "--home", str(tmp_path))
    invoke("keys", "rotate-evidence", "--home", str(tmp_path))
    two = invoke("keys", "evidence", "--home", str(tmp_path)).output.splitlines()
    first, second = (json.loads(line) for line in two)
    assert first["public"] == json.loads(one.output)["public"]
    assert (first["retired_at"] is None, second["retired_at"]) == (False, None)


def test_a_new_installations_keys_come_in_pairs(tmp_path: Path) -> None:
    invoke("keys", "create", str(tmp_path / "keys.json"))
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["evidence-keys.json", "keys.json", "vapid.pem"]
