"""Every page, for every role, in both languages, and what it costs."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from core.accounts import ROLES, Person
from dashboards import web
from tests.dashboards import relating, reporting
from tests.dashboards.asking import ASKING_PAGES
from tests.dashboards.calling_in import INBOUND_PAGES
from tests.dashboards.clients import client_of
from tests.dashboards.duties import DUTY_PAGES
from tests.dashboards.noticing import NOTICE_PAGES
from tests.dashboards.seating import SEAT_PAGES
from tests.dispatch.worlds import World
from tests.web.audit_pages import AUDIT_PAGES
from tests.web.conftest import CountingPool

OPERATORS = {"operator", "duty_manager", "admin"}
STAFF = {"clerk", "auditor", "approver"}
MONEY = STAFF | {"provider_manager"}
READERS = STAFF | {"assessor", "admin"}
CARER, FAMILY, ADMIN = {"caregiver"}, {"family"}, {"admin"}
FITTERS = {"admin", "installer"}
MANAGERS = {"provider_manager", "clerk", "admin"}
PLANNERS = {"provider_manager", "duty_manager", "admin", "clerk"}
PROVIDER = {"provider_manager", "admin"}
MOST = 12
CARE = STAFF | OPERATORS
HANDS = {"clerk", "provider_manager"} | OPERATORS

PAGES: dict[str, set[str]] = {
    **reporting.PAGES,
    **SEAT_PAGES,
    **NOTICE_PAGES,
    **INBOUND_PAGES,
    "/desk/elders/{elder_id}/care": READERS,
    "/desk/elders/{elder_id}/care/new": {"clerk", "assessor", "admin"},
    "/desk/care-plans/{care_plan_id}": READERS,
    "/desk/orders": CARE,
    "/desk/orders/new": OPERATORS | {"clerk"},
    "/desk/places": CARE,
    "/desk/places/new": {"clerk", "admin"},
    "/desk/places/{place_id}": {"clerk", "admin"},
    "/desk/places/outside.{kind}": CARE,
    "/desk/meals": HANDS | {"auditor", "approver"},
    "/desk/meals/{meal_id}": HANDS | {"auditor", "approver"},
    "/desk/calls": CARE,
    "/desk/calls/export.{kind}": CARE,
    "/family/care": FAMILY,
    "/family/care/{elder_id}": FAMILY,
    "/console": OPERATORS,
    "/console/technical": OPERATORS,
    "/console/technical/list": OPERATORS,
    "/console/technical/export.xlsx": OPERATORS,
    "/console/incidents": OPERATORS,
    "/console/incidents/{incident_id}/export.xlsx": OPERATORS,
    "/console/queue": OPERATORS,
    "/console/history": OPERATORS,
    "/console/cases/{case_id}": OPERATORS,
    "/m": CARER,
    "/m/certificates": CARER,
    "/m/week": CARER,
    "/m/month": CARER,
    "/carers/alarms": OPERATORS | {"provider_manager"},
    "/carers/alarms/banner": OPERATORS | {"provider_manager"},
    "/desk/phone": {"clerk", "assessor", "admin", "provider_manager", "duty_manager"},
    "/family/elders/{elder_id}/code": FAMILY,
    "/installer/beds/{care_bed_id}/code": FITTERS,
    "/m/visits/{visit_id}": CARER,
    "/family": FAMILY,
    "/family/elders/{elder_id}": FAMILY,
    "/family/bill": FAMILY,
    "/family/bill/{elder_id}": FAMILY,
    "/desk": MONEY,
    "/desk/statements": MONEY,
    "/desk/statements/{statement_id}": MONEY,
    "/desk/statements/{statement_id}/lines.xlsx": MONEY,
    "/desk/settlement": STAFF,
    "/desk/settlement/runs": STAFF,
    "/desk/contracts": STAFF,
    "/provider/money": ADMIN | {"provider_manager"},
    "/desk/claims": MONEY,
    "/desk/claims/{claim_id}": MONEY,
    "/desk/unpriced": STAFF,
    "/desk/schemes": STAFF | {"admin"},
    "/desk/schemes/new": {"clerk", "admin"},
    "/desk/schemes/{scheme_id}": STAFF | {"admin"},
    "/desk/entitlements": STAFF,
    "/desk/export.xlsx": STAFF,
    "/desk/elders": READERS,
    "/desk/elders/{elder_id}": READERS,
    "/desk/assessments/new": {"assessor"},
    "/desk/assessments/{assessment_id}": READERS,
    "/desk/assessments/{assessment_id}/result.pdf": READERS,
    "/desk/assessments-wanted": READERS,
    "/assessor": {"assessor"},
    "/assessor/elders/{elder_id}": {"assessor"},
    "/desk/guardianships": STAFF | ADMIN,
    "/desk/guardianships/{guardianship_id}": STAFF | ADMIN,
    "/family/alert/{case_id}": FAMILY,
    "/family/vitals": FAMILY,
    "/family/vitals/{elder_id}": FAMILY,
    "/family/visits": FAMILY,
    "/family/visits/{elder_id}": FAMILY,
    "/family/phone": FAMILY,
    "/family/grade": FAMILY,
    "/family/grade/{elder_id}": FAMILY,
    "/family/grade/{elder_id}/result.pdf": FAMILY,
    "/desk/homes/{home_id}/qr": READERS | {"installer"},
    "/installer": FITTERS,
    "/installer/scan": FITTERS,
    "/installer/unknown": FITTERS,
    "/installer/beds/{care_bed_id}": FITTERS,
    "/installer/tests/{test_id}": FITTERS,
    "/installer/photos/{photo_id}": FITTERS,
    "/admin/kits": ADMIN,
    "/admin/kits/template.xlsx": ADMIN,
    "/admin/dead-letters": ADMIN,
    "/admin": FITTERS,
    "/admin/unknown-devices": FITTERS,
    "/fleet": OPERATORS | FITTERS,
    "/fleet/{device_id}": OPERATORS | FITTERS,
    "/fleet/export.{kind}": OPERATORS | FITTERS,
    "/admin/dead-letters/count": ADMIN,
    "/admin/dead-letters/export.{kind}": ADMIN,
    "/admin/rules": OPERATORS,
    "/admin/accounts": ADMIN,
    "/roster": MANAGERS,
    "/roster/month": MANAGERS,
    "/roster/people": MANAGERS,
    "/roster/people/new": MANAGERS,
    "/roster/people/{caregiver_id}": MANAGERS,
    "/roster/wishes": MANAGERS,
    "/roster/coverage": MANAGERS,
    "/roster/import": MANAGERS,
    "/roster/import/{noun}.xlsx": MANAGERS,
}
PAGES |= {
    "/approver": {"approver"},
    "/desk/allowances": STAFF,
    "/desk/allowances/{allowance_id}": STAFF,
    "/desk/allowances/{allowance_id}/progress": STAFF,
    "/desk/allowances/lines/{allowance_line_id}": STAFF,
    "/desk/life-proofs": STAFF | ADMIN,
    "/desk/elders/{elder_id}/life": STAFF | ADMIN,
    "/desk/deaths": STAFF | ADMIN,
    "/desk/deaths/{death_id}": STAFF | ADMIN,
}
PAGES |= (
    AUDIT_PAGES
    | DUTY_PAGES
    | {
        "/m/open": CARER,
        "/plan": PLANNERS,
        "/plan/map": PLANNERS,
        "/plan/visits/{visit_id}": PLANNERS,
        "/plan/visits/{visit_id}/move": PLANNERS - {"clerk"},
        "/plan/runs/{plan_id}": PLANNERS,
        "/provider": PROVIDER,
        "/provider/board": PROVIDER,
        "/provider/visits/{visit_id}/substitutes": PROVIDER,
        "/provider/figures": PROVIDER,
        "/provider/figures.{kind}": PROVIDER,
    }
)
PAGES |= {
    "/clerk": {"clerk"},
    "/clerk/applications": STAFF,
    "/clerk/applications/new": {"clerk"},
    "/clerk/applications/{application_id}": STAFF,
    "/clerk/applications/{application_id}/standing": STAFF,
    "/clerk/registers": {"clerk", "admin", "auditor"},
    "/clerk/registers/{register_import_id}": {"clerk", "admin", "auditor"},
    "/clerk/registers/{register_import_id}/mistakes.{kind}": {"clerk", "admin", "auditor"},
    "/clerk/matches": STAFF | ADMIN,
    "/clerk/matches/progress": STAFF | ADMIN,
    "/family/applications": FAMILY,
    "/family/applications/{elder_id}": FAMILY,
}
PARTS = {
    "/console/queue",
    "/desk/what-ifs/{what_if_id}/progress",
    *("/admin/dead-letters/count", "/carers/alarms/banner"),
    "/desk/allowances/{allowance_id}/progress",
    *("/clerk/applications/{application_id}/standing", "/clerk/matches/progress"),
    "/desk/settlement/runs",
    "/wall/board",
    *("/console/inbound/ringing", "/console/offers", "/console/ear", "/console/cases/{case_id}/said"),
}
OPEN = {"/", "/login", "/sw.js", "/manifest.webmanifest"}
OPEN |= {"/family/sw.js", "/family/app.webmanifest", "/family/offline"}
OPEN |= relating.OPEN_PAGES
PAGES |= relating.PAGES | ASKING_PAGES
SCANNED = {"/q/{token}", "/m/qr/{token}"}
HAN = re.compile("[\u4e00-\u9fff]")
UNFILLED = re.compile(r"[ (“](\?)[ )”.。,]|%\(\w+\)s")
SCRIPTS = re.compile(r"<(textarea|pre)[^>]*class=\"code\".*?</\1>", re.DOTALL)
"""A protocol is written in both languages at once."""
NAMES = re.compile(r"王磊|河口区中心路|老人\d*|中文|&#20013;&#25991;")


def addresses(ids: dict[str, UUID], world: World) -> dict[str, str]:
    """Return {route: an address that names things which are there}."""
    known = {**{name: str(value) for name, value in ids.items()}, "home_id": str(world.home), "kind": "csv"}
    known["noun"] = "shifts"
    query = {"/desk/orders/new": f"?elder={world.elder}", "/desk/assessments/new": f"?elder={world.elder}"}
    return {route: route.format(**known) + query.get(route, "") for route in PAGES}


def test_the_list_names_every_page_of_the_app() -> None:
    ours = {
        route.path
        for face in web.FACES
        for router in face.ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and not route.include_in_schema and "GET" in (route.methods or ())
    }
    assert ours == PAGES.keys() | OPEN | SCANNED


async def test_a_role_opens_its_own_pages_and_no_others(
    app: FastAPI, world: World, everybody: dict[str, Person], things: dict[str, UUID]
) -> None:
    opened: dict[str, set[str]] = {route: set() for route in PAGES}
    refused: set[int] = set()
    for role in ROLES:
        async with await client_of(app, everybody[role], "zh-CN") as client:
            for route, address in addresses(things, world).items():
                answer = await client.get(address)
                is_open = answer.status_code in (200, 303) or "hx-redirect" in answer.headers
                opened[route] |= {role} if is_open else set()
                refused |= set() if is_open else {answer.status_code}
    assert opened == PAGES
    assert refused <= {403, 404}


async def test_another_district_finds_nothing_behind_an_id(
    app: FastAPI, world: World, things: dict[str, UUID], pool_owner: Any, pool_worker: Any, pool_gateway: Any
) -> None:
    from tests.dashboards.things import make_everybody  # noqa: PLC0415
    from tests.dispatch.worlds import make_world  # noqa: PLC0415

    other = await make_world(pool_owner, world.web, pool_worker, pool_gateway, world.keys, "341302")
    strangers = await make_everybody(other)
    for route, address in addresses(things, world).items():
        if "_id}" not in route and "=" not in address:
            continue
        role = min(PAGES[route])
        async with await client_of(app, strangers[role]) as client:
            assert (route, (await client.get(address)).status_code) == (route, 404)


@pytest.mark.parametrize(("language", "tag"), [("zh_CN", "zh-CN"), ("en", "en")])
async def test_a_page_is_whole_in_each_language_and_costs_few_statements(
    language: str,
    tag: str,
    app: FastAPI,
    world: World,
    counting: CountingPool,
    everybody: dict[str, Person],
    things: dict[str, UUID],
) -> None:
    async with world.web.transaction(world.district) as conn:
        await conn.execute("UPDATE account SET language = $1", language)
    dear: dict[str, int] = {}
    wrong: list[tuple[str, str]] = []
    for route, address in addresses(things, world).items():
        async with await client_of(app, everybody[min(PAGES[route])], tag) as client:
            counting.statements.clear()
            answer = await client.get(address)
        dear[route] = len(counting.statements)
        if answer.headers.get("content-type", "").startswith("text/html"):
            wrong += [(route, what) for what in words_wrong(route, answer, language, tag)]
    assert wrong == []
    assert {route: n for route, n in dear.items() if n > MOST} == {}


def words_wrong(route: str, answer: httpx.Response, language: str, tag: str) -> list[str]:
    """Return what is wrong with a page's words: its language, Han in English, places that stayed empty."""
    text = answer.text
    wrong = [] if route in PARTS or f'<html lang="{tag}"' in text else ["no page in the language"]
    wrong += ["a page, no part"] if route in PARTS and "<html" in text else []
    wrong += HAN.findall(NAMES.sub("", SCRIPTS.sub("", text))) if language == "en" else []
    return wrong + UNFILLED.findall(text)
