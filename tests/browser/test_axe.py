"""No page of the product shuts anybody out: axe on every one, at a desk and on a phone, in both languages."""

from uuid import UUID

import pytest
from fastapi import FastAPI

from core.accounts import Person
from tests.browser.everything import everything, is_page, shut_out
from tests.browser.faces import LANGUAGES
from tests.databases import Database
from tests.dispatch.worlds import World
from tests.web.conftest import app, counting, everybody, things, world  # noqa: F401 - fixtures
from tests.web.test_pages import PAGES, PARTS, addresses

pytestmark = pytest.mark.browser
AUDIENCES: dict[str, tuple[str, ...]] = {
    "family": ("/family",),
    "phone": ("/m", "/installer", "/assessor"),
    "centre": ("/console", "/carers", "/duty", "/wallboard", "/calls", "/fleet", "/admin"),
    "desk": ("/desk",),
    "office": ("/clerk", "/approver", "/audit"),
    "provider": ("/plan", "/provider", "/roster"),
}


def audience_of(route: str) -> str:
    """Return whose page it is; what no audience names is the call centre's."""
    hits = [
        name
        for name, starts in AUDIENCES.items()
        if any(route == s or route.startswith(f"{s}/") for s in starts)
    ]
    return hits[0] if hits else "centre"


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("audience", AUDIENCES)
async def test_no_page_shuts_anybody_out(
    audience: str,
    language: str,
    phone: bool,  # noqa: FBT001 - a parameter of the test
    app: FastAPI,  # noqa: F811 - a fixture
    world: World,  # noqa: F811 - a fixture
    database: Database,
    everybody: dict[str, Person],  # noqa: F811 - a fixture
    things: dict[str, UUID],  # noqa: F811 - a fixture
) -> None:
    roles = {
        route: min(roles)
        for route, roles in PAGES.items()
        if audience_of(route) == audience and is_page(route) and route not in PARTS
    }
    async with everything(app, world, database.web) as every:
        known = addresses(things, world)
        assert await shut_out(every, everybody, known, roles, language, phone=phone) == {}
    assert every.complaints == []
