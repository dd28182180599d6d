"""Schemes: subsidy rules of the district as data, by version and effective date."""

import json
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, Field, StringConstraints

from core import districts
from dashboards import audited
from dashboards.api.shapes import OFFICE, Given, Page, Shape, plain, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import hypothetical, schemes

router = APIRouter(prefix="/api/v1/schemes", tags=["schemes"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Proposers = Annotated[Scope, allow("clerk", "admin")]
Signers = Annotated[Scope, allow("approver", "admin")]
Both = Annotated[Scope, allow("clerk", "approver", "admin")]


class Scheme(Shape):
    """One version of a scheme."""

    id: UUID
    code: str
    version: int
    name: str
    kind: str
    effective_from: date
    effective_to: date | None
    sha256: str
    created_at: datetime
    state: str
    proposed_by: UUID | None
    signed_by: UUID | None
    signed_at: datetime | None


class SchemeInFull(Scheme):
    """One version with its file."""

    body: str


class File(Given):
    """A scheme's file (TOML)."""

    body: Annotated[str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(plain)]


class Checked(Shape):
    """What a good file says of itself."""

    code: str
    version: int
    name: str
    problems: list["Trouble"]


class Trouble(Shape):
    """What does not fit between a scheme and the district's signed ones."""

    field: str
    code: str
    message: str


class Signing(Given):
    """The text that was read: `sha256` of the draft; left out, whatever stands there is signed."""

    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")] | None = None


class Trial(Given):
    """Cases to try, as `yinling scheme price` takes them, one JSON object each."""

    cases: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=200)]


class Answers(Shape):
    """What each case comes to, or what is wrong with it."""

    items: list[dict[str, Any]]


@router.get("")
async def list_(scope: Readers) -> Page[Scheme]:
    """List schemes, newest first: drafts and withdrawn ones too; only what is signed counts."""
    rows = await schemes.list_(scope.conn, ("draft", "signed", "withdrawn"))
    return Page(items=[shape_of(Scheme, row) for row in rows], next=None)


@router.get("/{scheme_id}")
async def find(scheme_id: UUID, scope: Readers) -> SchemeInFull:
    """Show one version with its file."""
    return shape_of(SchemeInFull, await schemes.find(scope.conn, scheme_id))


@router.post("/check")
async def check(given: File, scope: Readers) -> Checked:
    """Check a file without storing it: 422 names each wrong field, `problems` what clashes."""
    found = schemes.parse(given.body)
    clashes = [
        Trouble(field=one.field, code=one.code, message=one.message)
        for one in await schemes.problems(scope.conn, found)
    ]
    return Checked(code=found.code, version=found.version, name=found.name, problems=clashes)


@router.post("", status_code=201)
async def propose(given: File, scope: Proposers) -> Scheme:
    """Propose a version as a draft; it counts when a second person has signed it."""
    person = scope.person
    identity = await schemes.propose(
        scope.conn,
        district=person.district_id,
        district_code=person.district_code,
        text=given.body,
        by=person.account_id,
        now=scope.now,
    )
    await audited.note(scope, "scheme.propose", "scheme", identity)
    return shape_of(Scheme, await schemes.find(scope.conn, identity))


@router.post("/{scheme_id}/sign")
async def sign(scheme_id: UUID, given: Signing, scope: Signers) -> Scheme:
    """Sign a draft as the second person; whoever proposed it is refused (`same_person`)."""
    row = await schemes.sign(
        scope.conn,
        district=scope.person.district_id,
        scheme=scheme_id,
        by=scope.person.account_id,
        now=scope.now,
        sha256=given.sha256,
    )
    await audited.note(scope, "scheme.sign", "scheme", scheme_id, {"sha256": row["sha256"]})
    return shape_of(Scheme, row)


@router.post("/{scheme_id}/withdraw")
async def withdraw(scheme_id: UUID, scope: Both) -> Scheme:
    """Take a draft back."""
    row = await schemes.withdraw(scope.conn, scheme_id)
    await audited.note(scope, "scheme.withdraw", "scheme", scheme_id)
    return shape_of(Scheme, row)


@router.post("/{scheme_id}/price")
async def price(scheme_id: UUID, given: Trial, scope: Readers) -> Answers:
    """Price pretended cases under a version, a draft too; nothing is stored."""
    rules = schemes.read((await schemes.find(scope.conn, scheme_id))["body"])
    fallback = (await districts.settings(scope.conn, scope.person.district_id)).grade_fallback
    lines = (json.dumps(case) for case in given.cases)
    return Answers(items=list(hypothetical.price_lines(rules, lines, fallback)))
