from pathlib import Path

import asyncpg

from core.sql import parse
from tests.databases import Database

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "devices", "gateway", "dispatch", "services", "dashboards", "deploy")
FILES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.sql")
    if path.parent.name != "migrations" and path.with_suffix(".py").exists()
)


STATEMENTS = [
    (path.relative_to(ROOT), name, statement)
    for path in FILES
    for name, statement in parse(path.read_text(encoding="utf-8")).items()
]


CODE = {
    package: "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / package).rglob("*.py")))
    for package in PACKAGES
}


async def test_every_statement_can_be_prepared(database: Database) -> None:
    wrong = []
    conn = await asyncpg.connect(database.owner)
    for path, name, statement in STATEMENTS:
        try:
            await conn.prepare(statement)
        except asyncpg.PostgresError as error:
            wrong.append(f"{path} {name}: {error}")
    await conn.close()
    assert wrong == []


def test_every_statement_is_used_by_its_package_and_says_what_it_does() -> None:
    unused = [f"{path} {name}" for path, name, _ in STATEMENTS if f"SQL.{name}" not in CODE[path.parts[0]]]
    silent = [f"{path} {name}" for path, name, statement in STATEMENTS if not statement.startswith("-- ")]
    assert (unused, silent) == ([], [])


def test_no_statement_is_written_outside_a_sql_file() -> None:
    verbs = ('"SELECT ', '"INSERT ', '"UPDATE ', '"DELETE ', 'f"SELECT', 'f"INSERT', 'f"UPDATE')
    guilty = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if any(verb in path.read_text(encoding="utf-8") for verb in verbs)
    ]
    allowed = {"core/db.py", "core/migrations.py"}
    assert set(guilty) - allowed == set()
