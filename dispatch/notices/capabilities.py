"""What a district can do to reach people: its carrier's capabilities, push, and its rooms' chat and mail."""

from uuid import UUID

from core import districts
from core.db import Conn
from core.settings import Settings
from dispatch.notices import rooms
from dispatch.telephony import choosing


async def of(conn: Conn, settings: Settings, district: UUID) -> frozenset[str]:
    """Return what a policy may ask for; a channel that needs more is refused (`policy.CHANNELS`)."""
    carrier = await choosing.capabilities(conn, settings, district)
    chosen = (await districts.settings(conn, district)).notice_rooms
    return frozenset({"push", *(str(one) for one in carrier), *rooms.channels(settings, chosen)})
