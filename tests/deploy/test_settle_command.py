"""`yinling settle --step approve|issue --as LOGIN`, as somebody at the server's shell calls it."""

import asyncio
import json
import subprocess
import sys
from typing import Any
from uuid import UUID

import pytest

from core import accounts
from core.db import Pool
from tests import bare, makers
from tests.databases import Database
from tests.services.settlement.worlds import LATER, Office, make_office


@pytest.fixture
async def office(pool_owner: Pool, pool_worker: Pool, keys: Any) -> Office:
    return await make_office(pool_owner, pool_worker, keys)


async def settle(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = bare.environment(YINLING_DATABASE_URL=database.worker)
    command = [sys.executable, "-m", "deploy", "settle", "--month", "2026-11", *arguments]
    return await asyncio.to_thread(
        subprocess.run, command, env=env, capture_output=True, check=False, text=True
    )


async def _confirmed(office: Office) -> UUID:
    await office.elder("moderate", 2)
    await office.run()
    statement: UUID = (await office.statement())["id"]
    await office.do("confirm", office.manager, statement)
    return statement


async def _person(office: Office, role: str) -> tuple[UUID, str]:
    async with office.world.worker.transaction(office.world.district) as conn:
        person = await makers.make_person(conn, office.world.district, role)
    return person.account_id, person.name


async def test_the_account_s_own_district_is_settled_when_none_is_named(
    database: Database, office: Office
) -> None:
    await makers.make_district(office.owner, "100001")
    await _confirmed(office)
    _, approver = await _person(office, "approver")
    done = await settle(database, "--step", "approve", "--as", approver)
    assert done.returncode == 0, done.stderr
    [line] = [json.loads(line) for line in done.stdout.splitlines()]
    assert (line["state"], line["district"]) == ("approved", str(office.world.district))


async def test_only_an_approver_who_may_log_in_approves(database: Database, office: Office) -> None:
    await _confirmed(office)
    _, clerk = await _person(office, "clerk")
    gone, approver = await _person(office, "approver")
    async with office.owner.transaction(office.world.district) as conn:
        await accounts.disable(conn, gone, LATER)
    for login, words in (
        (clerk, f"{clerk} may not approve: that is for approver"),
        (approver, f"nobody may log in as {approver}"),
        ("nobody", "nobody may log in as nobody"),
    ):
        done = await settle(database, "--step", "approve", "--as", login)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    assert (await office.statement())["state"] == "confirmed"
