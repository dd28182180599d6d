"""What assessments look like on the API: forms, signatures, disputes, who waits for one."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from core.sealed_logins import SealedLogin
from dashboards.api.shapes import Code, Day, Given, Instant, Note, Shape
from services.assessment_signatures import Drawn, Second

MANY = 100
_LONGEST_PATH = 40_000
Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,2000}={0,2}$")]


def _few(answers: dict[str, Any]) -> dict[str, Any]:
    if len(answers) > MANY:
        raise ValueError("too many answers")
    return answers


ItemCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.]{0,49}$")]
Answers = Annotated[dict[ItemCode, Any], AfterValidator(_few)]
Statement = Annotated[dict[Code, Annotated[str, StringConstraints(max_length=600)]], AfterValidator(_few)]
Notes = Annotated[dict[ItemCode, Note], AfterValidator(_few)]


class Answered(Given):
    """The answers so far."""

    items: Answers
    adjustments: Answers = Field(default_factory=dict)


class Signature(Given):
    """A drawn signature: strokes `M1 2 L3 4 …`, what was signed, SHA-256 over both in hex, when."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST_PATH)]
    statement: Statement
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]
    at: Instant

    def drawn(self) -> Drawn:
        """Return it as the service takes it."""
        return Drawn(self.path, self.statement, self.digest, self.at)


class SecondSignature(Signature):
    """The second assessor on the first one's tablet, with the login sealed there (ECDH P-256, AES-GCM)."""

    key: Base64
    nonce: Base64
    box: Base64

    def second(self) -> Second:
        """Return it as the service takes it."""
        return Second(SealedLogin(self.key, self.nonce, self.box), self.drawn())


class NewAssessment(Answered):
    """A filled-in form, signed by who sends it; with a tablet's own `id` it may be sent twice."""

    elder_id: UUID
    reason: Code
    assessed_on: Day
    id: UUID | None = None
    informant: Code | None = None
    notes: Notes = Field(default_factory=dict)
    review_of: UUID | None = None
    signature: Signature | None = None
    second: SecondSignature | None = None


class SignedBy(Given):
    """The second signature, drawn on one's own device; without a drawing the account signs."""

    signature: Signature | None = None


class Scored(Shape):
    """What the answers come to."""

    score: int
    grade: str
    explanation: str
    explanation_lines: list[dict[str, Any]]


class Made(Scored):
    """The stored form; without a grade's id it waits for the second signature."""

    id: UUID
    grade_id: UUID | None = None


class Assessment(Shape):
    """One assessment; without a second signature it grades nobody."""

    id: UUID
    elder_id: UUID
    rules: str
    score: int
    grade: str
    reason: str
    assessed_on: date
    assessor_1: UUID
    assessor_2: UUID | None
    signed_at: datetime | None
    informant: str | None
    review_of: UUID | None
    valid_to: date | None


class SignatureKept(Shape):
    """Who signed, and whether the drawing is the one that was made under these answers."""

    position: int
    account_id: UUID
    name: str
    is_intact: bool
    on_first_tablet: bool
    signed_at: datetime


class AssessmentInFull(Assessment):
    """One assessment with its answers."""

    items: dict[str, Any]
    adjustments: dict[str, Any]
    parameters: dict[str, Any]
    notes: dict[str, str]
    signatures: list[SignatureKept]
    explanation: str
    explanation_lines: list[dict[str, Any]]


class Signed(Shape):
    """The grade that is in force now."""

    grade_id: UUID


class NewDispute(Given):
    """Why a grade is disputed; a clerk says for whom (`elder`, `family`, or the office itself)."""

    grounds: Annotated[list[Code], Field(min_length=1, max_length=10)]
    words: Note = ""
    kind: Code = "clerk"


class Dispute(Shape):
    """A dispute; while it is open the disputed grade stays in force."""

    id: UUID
    assessment_id: UUID
    elder_id: UUID
    elder_name: str
    by_kind: str
    grounds: list[str]
    raised_at: datetime
    review_by: date
    state: str
    review_id: UUID | None
    outcome: str | None
    closed_at: datetime | None
    grade: str


class NewWant(Given):
    """Somebody who is to be assessed."""

    elder_id: UUID
    reason: Code = "other"
    due_on: Day


class Sent(Given):
    """Who goes, and when; a second one may be named later."""

    first: UUID
    second: UUID | None = None
    at: Instant


class Want(Shape):
    """Somebody who has to be assessed, why, until when, and who goes."""

    id: UUID
    elder_id: UUID
    elder_name: str
    cause: str
    reason: str
    due_on: date
    assessor_1: UUID | None
    first_name: str | None
    assessor_2: UUID | None
    second_name: str | None
    planned_at: datetime | None
    region_name: str | None
    grade: str | None
    valid_to: date | None


class Carried(Shape):
    """What a tablet carries: whose it is, the key that seals a second login, who is to be assessed."""

    now: datetime
    account_id: UUID
    seal_key: str
    wants: list[Want]


class Kept(Shape):
    """What was kept."""

    id: UUID
