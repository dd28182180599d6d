"""Relatives of an elder and their rights; invitations, each after the elder's word."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from core import consents, invitations, people, rights
from core.db import Row
from dashboards import relatives, visible
from dashboards.api.consents import Said
from dashboards.api.shapes import STAFF, Code, Line, Shape, shape_of
from dashboards.auth import Guarded, Scope, allow
from dashboards.relatives import Invited, Word

router = APIRouter(prefix="/api/v1/elders/{elder_id}/relatives", tags=["relatives"], route_class=Guarded)
inviting = APIRouter(prefix="/api/v1/invitations", tags=["relatives"], route_class=Guarded)
Readers = Annotated[Scope, allow(*STAFF)]
Office = Annotated[Scope, allow("clerk", "auditor", "approver", "admin")]
Writers = Annotated[Scope, allow("clerk", "admin")]


class Relative(Shape):
    """One relative: `rights` as granted, `sharing` as far as the elder's consent carries them now."""

    member_id: UUID
    name: str
    relation: str
    priority: int
    rights: list[str]
    sharing: list[str]
    phone: str | None


class NewRights(Said):
    """What a relative may see and do from now on, and whose word it is."""

    rights: list[Code]


class NewInvitation(Said):
    """Who is invited, with which rights, after whose word; `shares_phone`: knowingly another's number."""

    elder_id: UUID
    name: Line
    phone: Line
    relation: Code
    priority: Annotated[int, Field(ge=1, le=20)] = 1
    rights: list[Code]
    wished_by: Literal["office", "elder"] = "office"
    wished_how: Literal["counter", "visit", "phone"] = "counter"
    shares_phone: bool = False


class Invitation(Shape):
    """One invitation; `state` open, proven, joined, locked, revoked or expired; never its code."""

    id: UUID
    elder_id: UUID
    name: str
    phone: str
    relation: str
    priority: int
    rights: list[str]
    consented_as: str
    consented_how: str
    consented_at: datetime
    created_at: datetime
    expires_at: datetime
    state: str
    tries: int


class Shown(Shape):
    """An invitation's code, to be read aloud."""

    id: UUID
    code: str
    expires_at: datetime


@router.get("")
async def list_(elder_id: UUID, scope: Readers) -> list[Relative]:
    """List an elder's relatives in the order of calling, with what each sees."""
    await visible.check_elder(scope, elder_id)
    return await _relatives(scope, elder_id)


@router.post("/{member_id}/rights")
async def set_rights(elder_id: UUID, member_id: UUID, given: NewRights, scope: Writers) -> list[Relative]:
    """Give a relative other rights, after the elder's word."""
    await visible.check_elder(scope, elder_id)
    word = Word(given.given_as, given.how, given.on)
    await relatives.set_rights(scope, elder_id, member_id, given.rights, word)
    return await _relatives(scope, elder_id)


@router.post("/{member_id}/end", status_code=204)
async def end(elder_id: UUID, member_id: UUID, scope: Writers) -> None:
    """End a bond: the relative sees nothing of the person any more."""
    await visible.check_elder(scope, elder_id)
    await relatives.end(scope, elder_id, member_id)


@inviting.get("")
async def list_invitations(scope: Office, elder_id: UUID) -> list[Invitation]:
    """List an elder's invitations, newest first."""
    await visible.check_elder(scope, elder_id)
    rows = await invitations.of_elder(scope.conn, elder_id)
    return [_invitation(scope, {**row, "elder_id": elder_id}) for row in rows]


@inviting.post("")
async def invite(given: NewInvitation, scope: Writers) -> Invitation:
    """Invite a relative: the code is sent by SMS if the district has a carrier."""
    await visible.check_elder(scope, given.elder_id)
    names = ("name", "phone", "relation", "priority", "rights", "wished_by", "wished_how", "shares_phone")
    who = Invited(**{name: getattr(given, name) for name in names})
    word = Word(given.given_as, given.how, given.on)
    made = await relatives.invite(scope, given.elder_id, who, word)
    return await _one(scope, made)


@inviting.post("/{invitation_id}/renew")
async def renew(invitation_id: UUID, scope: Writers) -> Invitation:
    """Send a new code; the old one opens nothing any more."""
    await relatives.renew(scope, invitation_id)
    return await _one(scope, invitation_id)


@inviting.post("/{invitation_id}/revoke")
async def revoke(invitation_id: UUID, scope: Writers) -> Invitation:
    """Take an invitation back."""
    await relatives.revoke(scope, invitation_id)
    return await _one(scope, invitation_id)


@inviting.post("/{invitation_id}/code")
async def code(invitation_id: UUID, scope: Writers) -> Shown:
    """Show the code, to be read aloud; the audit log keeps who saw it."""
    row, digits = await relatives.show_code(scope, invitation_id)
    return Shown(id=row["id"], code=digits, expires_at=row["expires_at"])


async def _relatives(scope: Scope, elder: UUID) -> list[Relative]:
    given = (await consents.of(scope.conn, [elder]))[elder]
    rows = await people.contacts(scope.conn, elder)
    return [
        shape_of(
            Relative,
            {
                **row,
                "member_id": row["id"],
                "phone": _phone(scope, row),
                "sharing": [one for one in rights.RIGHTS if one in rights.in_force(row["rights"], given)],
            },
        )
        for row in rows
    ]


async def _one(scope: Scope, invitation: UUID) -> Invitation:
    return _invitation(scope, await invitations.find(scope.conn, invitation))


def _invitation(scope: Scope, row: Row) -> Invitation:
    state = invitations.state_of(row, scope.now)
    return shape_of(Invitation, {**row, "phone": _phone(scope, row), "state": state})


def _phone(scope: Scope, row: Row) -> str | None:
    sealed = row["phone_sealed"]
    return people.mask_phone(scope.keys.open(scope.person.district_id, sealed)) if sealed else None
