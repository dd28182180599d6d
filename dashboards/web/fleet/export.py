"""The fleet as a file, by the filters of the page."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from core.clock import local
from dashboards import audited, words
from dashboards.auth import Guarded, Scope
from dashboards.vocabulary.mark import N_
from dashboards.web import sheets
from dashboards.web.fleet import listing
from dashboards.web.fleet.pages import Reader, Word
from gateway.fleet import Filter

router = APIRouter(prefix="/fleet", route_class=Guarded, include_in_schema=False)
MOST = 100_000
_PAGE = 1000
COLUMNS = (
    (N_("Device"), 16),
    (N_("Device name"), 24),
    (N_("Watches over"), 14),
    (N_("Care bed"), 24),
    (N_("Community"), 22),
    (N_("Kit"), 16),
    (N_("Room"), 10),
    (N_("State"), 12),
    (N_("Last heard"), 17),
    (N_("Battery"), 9),
    (N_("Firmware"), 14),
    (N_("Last test"), 17),
    (N_("Speaks by"), 16),
    (N_("Address"), 26),
    (N_("Id"), 38),
)


@router.get("/export.{kind}")
async def export(
    scope: Reader,
    kind: Literal["xlsx", "csv"],
    model: Word = "",
    region: Word = "",
    state: Word = "",
    text: Word = "",
    sort: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Give the devices that pass the filters, in their order."""
    wanted = listing.wanted(model, region, state, text, sort)
    rows = await _all(scope, wanted)
    await audited.note(scope, "export", "fleet", None, {"rows": len(rows), "format": kind})
    columns = [(words.say(scope.language, heading), width) for heading, width in COLUMNS]
    cells = [_cells(scope.language, row) for row in rows]
    if kind == "csv":
        body = await asyncio.to_thread(sheets.table, columns, cells)
    else:
        title = words.say(scope.language, N_("Devices"))
        about = _about(scope, wanted, len(rows))
        body = await asyncio.to_thread(sheets.workbook, title, columns, cells, about)
    return sheets.download(body, f"yinling-devices-{local(scope.now):%Y-%m-%d}", kind)


async def _all(scope: Scope, wanted: Filter) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    while len(found) < MOST:
        page = await listing.page(scope.conn, wanted, scope.now, after, _PAGE)
        found += page.rows
        if page.next is None:
            break
        after = page.next
    return found


def _cells(language: str, row: dict[str, Any]) -> list[sheets.Cell]:
    def word(table: str, code: str | None) -> str:
        return words.word(language, table, code)

    return [
        word("thing_models", row["thing_model"]),
        row["name"],
        row["elder_name"],
        row["care_bed_label"],
        row["region_name"],
        row["kit_serial"],
        word("rooms", row["room"]),
        word("device_states", row["state"]),
        row["said"]["last_seen_at"] if row["said"] else None,
        row["battery"],
        row["firmware"],
        row["tested_at"],
        word("ecosystems", row["ecosystem"]),
        row["address"],
        str(row["id"]),
    ]


def _about(scope: Scope, wanted: Filter, count: int) -> tuple[str, list[tuple[str, str]]]:
    def say(message: str) -> str:
        return words.say(scope.language, message)

    person = scope.person
    lines = [
        (say(N_("District")), f"{person.district_name} {person.district_code}"),
        (say(N_("Filters")), listing.address(wanted) or say(N_("None"))),
        (say(N_("Rows")), str(count) + ("+" if count >= MOST else "")),
        (say(N_("By")), f"{person.name} ({words.word(scope.language, 'roles', person.role)})"),
        (say(N_("At")), local(scope.now).isoformat(" ", "seconds")),
    ]
    return say(N_("How it was made")), lines
