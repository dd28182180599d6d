"""Schemes: subsidy rules of the district as data, by version and effective date."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, StringConstraints

from dashboards import audited
from dashboards.api.shapes import OFFICE, Given, Page, Shape, plain, shape_of
from dashboards.auth import Guarded, Scope, allow
from services import schemes

router = APIRouter(prefix="/api/v1/schemes", tags=["schemes"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE)]
Admin = Annotated[Scope, allow("admin")]


class Scheme(Shape):
    """One version of a scheme."""

    id: UUID
    code: str
    version: int
    name: str
    effective_from: date
    effective_to: date | None
    sha256: str
    created_at: datetime


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


class Made(Shape):
    """What was stored."""

    id: UUID


@router.get("")
async def list_(scope: Readers) -> Page[Scheme]:
    """List schemes, newest first."""
    rows = await schemes.list_(scope.conn)
    return Page(items=[shape_of(Scheme, row) for row in rows], next=None)


@router.get("/{scheme_id}")
async def find(scheme_id: UUID, scope: Readers) -> SchemeInFull:
    """Show one version with its file."""
    return shape_of(SchemeInFull, await schemes.find(scope.conn, scheme_id))


@router.post("/check")
async def check(given: File, scope: Readers) -> Checked:
    """Check a file without storing it; 422 names every wrong field."""
    del scope
    found = schemes.parse(given.body)
    return Checked(code=found.code, version=found.version, name=found.name)


@router.post("", status_code=201)
async def load(given: File, scope: Admin) -> Made:
    """Store a version; it is never edited afterwards, only succeeded."""
    person = scope.person
    identity = await schemes.load(
        scope.conn,
        district=person.district_id,
        district_code=person.district_code,
        text=given.body,
        now=scope.now,
    )
    await audited.note(scope, "scheme.load", "scheme", identity)
    return Made(id=identity)
