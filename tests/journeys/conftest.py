from collections.abc import Iterator

import pytest

from tests.journeys.installations import Installation, installed


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Run one installation with the demonstration for all journeys of the run."""
    with installed(tmp_path_factory.mktemp("journey") / "home", "--simulate", "0") as one:
        yield one
