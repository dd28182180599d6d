"""Applications: in stages, with who, when and how many days; handed over between districts on record."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core.db import Row
from dashboards import visible
from dashboards.api.shapes import (
    OFFICE,
    Code,
    Given,
    Latitude,
    Line,
    Longitude,
    Note,
    Page,
    Paged,
    Shape,
    shape_of,
)
from dashboards.auth import Guarded, Scope, allow
from services.applications import admitting, applications, handing, moving
from services.applications.admitting import Place
from services.applications.applications import Applicant, NewApplication

router = APIRouter(prefix="/api/v1/applications", tags=["applications"], route_class=Guarded)
Readers = Annotated[Scope, allow(*OFFICE, "family")]
Office = Annotated[Scope, allow(*OFFICE)]
Applicants = Annotated[Scope, allow("clerk", "family")]
Deciders = Annotated[Scope, allow("clerk", "approver")]
Clerk = Annotated[Scope, allow("clerk")]
Admin = Annotated[Scope, allow("admin")]
Papers = Annotated[list[Code], Field(max_length=20)]


class GivenPerson(Given):
    """Somebody who may have no record in the district yet."""

    name: Line
    id_number: Annotated[str, Field(min_length=15, max_length=30)]
    phone: Annotated[str, Field(max_length=30)] = ""
    address: Annotated[str, Field(max_length=200)] = ""


class GivenApplication(Given):
    """What is applied for, and for whom."""

    scheme_code: Code
    elder_id: UUID | None = None
    person: GivenPerson | None = None
    documents: Papers = Field(default_factory=list)
    note: Note = ""


class Remark(Given):
    """A note to a step."""

    note: Note = ""


class Because(Remark):
    """Why, as a code, and a note."""

    reason: Code


class MoreDocuments(Remark):
    """Documents that have been seen."""

    documents: Papers


class Home(Given):
    """Where the person lives."""

    address: Annotated[str, Field(max_length=200)] = ""
    region: Annotated[str, Field(pattern=r"^\d{6}(\d{3}){0,2}$")] | None = None
    lat: Latitude
    lon: Longitude


class Whereto(Remark):
    """The six-digit code of the district where the person is registered."""

    district: Annotated[str, Field(pattern=r"^\d{6}$")]


class Under(Given):
    """The scheme of this district."""

    scheme_code: Code


class GivenFlow(Given):
    """The flow of a scheme: the name of one that is known, or one's own."""

    scheme_code: Code
    flow: str | dict[str, Any]


class Application(Shape):
    """One application; of one that was handed over only the stub: state and days."""

    id: UUID
    scheme_code: str
    elder_id: UUID | None
    person_name: str | None
    state: str
    stage: int
    flow: dict[str, Any]
    documents: list[str]
    wants_assessment: bool
    applied_via: str
    applied_on: date
    stage_since: datetime
    due_on: date
    decided_at: datetime | None
    reason: str | None
    starts_on: date | None
    from_code: str | None
    to_code: str | None
    remote_state: str | None
    remote_at: datetime | None


class Step(Shape):
    """What was done, by whom, after how many days in the stage, why."""

    at: datetime
    account_name: str | None
    stage: str
    action: str
    reason: str | None
    note: str | None
    days: int


class Flow(Shape):
    """A scheme's flow."""

    scheme_code: str
    flow: dict[str, Any]


@router.get("")
async def list_(
    scope: Readers, paged: Paged, elder_id: UUID | None = None, state: Code | None = None
) -> Page[Application]:
    """List applications, newest first: of the district, or of a family's own elders."""

    async def fetch(elder: UUID | None) -> list[Row]:
        return await applications.list_(
            scope.conn, state=state, elder_id=elder, after=paged.after, limit=paged.ask
        )

    return paged.page(await visible.of_elders(scope, elder_id, fetch, newest_first=True), Application)


@router.post("", status_code=201)
async def apply(given: GivenApplication, scope: Applicants) -> Application:
    """Apply for a scheme; a family for its own elder only."""
    is_family = scope.person.role == "family"
    await visible.check_elder(scope, given.elder_id)
    person = Applicant(**given.person.model_dump()) if given.person and not is_family else None
    new = NewApplication(
        given.scheme_code,
        "family" if is_family else "clerk",
        given.elder_id,
        person,
        tuple(given.documents),
        given.note,
    )
    return await shown(scope, await applications.apply(scope.conn, scope.keys, new, scope.person, scope.now))


@router.get("/flows")
async def list_flows(scope: Office) -> Page[Flow]:
    """List the flows that schemes have been given; the others take the simple one."""
    rows = await applications.list_flows(scope.conn)
    return Page(items=[shape_of(Flow, row) for row in rows], next=None)


@router.post("/flows")
async def set_flow(given: GivenFlow, scope: Admin) -> Flow:
    """Give a scheme its flow; applications under way keep theirs."""
    made = await applications.set_flow(scope.conn, given.scheme_code, given.flow, scope.person, scope.now)
    return Flow(scheme_code=given.scheme_code, flow=made.model_dump(mode="json"))


@router.get("/{application_id}")
async def find(application_id: UUID, scope: Readers) -> Application:
    """Show one application."""
    return await shown(scope, application_id)


@router.get("/{application_id}/steps")
async def steps(application_id: UUID, scope: Readers) -> Page[Step]:
    """Show what was done, oldest first."""
    await shown(scope, application_id)
    rows = await applications.steps(scope.conn, application_id)
    return Page(items=[shape_of(Step, row) for row in rows], next=None)


@router.post("/{application_id}/pass")
async def pass_on(application_id: UUID, given: Remark, scope: Deciders) -> Application:
    """Pass it to the next stage."""
    await moving.pass_on(scope.conn, application_id, scope.person, scope.now, given.note)
    return await shown(scope, application_id)


@router.post("/{application_id}/return")
async def return_(application_id: UUID, given: Because, scope: Deciders) -> Application:
    """Return it for completion."""
    said = given.model_dump()
    await moving.return_(scope.conn, application_id, scope.person, scope.now, **said)
    return await shown(scope, application_id)


@router.post("/{application_id}/complete")
async def complete(application_id: UUID, given: MoreDocuments, scope: Applicants) -> Application:
    """Say which documents have been seen; one that was returned goes on."""
    await shown(scope, application_id)
    told = (given.documents, scope.person, scope.now, given.note)
    await moving.complete(scope.conn, application_id, *told)
    return await shown(scope, application_id)


@router.post("/{application_id}/withdraw")
async def withdraw(application_id: UUID, given: Remark, scope: Applicants) -> Application:
    """Withdraw it."""
    await shown(scope, application_id)
    await moving.withdraw(scope.conn, application_id, scope.person, scope.now, given.note)
    return await shown(scope, application_id)


@router.post("/{application_id}/refuse")
async def refuse(application_id: UUID, given: Because, scope: Deciders) -> Application:
    """Refuse it at the last stage, with a reason."""
    await moving.refuse(scope.conn, application_id, scope.person, scope.now, **given.model_dump())
    return await shown(scope, application_id)


@router.post("/{application_id}/approve")
async def approve(application_id: UUID, given: Remark, scope: Deciders) -> Application:
    """Approve it at the last stage, as somebody who has not examined it: the person is enrolled."""
    await moving.approve(scope.conn, application_id, scope.person, scope.now, given.note)
    return await shown(scope, application_id)


@router.post("/{application_id}/register")
async def register(application_id: UUID, given: Home, scope: Clerk) -> Application:
    """Make the record of a person who has none here."""
    place = Place(**given.model_dump())
    await admitting.register(scope.conn, scope.keys, application_id, place, scope.person, scope.now)
    return await shown(scope, application_id)


@router.post("/{application_id}/hand-over")
async def hand_over(application_id: UUID, given: Whereto, scope: Clerk) -> Application:
    """Hand it over to the district where the person is registered; a stub stays."""
    to = (application_id, given.district, scope.person, scope.now, given.note)
    await handing.hand_over(scope.conn, scope.keys, *to)
    return await shown(scope, application_id)


@router.post("/{application_id}/accept")
async def accept(application_id: UUID, given: Under, scope: Clerk) -> Application:
    """Take in an application from another district, under a scheme of this one."""
    await handing.accept(scope.conn, application_id, given.scheme_code, scope.person, scope.now)
    return await shown(scope, application_id)


@router.post("/{application_id}/send-back")
async def send_back(application_id: UUID, given: Because, scope: Clerk) -> Application:
    """Send an application back to the district it came from."""
    who = (application_id, scope.person, scope.now)
    await handing.send_back(scope.conn, scope.keys, *who, **given.model_dump())
    return await shown(scope, application_id)


async def shown(scope: Scope, application: UUID) -> Application:
    """Return an application that the person may know of, or raise NotFound."""
    row = await applications.find(scope.conn, application)
    await visible.check_owner(scope, "application", application, row["elder_id"])
    return shape_of(Application, row)
