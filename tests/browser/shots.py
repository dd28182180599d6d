"""`make shots`: each page of the demonstration fits, shuts nobody out, leads nowhere wrong; its picture."""

from collections.abc import AsyncIterator

import pytest

from core.db import Pool
from tests.browser.faces import LANGUAGES
from tests.browser.gallery import SIZES, gallery, speak
from tests.dashboards.clients import make_app
from tests.databases import Database
from tests.demonstration import Demonstration

pytestmark = pytest.mark.browser
LEAST = 90
"""So many pages at the least are looked at: a walk that ends early is not a walk."""


@pytest.fixture
async def pools(demo: Database) -> AsyncIterator[tuple[Pool, Pool]]:
    web, owner = await Pool.open(demo.web, size=6), await Pool.open(demo.owner, size=1)
    yield web, owner
    await web.close()
    await owner.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", SIZES)
async def test_every_page_of_the_demonstration_fits_and_shuts_nobody_out(
    width: int, language: str, pools: tuple[Pool, Pool], demonstration: Demonstration
) -> None:
    web, owner = pools
    await speak(owner, language)
    app = make_app(web, demonstration.keys)
    found: dict[str, list[str]] = {}
    async with gallery(app, demonstration) as shown:
        assert sum(map(len, shown.views.values())) > LEAST
        for role in shown.views:
            found |= await shown.look(role, language, width, axe=True)
        assert shown.complaints == []
    assert found == {}
