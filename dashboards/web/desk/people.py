"""What the desk shows of people: grades, assessments, homes."""

from datetime import date
from typing import Any
from uuid import UUID

from core.db import Conn, Row
from core.errors import NotFound
from core.sql import load
from services.assessing import CURRENT, form

SQL = load(__file__)
PAGE = 50


async def elders(
    conn: Conn, part: str | None, after: UUID | None, today: date
) -> tuple[list[Row], UUID | None]:
    """Return a page of elders by part of their name."""
    rows = await conn.fetch(SQL.list_elders, part or None, after, today, PAGE + 1)
    return rows[:PAGE], rows[PAGE - 1]["id"] if len(rows) > PAGE else None


async def grades(conn: Conn, elder: UUID) -> list[Row]:
    """Return all grades of an elder, newest first."""
    return await conn.fetch(SQL.list_grades, elder)


async def assessments(conn: Conn, elder: UUID) -> list[Row]:
    """Return all assessments of an elder, newest first."""
    return await conn.fetch(SQL.list_assessments, elder)


async def home(conn: Conn, identity: UUID) -> Row:
    """Return a home and who lives there; raise NotFound."""
    row = await conn.fetchrow(SQL.find_home, identity)
    if row is None:
        raise NotFound(f"no home {identity}")
    return row


def groups(language: str, rules: str = CURRENT) -> list[dict[str, Any]]:
    """Return the 26 items of a rule set in their groups, in a language."""
    blank = form(rules)
    return [
        {
            "code": code,
            "name": names[language],
            "most": most,
            "asked": [
                {
                    "code": item.code,
                    "name": item.names[language],
                    "options": [(item.most - n, text) for n, text in enumerate(item.options[language])],
                }
                for item in blank.items
                if item.group == code
            ],
        }
        for code, (names, most) in blank.groups.items()
    ]
