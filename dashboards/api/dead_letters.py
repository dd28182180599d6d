"""Dead letters: messages that nobody understood; listed, read on record, tried again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from dashboards import audited, words
from dashboards.api.shapes import Page, Paged, Shape
from dashboards.auth import Guarded, Scope, allow
from gateway import dead_letters

router = APIRouter(prefix="/api/v1/dead-letters", tags=["dead-letters"], route_class=Guarded)
Admin = Annotated[Scope, allow("admin")]


class DeadLetter(Shape):
    """One message, without its content."""

    id: UUID
    received_at: datetime
    topic: str
    sender: str | None
    device_id: UUID | None
    reason: str
    says: str
    field: str | None
    size: int
    tries: int
    retry_at: datetime | None
    solved_at: datetime | None


class Content(Shape):
    """A message in clear; bytes that are no text are shown as escapes."""

    id: UUID
    payload: str


@router.get("")
async def list_(scope: Admin, paged: Paged) -> Page[DeadLetter]:
    """List messages, newest first."""
    rows = await dead_letters.list_(scope.conn, after=paged.after, limit=paged.ask)
    said = [{**row, "says": words.word(scope.language, "dead_letters", row["reason"])} for row in rows]
    return paged.page(said, DeadLetter)


@router.post("/{dead_letter_id}/read")
async def read(dead_letter_id: UUID, scope: Admin) -> Content:
    """Show a message in clear; the audit log keeps who saw it."""
    _, payload = await dead_letters.read(scope.conn, scope.keys, dead_letter_id)
    await audited.note(scope, "dead_letter.read", "dead_letter", dead_letter_id)
    return Content(id=dead_letter_id, payload=payload.decode("utf-8", "backslashreplace"))


@router.post("/{dead_letter_id}/retry", status_code=204)
async def retry(dead_letter_id: UUID, scope: Admin) -> None:
    """Let the gateway try a message again."""
    await dead_letters.retry(scope.conn, dead_letter_id, scope.now)
    await audited.note(scope, "dead_letter.retry", "dead_letter", dead_letter_id)
