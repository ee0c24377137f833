"""Only recruitment? and pipelines (G15): the pages are what the program found in the whole system."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the scripts stand beside the package, not in it

from scripts import check_pipelines as pipelines  # noqa: E402
from scripts import make_only_recruitment as script  # noqa: E402


@pytest.mark.parametrize("module", [script, pipelines])
def test_the_pages_say_what_the_program_found(module):
    kept = json.loads(module.KEPT.read_text(encoding="utf-8"))
    for language, path in module.PAGES.items():
        assert (ROOT / path).read_text(encoding="utf-8") == module.page(language, kept)


def test_every_lever_takes_out_the_same_number_of_people_from_the_same_month():
    for start in script.STARTS:
        for dose in script.DOSES:
            wanted = [
                script.scenarios()[script.name(lever, dose, start)] for lever in script.LEVERS
            ]
            assert {w.start for w in wanted} == {start}
            assert {abs(d) for w in wanted for d in w.dose.values()} == {float(dose)}
    assert script.LEVERS["recruitment"] < 0 < script.LEVERS["enforcement"]


def _kept(other_high, better):
    changes = [{"measure": script.MEASURES[0], "scenario": f"enforcement_{d}_2027", "p95": h}
               for d, h in zip(script.DOSES, other_high, strict=True)]  # fmt: skip
    pairs = [{"measure": script.MEASURES[0], "better": b} for b in better]
    return {"changes": changes, "pairs": pairs}


@pytest.mark.parametrize(
    ("other_high", "better", "only", "best"),
    [
        ((-1, -2, -3), (0.99, 0.97), "contradicted", "supported"),
        ((-1, 0.1, -3), (0.99, 0.6), "partly", "partly"),
        ((1, 0.1, 0.3), (0.99, 0.3), "supported", "not supported"),
        ((-1, -1, -1), (0.01, 0.02), "contradicted", "contradicted"),
    ],
)
def test_the_verdicts_follow_from_the_draws_alone(other_high, better, only, best):
    assert script.verdicts(_kept(other_high, better)) == {"only": only, "best": best}


def test_g15_in_the_32_states_is_what_the_page_says():
    """True or not, the page says it: more groups where pipelines lie, or a miss."""
    kept = json.loads(pipelines.KEPT.read_text(encoding="utf-8"))
    page = (ROOT / pipelines.PAGES["en"]).read_text(encoding="utf-8")
    assert ("**Holds**" in page) == pipelines.holds(kept) != ("**Miss**" in page)
    low, middle, high = kept["deaths"]
    assert low <= middle <= high and kept["draws"] >= 20


@pytest.mark.slow
def test_a_few_draws_of_the_equal_doses_run_again():
    """About a minute: every scenario runs and lowers what it takes people from."""
    again = script.simulate(2)
    members = [r for r in again["changes"] if r["measure"] == "members"]
    assert len(members) == len(script.scenarios()) and all(r["p50"] < 0 for r in members)


@pytest.mark.slow
def test_the_check_of_pipelines_runs_again():
    """About a minute."""
    kept = json.loads(pipelines.KEPT.read_text(encoding="utf-8"))
    again = pipelines.simulate(4)
    assert again["states_with"] == kept["states_with"]
    assert again["rows"][0]["calm_with"] == pytest.approx(kept["rows"][0]["calm_with"], rel=0.3)
