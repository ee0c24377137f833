"""The forecast, and how earlier ones did: bands over records, scores in words, the PIT."""

from __future__ import annotations

import datetime
import json
import multiprocessing
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hidra.charts import interval, lines, maps, series
from hidra.charts.block import Block, Section, Table, described
from hidra.charts.words import Words
from hidra.core import files, i18n
from hidra.core.errors import HidraError, RunError
from hidra.core.i18n import LANGUAGES, _, percent, translate, whole
from hidra.core.place import is_state
from hidra.core.weeks import months_between
from hidra.core.workers import end_with_parent
from hidra.forecast import kept
from hidra.forecast.history import History, digest
from hidra.forecast.scores import VERDICTS, difference
from hidra.report import blocks
from hidra.study import describe
from hidra.web.atlas import name_of
from hidra.web.records import cited, of_panel, of_place, own, records, titled
from hidra.web.site import AbsentError, Ask, View

NATION, YEAR = series.NATION, kept.YEAR
SHOWN = 48  # months of records before the forecast
OLD = 3  # months after which a record is told to be behind
LEVELS = ("nation", "state")
TAIL, LEAN = 0.05, 0.05  # off by more, a PIT is told not to be even


class Forecasts:
    """Forecasts of the newest counts, those that come with hidra or others made in a process.

    Parameters
    ----------
    folder : pathlib.Path
        Where it is told how far a forecast is.
    eager : bool
        Begin as soon as somebody asks for counts that none was made of.
    """

    def __init__(self, folder: Path, *, eager: bool = True) -> None:
        self._folder, self._eager = folder, eager
        self._lock = threading.Lock()
        self._processes: dict[str, Any] = {}

    def of(self, measure: str) -> tuple[pd.DataFrame, Mapping[str, Any] | None]:
        """Return rows of `kept.shipped`, and how far those of the newest counts are if not these.

        Raises
        ------
        SpecError
            The measure cannot be forecast.
        """
        history, rows = known(measure), shipped(measure)
        if digest(history).startswith(tuple(rows["record"]) or "-"):
            return rows, None
        if kept.there(history):
            return kept.ahead(measure), None
        return rows, self._begun(measure, history)

    def _begun(self, measure: str, history: History) -> Mapping[str, Any]:
        file = self._folder / f"{measure}-{digest(history)[:16]}.json"
        with self._lock:
            if self._eager and measure not in self._processes:
                files.write_json(file, {"done": 0, "total": 0}, indent=None)
                made = multiprocessing.get_context("spawn").Process(
                    target=compute, args=(measure, file), daemon=True, name="hidra-forecast"
                )
                self._processes[measure] = made
                made.start()
            elif measure in self._processes and not self._processes[measure].is_alive():
                del self._processes[measure]  # asked for again, it begins again
        try:
            told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            told = {"done": 0, "total": 0}
        return told

    def end(self) -> None:
        """Stop what is being made; means kept by then stay."""
        for one in self._processes.values():
            one.terminate()
            one.join(5)


def compute(measure: str, file: Path) -> None:
    """Make the forecast of the newest counts, and say in a file how far it is."""
    end_with_parent()

    def told(_stage: str, done: int, total: int) -> None:
        files.write_json(file, {"done": done, "total": total}, indent=None)

    try:
        kept.ahead(measure, told)
    except HidraError as error:
        said = {one: translate(error.what, one) for one in LANGUAGES}
        files.write_json(file, {"done": 0, "total": 0, "what": said}, indent=None)


def settle() -> None:
    """Make the forecasts of the newest counts now, where those that come with hidra are older."""
    for measure in kept.PAST:
        if not digest(known(measure)).startswith(tuple(shipped(measure)["record"])):
            kept.ahead(measure)


def shipped(measure: str) -> pd.DataFrame:
    """Return the forecast of a measure that comes with hidra: no row, where there is none."""
    rows = kept.shipped()
    return rows[(rows["measure"] == measure) & rows["came"].isna()]


@of_panel(8)
def known(measure: str) -> History:
    """Return the counts that a forecast of a measure from now knows (`kept.known`)."""
    return kept.known(measure)


def measures() -> list[str]:
    """Return what may be forecast: two registers, and monthly counts of states brought here."""
    mine = [one for one in own().values() if one.counted and "month" in one.periods]
    return [*reversed(kept.PAST), *(one.measure for one in mine if "state" in one.levels)]


def view(ask: Ask, forecasts: Forecasts) -> View:
    """Return the page of a measure and place: what may come, and how earlier forecasts did."""
    words = ask.words
    measure = ask.choice("measure", measures(), measures()[0])
    code = ask.query.get("place", NATION)[:5]
    if code != NATION and not is_state(code):
        raise AbsentError(
            _("There is no forecast of this place."), where=_("link"),
            fix=_("Forecasts are of the country, 00, and of the states, 01 to 32."),
        )  # fmt: skip
    rows, state = forecasts.of(measure)
    parts = [
        Section("ahead", words("forecast.ahead.head"), **ahead(rows, code, measure, words)),
        *([by_state(rows, measure, words)] if len(rows) else []),
        *(past(code, measure, words) if measure in kept.PAST else []),
        Section("how", words("forecast.how.head"), paragraphs=[words("forecast.how.text")],
                points=[words(f"forecast.how.{one}") for one in ("band", "crps", "wis", "pit")]),
    ]  # fmt: skip
    return View(
        words("forecast.title"), lead(rows, code, measure, words), parts,
        template="forecast.html.j2", state={"place": code, "measure": measure}, keep=state is None,
        more={
            "state": state, "place": code, "measure": measure,
            "what": (state or {}).get("what", {}).get(ask.language, ""),
            "places": [(one, name_of(one, ask.language))
                       for one in (NATION, *maps.alphabetical(ask.language))],
            "measures": [(one, titled("measure", one, words)) for one in measures()],
        },
    )  # fmt: skip


def about(value: float) -> str:
    """Write a count as one says it: two digits, three of thousands."""
    return i18n.about(value, 2 if value < 1000 else 3)


def _span(words: Words, first: str, months: int = YEAR) -> dict[str, str]:
    last = str(np.datetime64(first, "M") + months - 1)
    return {"first": words.month(first), "last": words.month(last)}


def _sum(rows: pd.DataFrame, code: str) -> pd.Series | None:
    found = rows[(rows["place"] == code) & (rows["months"] == YEAR)].sort_values("month")
    return None if found.empty else found.iloc[0]


def _before(history: History, code: str) -> float:
    """Persons in the last twelve months a forecast knows; NaN where one of them is not known."""
    counts = history.counts[-YEAR:]
    if code == NATION:
        return float(counts.sum())
    return float(counts[:, history.places.index(code)].sum())


def lead(rows: pd.DataFrame, code: str, measure: str, words: Words) -> str:
    """Say in one sentence what may come in twelve months, and what was in the twelve before."""
    year = _sum(rows, code)
    if year is None:
        return words("forecast.none")
    history = known(measure)
    if str(history.origin) != year["origin"]:
        return words("forecast.waiting.lead")
    before = _before(history, code)
    told = whole(before) if history.bridged is None else words("forecast.before", n=about(before))
    return words(
        "forecast.lead", place=name_of(code, words.language), low=about(year["p05"]),
        high=about(year["p95"]), middle=about(year["p50"]), before=told,
        **_span(words, year["month"]),
    )  # fmt: skip


def _recorded(history: History, code: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the last months a forecast knows: ``month, observed, status``, some only estimated."""
    columns = slice(None) if code == NATION else [history.places.index(code)]
    counts = history.counts[-SHOWN:, columns].sum(axis=1)
    months = [str(history.origin - ago) for ago in range(len(counts) - 1, -1, -1)]
    seen = series.monthly(rows, (history.measure,))
    seen = series.national(seen) if code == NATION else seen
    status = seen[seen["value"].notna()].set_index("month")["status"]
    own = pd.DataFrame({"month": months, "observed": counts})
    own["status"] = own["month"].map(status).fillna("provisional")
    if history.bridged is not None:
        own.loc[own["month"] >= str(history.bridged), "status"] = "estimated"
    return own


def _block(
    name: str, rows: pd.DataFrame, measure: str, words: Words, key: str, codes: Mapping[str, str],
    **fill: str,
) -> Block:  # fmt: skip
    """Return bands by month over what was recorded."""
    drawn = rows[list(blocks.OVER_RECORDS)].round(1).reset_index(drop=True)
    span = str(drawn["month"].min()), str(drawn["month"].max())
    marks = series.marks(describe.breaks((measure,)), {measure}, span, words)
    ends = {"first": words.month(span[0]), "last": words.month(span[1])}
    label = titled("measure", measure, words)
    block = described(
        name, words, key, {"measure": label, **ends, **fill}, data=drawn,
        chart=lines.fan(drawn, marks, words), columns=blocks.OVER_RECORDS,
        codes=blocks.codes(words, estimated=words("forecast.estimated"), **codes),
        axes=blocks.over_time("p50", words("word.persons")),
    )  # fmt: skip
    found = records().rows
    used = found.loc[found["measure"].isin(_behind(measure)), "source"]
    return cited(block, list(dict.fromkeys(used)), words, beside=words("forecast.source"))


def _behind(measure: str) -> list[str]:
    """Return the measures that the counts of one rest on."""
    return [measure, *([] if known(measure).bridged is None else ["sesnsp_homicide_victims"])]


def ahead(rows: pd.DataFrame, code: str, measure: str, words: Words) -> dict[str, Any]:
    """Return the bands of the next two years after the last records, and what to know of them."""
    mine = rows[(rows["place"] == code) & (rows["months"] == 1)]
    history = known(measure)
    if mine.empty or (code != NATION and code not in history.places):
        return {"paragraphs": [words("forecast.none")]}
    found = records().rows if code == NATION else of_place(code)
    bands = mine.assign(part="forecast", observed=np.nan, status="")
    seen = _recorded(history, code, found).assign(part="recorded")
    seen = seen[seen["month"] < mine["month"].min()]
    place, origin = name_of(code, words.language), str(mine["origin"].iloc[0])
    block = _block("ahead", pd.concat([seen, bands]), measure, words, "forecast.ahead",
                   {one: words(f"forecast.{one}") for one in ("forecast", "recorded")},
                   place=place)  # fmt: skip
    late = months_between(origin, datetime.date.today().isoformat()[:7])
    known_by = "forecast.late" if history.bridged is None else "forecast.late.estimated"
    notes = [words(known_by, last=words.month(origin), n=late)] if late > OLD else []
    if history.bridged is not None:
        notes.append(words("forecast.bridged", first=words.month(str(history.bridged))))
    return {"blocks": [block], "notes": [*notes, words("forecast.not")]}


def by_state(rows: pd.DataFrame, measure: str, words: Words) -> Section:
    """Return the next twelve months of every place, beside the twelve before."""
    history, lines_ = known(measure), []
    told = whole if history.bridged is None else about
    for code in (NATION, *maps.alphabetical(words.language)):
        year = _sum(rows, code)
        if year is not None and (code == NATION or code in history.places):
            lines_.append([
                name_of(code, words.language), told(_before(history, code)),
                about(year["p05"]), about(year["p50"]), about(year["p95"]),
            ])  # fmt: skip
    heads = [words(f"forecast.column.{one}") for one in ("place", "before", "low", "mid", "high")]
    span = _span(words, str(rows["month"].min()))
    table = Table(words("forecast.states.caption", **span), heads, lines_, folded=True)
    return Section("states", words("forecast.states.head"), tables=[table])


def past(code: str, measure: str, words: Words) -> list[Section]:
    """Return what earlier forecasts said beside what came, and how well they did."""
    rows = kept.shipped()
    rows = rows[(rows["measure"] == measure) & rows["came"].notna()]
    mine = rows[(rows["place"] == code) & (rows["months"] == 1) & (rows["model"] == kept.OURS)]
    bands = mine.assign(part=mine["origin"], observed=mine["came"], status="final")
    codes = {one: words("forecast.from", month=words.month(one)) for one in mine["origin"].unique()}
    place = name_of(code, words.language)
    block = _block("past", bands, measure, words, "forecast.past", codes, place=place)
    return [
        Section("past", words("forecast.past.head"), paragraphs=[_covered(mine, place, words)],
                blocks=[block], notes=[sums(rows, code, place, words)]),
        Section("scores", words("forecast.scores.head"), paragraphs=beaten(rows, words),
                tables=[scores(rows, words)], blocks=[evenness(rows, measure, words)],
                notes=[words("forecast.past.key")]),
    ]  # fmt: skip


def inside(rows: pd.DataFrame, low: str = "p05", high: str = "p95") -> int:
    """Count the rows whose outcome lies in a band."""
    return int(rows["came"].between(rows[low], rows[high]).sum())


def _covered(mine: pd.DataFrame, place: str, words: Words) -> str:
    return words("forecast.covered", place=place, n=len(mine), nine=inside(mine),
                 half=inside(mine, "p25", "p75"))  # fmt: skip


def sums(rows: pd.DataFrame, code: str, place: str, words: Words) -> str:
    """Say how many sums over all months of a forecast fell in the band."""
    whole_ = rows[(rows["months"] > 1) & (rows["model"] == kept.OURS) & (rows["place"] == code)]
    return words("forecast.sums", n=len(whole_), months=int(whole_["months"].iloc[0]),
                 nine=inside(whole_), place=place)  # fmt: skip


def of_level(rows: pd.DataFrame, level: str, model: str) -> pd.DataFrame:
    """Return the months of one model, of the nation or of all states."""
    nation = rows["place"] == NATION
    return rows[(nation if level == "nation" else ~nation) & (rows["months"] == 1)
                & (rows["model"] == model)]  # fmt: skip


def off(rows: pd.DataFrame) -> float:
    """Return by how many persons a month the median was off, on average."""
    return float((rows["came"] - rows["p50"]).abs().mean())


def compared(rows: pd.DataFrame, level: str) -> dict[str, Any]:
    """Return the difference of CRPS to the naive forecast, resampled by origin (`difference`)."""

    def cube(model: str) -> np.ndarray:
        part = of_level(rows, level, model)
        by_origin = [one.pivot_table(values="crps", index="month", columns="place").to_numpy()
                     for _, one in part.groupby("origin")]  # fmt: skip
        return np.stack(by_origin)[:, None]

    return difference(cube(kept.OURS), cube(kept.NAIVE), block=2)


def beaten(rows: pd.DataFrame, words: Words) -> list[str]:
    """Say of nation and states by how much the forecast is off, and the naive one, and who wins."""
    said = []
    for level in LEVELS:
        ours, naive = (of_level(rows, level, model) for model in (kept.OURS, kept.NAIVE))
        gap = compared(rows, level)
        verdict = translate(VERDICTS[gap["words"]], words.language)
        said.append(words(
            f"forecast.beaten.{level}", n=whole(len(ours)), ours=about_off(off(ours)),
            naive=about_off(off(naive)), won=gap["won"], origins=ours["origin"].nunique(),
            verdict=verdict,
        ))  # fmt: skip
    return said


def about_off(value: float) -> str:
    """Write persons a month: whole, with a decimal below ten."""
    return whole(value) if value >= 10 else f"{value:.1f}"


def scores(rows: pd.DataFrame, words: Words) -> Table:
    """Return errors, scores and coverage of the forecast and the naive one."""
    lines_ = []
    for level in LEVELS:
        for model in (kept.OURS, kept.NAIVE):
            one = of_level(rows, level, model)
            lines_.append([
                f"{words(f'forecast.level.{level}')}: {words(f'forecast.model.{model}')}",
                about_off(off(one)), about_off(one["crps"].mean()), about_off(one["wis"].mean()),
                percent(inside(one, "p25", "p75") / len(one)), percent(inside(one) / len(one)),
            ])  # fmt: skip
    names = ("forecast", "off", "crps", "wis", "half", "nine")
    heads = [words(f"forecast.score.{one}") for one in names]
    origins = sorted(rows["origin"].unique())
    caption = words("forecast.scores.caption", n=len(origins), first=words.month(origins[0]),
                    last=words.month(origins[-1]))  # fmt: skip
    return Table(caption, heads, lines_)


def tenths(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the share of outcomes in each tenth of the draws: ``tenth`` (1-10), ``share``."""
    counts = np.histogram(rows["pit"].dropna(), bins=10, range=(0, 1))[0]
    return pd.DataFrame({"tenth": range(1, 11), "share": (counts / counts.sum()).round(4)})


def evenness(rows: pd.DataFrame, measure: str, words: Words) -> Block:
    """Return where outcomes fell among the draws, all states, and what it says in a sentence."""
    mine = of_level(rows, "state", kept.OURS)
    found = tenths(mine)
    ends = float(found["share"].iloc[[0, -1]].sum())
    above = float((mine["pit"] > 0.5).mean())
    width = "narrow" if ends > 0.2 + TAIL else "wide" if ends < 0.2 - TAIL else "even"
    lean = "low" if above > 0.5 + LEAN else "high" if above < 0.5 - LEAN else ""
    said = [words(f"forecast.pit.{width}", ends=percent(ends))]
    said += [words(f"forecast.pit.{lean}", above=percent(above))] if lean else []
    block = described(
        "pit", words, "forecast.pit", {"n": whole(len(mine))}, columns=(),
        reading=" ".join(said), data=found, chart=interval.tenths(found, words),
        heads={one: words(f"forecast.{one}") for one in ("tenth", "share")},
        axes=blocks.of_names("tenth", "share", "%"),
    )  # fmt: skip
    return cited(block, (), words, beside=words("forecast.source"))


def rows_of(measure: str, code: str, forecasts: Forecasts) -> pd.DataFrame:
    """Return the forecast of a place as rows, for programs: months, and sums of twelve.

    Raises
    ------
    RunError
        It is being made.
    """
    rows, state = forecasts.of(measure)
    if state is not None:
        raise RunError(
            _("The forecast of the newest counts is being made: {done} of {total}.",
              done=state["done"], total=state["total"]),
            where=measure, fix=_("Ask again in a minute."),
        )  # fmt: skip
    levels = [name for name in rows if str(name).startswith("p") and str(name)[1:].isdecimal()]
    kept_ = ["measure", "origin", "place", "month", "months", *levels]
    mine = rows.loc[rows["place"] == code, kept_].reset_index(drop=True)
    return mine.round(dict.fromkeys(levels, 1))  # of counts: the rest is noise of the sum
