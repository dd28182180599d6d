"""Whom to call for a person: contacts in order, numbers that are read before they are kept, who has a key."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from core import contacts, people, phones, rights
from core.errors import Conflict, Invalid, NotFound
from dashboards import audited, coming_in, relatives
from dashboards.auth import Guarded, Scope, allow
from dashboards.web.desk import cards
from dashboards.web.pages import back
from dispatch import person_cards
from dispatch.fields import one_of, wrong

router = APIRouter(prefix="/desk/elders", route_class=Guarded, include_in_schema=False)
Writer = Annotated[Scope, allow("clerk", "duty_manager", "admin")]
Word = Annotated[str, Form(max_length=60)]
NEW = "new"
MOST_ORDER = 99


@router.post("/{elder_id}/contacts")
async def add(
    request: Request,
    scope: Writer,
    elder_id: UUID,
    name: Word = "",
    relation: Word = "",
    phone: Word = "",
    priority: Word = "",
    has_key: Word = "",
) -> Response:
    """Add a contact; what is mistyped is refused naming the field."""
    await people.find_elder(scope.conn, elder_id)
    typed = {"name": name, "relation": relation, "phone": phone, "priority": priority, "has_key": has_key}
    try:
        async with scope.conn.transaction():
            member = await _add(scope, elder_id, typed)
    except (Conflict, Invalid) as problem:
        return await cards.page(request, scope, elder_id, problem, typed=typed, about=NEW)
    await audited.note(scope, "contact.add", "family_member", member)
    return back(request, f"/desk/elders/{elder_id}/card#contacts")


@router.post("/{elder_id}/contacts/{member_id}")
async def change(
    request: Request,
    scope: Writer,
    elder_id: UUID,
    member_id: UUID,
    name: Word = "",
    relation: Word = "",
    phone: Word = "",
    priority: Word = "",
    has_key: Word = "",
) -> Response:
    """Change a contact; an empty number keeps the one that is there."""
    await _check(scope, elder_id, member_id)
    typed = {"name": name, "relation": relation, "phone": phone, "priority": priority, "has_key": has_key}
    try:
        async with scope.conn.transaction():
            await _change(scope, elder_id, member_id, typed)
    except (Conflict, Invalid) as problem:
        return await cards.page(request, scope, elder_id, problem, typed=typed, about=member_id)
    await audited.note(scope, "contact.change", "family_member", member_id)
    return back(request, f"/desk/elders/{elder_id}/card#contacts")


@router.post("/{elder_id}/contacts/{member_id}/end")
async def end(request: Request, scope: Writer, elder_id: UUID, member_id: UUID) -> Response:
    """Take a contact off the list: nothing of the person is seen or heard any more, in open pages too."""
    await _check(scope, elder_id, member_id)
    await people.end_bond(scope.conn, elder_id, member_id, scope.now)
    await _key(scope, elder_id, member_id, holds=False)
    await coming_in.changed(scope.conn, scope.person.district_id, elder_id, scope.now)
    await audited.note(scope, "contact.end", "family_member", member_id)
    return back(request, f"/desk/elders/{elder_id}/card#contacts")


async def _check(scope: Scope, elder: UUID, member: UUID) -> None:
    await people.find_elder(scope.conn, elder)
    if all(row["id"] != member for row in await people.contacts(scope.conn, elder)):
        raise NotFound(f"no family member {member} of elder {elder}")


async def _add(scope: Scope, elder: UUID, typed: dict[str, str]) -> UUID:
    name, relation, priority = _fields(typed)
    number = await _number(scope, elder, typed["phone"])
    if number is None:
        raise wrong("phone", "required", "a telephone number")
    who: dict[str, Any] = {"district": scope.person.district_id, "name": name, "now": scope.now}
    member = await people.create_family_member(scope.conn, scope.keys, phone=number, **who)
    preset = rights.PRESETS["neighbour" if relation == "neighbour" else "child_far"]
    tie: dict[str, Any] = {"relation": relation, "priority": priority, "rights": preset, "consented_at": None}
    await people.bond(scope.conn, district=scope.person.district_id, elder=elder, member=member, **tie)
    await _key(scope, elder, member, holds=typed["has_key"] == "yes")
    return member


async def _change(scope: Scope, elder: UUID, member: UUID, typed: dict[str, str]) -> None:
    name, relation, priority = _fields(typed)
    number = await _number(scope, elder, typed["phone"])
    await contacts.change(scope.conn, elder, member, name=name, relation=relation, priority=priority)
    if number is not None:
        await _take_phone(scope, member, number)
    await _key(scope, elder, member, holds=typed["has_key"] == "yes")


async def _take_phone(scope: Scope, member: UUID, number: str) -> None:
    """Keep another number; it opens the relative's account from now on, so the old one is told."""
    conn, keys, district = scope.conn, scope.keys, scope.person.district_id
    sealed = (await people.find_family_member(conn, member))["phone_sealed"]
    old = keys.open(district, sealed) if sealed else number
    known = await people.members_with(conn, keys.index(district, "phone", old))
    await people.set_phone(conn, keys, district=district, member=member, phone=number)
    if old != number and any(row["id"] == member and row["account_id"] for row in known):
        await relatives.tell_moved(scope, sealed, "zh_CN")


def _fields(typed: dict[str, str]) -> tuple[str, str, int]:
    name, order = typed["name"].strip(), typed["priority"].strip() or "1"
    if not name:
        raise wrong("name", "required", "a name")
    one_of("relation", typed["relation"], cards.RELATIONS)
    if not (order.isascii() and order.isdecimal() and 1 <= int(order) <= MOST_ORDER):
        raise wrong("priority", "unknown", "1 to 99")
    return name, typed["relation"], int(order)


async def _number(scope: Scope, elder: UUID, text: str) -> str | None:
    """Return a number as it is kept, or None: none is given; raise Invalid naming what is wrong with it."""
    if not text.strip():
        return None
    is_demo = await person_cards.is_made_up(scope.conn, elder)
    try:
        found = phones.read(text, made_up=is_demo)
    except phones.BadNumber as bad:
        raise wrong("phone", f"phone_{bad.code}", "no telephone number") from bad
    if found.is_emergency:
        raise wrong("phone", "phone_emergency", "a contact of nobody")
    return found.stored


async def _key(scope: Scope, elder: UUID, member: UUID, *, holds: bool) -> None:
    await person_cards.set_key_holder(scope.conn, elder, member, scope.person, scope.now, holds=holds)
