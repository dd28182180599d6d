"""What a family may say of its own application."""

from fastapi import FastAPI

from tests.dashboards.clients import client_of
from tests.dashboards.test_allowed import API
from tests.dashboards.things import make_everybody, make_things
from tests.dispatch.worlds import World


async def test_a_family_does_not_say_which_documents_the_office_has_seen(app: FastAPI, world: World) -> None:
    everybody = await make_everybody(world)
    things = await make_things(world, everybody["caregiver"], everybody["assessor"])
    async with world.web.transaction(world.district) as conn:
        code = await conn.fetchval("SELECT code FROM scheme LIMIT 1")
    at = f"{API}/applications"
    complete = f"{at}/{things['application_id']}/complete"
    async with await client_of(app, everybody["family"]) as home:
        new = {"scheme_code": code, "elder_id": str(world.elder), "documents": ["id_card"]}
        assert (await home.post(at, json=new)).status_code == 422
        assert (await home.post(complete, json={"documents": ["id_card"]})).status_code == 422
        assert (await home.post(complete, json={"documents": []})).status_code == 200
    async with await client_of(app, everybody["clerk"]) as desk:
        seen = (await desk.post(complete, json={"documents": ["photo"]})).json()["documents"]
    assert "photo" in seen
