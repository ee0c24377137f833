"""Claims are tested on the built-in data, and keep nothing in anybody's data folder."""

import pytest


@pytest.fixture(autouse=True, scope="session")
def empty_home(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("HIDRA_HOME", str(tmp_path_factory.mktemp("home")))
    yield
    patch.undo()
