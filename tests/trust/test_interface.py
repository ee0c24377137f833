"""The interface against its own OpenAPI: whatever is sent, the answer is never HTTP 500."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from hidra.web.app import make
from hidra.web.site import Settings


class Idle:
    """A worker that takes every run and never begins."""

    def expect(self):
        pass

    def give(self, folder):
        pass

    def alive(self):
        return True

    def end(self):
        pass


@pytest.fixture(scope="module")
def operations(tmp_path_factory):
    folder = tmp_path_factory.mktemp("interface")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HIDRA_HOME", str(folder / "home"))
        app = make(Settings(folder=folder / "runs", warm=False), Idle())
        described = schemathesis.openapi.from_asgi(
            "/api/v1/openapi.json", app, headers={"host": "127.0.0.1"}
        )
        yield [found.ok() for found in described.get_all_operations()]


@pytest.mark.parametrize("most", [3, pytest.param(500, marks=pytest.mark.slow)])
def test_no_answer_is_a_server_error(operations, most):
    assert len(operations) > 5
    for operation in operations:

        @settings(
            max_examples=most,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        )
        @given(case=operation.as_strategy())
        def asked(case):
            answer = case.call(headers={"host": "127.0.0.1"}, timeout=300)  # 10 s on a busy machine
            assert answer.status_code < 500, f"{case.method} {case.path}: {answer.text[:300]}"

        asked()
