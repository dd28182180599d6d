"""Dead letters: by reason and any filter, opened on record, tried again one by one or all at once."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from core.clock import local
from core.errors import NotFound
from core.ids import parse_id
from dashboards import audited, words
from dashboards.auth import Guarded, Scope, allow
from dashboards.vocabulary.fleet import LETTER_HELP
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.pages import back, is_partial, show
from gateway import dead_letters
from gateway.dead_letters import Filter

router = APIRouter(prefix="/admin/dead-letters", route_class=Guarded, include_in_schema=False)
Admin = Annotated[Scope, allow("admin")]
PAGE, MOST = 50, 50_000
_BATCH, _LONGEST, _SHOWN = 1000, 80, 8000
HOURS = {"hour": 1, "day": 24, "week": 168}
COLUMNS = (
    (N_("Received"), 17),
    (N_("What is wrong"), 26),
    (N_("Field"), 16),
    (N_("Topic"), 60),
    (N_("Sender"), 20),
    (N_("Bytes"), 9),
    (N_("Tries"), 8),
    (N_("Understood"), 17),
    (N_("Device"), 38),
    (N_("Id"), 38),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the page, as they stand in its address."""

    reason: str = ""
    device: str = ""
    state: str = ""
    since: str = ""
    topic: str = ""

    @property
    def query(self) -> str:
        """The filters as the query of an address."""
        given = {name: getattr(self, name) for name in ("reason", "device", "state", "since", "topic")}
        return urlencode({name: value for name, value in given.items() if value})

    def filter(self, scope: Scope) -> Filter:
        """Read the filters; what is none is no filter."""
        hours = HOURS.get(self.since)
        return Filter(
            reason=self.reason.replace("\0", "")[:_LONGEST] or None,
            device=parse_id(self.device),
            condition=self.state if self.state in dead_letters.CONDITIONS else None,
            since=scope.now - timedelta(hours=hours) if hours else None,
            topic=self.topic.strip().replace("\0", "")[:_LONGEST] or None,
        )


Word = Annotated[str, Query(max_length=100)]
Told = Annotated[str, Form(max_length=100)]


def _asked(
    reason: Word = "", device: Word = "", state: Word = "open", since: Word = "", topic: Word = ""
) -> Asked:
    return Asked(reason, device, state, since, topic)


def _told(
    reason: Told = "", device: Told = "", state: Told = "", since: Told = "", topic: Told = ""
) -> Asked:
    return Asked(reason, device, state, since, topic)


Filters = Annotated[Asked, Depends(_asked)]
ToldFilters = Annotated[Asked, Depends(_told)]


@router.get("")
async def letters(
    request: Request, scope: Admin, asked: Filters, after: UUID | None = None, tried: int | None = None
) -> Response:
    """List messages that nobody understood; a part of the page when it looks again."""
    wanted = asked.filter(scope)
    rows = await dead_letters.found(scope.conn, wanted, after, PAGE + 1)
    context: dict[str, Any] = {
        "letters": rows[:PAGE],
        "next": rows[PAGE - 1]["id"] if len(rows) > PAGE else None,
        "counts": await dead_letters.counted(scope.conn, wanted),
        "asked": asked,
        "tried": tried,
    }
    if is_partial(request):
        return show(request, scope, "admin/letters_part.html", **context)
    return show(
        request,
        scope,
        "admin/letters.html",
        **context,
        conditions=dead_letters.CONDITIONS,
        spans=tuple(HOURS),
    )


@router.get("/count")
async def count(scope: Admin) -> Response:
    """Say how many wait for somebody, for the badge."""
    number = await dead_letters.count_open(scope.conn)
    return HTMLResponse(str(number) if number else "", headers={"Cache-Control": "no-store"})


@router.get("/export.{kind}")
async def export(scope: Admin, asked: Filters, kind: Literal["xlsx", "csv"]) -> Response:
    """Give the letters that pass the filters, without what they say."""
    wanted = asked.filter(scope)
    rows: list[Any] = []
    while len(rows) < MOST:
        batch = await dead_letters.found(scope.conn, wanted, rows[-1]["id"] if rows else None, _BATCH)
        rows += batch
        if len(batch) < _BATCH:
            break
    await audited.note(scope, "export", "dead_letter", None, {"rows": len(rows), "format": kind})
    columns = [(words.say(scope.language, heading), width) for heading, width in COLUMNS]
    cells = [_cells(scope.language, row) for row in rows]
    name = f"yinling-dead-letters-{local(scope.now):%Y-%m-%d}"
    if kind == "csv":
        return sheets.download(await asyncio.to_thread(sheets.table, columns, cells), name, kind)
    lines = [
        (words.say(scope.language, N_("Filters")), asked.query),
        (words.say(scope.language, N_("Rows")), str(len(rows))),
    ]
    about = (words.say(scope.language, N_("How it was made")), lines)
    title = words.say(scope.language, N_("Dead letters"))
    return sheets.download(await asyncio.to_thread(sheets.workbook, title, columns, cells, about), name, kind)


def _cells(language: str, row: Any) -> list[sheets.Cell]:  # noqa: ANN401 - a row
    return [
        row["received_at"],
        words.word(language, "dead_letters", row["reason"]),
        row["field"],
        row["topic"],
        row["sender"],
        row["size"],
        row["tries"],
        row["solved_at"],
        str(row["device_id"] or ""),
        str(row["id"]),
    ]


@router.post("/retry")
async def retry_all(request: Request, scope: Admin, told: ToldFilters) -> Response:
    """Let the gateway try all that pass the filters again."""
    number = await dead_letters.retry_all(scope.conn, told.filter(scope), scope.now)
    await audited.note(
        scope, "dead_letter.retry_all", "dead_letter", None, {"letters": number, "reason": told.reason}
    )
    return back(request, f"/admin/dead-letters?{told.query}{'&' if told.query else ''}tried={number}")


@router.post("/{dead_letter_id}/read")
async def read(request: Request, scope: Admin, dead_letter_id: UUID) -> Response:
    """Show what a message says; that is on record."""
    letter, payload = await dead_letters.read(scope.conn, scope.keys, dead_letter_id)
    await audited.note(scope, "dead_letter.read", "dead_letter", dead_letter_id)
    return show(
        request,
        scope,
        "admin/letter.html",
        letter=letter,
        text=payload.decode("utf-8", "backslashreplace")[:_SHOWN],
        is_cut=len(payload) > _SHOWN,
        has_help=letter["reason"] in LETTER_HELP,
    )


@router.post("/{dead_letter_id}/retry")
async def retry(request: Request, scope: Admin, dead_letter_id: UUID, told: ToldFilters) -> Response:
    """Let the gateway try a message again."""
    try:
        await dead_letters.retry(scope.conn, dead_letter_id, scope.now)
    except NotFound:
        await dead_letters.read(
            scope.conn, scope.keys, dead_letter_id
        )  # not ours: not found; else understood meanwhile
    else:
        await audited.note(scope, "dead_letter.retry", "dead_letter", dead_letter_id)
    return back(request, f"/admin/dead-letters?{told.query}")
