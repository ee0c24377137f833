"""The report is one file, in two languages, whose sentences come from the tables."""

from __future__ import annotations

import importlib.util
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hidra.charts import series
from hidra.charts.words import Words
from hidra.core.errors import SpecError
from hidra.report import page as report_page
from hidra.report import sections, summary
from hidra.report.page import build

_demo = importlib.util.spec_from_file_location(
    "demo_tables", Path(__file__).parents[1] / "browser" / "demo_tables.py"
)
assert _demo
assert _demo.loader
demo = importlib.util.module_from_spec(_demo)
_demo.loader.exec_module(demo)
LANGUAGES = ("es", "en")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    made: dict[str, pd.DataFrame] = demo.tables()
    return made


@pytest.fixture(scope="module")
def page(tables: dict[str, pd.DataFrame]) -> str:
    return build(tables, demo.meta())


@pytest.fixture(scope="module")
def slim(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Three places and a few years: enough where a test is about something else."""
    few = "place in ['00', '05', '09'] and month >= '2018'"
    summary_rows, observed = tables["summary"].query(few), tables["observed"].query(few)
    return tables | {"summary": summary_rows, "observed": observed}


class Outline(HTMLParser):
    """Identifiers, references and addresses of a page, scripts left out."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.refers: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.refers += [found["href"][1:]] if found.get("href", "").startswith("#") else []
        self.refers += found.get("aria-labelledby", "").split()
        self.loads += [
            found[name] for name in ("src", "srcset", "data", "action") if found.get(name)
        ]
        if tag in ("link", "a") and not found.get("href", "#").startswith(("#", "data:")):
            self.loads.append(found["href"])


def stored(page: str) -> dict[str, Any]:
    text = re.search(r'id="hidra-data">(.*?)</script>', page, re.DOTALL)
    assert text
    loaded: dict[str, Any] = json.loads(text[1])
    return loaded


def test_the_page_is_one_small_file_that_loads_nothing(page: str) -> None:
    outline = Outline()
    outline.feed(page)
    assert outline.loads == []
    assert len(page.encode()) < 3_500_000
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.refers) <= set(outline.ids)


def test_the_policy_is_strict(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe-eval" not in policy[1]
    nonce = re.search(r"script-src 'nonce-(\w+)'(;|$)", policy[1])
    assert nonce
    scripts = [tag for tag in re.findall(r"<script[^>]*>", page) if "application/json" not in tag]
    assert scripts == [f'<script nonce="{nonce[1]}">'] * 2


def test_every_chart_has_words_source_data_and_table_in_both_languages(page: str) -> None:
    for language in LANGUAGES:
        part = page.split(f'<div class="page" lang="{language}"')[1].split(
            '<div class="page"', maxsplit=1
        )[0]
        figures = re.findall(r"<figure.*?</figure>", part, re.DOTALL)
        assert len(figures) == 8
        for figure in figures:
            for piece in (
                "<h3",
                "subtitle",
                "data-chart",
                "reading",
                "source",
                'class="csv"',
                'class="twin"',
            ):
                assert piece in figure
            assert not re.search(r'<p class="source">\s*</p>', figure)


def test_data_is_stored_once_and_every_chart_finds_its_own(page: str) -> None:
    kept = stored(page)
    assert set(kept["specs"]["es"]) == set(kept["specs"]["en"])
    names = set(
        re.findall(r'"name":"(d[0-9a-f]{12})"', json.dumps(kept["specs"], separators=(",", ":")))
    )
    assert names
    assert names <= set(kept["datasets"])
    twins = set(re.findall(r'data-data="(d[0-9a-f]{12})"', page))
    assert twins <= set(kept["datasets"])


def test_unknown_stays_null_in_the_page(slim: dict[str, pd.DataFrame]) -> None:
    seen = slim["observed"].copy()
    seen.loc[
        (seen["measure"] == "inegi_homicides")
        & (seen["place"] == "05")
        & (seen["month"] == "2019-07"),
        "value",
    ] = None
    kept = stored(build(slim | {"observed": seen}, demo.meta()))
    rates = next(
        d
        for d in kept["datasets"].values()
        if d["columns"] == ["place", "kind", "year", "rate", "persons", "cell"]
    )
    assert ["05", "observed", 2019, None, None, "no_report"] in rates["rows"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_five_sentences_are_computed(tables: dict[str, pd.DataFrame], language: str) -> None:
    words = Words(language)  # type: ignore[arg-type]
    five = summary.sentences(tables, demo.meta(), words)
    assert len(five) == 5
    order = [five[0].index(one) for one in ("33,000", "30,000", "24,000")]
    assert order == sorted(order), "the final figure stands before the provisional one"
    assert "9.1" in five[1] and "33,000" in five[1] and "30,000" in five[1]
    changed = tables["coverage"].assign(coverage90=0.5, crps=1.0)
    assert " 18 " in summary.fit(tables | {"coverage": changed}, words)  # half of 36 months
    half = tables["difference"].assign(rel_p50=lambda t: t["rel_p50"] / 2)
    assert summary.scenarios(tables | {"difference": half}, words) != five[4]


def test_a_baseline_that_beats_us_is_said_first(tables: dict[str, pd.DataFrame]) -> None:
    five = summary.sentences(tables, demo.meta(), Words("en"))
    assert "a simple rule errs less than the model" in five[2]
    better = tables["coverage"].assign(crps=lambda t: t["crps_baseline"] / 2)
    assert "the model errs less than a simple rule" in summary.fit(
        tables | {"coverage": better}, Words("en")
    )


def test_only_two_tables_are_needed(slim: dict[str, pd.DataFrame]) -> None:
    bare = {name: slim[name] for name in ("summary", "observed")}
    page = build(bare, {})
    assert page.count(Words("es")("section.missing")) >= 2
    no_people = bare["observed"].query("measure != 'population'")
    assert "Personas asesinadas por mes" in build(bare | {"observed": no_people}, {})


def test_a_missing_needed_table_is_said_in_three_lines(tables: dict[str, pd.DataFrame]) -> None:
    with pytest.raises(SpecError) as caught:
        build({"observed": tables["observed"]}, {})
    assert "'summary'" in caught.value.what
    assert caught.value.where
    assert caught.value.fix


def test_a_run_that_may_not_be_trusted_says_so_on_its_cover(slim: dict[str, pd.DataFrame]) -> None:
    bare = {name: slim[name] for name in ("summary", "observed")}
    page = build(
        bare, {"warning_es": "Las cadenas no concuerdan.", "warning_en": "Chains disagree."}
    )
    assert page.index("Las cadenas no concuerdan.") < page.index('<nav class="contents"')
    assert "Chains disagree." in page


def test_newest_figures_say_their_status_and_age(tables: dict[str, pd.DataFrame]) -> None:
    words = Words("en")
    said = summary.observed(tables, words, "2026-11-29")
    assert said == (
        "Registered homicides (INEGI): 33,000 in 2024, 25.0 per 100,000 inhabitants "
        "(final, 23 months old). Victims of intentional homicide (SESNSP): 30,000 in 2024, "
        "22.7 per 100,000 inhabitants (final, 23 months old); 24,000 in 2025, 18.0 per "
        "100,000 inhabitants (provisional, 11 months old). Age counted on 29 November 2026."
    )
    assert "old" not in summary.observed(tables, words)  # no day is known: no age is told
    assert "one month old" in summary.observed(tables, words, "2026-01-05")


def test_registers_are_compared_in_the_last_year_both_closed(
    tables: dict[str, pd.DataFrame],
) -> None:
    said = summary.registers(tables, Words("en"))
    assert said.startswith("For 2024") and "9.1\u00a0% fewer" in said
    alone = tables["newest"].query("register == 'inegi'")
    assert "share no year" in summary.registers(tables | {"newest": alone}, Words("en"))
    without = {name: table for name, table in tables.items() if name != "newest"}
    assert summary.observed(without, Words("en")) == Words("en")("section.missing")


def test_text_from_a_study_cannot_become_markup(slim: dict[str, pd.DataFrame]) -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    scenarios = slim["scenarios"].assign(title_es=hostile)
    page = build(
        slim | {"scenarios": scenarios},
        demo.meta() | {"title_es": hostile, "study_yaml": hostile},
    )
    assert hostile not in page
    assert "<img" not in page.split("<main>")[1].split("</main>")[0]
    assert page.count("<script nonce=") == 2


def test_the_same_rows_in_any_order_give_the_same_page(
    tables: dict[str, pd.DataFrame], page: str
) -> None:
    mixed = {name: tables[name].sample(frac=1, random_state=3) for name in ("observed", "summary")}
    assert build(tables | mixed, demo.meta()) == page


def test_national_series_start_where_the_register_does(tables: dict[str, pd.DataFrame]) -> None:
    total = series.national(series.monthly(tables["observed"]))
    assert total.groupby("measure")["month"].min().to_dict() == {
        "inegi_homicides": "2000-01", "sesnsp_homicide_victims": "2015-01",
    }  # fmt: skip


def test_a_spanish_reader_meets_no_english(slim: dict[str, pd.DataFrame]) -> None:
    """Cards of mechanisms, parameters and breaks of the default study, as a run leaves them."""
    from hidra.inference.diagnostics import learnt
    from hidra.inference.posterior import shipped
    from hidra.study import Study, describe

    study = Study.load(Path(__file__).parents[2] / "studies" / "default.yaml")
    parameters = describe.worded(learnt(shipped("system"), study.mechanisms, study.parameters))
    described = {
        "mechanisms": describe.mechanisms(study), "parameters": parameters,
        "breaks": describe.breaks(slim["observed"]["measure"].unique()),
        "sources": describe.sources(slim["observed"], study),
    }  # fmt: skip
    page = build(slim | described, demo.meta())
    spanish = page.split('<div class="page" lang="es"')[1].split('<div class="page"')[0]
    for part in ("mechanisms", "parameters", "data"):
        section = spanish.split(f'<section id="es-{part}"')[1].split("</section>")[0]
        text = re.sub(r"<(span|button)[^>]*class=\"(file|csv)[^>]*>.*?</\1>", " ", section)
        text = re.sub(r"<dt>(Cómo citar\w*|Dirección)</dt><dd>.*?</dd>", " ", text)  # as published
        text = re.sub(r"data-\w+='[^']*'", " ", re.sub(r"<[^>]+>", " ", text))
        english = re.findall(r"\b(?:the|of|and|with|per|which|share|deaths|weeks|members)\b", text)
        assert not english, (part, english[:5], text[max(text.find(english[0]) - 80, 0) :][:200])


def test_a_study_that_asks_for_no_scenario_says_so_and_does_not_call_it_lost(
    tables: dict[str, pd.DataFrame],
) -> None:
    only = tables["scenarios"].query("name == 'no_change'")
    some = {name: t for name, t in tables.items() if name != "difference"} | {"scenarios": only}
    for language in ("es", "en"):
        words = Words(language)
        told = sections.scenarios(some, {}, words).paragraphs
        assert told == [words("scenarios.none")]


def test_where_no_month_was_kept_from_the_fit_none_is_said_to_be_shaded(
    slim: dict[str, pd.DataFrame],
) -> None:
    meta = demo.meta()
    whole = meta | {"observed_until": meta["fit_until"]}
    for language, word in (("es", "sombread"), ("en", "shaded")):
        words = Words(language)
        told, all_seen = (sections.model(slim, one, words) for one in (meta, whole))
        assert word in told.paragraphs[0] and word in told.blocks[0].reading
        assert word not in all_seen.paragraphs[0] + all_seen.blocks[0].reading


def test_a_table_too_large_for_the_page_stays_in_the_folder(tables, slim, page, monkeypatch):
    assert "difference_table.csv" in page
    monkeypatch.setattr(report_page, "LARGEST", len(tables["difference"]) - 1)
    assert "difference_table.csv" not in build(slim, demo.meta())
