from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from core import accounts
from core.crypto import Keys
from core.db import Pool
from tests.dashboards.clients import BASE, anonymous, client_of, make_app
from tests.makers import NOW, PASSWORD, make_district, make_elder, make_person


@pytest.fixture
async def district(pool_owner: Pool) -> UUID:
    return await make_district(pool_owner)


@pytest.fixture
def app(pool_web: Pool, keys: Keys) -> FastAPI:
    return make_app(pool_web, keys)


async def _login(app: FastAPI, login: str, password: str, **headers: str) -> Any:
    async with anonymous(app) as client:
        return await client.post(
            "/api/v1/session", json={"login": login, "password": password}, headers=headers
        )


async def test_a_login_gives_a_token_a_role_and_a_cookie(app: FastAPI, district: UUID) -> None:
    async with app.state.pool.transaction(district) as conn:
        person = await make_person(conn, district)
    answer = await _login(app, person.name, PASSWORD)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["role"], body["district"]) == ("operator", "370503")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    async with anonymous(app, headers={"Authorization": f"Bearer {body['token']}"}) as client:
        assert (await client.get("/api/v1/session")).json()["account_id"] == str(person.account_id)
        assert (await client.delete("/api/v1/session")).status_code == 204
        assert (await client.get("/api/v1/session")).status_code == 401


async def test_a_wrong_password_is_a_problem_in_the_readers_language(app: FastAPI) -> None:
    answer = await _login(app, "nobody", "wrong", **{"Accept-Language": "en"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "wrong_login"
    assert answer.json()["title"] == "Login name or password is wrong."


async def test_many_failures_from_one_address_must_wait(pool_web: Pool, keys: Keys) -> None:
    app = make_app(pool_web, keys, login_attempts=3)
    codes = [(await _login(app, "nobody", "wrong")).status_code for _ in range(4)]
    assert codes == [401, 401, 401, 429]
    answer = await _login(app, "nobody", "wrong")
    assert int(answer.headers["retry-after"]) > 0


async def test_a_cookie_is_secure_behind_https(pool_web: Pool, keys: Keys, district: UUID) -> None:
    app = make_app(pool_web, keys, public_url="https://yinling.example")
    async with pool_web.transaction(district) as conn:
        person = await make_person(conn, district)
    answer = await _login(app, person.name, PASSWORD)
    assert "Secure" in answer.headers["set-cookie"]
    assert "strict-transport-security" in answer.headers


async def test_a_cookie_from_another_site_is_refused(app: FastAPI, district: UUID) -> None:
    async with app.state.pool.transaction(district) as conn:
        person = await make_person(conn, district)
    token, _ = await accounts.login(app.state.pool, person.name, PASSWORD, "test", NOW, app.state.settings)
    async with anonymous(app, cookies={"yl_session": token}) as client:
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "https://evil.example", "Authorization": "Basic YTpi"},
        ):
            refused = await client.delete("/api/v1/session", headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "foreign_origin")
        assert (await client.get("/api/v1/session")).status_code == 200
        assert (await client.delete("/api/v1/session", headers={"Origin": BASE})).status_code == 204


async def test_every_answer_carries_the_browsers_guards(app: FastAPI) -> None:
    async with anonymous(app) as client:
        for path in ("/healthz", "/api/v1/session", "/nowhere", "/docs", "/openapi.json"):
            headers = (await client.get(path)).headers
            assert headers["content-security-policy"].startswith("default-src 'self'")
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-request-id"]


async def test_a_write_with_the_same_key_is_done_once(app: FastAPI, district: UUID) -> None:
    async with app.state.pool.transaction(district) as conn:
        admin = await make_person(conn, district, "admin")
    new = {"login": "new", "password": "long enough!", "role": "clerk", "name": "New"}
    async with await client_of(app, admin) as client:
        first = await client.post("/api/v1/accounts", json=new, headers={"Idempotency-Key": "k1"})
        again = await client.post("/api/v1/accounts", json=new, headers={"Idempotency-Key": "k1"})
        other = await client.post(
            "/api/v1/accounts", json=new | {"login": "x"}, headers={"Idempotency-Key": "k1"}
        )
        taken = await client.post("/api/v1/accounts", json=new)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert (taken.status_code, taken.json()["code"]) == (409, "login_taken")


async def test_what_is_shown_in_clear_is_never_kept_for_a_key(
    app: FastAPI, district: UUID, pool_owner: Pool
) -> None:
    async with app.state.pool.transaction(district) as conn:
        operator = await make_person(conn, district, "operator")
        elder = await make_elder(conn, app.state.keys, district, phone="13812345678")
    async with await client_of(app, operator) as client:
        for _ in range(2):
            answer = await client.post(
                f"/api/v1/elders/{elder}/reveal", json={"field": "phone"}, headers={"Idempotency-Key": "k1"}
            )
            assert answer.json()["value"] == "13812345678"
    async with pool_owner.transaction(district) as conn:
        assert await conn.fetchval("SELECT count(*) FROM idempotency_key") == 0
        assert await conn.fetchval("SELECT count(*) FROM audit_log WHERE action = 'reveal'") == 2


async def test_wrong_fields_are_named_in_the_readers_language(app: FastAPI, district: UUID) -> None:
    async with app.state.pool.transaction(district) as conn:
        admin = await make_person(conn, district, "admin")
    async with await client_of(app, admin, "en") as client:
        answer = await client.post("/api/v1/accounts", json={"login": "a" * 300, "role": "king"})
    assert answer.status_code == 422
    errors = {error["field"]: error for error in answer.json()["errors"]}
    assert errors["login"]["code"] == "too_long"
    assert errors["role"]["code"] == "unknown"
    assert errors["password"]["message"] == "Please fill this in."
