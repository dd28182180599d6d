from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, async_playwright
from playwright.sync_api import sync_playwright

from core.db import Pool
from tests.browser import seats
from tests.browser.faces import ARGUMENTS, CHROMIUM, Faces
from tests.browser.seats import Seat
from tests.browser.story import Story, asked, press, remember, tell, work_on
from tests.dispatch.worlds import make_world
from tests.journeys.installations import Installation, installed


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Run one installation with twenty simulated homes."""
    assert Path(CHROMIUM).exists(), "install Debian's chromium and fonts-noto-cjk"
    with installed(tmp_path_factory.mktemp("browser") / "home", "--simulate", "20") as one:
        yield one


@pytest.fixture(scope="session")
def faces(installation: Installation) -> Iterator[Faces]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Faces(installation, browser)
        browser.close()


@pytest.fixture(scope="session")
def story(faces: Faces) -> Story:
    """Tell the story once, then leave some alarms open for the pages to show."""
    told = tell(faces)
    homes = [one["care_bed_id"] for one in simulated(faces.installation)][1:5]
    for bed in homes[:2]:
        remember(faces, bed)
    kinds = (
        ("sos", "sos_button_v1"),
        ("bed_exit", "care_bed_v1"),
        ("smoke", "smoke_v1"),
        ("fault", "care_bed_v1"),
    )
    for bed, (kind, model) in zip(homes, kinds, strict=True):
        press(faces, bed, kind, model)
    told.open_case = work_on(faces, "王德福")
    told.asked = asked(faces)
    return told


@pytest.fixture
async def seat(
    pool_owner: Pool, pool_web: Pool, pool_worker: Pool, pool_gateway: Pool, keys: Any, database: Any
) -> AsyncIterator[Seat]:
    world = await make_world(pool_owner, pool_web, pool_worker, pool_gateway, keys)
    async with seats.seat(world, database.web) as one:
        yield one


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        await found.close()


def simulated(installation: Installation) -> list[dict[str, str]]:
    """Return the simulated homes of the first district."""
    import json  # noqa: PLC0415

    found = json.loads((installation.home / "simulator.json").read_text(encoding="utf-8"))["homes"]
    return [one for one in found if one["district"] == installation.accounts[0]["district"]]
