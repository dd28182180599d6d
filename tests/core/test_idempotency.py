import asyncio
from uuid import UUID

import pytest

from core import idempotency
from core.db import Pool
from core.idempotency import Answer, KeyReused
from tests.makers import NOW, make_district, make_person

SAME = idempotency.fingerprint("POST", "/x", b"{}")


async def _ask(pool: Pool, district: UUID, account: UUID, request: bytes = SAME) -> tuple[bool, Answer]:
    """Do what a request does: take the key, answer, keep the answer; say whether it was the first."""
    async with pool.transaction(district) as conn:
        found = await idempotency.begin(
            conn, district=district, account=account, key="k", request=request, now=NOW
        )
        if found is not None:
            return False, found
        await asyncio.sleep(0)
        answer = Answer(200, {"id": 1})
        await idempotency.finish(conn, account=account, key="k", answer=answer)
        return True, answer


async def test_of_many_at_once_one_is_done_and_all_hear_the_same(pool_owner: Pool, pool_web: Pool) -> None:
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        person = await make_person(conn, district)
    answers = await asyncio.gather(*(_ask(pool_web, district, person.account_id) for _ in range(8)))
    assert [first for first, _ in answers].count(True) == 1
    assert {answer.body["id"] for _, answer in answers} == {1}


async def test_another_request_with_the_same_key_is_refused(pool_owner: Pool, pool_web: Pool) -> None:
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        person, other = await make_person(conn, district), await make_person(conn, district)
    await _ask(pool_web, district, person.account_id)
    with pytest.raises(KeyReused):
        await _ask(pool_web, district, person.account_id, b"other")
    first, _ = await _ask(pool_web, district, other.account_id)
    assert first


async def test_a_request_that_failed_leaves_its_key_free(pool_owner: Pool, pool_web: Pool) -> None:
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        person = await make_person(conn, district)
    with pytest.raises(RuntimeError):
        await _fail(pool_web, district, person.account_id)
    first, _ = await _ask(pool_web, district, person.account_id)
    assert first


async def _fail(pool: Pool, district: UUID, account: UUID) -> None:
    async with pool.transaction(district) as conn:
        await idempotency.begin(conn, district=district, account=account, key="k", request=SAME, now=NOW)
        raise RuntimeError
