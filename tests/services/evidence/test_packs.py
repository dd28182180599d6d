"""A claim's chain as a signed file: what is in it, what is not, and that it agrees with itself."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from core import audit, signing
from core.db import Pool
from core.errors import NotFound
from core.ids import new_id
from core.signing import Ring
from services import claims
from services.evidence import agreeing, masking, packs, verifying
from services.settlement import chain
from tests.makers import NOW, make_person
from tests.services.worlds import World, at

RING = Ring.generate(NOW)
NAME = "欧阳老人"
ENTRY = """INSERT INTO visit_entry (id, district_id, visit_id, at, action, data)
           VALUES ($1, $2, $3, $4, $5, $6)"""


@pytest.fixture
async def claim(world: World) -> UUID:
    elder = await world.elder("moderate", name=NAME)
    said = [{"witness": "phone", "says": "agrees", "code": "inside", "distance_m": 12.0, "lat": 37.9}]
    visit = await world.visit(elder, "bath", at(2), witnesses=said)
    await claims.tick(world.worker, NOW)
    async with world.worker.transaction(world.district) as conn:
        data = {"accuracy_m": 8, "lat": 37.88, "lon": 118.5, "note": "敲门三次", "phone": "13800001234"}
        await conn.execute(ENTRY, new_id(), world.district, visit, at(2), "check_in", data)
    found: UUID = (await world.claim(visit))["id"]
    return found


async def build(world: World, pool: Pool, claim: UUID) -> tuple[bytes, Any]:
    async with pool.transaction(world.district) as conn:
        by = await make_person(conn, world.district, "auditor")
        pack = await packs.build(conn, RING, claim, packs.Maker.of(by), NOW)
    verdict = verifying.verify(pack.data, signing.verify, [RING.newest.hex])
    assert verdict.is_whole
    return pack.data, verdict.values


async def test_it_holds_the_chain_from_the_visit_to_the_statement(
    world: World, pool_web: Pool, claim: UUID
) -> None:
    _, values = await build(world, pool_web, claim)
    expected = {
        ("claim", "id"): str(claim),
        ("claim", "amount"): "80.00",
        ("claim", "grade"): "moderate",
        ("scheme", "code"): "hekou_home_visits",
        ("entitlement", "quota"): "260.00",
        ("grade[1]", "scale"): "gbt_42195",
        ("price[1]", "price"): "80.00",
        ("price[1]", "number"): "C-1",
        ("visit", "verdict"): "proven",
        ("step[1]", "action"): "check_in",
        ("step[1]", "data"): {"accuracy_m": 8},
        ("statement", "state"): "draft",
        ("audit", "number"): 0,
    }
    assert {key: values[key] for key in expected} == expected
    assert values["visit", "witnesses"] == [
        {"witness": "phone", "says": "agrees", "code": "inside", "distance_m": 12.0}
    ]
    assert values["claim", "explanation"][0]["code"] == "grade_in_force"
    assert agreeing.contradictions(values) == []


async def test_no_name_number_word_or_place_of_a_person_is_in_it(
    world: World, pool_web: Pool, claim: UUID
) -> None:
    data, values = await build(world, pool_web, claim)
    text = data.decode()
    assert values["claim", "person"] == "欧***"
    for secret in (NAME, "37.88", "118.5", "敲门", "13800001234", "河口区中心路"):
        assert secret not in text
    assert not re.search(r"\d{17}[0-9Xx]", text.split('"sig"')[0])


async def test_what_was_left_out_can_be_compared_by_its_hash(
    world: World, pool_web: Pool, claim: UUID
) -> None:
    _, values = await build(world, pool_web, claim)
    data = {"accuracy_m": 8, "lat": 37.88, "lon": 118.5, "note": "敲门三次", "phone": "13800001234"}
    assert values["step[1]", "data_sha256"] == masking.digest(data)


async def test_making_it_stands_on_the_audit_log_and_the_logs_head_in_the_next_one(
    world: World, pool_web: Pool, claim: UUID
) -> None:
    await build(world, pool_web, claim)
    async with world.worker.transaction(world.district) as conn:
        await audit.link(conn, world.district)
        [line] = await audit.list_(conn, subject=claim)
    _, values = await build(world, pool_web, claim)
    assert line["action"] == "evidence.pack"
    assert (values["audit", "number"], values["audit", "hash"]) == (1, line["hash"])
    assert values["logged[1]", "action"] == "evidence.pack"


async def test_a_claim_of_another_district_is_not_found(world: World, pool_web: Pool) -> None:
    by = packs.Maker(world.district, "370503", None, "shell")
    async with pool_web.transaction(world.district) as conn:
        with pytest.raises(NotFound):
            await packs.build(conn, RING, new_id(), by, datetime.now(UTC))


SEAL = """INSERT INTO statement_seal (district_id, number, statement_id, body, lines, lines_hash, previous,
                                     hash, audit_number, audit_hash, sealed_at)
          SELECT s.district_id, 1, s.id, 'body', $2, $3, $4, $5, 7, $6, $7 FROM statement s WHERE s.id = $1"""
TEXT = "SELECT claim_text(c) FROM claim c WHERE id = $1"


async def sealed(world: World, claim: UUID) -> None:
    """Seal the claim's statement as of one line, whatever its state."""
    async with world.worker.transaction(world.district) as conn:
        [row] = [one for one in await claims.list_(conn) if one["id"] == claim]
        root = chain.root([chain.line_hash(await conn.fetchval(TEXT, claim))])
        link = chain.link(chain.NOTHING, 1, "body", root)
        await conn.execute(SEAL, row["statement_id"], 1, root, chain.NOTHING, link, bytes(32), NOW)


async def test_of_an_issued_statement_it_shows_that_the_claim_stands_in_the_chain(
    world: World, pool_web: Pool, claim: UUID
) -> None:
    await sealed(world, claim)
    _, values = await build(world, pool_web, claim)
    assert values["place", "body"].startswith(f"claim|{claim}|")
    assert agreeing.contradictions(values) == []


async def test_a_claim_that_was_changed_under_its_seal_contradicts_the_chain(
    world: World, pool_web: Pool, claim: UUID
) -> None:
    await sealed(world, claim)
    async with world.worker.transaction(world.district) as conn:
        await conn.execute("UPDATE claim SET units = 2 WHERE id = $1", claim)
    _, values = await build(world, pool_web, claim)
    assert agreeing.contradictions(values) == ["lines"]
