"""Forms, drawings and sealed logins as a tablet makes them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core.accounts import Person
from core.crypto import Keys
from core.ids import new_id
from core.settings import Settings
from dispatch.phone.signatures import digest_of
from services.assessing import Rules, answers, form, score
from services.assessment_signatures import Drawn, Second
from services.assessments import Form
from tests import makers
from tests.core.test_sealed_logins import sealed
from tests.makers import NOW

STROKES = "M10 20 L30 40 L50 60 "
BEST = {item.code: item.most for item in form().items}
WORSE = {**BEST, "B.1.1": 0, "B.1.2": 0, "B.1.3": 0, "B.1.4": 0, "B.1.5": 0, "B.1.6": 0, "B.1.7": 0}
"""62 points: 90 - 28, moderate."""
DAY = date(2026, 11, 15)
SETTINGS = Settings()


@dataclass
class Sheet:
    """A form on a tablet."""

    elder: UUID
    items: dict[str, Any]
    on: date = DAY
    reason: str = "routine"

    def __post_init__(self) -> None:
        self.id = new_id()

    @property
    def filled(self) -> Form:
        return Form(self.elder, self.items, {}, self.reason, self.on, identity=self.id)

    def drawn(self, path: str = STROKES, **changes: str) -> Drawn:
        """Draw a signature under the form."""
        found = score(self.items, {}, Rules())
        statement = {
            "assessment": str(self.id),
            "elder": str(self.elder),
            "assessed_on": self.on.isoformat(),
            "answers": answers(self.items),
            "score": str(found.score),
            "grade": found.grade,
            "signed_at": NOW.isoformat(),
            **changes,
        }
        return Drawn(path, statement, digest_of(statement, path).hex(), NOW - timedelta(hours=1))

    def second(self, keys: Keys, person: Person, password: str = makers.PASSWORD) -> Second:
        """Let the second assessor sign on this tablet."""
        login = sealed(keys, {"login": person.name, "password": password}, str(self.id))
        return Second(login, self.drawn())
