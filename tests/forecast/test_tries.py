"""The third try at the bands of case files: what its candidates are, and how the page tells it."""

import sys
from pathlib import Path

import numpy as np
import pytest

from hidra.forecast import means, models
from hidra.forecast.history import month, record
from hidra.forecast.model import Ask

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the scripts stand beside the package, not in it

from scripts import make_baseline_scores as page  # noqa: E402
from scripts import make_baseline_tries as tries  # noqa: E402


def test_a_walk_without_more_is_the_state_space_model_bit_for_bit(homicides, hindcasts):
    ask = Ask(homicides.until(month("2016-12")), (1, 2, 6), 40, 3, hindcasts)
    free = ask.history.counts / means.season(ask.history)[ask.history.calendar][:, None]
    free = free[-means.WINDOW :]
    noise = means._counting_noise(free)
    model = means.Wander(np.log(free + means.HALF), noise, reverts=False)
    model.update(np.log(models.SHOCKS))
    assert (tries.walked(ask, model) == models.state_space(ask)).all()


def test_a_prolonged_record_is_the_files_where_there_are_files():
    files = record("sesnsp_homicide_victims", "state").until(month("2018-12"))
    longer = tries.prolonged(files)
    assert longer.origin == files.origin
    assert longer.first == record("inegi_homicides", "state").first
    assert (longer.counts[-len(files.counts) :] == files.counts).all()


def test_what_is_learnt_knows_nothing_later():
    """Five origins at which another setting, and the second model, did best: told by then or not."""
    settings = np.ones((len(tries.SHOCKS), 6, 2))
    settings[3] = 0.0
    shares = np.stack([np.full((6, 2), 0.1), np.full((6, 2), 0.9)], axis=-1)
    starts = [month("2019-01") + 3 * k for k in range(5)]
    past = [tries.Past(at + np.arange(1, 7)[:, None], settings, shares) for at in starts]
    early = tries.learnt(past, month("2020-03"))
    assert early[0] == 0.5
    assert early[1] is models.SHOCKS, "three origins are known in full"
    share, shocks = tries.learnt(past, month("2020-04"))
    assert share > 0.99
    assert (shocks == tries.SHOCKS[3]).all()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("crps", "said"), [(11.0, "refused"), (10.5, "built")])
def test_the_page_tells_what_came_of_it(language, crps, said):
    words = page.WORDS[language]
    row = {"crps": [9.41, -0.06, -0.09, -0.02]}
    found = {
        "origins": ["2018-12", "2024-06", 23], "taken": "shocks",
        "rows": {"now": {"crps": [9.47, 0.0, 0.0, 0.0]}, "shocks": row},
        "looked": {"origin": "2024-12", "bound": tries.BOUND, "refused": crps > tries.BOUND,
                   "now": {"crps": 10.6, "cover": 0.86}, "then": {"crps": crps, "cover": 0.83}},
    }  # fmt: skip
    told = page.third(found, words)
    assert f"{crps:.2f}" in told
    assert told.endswith(" ".join(words[said].split()[-2:]))
    assert words["taken_none"] in page.third(found | {"taken": None}, words)
