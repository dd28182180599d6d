"""`yinling audit run`: the fraud checks over a month brought as a file (docs/manual/audit.md)."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from core.errors import Failure
from services.fraud import judging, month_files, scoring, thresholds
from services.fraud.month_files import Read
from services.fraud.records import Finding, Visit

READ = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.command()
@click.argument("file", type=READ)
@click.option("--out", type=WRITE, help="Write the findings there, one JSON object a line.")
@click.option("--rejected", type=WRITE, help="Write the lines that could not be read there, with the reason.")
@click.option("--thresholds", "figures", type=READ, help="Figures of your own, in the form of fraud.toml.")
@click.option("--labels", type=READ, help="What is true of each visit: precision and recall are printed too.")
def run(
    file: Path, out: Path | None, rejected: Path | None, figures: Path | None, labels: Path | None
) -> None:
    """Run the fraud checks over FILE, a month as JSON lines; nothing is stored."""
    own = thresholds.parse(_text(figures)) if figures else thresholds.defaults()
    truth = scoring.parse(_text(labels).splitlines()) if labels else None
    read = month_files.read(_text(file).split("\n"))
    if rejected:
        _write(rejected, read.rejected)
    _check(file, read)
    found = judging.judge(read.month, own)
    if out:
        _write(out, rows(read, found))
    made = summary(read, found)
    if truth is not None:
        made["scores"] = {
            kind: {
                "precision": round(one.precision, 4),
                "recall": round(one.recall, 4),
                "labelled": one.labelled,
            }
            for kind, one in scoring.score(found, truth).items()
        }
    click.echo(json.dumps(made, ensure_ascii=False))


def rows(read: Read, found: Sequence[Finding]) -> Iterable[dict[str, Any]]:
    """Yield the findings as the lines of FINDINGS.jsonl."""
    visits: Mapping[str, Visit] = {visit.id: visit for visit in read.month.visits}
    for one in found:
        yield {
            "kind": one.kind,
            "is_main": one.is_main,
            "visit_id": one.visit,
            "visit_ids": list(one.visits),
            "is_pair": one.is_pair,
            "caregiver_id": one.caregiver,
            "provider_id": one.provider,
            "person_id": visits[one.visit].person if one.visit else None,
            "month": f"{read.month.first:%Y-%m}",
            "severity": one.severity,
            "score": one.score,
            "evidence": list(one.evidence),
        }


def summary(read: Read, found: Sequence[Finding]) -> dict[str, Any]:
    """Return what was read and found: visits and their sum, by main kind; outliers; rejected lines."""
    visits: Mapping[str, Visit] = {visit.id: visit for visit in read.month.visits}
    main = [one for one in found if one.is_main]
    doubted = {one.visit for one in main if one.visit}
    amounts = [visits[one].amount for one in doubted]
    return {
        "month": f"{read.month.first:%Y-%m}",
        "lines": dict(sorted(read.counts.items())),
        "rejected": len(read.rejected),
        "visits": len(visits),
        "visits_doubted": len(doubted),
        "amount_doubted": f"{sum(one for one in amounts if one is not None):.2f}",
        "kinds": dict(Counter(one.kind for one in main)),
        "outliers": sum(one.visit is None for one in found),
    }


def _check(file: Path, read: Read) -> None:
    """Refuse what is no month, so that a file of another form does not pass for one without doubts."""
    if read.month.visits:
        return
    if read.rejected:
        first = read.rejected[0]
        raise Failure(f"{file}: no visit in it could be read (line {first['line']}: {first['reason']})")
    if not read.counts["month"]:
        raise Failure(f"{file}: there is no visit in it")


def _text(file: Path) -> str:
    """Read a file; a byte order mark is no part of its first line."""
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Failure(f"{file}: not UTF-8") from error


def _write(file: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(line, ensure_ascii=False, default=str) + "\n" for line in lines)
