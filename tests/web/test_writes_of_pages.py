"""Every form of a page, for every role and for another district: the list by hand, exactly."""

from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute

from core.accounts import ROLES, Person
from core.db import Pool
from dashboards import web
from dashboards.auth import Guarded
from tests.dashboards import relating
from tests.dashboards.asking import ASKING_WRITES
from tests.dashboards.calling_in import INBOUND_WRITES
from tests.dashboards.clients import client_of
from tests.dashboards.duties import DUTY_WRITES
from tests.dashboards.noticing import NOTICE_WRITES
from tests.dashboards.seating import SEAT_WRITES
from tests.dashboards.things import make_everybody
from tests.dispatch.worlds import World, make_world
from tests.web.writes_of_families import FAMILY_WRITES
from tests.web.writes_of_money import MONEY_WRITES, VERBS

OPERATORS = {"operator", "duty_manager", "admin"}
DECIDERS, FITTERS, ADMIN = {"duty_manager", "admin"}, {"admin", "installer"}, {"admin"}
CARER, ASSESSOR = {"caregiver"}, {"assessor"}
PLANNERS = {"provider_manager", "duty_manager", "admin"}

WRITES: dict[str, set[str]] = {
    **{
        f"/console/cases/{{case_id}}/{verb}": OPERATORS
        for verb in (
            *("claim", "call", "note", "verify", "dispatch"),
            *("recall", "shelve", "unshelve", "close"),
        )
    },
    "/console/elders/{elder_id}/reveal": OPERATORS,
    "/console/contacts/{member_id}/reveal": OPERATORS,
    "/console/technical/acknowledge": OPERATORS,
    "/console/incidents/{incident_id}/claim": OPERATORS,
    "/console/incidents/{incident_id}/contact": OPERATORS,
    **{
        f"/m/visits/{{visit_id}}/{verb}": CARER
        for verb in ("accept", "decline", "en-route", "check-in", "check-out", "reveal", "report")
    },
    "/m/sos": CARER,
    **{
        f"/carers/alarms/{{caregiver_alert_id}}/{verb}": OPERATORS | {"provider_manager"}
        for verb in ("take", "close", "reveal")
    },
    "/desk/phone/conflicts/{phone_conflict_id}/settle": {"provider_manager", "duty_manager", "admin"},
    "/desk/phone/reports/{condition_report_id}/settle": {"clerk", "assessor", "admin"},
    **{
        f"/desk/statements/{{statement_id}}/{verb}": {"clerk", "approver"}
        for verb in ("check", "issue", "reconcile")
    },
    **{f"/desk/statements/{{statement_id}}/{verb}": {"provider_manager"} for verb in ("confirm", "dispute")},
    **{f"/desk/statements/{{statement_id}}/{verb}": {"clerk", "approver"} for verb in ("answer", "decide")},
    "/desk/statements/{statement_id}/approve": {"approver"},
    "/desk/settlement/run": {"clerk", "approver"},
    "/desk/settlement/files": {"clerk"},
    "/desk/contracts/{contract_id}/terms": {"clerk"},
    "/desk/assessments": ASSESSOR,
    "/desk/assessments/{assessment_id}/sign": ASSESSOR,
    "/desk/assessments/{assessment_id}/dispute": {"clerk", "admin"},
    "/desk/assessments-wanted/{assessment_want_id}": {"clerk", "assessor", "admin"},
    "/desk/elders/{elder_id}/grades": {"clerk", "admin"},
    "/desk/guardianships": {"clerk", "admin"},
    "/desk/guardianships/{guardianship_id}/step": {"clerk", "approver", "admin"},
    **{
        f"/desk/guardianships/{{guardianship_id}}/{verb}": {"clerk", "admin"}
        for verb in ("team", "duties", "look", "close")
    },
    "/family/grade/{elder_id}/dispute": {"family"},
    "/admin/dead-letters/retry": ADMIN,
    "/admin/dead-letters/{dead_letter_id}/read": ADMIN,
    "/admin/dead-letters/{dead_letter_id}/retry": ADMIN,
    "/admin/unknown-devices/{unknown_device_id}/adopt": FITTERS,
    "/admin/rules": DECIDERS,
    "/admin/rules/{alarm_rule_id}/end": DECIDERS,
    "/admin/rules/proposals/{rule_proposal_id}/approve": DECIDERS,
    "/admin/rules/proposals/{rule_proposal_id}/reject": DECIDERS,
    "/admin/kits/import": ADMIN,
    "/fleet/{device_id}/command": OPERATORS | FITTERS,
    **{f"/fleet/{{device_id}}/{verb}": FITTERS for verb in ("listen", "hush", "rotate", "revoke", "retire")},
    "/installer/scan": FITTERS,
    "/installer/devices/{device_id}/take-off": FITTERS,
    "/installer/devices/{device_id}/replace": FITTERS,
    "/installer/beds/{care_bed_id}/test": FITTERS,
    "/installer/tests/{test_id}/look": FITTERS,
    "/installer/tests/{test_id}/devices/{device_id}/arm": FITTERS,
    "/installer/tests/{test_id}/finish": FITTERS,
    "/installer/tests/{test_id}/photos": FITTERS,
    "/installer/unknown/{unknown_device_id}/adopt": FITTERS,
}
WRITES |= {
    **{f"/plan/visits/{{visit_id}}/{verb}": PLANNERS for verb in ("move", "unpin")},
    **{f"/plan/runs/{{plan_id}}/{verb}": PLANNERS for verb in ("accept", "discard")},
    "/m/open/{visit_id}": CARER,
    "/plan/runs": PLANNERS,
    "/plan/repairs": PLANNERS,
    "/provider/mode": {"provider_manager"},
    "/provider/confirm": {"provider_manager"},
}
OFFICE, SHIFTS = {"clerk", "admin"}, {"clerk", "admin", "provider_manager"}
PLANNED, DESK = {"clerk", "assessor", "admin"}, {"clerk", *OPERATORS}
WRITES |= {
    **{f"/desk/calls{path}": DESK for path in ("", "/duties")},
    "/desk/calls/callers": OFFICE,
    "/desk/care-plans/preview": PLANNED,
    "/desk/care-plans/{care_plan_id}/approve": {"clerk", "approver", "admin"},
    "/desk/care-plans/{care_plan_id}/discard": PLANNED,
    "/desk/care-plans/{care_plan_id}/end": {"clerk", "approver", "admin"},
    "/desk/elders/{elder_id}/absences": OFFICE,
    "/desk/elders/{elder_id}/care": PLANNED,
    "/desk/meals": DESK | {"provider_manager"},
    **{
        f"/desk/meals/{{meal_id}}/{verb}": DESK | {"provider_manager"} for verb in ("attend", "order", "send")
    },
    "/desk/orders": DESK,
    **{f"/desk/orders/{{order_id}}/{verb}": DESK for verb in ("call-back", "cancel")},
    **{f"/desk/places{path}": OFFICE for path in ("", "/{place_id}")},
    **{f"/family/care/{{elder_id}}/orders{path}": {"family"} for path in ("", "/{order_id}")},
    **{f"/roster/coverage{path}": OFFICE for path in ("", "/{coverage_id}/end")},
    **{f"/roster/{path}": SHIFTS for path in ("copy", "drag", "import", "import/confirm", "wishes")},
    **{f"/roster/{noun}": SHIFTS for noun in ("leaves", "people", "shifts")},
    **{
        f"/roster/{path}": SHIFTS
        for path in (
            *("leaves/{leave_id}", "people/{caregiver_id}", "shifts/{shift_id}"),
            *("swaps/{swap_id}", "wishes/{wish_id}/end"),
        )
    },
}
WRITES |= NOTICE_WRITES | DUTY_WRITES | MONEY_WRITES | FAMILY_WRITES | SEAT_WRITES | INBOUND_WRITES
WRITES |= relating.WRITES | ASKING_WRITES
OF_ONESELF = {"/login", "/logout", "/language", "/type"} | relating.OPEN_WRITES
FILES = {
    "/admin/kits/import": {"sheet": ("a.xlsx", b"x", "text/html")},
    "/installer/tests/{test_id}/photos": {
        "photo": ("a.jpg", b"\xff\xd8\xff\xda\x00\x02\xff\xd9", "image/jpeg")
    },
    "/desk/allowances/{allowance_id}/bank-results": {"sheet": ("a.csv", b"x", "text/csv")},
}


def forms() -> dict[str, APIRoute]:
    return {
        route.path: route
        for face in web.FACES
        for router in face.ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" not in (route.methods or ())
    }


async def send(client: httpx.AsyncClient, route: str, ids: dict[str, UUID]) -> httpx.Response:
    known = {"member_id": ids["elder_id"], **ids}
    data: dict[str, Any] = {
        "elder_id": str(ids["elder_id"]),
        "elder": str(ids["elder_id"]),
        "code": str(ids["device_id"]),
        "care_bed_id": str(ids["care_bed_id"]),
        "case_id": str(ids["case_id"]),
        "thing_model": "care_bed_v1",
        "name": "reboot",
        "field": "phone",
    }
    address = route.format(**known, kind="csv", verb=VERBS.get(route))
    return await client.post(address, data=data, files=FILES.get(route))


def test_the_list_names_every_form_and_each_runs_in_one_transaction() -> None:
    found = forms()
    assert found.keys() == WRITES.keys() | OF_ONESELF
    assert {path for path, route in found.items() if not isinstance(route, Guarded)} == OF_ONESELF


async def test_no_role_sends_a_form_that_is_not_its_own(
    app: FastAPI, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    wrong = []
    for role in ROLES:
        async with await client_of(app, everybody[role]) as client:
            for route, allowed in WRITES.items():
                if role not in allowed:
                    status = (await send(client, route, things)).status_code
                    wrong += [(role, route, status)] if status not in (403, 404) else []
    assert not wrong, "\n".join(map(str, wrong))


async def test_another_district_changes_nothing_behind_an_id(
    app: FastAPI,
    world: World,
    things: dict[str, UUID],
    pool_owner: Pool,
    pool_worker: Pool,
    pool_gateway: Pool,
) -> None:
    other = await make_world(pool_owner, world.web, pool_worker, pool_gateway, world.keys, "341302")
    strangers = await make_everybody(other)
    wrong = []
    for route, allowed in WRITES.items():
        if "_id}" not in route and route != "/installer/scan":
            continue
        for role in sorted(allowed):
            async with await client_of(app, strangers[role]) as client:
                answer = await send(client, route, things)
            if answer.status_code != 404 or str(world.district) in answer.text:
                wrong.append((role, route, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))
