"""The record of a person who applies and has none in the district yet."""

import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core import people
from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn
from core.errors import Conflict, Invalid
from core.people import age_on
from services.applications import applications
from services.applications.applications import SQL, Applicant

_OLDEST = 130


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody lives: WGS-84 degrees and the code of the region, if it is known."""

    address: str
    region: str | None
    lat: float
    lon: float


async def register(
    conn: Conn, keys: Keys, application: UUID, place: Place, by: Person, now: datetime
) -> UUID:
    """Make the record; name, birth and sex follow from the application's identity number. Return the elder.

    Raises NotFound; Invalid on an impossible birth; Conflict when there is a record already, or the
    application is not under way.
    """
    row = await applications.find(conn, application)
    if row["state"] not in {"open", "returned"}:
        words = f"the application is {row['state']}"
        raise Conflict(words, code="application_state", state=row["state"])
    if row["elder_id"] is not None:
        raise Conflict("the person has a record already", code="elder_exists")
    person = applications.unpack(keys, by.district_id, row["person_sealed"])
    elder = await _settle(conn, keys, by.district_id, person, place, now)
    wanted = await applications.scheme(conn, row["scheme_code"])
    lacks = await applications.lacks_grade(conn, elder, wanted["scale"], local_date(now))
    await conn.execute(SQL.tie_elder, application, elder, lacks)
    said = {"elder": str(elder)}
    await applications.record(conn, by.district_id, by, now, "application.register", application, said)
    return elder


async def _settle(
    conn: Conn, keys: Keys, district: UUID, person: Applicant, place: Place, now: datetime
) -> UUID:
    born_on, gender = people.born_of(person.id_number)
    if not 0 <= age_on(born_on, local_date(now)) <= _OLDEST:
        raise Invalid("id_number: an impossible birth", [{"field": "id_number", "code": "id_number"}])
    home = await people.create_home(
        conn,
        keys,
        district=district,
        region=place.region,
        address=place.address or person.address or "-",
        access=None,
        lat=place.lat,
        lon=place.lon,
        qr_secret=os.urandom(16),
        now=now,
    )
    return await people.create_elder(
        conn,
        keys,
        district=district,
        home=home,
        name=person.name,
        gender=gender,
        born_on=born_on,
        id_number=person.id_number,
        phone=person.phone or None,
        languages=["zh"],
        lives_alone=False,
        category="general",
        conditions=[],
        now=now,
    )
