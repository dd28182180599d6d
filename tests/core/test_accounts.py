from datetime import timedelta
from typing import Any

import pytest

from core import accounts
from core.db import Pool
from core.errors import Conflict, Invalid, TooMany, Unauthorized
from core.settings import Settings
from tests.makers import NOW, PASSWORD, make_district, make_person

SETTINGS = Settings(login_attempts=3)


async def test_a_login_opens_a_session_that_ends_by_logout_by_time_or_with_the_account(
    pool_owner: Pool, pool_web: Pool
) -> None:
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        person = await make_person(conn, district)
    token, found = await accounts.login(pool_web, person.name, PASSWORD, "127.0.0.1", NOW, SETTINGS)
    assert (found.account_id, found.role, found.district_code) == (person.account_id, "operator", "370503")
    assert await accounts.who(pool_web, token, found.expires_at) is None
    await accounts.logout(pool_web, token, NOW)
    assert await accounts.who(pool_web, token, NOW) is None
    token, _ = await accounts.login(pool_web, person.name, PASSWORD, "127.0.0.1", NOW, SETTINGS)
    async with pool_web.transaction(district) as conn:
        await accounts.disable(conn, person.account_id, NOW)
    assert await accounts.who(pool_web, token, NOW) is None
    with pytest.raises(Unauthorized):
        await accounts.login(pool_web, person.name, PASSWORD, "127.0.0.1", NOW, SETTINGS)


async def test_many_wrong_passwords_from_one_address_must_wait_and_others_need_not(
    pool_owner: Pool, pool_web: Pool
) -> None:
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        person = await make_person(conn, district)
    for _ in range(3):
        with pytest.raises(Unauthorized):
            await accounts.login(pool_web, person.name, "wrong", "127.0.0.1", NOW, SETTINGS)
    with pytest.raises(TooMany) as refused:
        await accounts.login(pool_web, person.name, PASSWORD, "127.0.0.1", NOW, SETTINGS)
    assert 0 < refused.value.retry_after <= 301
    await accounts.login(pool_web, person.name, PASSWORD, "127.0.0.2", NOW, SETTINGS)
    await accounts.login(pool_web, person.name, PASSWORD, "127.0.0.1", NOW + timedelta(minutes=6), SETTINGS)


async def test_a_login_is_taken_only_once_and_weak_accounts_are_refused(
    pool_owner: Pool, pool_web: Pool
) -> None:
    district = await make_district(pool_owner)
    new: dict[str, Any] = {"district": district, "login": "one", "role": "operator", "name": "n", "now": NOW}
    async with pool_web.transaction(district) as conn:
        await accounts.create(conn, password=PASSWORD, **new)
        with pytest.raises(Conflict):
            await accounts.create(conn, password=PASSWORD, **new)
        with pytest.raises(Invalid):
            await accounts.create(conn, password="short", **new)
        with pytest.raises(Invalid):
            await accounts.create(conn, password=PASSWORD, **{**new, "role": "king"})
        rows = await accounts.list_(conn)
    assert [row["login"] for row in rows] == ["one"]
    assert "password_hash" not in rows[0]
