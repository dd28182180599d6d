"""The result of an assessment on paper: who, the grade and how it came about, 26 answers, both signatures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi.responses import Response

from core import districts
from core.clock import local_date
from core.db import Row
from core.people import age_on
from dashboards import i18n, words
from dashboards.auth import Scope
from dashboards.papers import MEDIA_TYPE, Paper
from dashboards.vocabulary.mark import N_
from dashboards.web.formats import Formats
from services import assessment_disputes, assessment_signatures, assessments, disputing
from services.assessing import form

TITLE = N_("Result of the ability assessment")
STANDARD = "GB/T 42195-2022"
_DASH = "\N{EN DASH}"
_FACTS = (
    N_("Name"),
    N_("Sex and age"),
    N_("Day of the assessment"),
    N_("Reason"),
    N_("Who gave information"),
    N_("Grade"),
    N_("Points"),
    N_("Period of validity"),
)
_MISSING = N_("The second signature is missing: this grades nobody yet.")
_DISPUTED = N_("The grade is disputed; it stays in force until the review is signed.")
_UNTIL = N_("It may be disputed until %(until)s.")
_INTACT, _ALTERED = N_("signature intact"), N_("signature altered")
_FOOT = N_("Assessment %(id)s, rules %(rules)s")


@dataclass(frozen=True, slots=True)
class Result:
    """All that the paper says; made in the request, written outside it."""

    language: str
    district: str
    row: Row
    notes: dict[str, str]
    signatures: list[dict[str, Any]]
    last_day: date | None
    is_disputed: bool


async def gather(scope: Scope, row: Row) -> Result:
    """Read what the paper of an assessment needs."""
    settings = await districts.settings(scope.conn, row["district_id"])
    signed = row["signed_at"]
    last = disputing.last_day(local_date(signed), settings.dispute_days) if signed else None
    disputes = await assessment_disputes.list_(scope.conn, elder_id=row["elder_id"], state="open")
    return Result(
        language=scope.language,
        district=scope.person.district_name,
        row=row,
        notes=assessments.notes_of(scope.keys, row),
        signatures=await assessment_signatures.list_(scope.conn, scope.keys, row["id"]),
        last_day=last,
        is_disputed=any(one["assessment_id"] == row["id"] for one in disputes),
    )


def download(body: bytes, assessment: UUID) -> Response:
    """Answer with the file, which no cache keeps."""
    headers = {
        "Content-Disposition": f'inline; filename="assessment-{assessment}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def lines(language: str, row: Mapping[str, Any]) -> list[str]:
    """Say how the grade came about, groups by their names."""
    names = {code: said[language] for code, (said, _) in form(row["rules"]).groups.items()}
    told = [
        {**one, "group": names.get(one["group"], one["group"])} if "group" in one else one
        for one in row["explanation"]
    ]
    return words.sentences(language, "assessing", told)


def pdf(result: Result) -> bytes:
    """Write the paper."""
    row, language = result.row, result.language
    foot = words.say(language, _FOOT, id=row["id"], rules=row["rules"])
    paper = Paper(i18n.TAGS[language], words.say(language, TITLE), foot)
    paper.heading(words.say(language, TITLE), f"{result.district} · {STANDARD}")
    paper.facts(_facts(result))
    paper.section(words.say(language, N_("How the grade came about")))
    for line in lines(language, row):
        paper.text_line(line)
    _answers(paper, result)
    _signatures(paper, result)
    return paper.done()


def _facts(result: Result) -> list[tuple[str, str]]:
    row, language = result.row, result.language
    formats = Formats(language)
    age = words.say(language, N_("%(age)s years"), age=age_on(row["born_on"], row["assessed_on"]))
    until = formats.day(row["valid_to"]) if row["valid_to"] else _DASH
    force = f"{formats.day(row['assessed_on'])} {_DASH} {until}" if row["signed_at"] else _DASH
    values = (
        row["elder_name"],
        f"{words.word(language, 'genders', row['gender'])} · {age}",
        formats.day(row["assessed_on"]),
        words.word(language, "reasons", row["reason"]),
        words.word(language, "informants", row["informant"]) or _DASH,
        words.word(language, "grades", row["grade"]),
        f"{row['score']} / {form(row['rules']).most}",
        force,
    )
    return [(words.say(language, name), str(value)) for name, value in zip(_FACTS, values, strict=True)]


def _answers(paper: Paper, result: Result) -> None:
    language, row = result.language, result.row
    heads = [words.say(language, text) for text in (N_("Item"), N_("Points"), N_("Answer chosen"))]
    for code, (names, most) in form(row["rules"]).groups.items():
        paper.section(f"{code} {names[language]} ({most})")
        rows = []
        for item in form(row["rules"]).items:
            if item.group != code:
                continue
            points = row["items"].get(item.code)
            said = item.options[language][item.most - points] if isinstance(points, int) else _DASH
            note = result.notes.get(item.code)
            rows.append(
                (
                    f"{item.code} {item.names[language]}",
                    f"{points if points is not None else _DASH} / {item.most}",
                    f"{said} [{note}]" if note else said,
                )
            )
        paper.rows(heads, rows, (34, 12, 54))
    others = {code: note for code, note in result.notes.items() if code not in row["items"]}
    for code, note in others.items():
        paper.text_line(f"{words.word(language, 'adjustments', code)}: {note}")


def _signatures(paper: Paper, result: Result) -> None:
    language, row = result.language, result.row
    formats = Formats(language)
    paper.section(words.say(language, N_("Signatures")))
    drawn = {one["position"]: one for one in result.signatures}
    for position, name in ((1, row["first_name"]), (2, row["second_name"])):
        if name is None:
            paper.text_line(words.say(language, _MISSING))
            continue
        one = drawn.get(position)
        said = words.say(language, _INTACT if one["is_intact"] else _ALTERED) if one else ""
        at = one["signed_at"] if one else row["signed_at"] if position == 2 else row["recorded_at"]  # noqa: PLR2004
        parts = [name, f"{formats.day(at)} {formats.time(at)}" if at else "", said]
        paper.text_line(" · ".join(part for part in parts if part))
        if one:
            paper.drawing(one["path"])
    if result.is_disputed:
        paper.text_line(words.say(language, _DISPUTED))
    elif result.last_day is not None and row["review_of"] is None:
        paper.text_line(words.say(language, _UNTIL, until=formats.day(result.last_day)))
