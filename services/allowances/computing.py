"""One page of a list: a handful of statements for hundreds of persons, each judged by the policy."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

from core.db import Conn, Row
from core.districts import DistrictSettings
from core.ids import new_id
from core.sql import load
from services import life_proofing, policy, subjects
from services.allowances import figuring
from services.allowances.figuring import Back, Correction, Known, Line
from services.policy import Due, Scheme, Subject
from services.policy.subject import last_day
from services.pricing import ZERO

SQL = load(__file__)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the same for everybody on a list: the scheme's versions, the earliest month, the settings."""

    versions: Sequence[Scheme]
    back_to: date
    settings: DistrictSettings


async def page(conn: Conn, row: Row, facts: Facts, now: datetime, most: int) -> int:
    """Compute the next persons of a locked list and note how far it is; return how many."""
    span = (row["scheme_code"], facts.back_to, last_day(row["month"]), row["month"])
    rows = await conn.fetch(SQL.list_candidates, *span, row["cursor_elder"], most)
    elders: list[UUID] = [one["elder_id"] for one in rows]
    total = ZERO
    if elders:
        known = await _known(conn, row, elders)
        people = await subjects.load(conn, elders)
        found = {elder: of_person(facts, row["month"], people[elder], known[elder]) for elder in elders}
        total = sum((one.amount for lines in found.values() for one in lines), ZERO)
        await _store(conn, row, found)
    is_done = len(elders) < most
    last = elders[-1] if elders else row["cursor_elder"]
    await conn.execute(SQL.moved_on, row["id"], last, len(elders), total, now if is_done else None)
    return len(elders)


def of_person(facts: Facts, month: date, subject: Subject, known: Known) -> list[Line]:
    """Return a person's lines: the policy judges each month with what is known now."""
    return figuring.lines(
        facts.versions, month, facts.back_to, partial(_judge, facts.settings, subject), known
    )


def _judge(settings: DistrictSettings, subject: Subject, scheme: Scheme, month: date) -> Due:
    begun = [one.first for one in subject.memberships if one.scheme == scheme.code]
    months = settings.life_proof_months
    spans = life_proofing.compliant(min(begun), subject.life_proofs, months) if begun else ()
    return policy.due(scheme, subject, month, fallback=settings.grade_fallback, compliant_spans=spans)


async def _known(conn: Conn, row: Row, elders: list[UUID]) -> dict[UUID, Known]:
    code = row["scheme_code"]
    paid: dict[UUID, dict[date, Decimal]] = defaultdict(dict)
    for one in await conn.fetch(SQL.list_paid, code, elders, row["id"]):
        paid[one["elder_id"]][one["for_month"]] = one["amount"]
    last = {
        one["elder_id"]: one["amount"]
        for one in await conn.fetch(SQL.list_previous, code, elders, row["month"])
    }
    back: dict[UUID, list[Back]] = defaultdict(list)
    for one in await conn.fetch(SQL.list_back, code, elders):
        back[one["elder_id"]].append(Back(one["id"], one["month"], one["amount"], one["reason"]))
    wrong: dict[UUID, list[Correction]] = defaultdict(list)
    for one in await conn.fetch(SQL.list_corrections, code, elders):
        found = Correction(one["id"], one["for_month"], one["rest"], one["reason"])
        wrong[one["elder_id"]].append(found)
    decided: dict[UUID, set[date]] = defaultdict(set)
    for one in await conn.fetch(SQL.list_decided, code, elders):
        decided[one["elder_id"]].add(one["for_month"])
    return {
        elder: Known(paid[elder], last.get(elder), back[elder], wrong[elder], decided[elder])
        for elder in elders
    }


async def _store(conn: Conn, row: Row, found: dict[UUID, list[Line]]) -> None:
    code, values = row["scheme_code"], []
    ids = iter(sorted(new_id() for lines in found.values() for _ in lines))  # pages show them in this order
    for elder, lines in found.items():
        for one in lines:
            whose = (next(ids), row["district_id"], row["id"], elder, code)
            what = (one.kind, one.for_month, one.amount, one.previous, one.change, list(one.reasons))
            told = json.dumps(one.explanation, ensure_ascii=False)
            values.append((*whose, *what, told, one.payment_id, one.correction_id))
    columns = [list(column) for column in zip(*values, strict=True)]
    if columns:
        reasons = [json.dumps(list(one)) for one in columns[10]]
        await conn.execute(SQL.store_lines, *columns[:10], reasons, *columns[11:])
