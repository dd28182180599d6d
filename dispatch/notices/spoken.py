"""The words of a try: what a call says, a message reads and a push shows, in the language of who is told."""

from dataclasses import dataclass
from uuid import UUID

from core import districts
from core.db import Conn
from core.errors import NotFound
from core.sql import load
from dispatch.notices import words
from dispatch.notices.deciding import ASKING

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said; `asks`: it wants a key (1 seen, 2 on my way, 3 cannot) and is not only told.

    `centre` is the call centre's own number for who wants a person, empty when the district has none.
    """

    text: str
    language: str
    asks: bool
    centre: str


async def of_try(conn: Conn, try_id: UUID) -> Spoken:
    """Return the words of a try; raise NotFound without such a try."""
    row = await conn.fetchrow(SQL.find_words, try_id)
    if row is None:
        raise NotFound(f"no try {try_id}")
    centre = (await districts.settings(conn, row["district_id"])).centre_phone
    data = {**row["data"], "centre": centre, "count": row["count"]}
    text = words.say(row["words"], row["language"], row["channel"], data)
    return Spoken(text, row["language"], row["kind"] in ASKING, centre)
