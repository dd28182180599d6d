from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from core import clock, grades
from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, Failure
from core.migrations import collect, run
from core.settings import Settings
from core.sql import load, parse
from tests.databases import Database
from tests.makers import NOW, make_district, make_elder


def test_a_statement_stands_under_its_name_and_only_once() -> None:
    assert parse("-- a --\nSELECT 1\n-- b_2 --\n-- words\nSELECT 2") == {
        "a": "SELECT 1",
        "b_2": "-- words\nSELECT 2",
    }
    with pytest.raises(ValueError, match="stands twice"):
        parse("-- a --\n1\n-- a --\n2")


def test_a_missing_statement_is_named(tmp_path: Path) -> None:
    (tmp_path / "m.sql").write_text("-- a --\nSELECT 1")
    with pytest.raises(AttributeError, match=r"m\.sql has no statement b"):
        _ = load(str(tmp_path / "m.py")).b


async def test_a_changed_or_broken_migration_is_refused_by_name(database: Database, tmp_path: Path) -> None:
    one = tmp_path / "9001_pre_one.sql"
    one.write_text("CREATE TABLE one (id int)")
    assert [m.name for m in await run(database.owner, [tmp_path])] == ["one"]
    assert await run(database.owner, [tmp_path]) == []
    one.write_text("CREATE TABLE one (id bigint)")
    with pytest.raises(Failure, match=r"9001 .one. was changed"):
        await run(database.owner, [tmp_path])
    one.unlink()
    (tmp_path / "9002_post_two.sql").write_text("SELECT nonsense")
    assert await run(database.owner, [tmp_path], "pre") == []
    with pytest.raises(Failure, match=r"9002 .two.: column"):
        await run(database.owner, [tmp_path], "post")


def test_a_migration_s_name_and_number_are_checked(tmp_path: Path) -> None:
    (tmp_path / "1_x.sql").write_text("")
    with pytest.raises(Failure, match="the name must be"):
        collect([tmp_path])
    (tmp_path / "1_x.sql").unlink()
    (tmp_path / "0001_pre_x.sql").write_text("")
    (tmp_path / "0001_post_x.sql").write_text("")
    with pytest.raises(Failure, match="stands twice"):
        collect([tmp_path])


def test_settings_name_what_is_wrong_and_read_secrets_from_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YINLING_HTTP_PORT", "high")
    with pytest.raises(Failure, match="YINLING_HTTP_PORT: "):
        Settings.load()
    monkeypatch.delenv("YINLING_HTTP_PORT")
    with pytest.raises(Failure, match="YINLING_DATABASE_URL is not set"):
        Settings.load().require_database()
    with pytest.raises(Failure, match="YINLING_MQTT_URL is not set"):
        Settings.load().require_mqtt()
    (tmp_path / "url").write_text("postgresql://x\n")
    monkeypatch.setenv("YINLING_DATABASE_URL_FILE", str(tmp_path / "url"))
    assert Settings.load().require_database() == "postgresql://x"
    monkeypatch.setenv("YINLING_DATABASE_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(Failure, match="YINLING_DATABASE_URL_FILE: cannot read"):
        Settings.load()


async def test_a_dead_database_is_one_clear_line() -> None:
    with pytest.raises(Failure, match="the database does not answer"):
        await Pool.open("postgresql://nobody@127.0.0.1:1/none")


def test_local_days() -> None:
    late = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    assert clock.local_date(late) == date(2026, 12, 1)
    assert clock.month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert clock.month_of(date(2026, 12, 31)) == date(2026, 12, 1)
    assert clock.at_local(date(2026, 12, 1), "22:00") == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
    assert clock.local(late).isoformat() == "2026-12-01T01:00:00+08:00"


async def test_a_new_grade_ends_the_old_one_the_day_before(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    district = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        elder = await make_elder(conn, keys, district)
        fact: dict[str, Any] = {
            "district": district,
            "elder": elder,
            "scale": "gbt_42195",
            "source": None,
            "now": NOW,
        }
        await grades.record(
            conn, grade="mild", valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), **fact
        )
        await grades.record(conn, grade="severe", valid_from=date(2026, 6, 16), valid_to=None, **fact)
        before = await grades.in_force(conn, elder, "gbt_42195", date(2026, 6, 15))
        after = await grades.in_force(conn, elder, "gbt_42195", date(2026, 6, 16))
        assert before is not None
        assert after is not None
        assert (before["grade"], after["grade"]) == ("mild", "severe")
        assert await grades.in_force(conn, elder, "ltci", date(2026, 6, 16)) is None
        assert [row["grade"] for row in await grades.history(conn, elder)] == ["severe", "mild"]
        with pytest.raises(Conflict):
            await grades.record(conn, grade="mild", valid_from=date(2026, 5, 1), valid_to=None, **fact)
