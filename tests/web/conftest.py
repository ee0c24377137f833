"""One server in memory for all readers, with an empty data folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from hidra.web.app import make
from hidra.web.site import Settings


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory):
    return tmp_path_factory.mktemp("web")


@pytest.fixture(scope="session")
def reader(folder) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HIDRA_HOME", str(folder / "home"))
        settings = Settings(folder=folder / "runs", warm=False, largest=300_000)
        app = make(settings)
        with TestClient(app, base_url="http://localhost") as client:
            yield client
