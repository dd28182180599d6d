"""Assistance and category of a person on a day: dated facts come before the undated word (pure)."""

from datetime import date

from services.policy.subject import Subject, months_later

_UNDATED = {"dibao": "dibao", "tekun": "tekun"}


def assistances(subject: Subject, on: date) -> set[str]:
    """Return the kinds of social assistance that hold on a day.

    Where no dated fact of assistance was ever recorded, the undated category counts.
    """
    if any(one.kind == "assistance" for one in subject.facts):
        return set(subject.values("assistance", on))
    return {_UNDATED[subject.category]} if subject.category in _UNDATED else set()


def exiting(subject: Subject, kind: str, on: date, months: int) -> tuple[date, date] | None:
    """Return when an assistance ended and until when it still counts (gradual exit), or None.

    `months` whole months after its last day; a death or a move ends it as everything else.
    """
    ended = [
        one.last
        for one in subject.facts
        if one.kind == "assistance" and one.value == kind and one.last is not None and one.last < on
    ]
    if not ended or months == 0:
        return None
    last = max(ended)
    until = months_later(last, months)
    return (last, until) if on <= until else None


def categories(subject: Subject, on: date) -> set[str]:
    """Return a person's categories on a day: of dibao, tekun, disabled; general where none of them holds.

    Dated facts come first; the undated word counts where no dated assistance exists.
    """
    if not any(one.kind == "assistance" for one in subject.facts):
        known = {subject.category}
    else:
        known = assistances(subject, on) & set(_UNDATED)
    if subject.grade("disability_certificate", on) is not None:
        known = (known - {"general"}) | {"disabled"}
    return known or {"general"}
