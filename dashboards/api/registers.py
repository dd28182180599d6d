"""Registers of other offices: how they are read, where from, and each list that was brought in."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, UploadFile
from pydantic import Field

from core.errors import Invalid
from dashboards.api.shapes import Code, Given, Page, Paged, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from services.registers import connectors, files, imports

router = APIRouter(prefix="/api/v1/registers", tags=["registers"], route_class=Guarded)
lists = APIRouter(prefix="/api/v1/register-imports", tags=["registers"], route_class=Guarded)
Readers = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Clerk = Annotated[Scope, allow("clerk", "admin")]
Admin = Annotated[Scope, allow("admin")]
MOST_SHOWN = 1_000


class Source(Shape):
    """How a register comes: headings of its files, and where it is fetched from; never the secret."""

    noun: str = Field(alias="register")
    mapping: dict[str, str]
    url: str | None
    auth: str | None
    every_days: int
    next_try_at: datetime | None
    attempts: int
    fetched_at: datetime | None
    failed: str | None


class Named(Given):
    """Which register."""

    noun: Code = Field(alias="register")


class GivenMapping(Named):
    """The headings of a register's columns: {column: heading}."""

    mapping: dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=100)]]


class GivenSource(Named):
    """Where a register is fetched from."""

    url: Annotated[str, Field(max_length=500)]
    auth: Code
    secret: Annotated[str, Field(max_length=500)]
    every_days: int = Field(30, ge=1, le=366)


class Import(Shape):
    """A list that was brought in; `counts`: rows, matched, strangers, changes, ends, mistakes and so on."""

    id: UUID
    noun: str = Field(alias="register")
    via: str
    name: str
    as_of: date
    is_complete: bool
    state: str
    counts: dict[str, int]
    brought_at: datetime
    decided_at: datetime | None


class Mistake(Shape):
    """What is wrong, or worth a look: the row as the file numbers it (0: the file), the field, a code."""

    row: int
    field: str
    code: str
    is_remark: bool


@router.get("")
async def sources(scope: Readers) -> Page[Source]:
    """List how registers come."""
    rows = await connectors.sources(scope.conn)
    return Page(items=[shape_of(Source, row) for row in rows], next=None)


@router.post("/mapping")
async def keep_mapping(given: GivenMapping, scope: Clerk) -> dict[str, str]:
    """Keep the headings of a register's files."""
    person, register = scope.person, given.noun
    await imports.keep_mapping(
        scope.conn, person.district_id, register, given.mapping, person.account_id, scope.now
    )
    return await imports.mapping_of(scope.conn, register)


@router.post("/source")
async def set_source(given: GivenSource, scope: Admin) -> Page[Source]:
    """Say where a register is fetched from."""
    outgoing, said = scope.settings.outgoing, given.model_dump(exclude={"noun"})
    who: dict[str, Any] = {"by": scope.person, "now": scope.now}
    await connectors.set_source(scope.conn, scope.keys, given.noun, outgoing=outgoing, **who, **said)
    return await sources(scope)


@router.post("/clear-source")
async def clear_source(given: Named, scope: Admin) -> Page[Source]:
    """Fetch a register no longer; one that is not fetched stays so."""
    known = [row["register"] for row in await connectors.sources(scope.conn) if row["url"]]
    if given.noun in known:
        await connectors.clear_source(scope.conn, given.noun, scope.person, scope.now)
    return await sources(scope)


@lists.get("")
async def list_(
    scope: Readers, paged: Paged, register: Code | None = None, state: Code | None = None
) -> Page[Import]:
    """List what was brought in, newest first."""
    rows = await imports.list_(scope.conn, register=register, state=state, after=paged.after, limit=paged.ask)
    return paged.page(rows, Import)


@lists.post("", status_code=201)
async def bring(
    scope: Clerk,
    sheet: UploadFile,
    noun: Annotated[str, Form(alias="register", max_length=40)],
    as_of: Annotated[date, Form()],
    is_complete: Annotated[bool, Form()] = False,  # noqa: FBT002 - a field of a form
) -> Import:
    """Bring a list (.xlsx or .csv) to be looked at; nothing is kept of it until it is applied."""
    made = await read(scope, sheet, noun, as_of, is_complete=is_complete)
    return shape_of(Import, await imports.find(scope.conn, made))


async def read(scope: Scope, sheet: UploadFile, register: str, as_of: date, *, is_complete: bool) -> UUID:
    """Read an uploaded list in a thread, and keep it to be looked at; raise Invalid on an absurd day."""
    if not 1990 <= as_of.year <= 2100:  # noqa: PLR2004 - lists of our time
        raise Invalid("as_of: not a day of ours", [{"field": "as_of", "code": "date"}])
    mapping = await imports.mapping_of(scope.conn, register)
    content, name = await sheet.read(files.LARGEST + 1), (sheet.filename or "").replace("\0", "")
    how: dict[str, Any] = {"as_of": as_of, "is_complete": is_complete, "now": scope.now}
    brought = await asyncio.to_thread(imports.read_file, register, name, content, mapping, **how)
    person = scope.person
    return await imports.bring(
        scope.conn, scope.keys, person.district_id, brought, person.account_id, scope.now
    )


@lists.get("/{register_import_id}")
async def find(register_import_id: UUID, scope: Readers) -> Import:
    """Show one list's counts and state."""
    return shape_of(Import, await imports.find(scope.conn, register_import_id))


@lists.get("/{register_import_id}/mistakes")
async def mistakes(register_import_id: UUID, scope: Readers) -> Page[Mistake]:
    """Show what is wrong in a list, at most the first thousand; the page gives all of it as a file."""
    await imports.find(scope.conn, register_import_id)
    rows = await imports.mistakes(scope.conn, register_import_id, MOST_SHOWN)
    return Page(items=[shape_of(Mistake, row) for row in rows], next=None)


@lists.post("/{register_import_id}/apply")
async def apply(register_import_id: UUID, scope: Clerk) -> Import:
    """Keep what a list says, as a whole."""
    by, now = scope.person.account_id, scope.now
    return shape_of(Import, await imports.apply(scope.conn, scope.keys, register_import_id, by, now))


@lists.post("/{register_import_id}/discard")
async def discard(register_import_id: UUID, scope: Clerk) -> Import:
    """Put a list aside."""
    await imports.discard(scope.conn, register_import_id, scope.person.account_id, scope.now)
    return shape_of(Import, await imports.find(scope.conn, register_import_id))
