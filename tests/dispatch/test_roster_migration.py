"""Overlapping shifts of before rosters were checked: the migration joins them, no hour is lost."""

import shutil
from datetime import timedelta
from pathlib import Path

import asyncpg

from core import migrations
from core.ids import new_id
from deploy import bootstrap
from deploy.migrate import FOLDERS, migrate
from tests.databases import Server
from tests.makers import NOW

BEFORE = 17
DISTRICT, PERSON, OTHER = new_id(), new_id(), new_id()
LAID = ((PERSON, 0, 8), (PERSON, 2, 4), (PERSON, 6, 12), (PERSON, 12, 14), (OTHER, 1, 9))
ROWS = """
SELECT set_config('yinling.district', '{district}', false);
INSERT INTO district (id, code, name, settings, created_at)
VALUES ('{district}', '370503', 'd', '{{}}', '{now}');
INSERT INTO provider (id, district_id, name, created_at) VALUES ('{provider}', '{district}', 'p', '{now}');
INSERT INTO caregiver (id, district_id, provider_id, name, gender, skills, lat, lon, created_at)
SELECT id, '{district}', '{provider}', 'c', 'female', '{{}}', 0, 0, '{now}'
FROM unnest('{{{people}}}'::uuid[]) AS id
"""


async def _before(owner: str, folder: Path) -> None:
    """Make the schema as it was, with shifts that overlap."""
    for path in (path for one in FOLDERS for path in one.glob("*.sql")):
        if int(path.name[:4]) < BEFORE:
            shutil.copy(path, folder)
    await migrations.run(owner, [folder])
    conn = await asyncpg.connect(owner)
    given = {"district": DISTRICT, "provider": new_id(), "now": NOW, "people": f"{PERSON},{OTHER}"}
    await conn.execute(ROWS.format(**given))
    for whose, since, until in LAID:
        span = (NOW + timedelta(hours=since), NOW + timedelta(hours=until))
        await conn.execute(
            "INSERT INTO shift (id, district_id, caregiver_id, starts_at, ends_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            new_id(),
            DISTRICT,
            whose,
            *span,
        )
    await conn.close()


async def test_shifts_that_overlapped_become_one(server: Server, tmp_path: Path) -> None:
    name = "t_before_rosters"
    await bootstrap.bootstrap(server.superuser, server.passwords, name)
    owner = server.dsn(bootstrap.OWNER, name)
    await _before(owner, tmp_path)
    await migrate(owner)
    conn = await asyncpg.connect(owner)
    await conn.execute("SELECT set_config('yinling.district', $1, false)", str(DISTRICT))
    rows = await conn.fetch("SELECT caregiver_id, starts_at, ends_at FROM shift ORDER BY starts_at")
    await conn.close()
    await server.run(f"DROP DATABASE {name} WITH (FORCE)")
    hour = timedelta(hours=1)
    found = [
        (row["caregiver_id"], (row["starts_at"] - NOW) / hour, (row["ends_at"] - NOW) / hour) for row in rows
    ]
    assert found == [(PERSON, 0, 12), (OTHER, 1, 9), (PERSON, 12, 14)]
