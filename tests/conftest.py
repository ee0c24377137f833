"""Properties are tried on the same examples every day, and a busy machine is no error.

Look for new examples with ``pytest --hypothesis-profile explore``.
"""

import gc
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

# Programs are compiled once for all processes, those that tests start with an empty folder too.
COMPILED = Path(__file__).parents[1] / "build" / "compiled"
os.environ.setdefault("HIDRA_COMPILE_CACHE", str(COMPILED))

gc.set_threshold(10_000, 20, 20)  # looking for cycles took a twentieth of the time of all tests

SLOW = (HealthCheck.too_slow,)

settings.register_profile("explore", deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "repeatable", deadline=None, suppress_health_check=SLOW, derandomize=True, database=None
)
settings.load_profile("repeatable")


def pytest_sessionstart() -> None:
    """Let no example hang on which modules are loaded: Hypothesis tries the constants in them."""
    if settings.get_current_profile_name() == "repeatable":
        pytest.MonkeyPatch().setattr(providers, "_get_local_constants", providers.Constants)


LONG = (  # groups of tests that take more than half a minute, the longest first
    "tests/web", "tests/frozen/test_frozen.py", "tests/web/test_publish.py",
    "tests/panel/test_privacy.py", "tests/forecast", "tests/unit/test_shards.py", "tests/claims",
    "tests/unit/test_system.py", "tests/unit/test_ensemble.py", "tests/browser",
    "tests/unit/test_what_if.py", "tests/validation/test_fit.py",
    "tests/validation/test_science2023.py", "tests/unit/test_execute.py",
    "tests/trust/test_trust.py", "tests/unit/test_checkpoint.py",
)  # fmt: skip


SHARED = ("tests/browser", "tests/claims", "tests/forecast", "tests/web")  # have common fixtures


def group(name: str) -> str:
    """Return what a test shares things with, by its name: its file, or its whole folder."""
    file = name.partition("::")[0]
    return next((one for one in SHARED if file.startswith(f"{one}/") and file not in LONG), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What tests share is made once: those of a group run in one process, the first group first."""
    from xdist.scheduler import LoadScopeScheduling

    class ByGroup(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    config.option.loadscopereorder = False
    return ByGroup(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest groups begin first, so that all processes end together."""
    order = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(group(item.nodeid), len(LONG)))


def made_up_baseline(measure, origin, months, draws, seed):
    """Stand in for the forecast: draws of a steady nation, as quick as can be."""
    from hidra.forecast import Baseline

    rng = np.random.default_rng([seed, len(measure)])
    first = np.datetime64(origin, "M") + 1
    return Baseline(
        rng.poisson(75, (draws, months, 32)),
        [f"{state:02d}" for state in range(1, 33)],
        [str(first + ahead) for ahead in range(months)],
        origin,
        np.zeros(draws, int),
    )


@pytest.fixture(scope="module")
def quick_forecast():
    """Put the stand-in in the place of the forecast in runs and projections."""
    from hidra.run import projection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hidra.forecast.baseline", made_up_baseline)
        projection._forecasts.cache_clear()
        yield made_up_baseline
        projection._forecasts.cache_clear()
