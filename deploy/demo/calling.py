"""The phones at the seats of a demonstration's call centre, so that one key rings them; once."""

from core.phones import read
from core.sql import load
from deploy.demo.place import Place

SQL = load(__file__)


async def extend(place: Place) -> None:
    """Give each operator and duty manager without one a desk phone, in the order of their logins."""
    for nth, row in enumerate(await place.conn.fetch(SQL.list_seats), 1):
        number = read(f"0546-33001{nth:02d}").stored
        sealed = place.keys.seal(place.district, number)
        await place.conn.execute(SQL.create_seat, row["id"], place.district, sealed, place.now)
