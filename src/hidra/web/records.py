"""What pages show: the records of the panel, their sources, and the finished run beside them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pandas as pd

from hidra.charts import series
from hidra.charts.block import Block, brief_line, source_line
from hidra.charts.words import Words
from hidra.core.errors import HidraError
from hidra.core.place import NATION, UNKNOWN_STATE, is_bucket, is_municipal, states
from hidra.data import geography, panel
from hidra.data.newest import newest as figures
from hidra.run import MANIFEST, Run

Given = ParamSpec("Given")
Found = TypeVar("Found")
KILLED = ("inegi_homicides", "sesnsp_homicide_victims", "inegi_homicides_registered")
MISSING = ("rnpdno_missing",)
#: What is counted by year: the name it goes by -> its measures, the newest cut first.
YEARLY: dict[str, tuple[str, ...]] = {
    "sesnsp_homicide_victims": ("sesnsp_homicide_victims_annual", "sesnsp_homicide_victims"),
    "inegi_homicides": ("inegi_homicides",),
    "inegi_homicides_occurred_and_registered": ("inegi_homicides_occurred_and_registered",),
    "inegi_homicides_registered": (
        "inegi_homicides_registered_quoted", "inegi_homicides_registered_annual",
        "inegi_homicides_registered",
    ),
    "inegi_homicides_known_means_annual": ("inegi_homicides_known_means_annual",),
    "sesnsp_homicide_files": ("sesnsp_homicide_files",),
}  # fmt: skip
#: Of the victims that SESNSP counts: all, by firearm, women; and those of femicide, beside them.
PARTS = (
    "sesnsp_homicide_victims", "sesnsp_firearm_homicide_victims", "sesnsp_women_homicide_victims",
    "sesnsp_femicide_victims",
)  # fmt: skip
#: What became of people reported missing, by the month of the facts.
FATES = ("rnpdno_missing", "rnpdno_found_dead", "rnpdno_found_alive")
WOMEN = tuple(one.replace("rnpdno_", "rnpdno_women_") for one in FATES)
WHO = ("inegi_women_homicides_occurred_and_registered",
       "inegi_homicides_15_29_occurred_and_registered")  # fmt: skip
NEWEST = ("rnid_homicide_files",)  # months of the register that began in 2026
SHOWN = tuple(dict.fromkeys([
    *(one for of in YEARLY.values() for one in of), *PARTS, *FATES, *WOMEN, *WHO,
    *NEWEST, "population",
]))  # fmt: skip


def of_panel(most: int) -> Callable[[Callable[Given, Found]], Callable[Given, Found]]:
    """Keep the last `most` answers of a function while the panel is the same."""

    def keep(ask: Callable[Given, Found]) -> Callable[Given, Found]:
        """Return the function with its answers kept; ``cache_clear`` forgets them."""

        @lru_cache(maxsize=most)
        def kept(_stamp: tuple[str, int, int] | None, *given: Any, **named: Any) -> Found:
            return ask(*given, **named)

        @wraps(ask)
        def asked(*given: Given.args, **named: Given.kwargs) -> Found:
            stamp = panel.stamp()
            own = stamp if any(stamp[1:]) else None  # without a file of their own all see the same
            return kept(own, *given, **named)  # type: ignore[arg-type]

        asked.cache_clear = kept.cache_clear  # type: ignore[attr-defined]
        return asked

    return keep


@dataclass(frozen=True)
class Records:
    """What the panel holds, as far as pages need all of it.

    Attributes
    ----------
    rows : pandas.DataFrame
        Panel rows of the nation and the states, of the measures shown.
    sources : pandas.DataFrame
        The catalogue, with a row for every source the user brought.
    vintage : str
        Name of the data: a digest of every source and cut.
    """

    rows: pd.DataFrame
    sources: pd.DataFrame
    vintage: str


@of_panel(2)
def records() -> Records:
    """Return the records of the panel as it is now."""
    from hidra.claims.ask import data, vintage

    with data() as con:
        name = vintage(con)
    wide = (NATION.code, *(one.code for one in states()), UNKNOWN_STATE)
    return Records(panel.rows(SHOWN, wide), panel.sources(), name)


def of_place(code: str) -> pd.DataFrame:
    """Return the panel rows of one place, of every measure there is.

    Months of the nation that nobody publishes are the sum of the states.
    """
    return panel.rows(places=code) if code != series.NATION else _of_nation()


@of_panel(2)
def _of_nation() -> pd.DataFrame:
    own = panel.rows(places=series.NATION)
    states = series.monthly(records().rows, SHOWN)
    summed = series.national(states)
    return pd.concat([own[~((own["period"] == "month") & own["measure"].isin(SHOWN))], summed])


@dataclass(frozen=True)
class Own:
    """A measure that the reader brought.

    Attributes
    ----------
    measure, title, unit : str
        Its name, what it is called on pages, and what one of it is.
    levels, periods : tuple of str
        Of its rows: ``state``, ``municipality``; ``month``, ``year``.
    """

    measure: str
    title: str
    unit: str
    levels: tuple[str, ...]
    periods: tuple[str, ...]

    @property
    def counted(self) -> bool:
        """Whether it counts persons or events, so that it may be added and made a rate."""
        return self.unit in panel.COUNTED


@of_panel(2)
def own() -> dict[str, Own]:
    """Return the measures that the reader brought, by name; of equal titles each adds its own."""
    mine = panel.own()
    times = Counter(str(one["title"]) for one in mine)
    return {
        (name := str(one["measure"])): Own(
            name, title if times[title := str(one["title"])] == 1 else f"{title} ({name})",
            str(one["unit"]),
            tuple(str(one["level"]).split(", ")), tuple(str(one["period"]).split(", ")),
        )
        for one in mine
    }  # fmt: skip


def counted(measure: str) -> str:
    """Return what a measure counts: ``persons``, ``files`` or ``events``."""
    mine = own().get(measure)
    if mine is not None:
        kinds = {"events": "events", "attacks": "events", "case files": "files"}
        return kinds.get(mine.unit, "persons")
    return "files" if measure.endswith("_files") else "persons"


def of_files(measures: Iterable[str]) -> str:
    """Return the ending of a key of words where some or all of what is counted are case files."""
    found = {counted(one) for one in dict.fromkeys(measures)}
    return "" if "files" not in found else ".files" if len(found) == 1 else ".mixed"


def places_of(measures: Sequence[str]) -> list[tuple[str, str]]:
    """Return code and Spanish name of the places of some measures, those with pages."""
    codes = panel.ask(
        "SELECT DISTINCT place FROM panel WHERE list_contains($measures, measure) ORDER BY 1",
        {"measures": list(measures)},
    )
    known = [str(one["place"]) for one in codes if not is_bucket(str(one["place"]))]
    return [(one, geography.label(one)) for one in known if one not in ("00", "33")]


def titled(key: str, measure: str, words: Words) -> str:
    """Return the words of a measure kept under a key; an own one has its title."""
    mine = own().get(measure)
    return words.maybe(f"{key}.{measure}", mine.title if mine else measure)


@of_panel(64)
def newest(place: str = NATION.code) -> pd.DataFrame:
    """Return the newest figures of a place (:func:`hidra.data.newest.newest`), asked for once."""
    return figures(place)


@of_panel(2)
def municipalities() -> tuple[str, ...]:
    """Return the codes of the municipalities with at least one record."""
    with panel.reading() as con:
        query = "SELECT DISTINCT place FROM panel WHERE length(place) = 5 AND value IS NOT NULL"
        found = [row[0] for row in con.execute(query).fetchall()]
    return tuple(sorted(code for code in found if is_municipal(code) and not is_bucket(code)))


def known_municipality(code: str) -> bool:
    """Tell whether a code is one of a municipality, of the catalogue or of the records."""
    return code in geography.municipalities() or code in municipalities()


def cited(block: Block, names: Sequence[str], words: Words, *, beside: str = "") -> Block:
    """Return a block with the sources of its figures, short and whole.

    Parameters
    ----------
    names : of the sources, in the catalogue.
    beside : what else the chart rests on, a simulation for instance.
    """
    whole = source_line(records().sources, names, words)
    brief = brief_line(records().sources, names, words)
    return replace(
        block,
        source=" ".join(filter(None, (whole, beside))),
        brief=" ".join(filter(None, (brief, beside))),
    )


@dataclass(frozen=True)
class Finished:
    """What a page takes from a finished run.

    Attributes
    ----------
    summary : pandas.DataFrame
        Quantiles by scenario, place, month and measure: the check and what follows without change.
    meta : mapping
        Version, name, draws and seed; last month of the fit, last month held out.
    """

    summary: pd.DataFrame
    meta: Mapping[str, Any]

    def band(self, measure: str, place: str) -> pd.DataFrame:
        """Return the quantiles of a place, month by month (:func:`series.model_band`)."""
        return series.model_band(self.summary, measure, (place,)).round(1)


def run_stamp(folder: Path) -> tuple[str, int]:
    """Return what changes when another run stands in a folder; 0 where there is none."""
    try:
        return str(folder), (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        return str(folder), 0


def finished(folder: Path) -> Finished | None:
    """Return the finished run of a folder, or nothing where none that can be read stands there."""
    mark = run_stamp(folder)
    return _finished(mark) if mark[1] else None


@lru_cache(maxsize=2)
def _finished(mark: tuple[str, int]) -> Finished | None:
    folder = Path(mark[0])
    try:
        run = Run.open(folder)
        manifest = run.manifest
        chosen = [("scenario", "in", ["check", "no_change"])]
        summary = pd.read_parquet(folder / "tables" / "summary.parquet", filters=chosen)
        meta = {
            "hidra_version": manifest["versions"]["hidra"],
            "run_id": str(manifest["study_digest"])[:12],
            "draws": manifest["draws"], "seed": manifest["seed"], **run.fit_months(),
        }  # fmt: skip
    except (OSError, ValueError, KeyError, AttributeError, HidraError):
        return None
    return Finished(summary, meta)
