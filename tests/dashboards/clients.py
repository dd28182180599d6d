"""A logged-in client of the app, without a network."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from core.accounts import Person
from core.crypto import Keys, digest
from core.db import Pool
from core.settings import Settings
from dashboards.app import create
from tests.makers import NOW

BASE = "http://test.invalid"


_KEYS = tempfile.TemporaryDirectory(prefix="yinling-test-keys-")


def make_app(pool: Pool, keys: Keys, **settings: Any) -> FastAPI:
    files = {"evidence_keys_file": "evidence-keys.json", "vapid_file": "vapid.pem"}
    beside = {name: Path(_KEYS.name) / file for name, file in files.items()}
    return create(Settings(**{**beside, **settings}), pool, keys, lambda: NOW)


def anonymous(app: FastAPI, **given: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    return httpx.AsyncClient(transport=transport, base_url=BASE, **given)


async def client_of(app: FastAPI, person: Person, language: str = "en") -> httpx.AsyncClient:
    """Open a session for a person as a login would, without the price of a password's hash."""
    token = f"token-of-{person.account_id}"
    async with app.state.pool.transaction(person.district_id) as conn:
        await conn.execute(
            "INSERT INTO session (token_hash, district_id, account_id, created_at, expires_at) "
            "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (token_hash) DO NOTHING",
            digest(token),
            person.district_id,
            person.account_id,
            NOW,
            NOW + timedelta(hours=1),
        )
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
    return anonymous(app, headers=headers)
