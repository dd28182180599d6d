"""What to do now: the steps shown to the operator, by alarm type; a district may write its own words."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)
DEFAULT = "default"
STEPS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)


async def steps(conn: Conn, alarm_type: str, language: str) -> list[str]:
    """Return what to do in order: the district's words for the type, ours, the district's default, ours."""
    return chosen(await conn.fetch(SQL.list_steps, alarm_type, language), alarm_type, language)


def chosen(rows: Sequence[Row], alarm_type: str, language: str) -> list[str]:
    """Choose the steps of a type: rows {alarm_type, steps} are the district's own words in the language."""
    own = {row["alarm_type"]: row["steps"] for row in rows}
    ours = {name: words[language] for name, words in STEPS.items() if language in words}
    found: list[str] = own.get(alarm_type) or ours.get(alarm_type) or own.get(DEFAULT) or ours[DEFAULT]
    return found


async def keep(conn: Conn, *, district: UUID, alarm_type: str, language: str, steps: list[str]) -> None:
    """Keep a district's own words for an alarm type."""
    await conn.execute(SQL.keep_steps, district, alarm_type, language, steps)
