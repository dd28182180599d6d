"""The person card at the desk: what staff must know, the photo, whom to call; who checked it last."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import Response

from core import consents, people
from core.clock import local_date
from core.errors import Conflict, Invalid, Problem
from core.events import OPERATORS
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.people import RELATIONS as WORDS
from dashboards.web.console import person
from dashboards.web.pages import back, said, show, wrongs
from dispatch import person_cards, portraits
from dispatch.person_cards import Card

router = APIRouter(prefix="/desk/elders", route_class=Guarded, include_in_schema=False)
RELATIONS = tuple(WORDS)
READERS = (*OPERATORS, "clerk", "assessor")
WRITERS = ("clerk", "duty_manager", "admin")
Reader = Annotated[Scope, allow(*READERS)]
Writer = Annotated[Scope, allow(*WRITERS)]
Word = Annotated[str, Form(max_length=60)]
Long = Annotated[str, Form(max_length=8000)]
Codes = Annotated[list[str], Form(max_length=40)]


@router.get("/{elder_id}/card")
async def card(request: Request, scope: Reader, elder_id: UUID) -> Response:
    """Show the card and, to who may, its forms."""
    return await page(request, scope, elder_id)


@router.post("/{elder_id}/card")
async def keep(
    request: Request,
    scope: Writer,
    elder_id: UUID,
    medicines: Long = "",
    dialect: Long = "",
    hearing: Word = "",
    speech: Word = "",
    sight: Word = "",
    notes: Long = "",
    revision: Word = "0",
    aids: Codes = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Keep the card as checked now."""
    await people.find_elder(scope.conn, elder_id)
    senses = {"hearing": hearing or None, "speech": speech or None, "sight": sight or None}
    try:
        known = await person_cards.of(scope.conn, scope.keys, elder_id)
        texts = {"dialect": dialect.strip(), "notes": notes.strip(), "aids": tuple(aids)}
        read = int(revision) if revision.isdecimal() else 0
        given: dict[str, Any] = {**senses, **texts, "key_holders": known.key_holders, "revision": read}
        async with scope.conn.transaction():
            wanted = Card(medicines=person_cards.medicines(medicines), **given)
            await person_cards.keep(scope.conn, scope.keys, elder_id, wanted, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        typed = {"medicines": medicines, "dialect": dialect, "notes": notes, "aids": aids, **senses}
        return await page(request, scope, elder_id, problem, typed=typed)
    return back(request, f"/desk/elders/{elder_id}/card")


@router.get("/{elder_id}/photo")
async def photo(scope: Reader, elder_id: UUID) -> Response:
    """Show the photo, while it is consented to."""
    await people.find_elder(scope.conn, elder_id)
    content = await portraits.read(scope.conn, scope.keys, elder_id)
    return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@router.post("/{elder_id}/photo")
async def keep_photo(
    request: Request, scope: Writer, elder_id: UUID, photo: UploadFile | None = None
) -> Response:
    """Keep a photo, encoded anew; without a consent it is refused."""
    await people.find_elder(scope.conn, elder_id)
    try:
        await _consented(scope, elder_id)
        content = await photo.read(portraits.LARGEST + 1) if photo else b""
        jpeg = await asyncio.to_thread(portraits.encode, content)
        async with scope.conn.transaction():
            await portraits.keep(scope.conn, scope.keys, elder_id, jpeg, scope.person, scope.now)
    except (Conflict, Invalid) as problem:
        return await page(request, scope, elder_id, problem)
    return back(request, f"/desk/elders/{elder_id}/card")


@router.post("/{elder_id}/photo/drop")
async def drop_photo(request: Request, scope: Writer, elder_id: UUID) -> Response:
    """Remove the photo."""
    await people.find_elder(scope.conn, elder_id)
    await portraits.drop(scope.conn, elder_id, scope.person, scope.now)
    return back(request, f"/desk/elders/{elder_id}/card")


async def _consented(scope: Scope, elder_id: UUID) -> None:
    if not await consents.given(scope.conn, elder_id, "photo", scope.now):
        raise Conflict("no consent to a photo is in force", code="no_photo_consent")


async def page(
    request: Request,
    scope: Scope,
    elder_id: UUID,
    problem: Problem | None = None,
    *,
    typed: dict[str, Any] | None = None,
    about: UUID | str | None = None,
) -> Response:
    """Answer with the card; `typed` is what a refused form held, `about` the contact it was about."""
    elder = await people.find_elder(scope.conn, elder_id)
    shown = await person.find(scope, elder_id, None, [])
    return show(
        request,
        scope,
        "desk/card.html",
        status=problem.status if problem else 200,
        elder=elder,
        card=shown,
        typed=typed or {},
        about=about,
        medicines=person_cards.written(shown.card),
        choices={"hearing": person_cards.HEARING, "speech": person_cards.SPEECH, "sight": person_cards.SIGHT},
        aids=person_cards.AIDS,
        relations=RELATIONS,
        may_write=scope.person.role in WRITERS,
        today=local_date(scope.now),
        failed=said(scope, problem) if problem and not isinstance(problem, Invalid) else None,
        errors=wrongs(scope, problem) if isinstance(problem, Invalid) else {},
    )
