"""A scheme that does not make sense is refused with words at its field; schemes that clash are named."""

from typing import Any

import pytest

from core.errors import Invalid
from services import policy
from services.policy import Scheme, together
from tests.services.schemes.people import FOLDER, scheme

VISITS = (FOLDER / "hekou_home_visits.toml").read_text("utf-8")
CARE = (FOLDER / "suzhou_tekun_care_2.toml").read_text("utf-8")
AGE = (FOLDER / "puyang_high_age.toml").read_text("utf-8")
BED = (FOLDER / "haidian_home_bed.toml").read_text("utf-8")
SERVICES = 'services = ["meal", "clean", "bath", "medical", "emergency", "walk"]\n'


def refused(text: str) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as problem:
        policy.parse(text)
    errors: Any = problem.value.extra["errors"]
    return [(error["field"], error["message"]) for error in errors]


@pytest.mark.parametrize(
    ("text", "field", "words"),
    [
        (AGE[: AGE.index("[[amounts]]")], "rates", "no amount is given"),
        (VISITS + '\n[[amounts]]\namount = "1"\n', "amounts", "not both"),
        (VISITS.replace('scale = "gbt_42195"\n', ""), "scale", "names a scale"),
        (CARE.replace('grades = ["self"]', 'grades = ["mild"]'), "amounts.2", "mild is no grade of"),
        (CARE + '\n[[amounts]]\ncertificate = ["9"]\namount = "1"\n', "amounts.6", "9 is no grade of"),
        (AGE + '\n[[amounts]]\namount = "1"\n', "amounts.3", "never reached, amounts.2 fits everybody"),
        (AGE.replace("age_from = 90\n", "age_from = 90\nage_to = 80\n"), "amounts.1", "below age_from"),
        (VISITS.replace(SERVICES, ""), "services", "at least one service"),
        (AGE.replace("needs_life", 'services = ["bath"]\nneeds_life'), "services", "pays no visits"),
        (AGE + '\n[copay]\nwithin = "0.5"\n', "copay", "pays no visits"),
        (AGE + "\n[package]\nvisits = 3\n", "copay", "pays no visits"),
        (AGE.replace('change = "month"', 'change = "service_date"'), "proration", "only visits"),
        (AGE + '\n[carry]\nto = "year_end"\n', "carry", "only a quota for visits"),
        (VISITS + '\n[carry]\nto = "months"\n', "carry", "says how many"),
        (VISITS + '\n[carry]\nto = "none"\nmonths = 2\n', "carry", "says how many"),
        (
            VISITS.replace("no_rate =", 'period = "year"\nno_rate =', 1) + '\n[carry]\nto = "year_end"\n',
            "carry",
            "until the year ends anyway",
        ),
        (VISITS + '\n[package]\n\n[carry]\nto = "year_end"\n', "package", "bought by the month"),
        (VISITS + '\n[copay]\nwithin = "1"\n', "copay", "not both"),
        (BED.replace('beyond = "0.5"', 'beyond = "0.5"\nwithin = "0.5"'), "copay", "not both"),
        (BED.replace('beyond = "0.5"', 'beyond = "1"'), "copay", "must be less than 1"),
        (BED.replace('cap = "500.00"\n', ""), "amounts", "a cap on every line"),
        (VISITS + "\n[who]\nage_from = 90\nage_to = 80\n", "who.age_to", "lies below age_from"),
        (VISITS + '\n[who.grades]\nnone = ["1"]\n', "who.grades", "no scale none"),
        (VISITS + '\n[who.grades]\nltci = ["9"]\n', "who.grades.ltci", "9 is no grade of ltci"),
        (VISITS + "\n[who]\ngradual_exit_months = 3\n", "who.gradual_exit_months", "name which"),
        (VISITS.replace("no_rate =", 'excludes = ["hekou_home_visits"]\nno_rate =', 1), "excludes", "itself"),
        (
            VISITS.replace("no_rate =", 'excludes = ["other"]\nyields_to = ["other"]\nno_rate =', 1),
            "yields_to",
            "one of both",
        ),
        (VISITS + '\n[[floors]]\nscheme = "hekou_home_visits"\ntimes = "1.3"\n', "floors", "its own floor"),
        (VISITS + '\n[[floors]]\nscheme = "other"\ntimes = "much"\n', "floors.0.times", "a number in quotes"),
        (VISITS + '\n[copay]\nwithin = "2"\n', "copay.within", "a share between 0 and 1"),
        (VISITS + "\nx = [1", "", "Unclosed array"),
        (VISITS + "\n[whom]\nage_from = 80\n", "whom", "no such field"),
        (VISITS + "\n[who]\nage_from = -1\n", "who.age_from", "greater than or equal to 0"),
    ],
)
def test_what_makes_no_sense_is_said_at_its_field(text: str, field: str, words: str) -> None:
    [(place, message)] = refused(text)
    assert (place, words in message) == (field, True), message


def changed(one: Scheme, **given: Any) -> Scheme:
    return one.model_copy(update=given)


def test_versions_that_clash_are_named() -> None:
    old, new = scheme("suzhou_dibao_1"), scheme("suzhou_dibao_2")
    open_until = changed(old, effective_to=new.effective_from)
    early = changed(old, effective_to=new.effective_from.replace(year=2023))
    found = {
        "overlap": together.check([open_until, new]),
        "gap": together.check([early, new]),
        "order": together.check([old, changed(new, effective_from=old.effective_from)]),
        "same_version": together.check([old, changed(old, name="again")]),
        "kind": together.check([old, changed(new, kind="allowance")]),
    }
    assert {name: [one.code for one in told] for name, told in found.items()} == {
        name: [name] for name in found
    }
    assert together.check([old, new, scheme("hekou_dibao")], about=new) == ()
    assert together.check([open_until, new], about=old) == ()
    assert [one.code for one in together.check([open_until, new], about=new)] == ["overlap"]


def test_names_of_other_schemes_must_be_known_and_exclusion_mutual() -> None:
    one = scheme("suzhou_high_age")
    other = changed(scheme("suzhou_elder_services"), excludes=())
    lonely = changed(one, excludes=("suzhou_elder_services",))
    assert [p.code for p in together.check([lonely, other])] == ["one_sided"]
    mutual = changed(other, excludes=("suzhou_high_age",))
    assert together.check([lonely, mutual]) == ()
    assert [p.code for p in together.check([lonely])] == ["unknown_scheme"]
    assert [p.field for p in together.check([changed(one, yields_to=("nobody",))])] == ["yields_to"]
    assert [p.code for p in together.check([scheme("suzhou_tekun_living_2")])] == ["unknown_scheme"]


def test_a_floor_is_asked_only_of_amounts_and_times_that_meet() -> None:
    living, old = scheme("suzhou_tekun_living_2"), scheme("suzhou_dibao_1")
    dear = changed(old, amounts=tuple(line.model_copy(update={"amount": "9000.00"}) for line in old.amounts))
    # the dear standard of 2020 ends where that of 2024 starts: it never meets the living of 2024
    assert together.check([living, dear, scheme("suzhou_dibao_2")]) == ()
    assert {p.code for p in together.check([living, dear])} == {"floor"}
    everywhere = changed(dear, amounts=(dear.amounts[0].model_copy(update={"residence": ()}),))
    assert len(together.check([living, everywhere])) == 2
