"""Sensitivity: indices of a function whose shares are known, and the bookkeeping of a real design."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from hidra.charts.words import Words
from hidra.cli.app import app
from hidra.inference import sensitivity as kept
from hidra.inference.sensitivity import CHANCE, FITTED, MEASURES, Unknowns, anchored, table
from hidra.report import blocks, sections

pytest.importorskip("SALib")
ROOT = Path(__file__).resolve().parents[2]
ON = ("leadership_removal", "moves", "precarity")
HELD = {"moves.rate": 0.001, "precarity.ceiling": 0.18, "leadership_removal.damage": 0.5}


@pytest.fixture
def unknowns():
    rows = np.linspace(0.0, 1.0, 64)
    return Unknowns(
        ON, HELD, {"recruitment": rows, "fixed": np.ones(64), "linked": np.ones((64, 32))}
    )


def test_only_what_the_study_holds_at_a_number_is_swept(unknowns):
    assert [q.name for q in unknowns.swept] == [
        "leadership_removal.damage", "moves.rate", "precarity.ceiling"
    ]  # fmt: skip
    assert unknowns.groups == (FITTED, "leadership_removal", "moves", "precarity", CHANCE)


def test_a_point_is_a_row_of_the_posterior_quantiles_of_priors_and_a_number(unknowns):
    points = np.array([[0.0, 0.5, 0.5, 0.5, 0.0], [0.999, 0.5, 0.9, 0.5, 0.75]])
    p = unknowns.parameters(points)
    np.testing.assert_allclose(p["recruitment"], [0.0, 1.0])
    np.testing.assert_allclose(p["moves.rate"][0], 0.001)
    assert p["moves.rate"][1] > 0.003 and p["linked"].shape == (2, 32)
    assert unknowns.number(points).tolist() == [0, int(0.75 * 2**20)]
    assert unknowns.columns(points)[0] == ["recruitment", *(q.name for q in unknowns.swept)]


def test_the_shares_of_a_known_function_are_found(unknowns):
    """log y = 3 a + b + c d: a alone 9/(9 + 1 + 1/12), and c acts only together with d."""
    from SALib.sample.sobol import sample

    points = sample(unknowns.problem, 1024, calc_second_order=False, seed=4)
    a, b, c, d = points[:, 0], points[:, 2], points[:, 3] - 0.5, points[:, 4] - 0.5
    y = np.exp(3 * a + b + c * d)
    found = table(unknowns, points, dict.fromkeys(MEASURES, y), 1)
    groups = found[(found["level"] == "group") & (found["measure"] == MEASURES[0])].set_index(
        "name"
    )
    whole = 9 + 1 + 1 / 12
    for name, first, total in (
        (FITTED, 9 / whole, 9 / whole),
        ("moves", 1 / whole, 1 / whole),
        ("precarity", 0.0, 1 / 12 / whole),
        ("leadership_removal", 0.0, 0.0),
    ):
        row = groups.loc[name]
        assert row["first"] == pytest.approx(first, abs=0.05)
        assert row["total"] == pytest.approx(total, abs=0.02)
        assert row["total_lo"] <= row["total"] <= row["total_hi"]
    single = found[(found["level"] == "parameter") & (found["measure"] == MEASURES[0])]
    single = single.set_index("name")["first"]
    assert single["recruitment"] == pytest.approx(9 / whole, abs=0.05)
    assert abs(single["leadership_removal.damage"]) < 0.05


def test_a_past_on_record_is_not_credited_to_a_prior():
    """Twice the deaths of members throughout: expected homicides stay as they were fitted."""
    months, fitted = 24, 12
    deaths = np.ones((1, months, 2)) * np.array([1.0, 3.0])
    p = {"linked": np.full((1, 2), 2.0), "unlinked": np.full((1, 2), 1e-3)}
    exposure = np.full((months, 2), 1000.0)
    usual = deaths[:, :fitted].mean(axis=1)
    as_fitted = p["linked"][:, None] * deaths + p["unlinked"][:, None] * exposure
    double = p["linked"][:, None] * 2 * deaths + p["unlinked"][:, None] * exposure
    found = anchored(double, 2 * deaths, usual, p, exposure, fitted)
    np.testing.assert_allclose(found, as_fitted)
    later = deaths.copy()
    later[:, fitted:] *= 2  # a rise after the fit is kept
    killed = p["linked"][:, None] * later + p["unlinked"][:, None] * exposure
    np.testing.assert_allclose(anchored(killed, later, usual, p, exposure, fitted), killed)


def test_the_kept_result_says_what_it_was_made_from():
    found, told = kept.shipped(), kept.manifest()
    assert set(found["measure"]) == set(MEASURES)
    groups = found[found["level"] == "group"]
    assert set(groups["name"]) == set(told["groups"]) >= {FITTED, CHANCE}
    assert told["runs"] == told["samples"] * (len(told["groups"]) + 2)
    assert groups[["title_es", "title_en"]].notna().all().all()
    for _, part in groups.groupby("measure"):
        assert part["total"].sum() > 0.8, "all groups together explain the spread"
        assert (part["first"] - part["total"]).max() < 0.25


def test_the_page_says_what_is_kept():
    import sys

    sys.path.insert(0, str(ROOT))
    from scripts import make_sensitivity as script

    for language, path in script.PAGES.items():
        text = (ROOT / path).read_text(encoding="utf-8")
        assert text == script.page(language, kept.shipped(), kept.manifest()), (
            f"{path} is old: python -m scripts.make_sensitivity"
        )


def test_what_no_record_informs_is_swept_wherever_its_draws_stand():
    """Drawn from the prior into the posterior or held at its centre: it varies on its own."""
    draws = {"recruitment": np.arange(4.0), "moves.rate": np.arange(4.0)}
    drawn = Unknowns(("moves",), {}, draws, ("moves",))
    assert [q.name for q in drawn.swept] == ["moves.rate"]
    names, _ = drawn.columns(np.array([[0.1, 0.2, 0.3], [0.9, 0.8, 0.7]]))
    assert names == ["recruitment", "moves.rate"]


def test_the_section_shows_what_drives_most_and_is_left_out_without_a_table():
    for language in ("es", "en"):
        section = sections.sensitivity({"sensitivity": kept.shipped()}, {}, Words(language))
        assert [block.name for block in section.blocks] == [f"sensitivity_{m}" for m in MEASURES]
        for block in section.blocks:
            assert len(block.data) == blocks.MOST and list(block.data.columns) == list(
                blocks.SHARES
            )
            assert block.data["total"].is_monotonic_decreasing
        assert all(float(row[2][:-2]) > 0 for table in section.tables for row in table.rows)
        assert sections.sensitivity({}, {}, Words(language)).empty


def test_the_command_prints_json_only_and_refuses_an_unbalanced_design():
    found = CliRunner().invoke(app, ["sensitivity", "--json"])
    assert found.exit_code == 0
    assert len(json.loads(found.stdout)["sensitivity"]) == len(kept.shipped())
    refused = CliRunner().invoke(app, ["sensitivity", "--samples", "4"])
    assert refused.exit_code != 0


@pytest.mark.slow
def test_a_small_design_runs_through_the_whole_system():
    """About a minute: eight base samples, a year and a half ahead."""
    from dataclasses import replace

    from hidra.inference.sensitivity import sobol

    whole, seed, unknowns, _ = kept.system()
    few = replace(unknowns, posterior={n: v[:4] for n, v in unknowns.posterior.items()})
    found = sobol(whole.with_(end="2026-06"), few, samples=8, seed=seed)
    assert np.isfinite(found["first"].to_numpy()).any() and set(found["measure"]) == set(MEASURES)
