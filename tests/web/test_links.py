"""No link of the demonstration leads nowhere, and links lead to every page."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from core.accounts import ROLES
from core.db import Pool
from tests.dashboards.clients import make_app
from tests.databases import Database
from tests.demonstration import Demonstration
from tests.web.test_pages import PAGES
from tests.web.walking import walk

UNLINKED: dict[str, str] = {}
"""Pages that no link of the demonstration leads to: why."""


@pytest.fixture
async def shown(demo: Database, demonstration: Demonstration) -> AsyncIterator[FastAPI]:
    pool = await Pool.open(demo.web, size=4)
    yield make_app(pool, demonstration.keys)
    await pool.close()


async def test_links_lead_to_every_page_and_none_leads_nowhere(
    shown: FastAPI, demonstration: Demonstration
) -> None:
    walks = [await walk(shown, demonstration.login(role)) for role in ROLES]
    assert {(one.role, *wrong) for one in walks for wrong in one.wrong} == set()
    assert PAGES.keys() - {route for one in walks for route in one.found} == UNLINKED.keys()
