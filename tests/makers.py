"""Makers of rows for tests: each makes one thing with sensible defaults in the caller's transaction."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from stdnum.cn import ric

from core import accounts, consents, districts, people
from core.accounts import Person
from core.consents import Given, Subject
from core.crypto import Keys
from core.db import Conn, Pool
from core.ids import new_id

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
"""Saturday, 16:30 in Shanghai."""
PASSWORD = "correct horse battery"
_count = itertools.count(1)


def id_number(nth: int, born_on: date = date(1942, 3, 5)) -> str:
    """Return a valid identity number of 河口区."""
    body = f"370503{born_on:%Y%m%d}{nth % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


async def make_district(pool_owner: Pool, code: str = "370503", **settings: Any) -> UUID:
    """Make a district (as the owner does)."""
    identity = new_id()
    row = {"id": identity, "code": code, "name": f"district {code}", "is_demo": False, "settings": settings}
    async with pool_owner.transaction() as conn:
        await districts.create(conn, {**row, "created_at": NOW})
    return identity


async def make_home(
    conn: Conn, keys: Keys, district: UUID, lat: float = 37.886, lon: float = 118.526
) -> UUID:
    """Make a home."""
    given: dict[str, Any] = {
        "region": None,
        "address": "河口区中心路 1 号 2 单元 301",
        "access": "钥匙盒 在门右侧",
    }
    return await people.create_home(
        conn, keys, district=district, lat=lat, lon=lon, qr_secret=b"s" * 16, now=NOW, **given
    )


async def make_elder(conn: Conn, keys: Keys, district: UUID, home: UUID | None = None, **given: Any) -> UUID:
    """Make an elder with a home."""
    nth = next(_count)
    row: dict[str, Any] = {
        "district": district,
        "home": home or await make_home(conn, keys, district),
        "name": f"老人{nth}",
        "gender": "female",
        "born_on": date(1942, 3, 5),
        "id_number": id_number(nth),
        "phone": f"1380000{nth:04d}",
        "languages": ["zh"],
        "lives_alone": True,
        "category": "general",
        "conditions": [],
        "now": NOW,
    }
    return await people.create_elder(conn, keys, **{**row, **given})


async def make_consents(
    conn: Conn, district: UUID, elder: UUID, items: Sequence[str] = consents.ITEMS
) -> None:
    """Let an elder have consented to items on paper, a day ago."""
    given = Given("", elder, "elder", "paper", NOW - timedelta(days=1))
    await consents.give_all(
        conn, Subject(elder), items, given, district=district, account=None, now=NOW - timedelta(days=1)
    )


async def make_person(conn: Conn, district: UUID, role: str = "operator", **links: UUID) -> Person:
    """Make an account and the person who would be logged in with it."""
    login = f"{role}-{next(_count)}"
    identity = await accounts.create(
        conn, district=district, login=login, password=PASSWORD, role=role, name=login, now=NOW, **links
    )
    return Person(
        account_id=identity,
        district_id=district,
        district_code="370503",
        district_name="district",
        role=role,
        name=login,
        language="zh_CN",
        family_member_id=links.get("family_member"),
        caregiver_id=links.get("caregiver"),
        provider_id=links.get("provider"),
        expires_at=NOW,
    )
