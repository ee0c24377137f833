"""Properties are tried on the same examples every day, and a busy machine is no error.

Look for new examples with ``pytest --hypothesis-profile explore``.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow,)

settings.register_profile("explore", deadline=None, suppress_health_check=SLOW)
settings.register_profile(
    "repeatable", deadline=None, suppress_health_check=SLOW, derandomize=True, database=None
)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share what their module makes once run in one process: it is made once."""
    for item in items:
        made = getattr(item, "_fixtureinfo").name2fixturedefs.values()  # noqa: B009 - no public name
        if any(one[-1].scope == "module" for one in made):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


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
        patch.setattr(projection, "baseline", made_up_baseline)
        yield made_up_baseline
