"""Which carrier a district has: its setting chooses, the installation's settings make it possible."""

from collections.abc import Callable, Mapping
from uuid import UUID

from core import districts, log
from core.db import Conn
from core.errors import Failure
from core.settings import Settings
from dispatch.telephony import desk
from dispatch.telephony.carriers import Capability, Carrier


async def of(conn: Conn, settings: Settings, district: UUID) -> Carrier | None:
    """Return a district's carrier, or None: its operators dial by hand, or the carrier is not set up."""
    return named(settings, (await districts.settings(conn, district)).carrier)


async def capabilities(conn: Conn, settings: Settings, district: UUID) -> frozenset[Capability]:
    """Return what a district's carrier can do; the desk phone can do nothing by itself."""
    carrier = await of(conn, settings, district)
    return carrier.capabilities if carrier else desk.CAPABILITIES


def named(settings: Settings, name: str) -> Carrier | None:
    """Return a carrier by its name, or None for the desk phone and for one that is not set up (logged)."""
    if name == desk.NAME:
        return None
    try:
        return made(settings, name)
    except Failure as failure:
        log.get().warning("telephony.not_set_up", carrier=name, reason=str(failure))
        return None


def made(settings: Settings, name: str) -> Carrier:
    """Return a carrier by its name; raise Failure naming the setting that it lacks."""
    return _MAKERS[name](settings)


def _twilio(settings: Settings) -> Carrier:
    from dispatch.telephony.twilio_ import Twilio  # noqa: PLC0415 - half a second, for those who use it

    return Twilio(settings)


def _domestic(settings: Settings) -> Carrier:
    from dispatch.telephony.domestic import Domestic  # noqa: PLC0415 - as above

    return Domestic(settings)


_MAKERS: Mapping[str, Callable[[Settings], Carrier]] = {"twilio": _twilio, "domestic": _domestic}
