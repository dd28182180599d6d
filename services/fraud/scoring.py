"""How well the checks did on a month whose truth is known (docs/manual/audit.md, Labels). Pure."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import Invalid
from services.fraud.records import KINDS, OUTLIER, Finding

Labels = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, with the counts that they come from."""

    right: int
    named: int
    found: int
    labelled: int

    @property
    def precision(self) -> float:
        """Return the share of what was named that is so; 1 when nothing was named."""
        return self.right / self.named if self.named else 1.0

    @property
    def recall(self) -> float:
        """Return the share of what is so that was found; 1 when there was nothing to find."""
        return self.found / self.labelled if self.labelled else 1.0


def score(findings: Iterable[Finding], labels: Labels) -> dict[str, Score]:
    """Return a score by kind, and `overall` by visit: any finding against any label."""
    by_kind: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.kind != OUTLIER:
            by_kind[finding.kind].append(finding)
    made = {kind: _of_kind(kind, by_kind[kind], labels) for kind in KINDS}
    every = [one for found in by_kind.values() for one in found]
    named = {str(one.visit): one for one in every}
    right = sum(_is_right(one, labels, None) for one in named.values())
    caught = {
        visit for one in every for visit in ({str(one.visit)} | (set(one.visits) if one.is_pair else set()))
    }
    true = {visit for visit, kinds in labels.items() if kinds}
    made["overall"] = Score(right, len(named), len(true & caught), len(true))
    return made


def _of_kind(kind: str, findings: Sequence[Finding], labels: Labels) -> Score:
    main = [one for one in findings if one.is_main]
    named = {visit for one in findings for visit in (one.visits if one.is_pair else (str(one.visit),))}
    true = {visit for visit, kinds in labels.items() if kinds and kinds[0] == kind}
    right = sum(_is_right(one, labels, kind) for one in main)
    return Score(right, len(main), len(true & named), len(true))


def _is_right(finding: Finding, labels: Labels, kind: str | None) -> bool:
    visits = finding.visits if finding.is_pair else (str(finding.visit),)
    return any(labels.get(v) if kind is None else kind in labels.get(v, ()) for v in visits)


def parse(lines: Iterable[str]) -> dict[str, list[str]]:
    """Read a file of labels; raise Invalid with the line that is wrong."""
    made: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            visit, kinds = str(row["visit_id"]), [str(kind) for kind in row["kinds"]]
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid(f"labels, line {number}: not {{visit_id, kinds}}") from error
        unknown = [kind for kind in kinds if kind not in KINDS]
        if unknown:
            raise Invalid(f"labels, line {number}: no kind {unknown[0]}")
        made[visit] = kinds
    return made
