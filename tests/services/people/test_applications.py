"""An application on its way: stages, documents, days, the second person, the first day paid."""

from datetime import date, timedelta

import pytest

from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from services import entitlements, standing
from services.applications import admitting, applications, moving
from services.applications.admitting import Place
from services.applications.applications import NewApplication
from tests.makers import NOW
from tests.services.people.applying import SCHEME, Office

LATER = NOW + timedelta(days=12)
HERE = Place("仙河镇 5 号", None, 37.9, 118.6)


async def test_applied_examined_and_approved_it_is_paid_from_the_month_of_the_application(
    office: Office,
) -> None:
    async with office.web.transaction(office.district) as conn:
        elder = await office.elder(conn)
        application = await office.apply(conn, elder=elder)
        await moving.pass_on(conn, application, office.clerk, NOW + timedelta(days=2))
        await moving.approve(conn, application, office.approver, LATER)
        row = await office.state(conn, application)
        [enrolment] = await entitlements.enrolments(conn, elder)
        told = [
            (one["stage"], one["action"], one["days"]) for one in await applications.steps(conn, application)
        ]
    assert (row["state"], row["starts_on"], row["due_on"]) == (
        "approved",
        date(2026, 11, 1),
        date(2026, 12, 7),
    )
    assert (enrolment["scheme_code"], enrolment["valid_from"]) == (SCHEME, date(2026, 11, 1))
    assert told == [("accept", "applied", 0), ("accept", "passed", 2), ("decide", "approved", 10)]


async def test_three_stages_pass_by_town_federation_and_civil_affairs(office: Office) -> None:
    papers = ("id_card", "household_book", "disability_certificate", "bank_card")
    async with office.web.transaction(office.district) as conn:
        await applications.set_flow(conn, SCHEME, "three_stages", office.clerk, NOW)
        elder = await office.elder(conn)
        application = await office.apply(conn, elder=elder, documents=papers)
        await moving.pass_on(conn, application, office.clerk, NOW)
        await moving.pass_on(conn, application, office.second, NOW)
        with pytest.raises(Conflict, match="last stage decides"):
            await moving.pass_on(conn, application, office.approver, NOW)
        await moving.approve(conn, application, office.approver, NOW)
        stages = [one["stage"] for one in await applications.steps(conn, application)]
        flow = (await applications.list_flows(conn))[0]["flow"]
    assert stages == ["town", "town", "federation", "civil_affairs"]
    assert [one["code"] for one in flow["stages"]] == ["town", "federation", "civil_affairs"]


async def test_who_has_examined_does_not_decide(office: Office) -> None:
    both = {
        "stages": [
            {"code": "town", "roles": ["clerk", "approver"], "days": 3},
            {"code": "decide", "roles": ["clerk", "approver"], "days": 3},
        ]
    }
    async with office.web.transaction(office.district) as conn:
        await applications.set_flow(conn, SCHEME, both, office.clerk, NOW)
        application = await office.at_the_last_stage(conn, elder=await office.elder(conn))
        with pytest.raises(Conflict) as refused:
            await moving.approve(conn, application, office.clerk, NOW)
        assert refused.value.code == "same_person"
        await moving.approve(conn, application, office.second, NOW)


async def test_what_is_missing_is_named_and_the_application_returned_until_it_is_there(
    office: Office,
) -> None:
    async with office.web.transaction(office.district) as conn:
        application = await office.apply(conn, documents=("id_card",))
        with pytest.raises(Invalid, match="missing household_book"):
            await moving.pass_on(conn, application, office.clerk, NOW)
        await moving.return_(conn, application, office.clerk, NOW, reason="documents_missing")
        with pytest.raises(Conflict) as refused:
            await moving.pass_on(conn, application, office.clerk, NOW)
        await moving.complete(conn, application, ["household_book"], office.clerk, LATER)
        row = await office.state(conn, application)
        await moving.pass_on(conn, application, office.clerk, LATER)
    assert refused.value.extra == {"state": "returned"}
    assert (row["state"], row["stage"], list(row["documents"])) == ("open", 0, ["household_book", "id_card"])
    assert (row["stage_since"], row["due_on"]) == (LATER, date(2026, 12, 10))


async def test_a_refusal_has_a_reason_and_a_withdrawn_one_stays_withdrawn(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        application = await office.at_the_last_stage(conn)
        with pytest.raises(Invalid, match="reason: one of"):
            await moving.refuse(conn, application, office.approver, NOW, reason="because")
        await moving.refuse(conn, application, office.approver, NOW, reason="not_eligible", note="未满 60 岁")
        row = await office.state(conn, application)
        again = await office.apply(conn)
        await moving.withdraw(conn, again, office.clerk, NOW)
        with pytest.raises(Conflict, match="that is withdrawn"):
            await moving.complete(conn, again, [], office.clerk, NOW)
    assert (row["state"], row["reason"], row["decided_by"]) == (
        "refused",
        "not_eligible",
        office.approver.account_id,
    )


async def test_who_is_not_eligible_is_not_enrolled_and_the_condition_is_named(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        elder = await office.elder(conn, grade=None)
        application = await office.at_the_last_stage(conn, elder=elder)
        with pytest.raises(Conflict) as refused:
            await moving.approve(conn, application, office.approver, NOW)
        row = await office.state(conn, application)
        with pytest.raises(NotFound):
            await standing.of(conn, elder, "no_such", NOW.date())
    assert refused.value.code == "not_eligible"
    assert refused.value.extra["conditions"] == [
        {"code": "unmet_grade_unknown", "scale": "gbt_42195", "has": ""}
    ]
    assert (row["state"], row["wants_assessment"]) == ("open", True)


async def test_a_stage_is_acted_on_by_its_role_only(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        application = await office.apply(conn)
        with pytest.raises(Conflict, match="is for clerk"):
            await moving.pass_on(conn, application, office.approver, NOW)
        with pytest.raises(Conflict, match="only the last stage"):
            await moving.refuse(conn, application, office.clerk, NOW, reason="other")
        with pytest.raises(NotFound):
            await moving.pass_on(conn, new_id(), office.clerk, NOW)


async def test_the_same_person_applies_once_and_not_for_what_is_drawn_already(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        await office.apply(conn)
        with pytest.raises(Conflict) as twice:
            await office.apply(conn)
        elder = await office.elder(conn)
        application = await office.at_the_last_stage(conn, elder=elder)
        await moving.approve(conn, application, office.approver, NOW)
        with pytest.raises(Conflict) as enrolled:
            await office.apply(conn, elder=elder)
        await conn.execute("UPDATE elder SET died_on = '2026-11-20' WHERE id = $1", elder)
        with pytest.raises(Conflict) as deceased:
            await office.apply(conn, elder=elder)
    codes = (twice.value.code, enrolled.value.code, deceased.value.code)
    assert codes == ("applied_already", "enrolled", "deceased")


async def test_somebody_new_is_registered_from_the_application_before_it_is_approved(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        application = await office.at_the_last_stage(conn)
        with pytest.raises(Conflict) as unknown:
            await moving.approve(conn, application, office.approver, NOW)
        elder = await admitting.register(conn, office.keys, application, HERE, office.clerk, NOW)
        with pytest.raises(Conflict):
            await admitting.register(conn, office.keys, application, HERE, office.clerk, NOW)
        row = await office.state(conn, application)
        born = await conn.fetchrow("SELECT name, born_on, gender FROM elder WHERE id = $1", elder)
    assert unknown.value.code == "no_record"
    assert (row["elder_id"], row["wants_assessment"]) == (elder, True)
    assert born is not None
    assert tuple(born.values()) == ("张大爷", date(1942, 3, 5), "female")


async def test_an_applicant_with_a_record_here_is_recognised_by_the_identity_number(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        application = await office.apply(conn)
        elder = await admitting.register(conn, office.keys, application, HERE, office.clerk, NOW)
        await moving.withdraw(conn, application, office.clerk, NOW)
        again = await office.state(conn, await office.apply(conn))
    assert again["elder_id"] == elder


async def test_what_is_applied_for_wrongly_is_named_by_field(office: Office) -> None:
    wrong = {
        "scheme_code": NewApplication("no_such", "clerk", person=office.applicant()),
        "documents": NewApplication(SCHEME, "clerk", person=office.applicant(), documents=("a_poem",)),
        "id_number": NewApplication(SCHEME, "clerk", person=office.applicant(id_number="370503194203050001")),
        "name": NewApplication(SCHEME, "clerk", person=office.applicant(name=" ")),
    }
    async with office.web.transaction(office.district) as conn:
        for field, new in wrong.items():
            with pytest.raises(Invalid) as refused:
                await applications.apply(conn, office.keys, new, office.clerk, NOW)
            assert [one["field"] for one in refused.value.extra["errors"]] == [field]  # type: ignore[attr-defined]
        with pytest.raises(NotFound):
            await applications.apply(
                conn, office.keys, NewApplication(SCHEME, "clerk", elder=new_id()), office.clerk, NOW
            )
        with pytest.raises(Invalid, match="flow: one of"):
            await applications.set_flow(conn, SCHEME, "no_such", office.clerk, NOW)


async def test_the_longest_overdue_waits_first_and_only_for_whose_stage_it_is(office: Office) -> None:
    async with office.web.transaction(office.district) as conn:
        early = await office.apply(conn)
        late = await office.apply(conn, person=office.applicant(901))
        await conn.execute("UPDATE application SET due_on = '2026-11-20' WHERE id = $1", late)
        await moving.pass_on(conn, await office.apply(conn, person=office.applicant(902)), office.clerk, NOW)
        clerks = [row["id"] for row in await applications.waiting(conn, "clerk")]
        approvers = await applications.waiting(conn, "approver")
    assert clerks == [late, early]
    assert [(row["stage_code"], row["total"]) for row in approvers] == [("decide", 1)]
