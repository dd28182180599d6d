"""A demo district under construction."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from core.accounts import Person
from core.clock import local_date
from core.crypto import Keys
from core.db import Conn, Row
from deploy.demo.memory import Accounts
from deploy.demo.world import World, certificates


@dataclass
class Place:
    """What the steps of loading share."""

    conn: Conn
    keys: Keys
    world: World
    district: UUID
    now: datetime
    accounts: Accounts
    certified: dict[str, str] = field(default_factory=certificates)
    """What the certificate of a skill is called; a skill that is not here needs none."""
    providers: list[UUID] = field(default_factory=list)
    caregivers: list[UUID] = field(default_factory=list)
    assessors: list[UUID] = field(default_factory=list)
    families: list[tuple[UUID, UUID, str]] = field(default_factory=list)
    """Family member, elder, name."""

    def day(self, before: int) -> date:
        """Return the local day `before` days ago."""
        return local_date(self.now) - timedelta(days=before)

    def person(self, row: Row, role: str | None = None) -> Person:
        """Return who acts, from a row of an account (id, name; role unless it is given)."""
        return Person(
            account_id=row["id"],
            district_id=self.district,
            district_code=self.world.code,
            district_name=self.world.name,
            role=role or row["role"],
            name=row["name"],
            language="zh_CN",
            family_member_id=row.get("family_member_id"),
            caregiver_id=row.get("caregiver_id"),
            provider_id=None,
            expires_at=self.now,
        )
