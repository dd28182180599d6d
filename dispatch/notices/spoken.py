"""The words of a try: what a call says, a message reads and a push shows, in the language of who is told."""

from dataclasses import dataclass
from uuid import UUID

from core import districts
from core.crypto import Keys
from core.db import Conn
from core.errors import NotFound
from core.sql import load
from dispatch.notices import telling, words
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


async def of_try(conn: Conn, keys: Keys, try_id: UUID) -> Spoken:
    """Return the words of a try; raise NotFound without such a try.

    Who picks up after the case was taken hears that, and is asked nothing.
    """
    row = await conn.fetchrow(SQL.find_words, try_id)
    if row is None:
        raise NotFound(f"no try {try_id}")
    centre = (await districts.settings(conn, row["district_id"])).centre_phone
    if row["kind"] == "case" and row["state"] == "void":
        return Spoken(words.taken(row["language"]), row["language"], asks=False, centre=centre)
    data: dict[str, object] = {"centre": centre, "count": row["count"]}
    data |= telling.opened(keys, row["district_id"], row["data_sealed"])
    text = words.say(row["words"], row["language"], row["channel"], data)
    return Spoken(text, row["language"], row["kind"] in ASKING, centre)
