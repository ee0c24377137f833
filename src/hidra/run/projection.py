"""Scenarios simulated from a posterior, anchored in the forecast; and as a folder to hand on."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import hidra
from hidra.core.i18n import LANGUAGES, Language
from hidra.core.weeks import month_after
from hidra.core.workers import aside
from hidra.data import panel
from hidra.inference import posterior as posteriors
from hidra.model.system import COUNTS, System
from hidra.run import Run, RunFolder, limits, versions, warning
from hidra.scenario import NO_CHANGE, Scenario, cut_of, starts
from hidra.scenario.anchor import EXPECTED, RECORDED, anchored
from hidra.scenario.ensemble import DRAWS, END, fitted, simulate

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.forecast import Baseline

PICTURED = "inegi_homicides_expected"
MOST_FORECAST = 2000  # draws of a forecast; more draws of the model take them in turn
SHARES = Path(__file__).with_name("shares.csv")  # scripts/make_sensitivity.py
TOLD = (PICTURED, "recruits", "members", "disappeared", "displaced")


def what_if(
    scenarios: Mapping[str, Scenario],
    *,
    posterior: str | Path = "system",
    end: str = END,
    space: str = "states",
    presence: str | Path | None = None,
    draws: int | None = None,
    seed: int | None = None,
    **more: Any,
) -> xr.Dataset:
    """Simulate scenarios in the system that a posterior was fitted in, with its draws and seed.

    Parameters
    ----------
    scenarios : name -> what changes; ``no_change`` always runs and comes first. It is the forecast.
    posterior : ``system``, ``small``, or the folder of a finished run.
    end : last month, ``YYYY-MM``. space, presence : see ``System``.
    draws, seed, more : see ``hidra.scenario.ensemble.simulate``.

    Returns
    -------
    xarray.Dataset
        As of ``simulate``, anchored (``hidra.scenario.anchor``).
    """
    system = fitted(posterior, end=end, space=space, presence=presence)
    draws = DRAWS[system.space] if draws is None else draws
    if seed is None:
        seed = int(posteriors.manifest(posteriors.find(posterior))["basis"]["seed"])
    return simulate(
        system, scenarios=scenarios, posterior=posterior, draws=draws, seed=seed,
        finish=partial(anchoring, system, draws, seed), **more,
    )  # fmt: skip


def anchoring(system: System, draws: int, seed: int) -> Callable[[xr.Dataset], xr.Dataset]:
    """Return what anchors draws in the forecast from the last month of records of their system.

    The forecast begins at once, beside what is compiled and simulated meanwhile.
    """
    _, made = aside(partial(forecasts, str(system.until), system.end, draws, seed))
    return lambda results: anchored(results, made.result())


def forecasts(until: str, end: str, draws: int, seed: int) -> dict[str, Baseline]:
    """Return the forecast from a month to another, of each record that began early enough.

    Farther than a forecast is made, its last year goes on in every draw. It is made once while
    the panel is the same.
    """
    return dict(_forecasts(until, end, draws, seed, panel.digest(COUNTS)))


@lru_cache(maxsize=4)
def _forecasts(until: str, end: str, draws: int, seed: int, _panel: str) -> dict[str, Baseline]:
    from hidra.forecast import BEHIND, FARTHEST, baseline
    from hidra.forecast.history import YEAR, record

    origin = np.datetime64(until, "M")
    ahead = int(np.datetime64(end, "M") - origin)
    draws = min(draws, MOST_FORECAST)
    known = [m for m in COUNTS if record(m, "state").first + BEHIND <= origin + 1 and ahead > 0]
    found = {m: baseline(m, until, min(ahead, FARTHEST), draws, seed) for m in known}
    month = np.arange(ahead)
    of = np.where(month < FARTHEST, month, FARTHEST - YEAR + (month - FARTHEST) % YEAR)
    months = [str(origin + 1 + int(later)) for later in month]
    return {m: one._replace(draws=one.draws[:, of], months=months) for m, one in found.items()}


def shares(draws: int, posterior: str | Path = "system", **more: Any) -> pd.DataFrame:
    """Say what each mechanism contributes to the people killed in the years ahead, one row each.

    Returns
    -------
    pandas.DataFrame
        ``name, share_p05, share_p50, share_p95``: by how much of no change there would be fewer
        without it, over all years, nation. ``luck``: by how much the count of one year varies by
        chance alone, one standard deviation. ``decorative``: less than that in nine draws of ten.
    """
    import pandas as pd

    system = fitted(posterior)
    start = month_after(str(system.until))
    without = {name: Scenario(start=start, off=(name,)) for name in system.names}
    found = simulate(system, scenarios=without, posterior=posterior, draws=draws, **more)
    ahead = found[[RECORDED, EXPECTED]].sel(month=slice(start, None))
    ahead = ahead.sum("place", skipna=False)  # unknown in one place: unknown
    yearly = ahead.sel(scenario=NO_CHANGE).groupby("month.year").sum(skipna=False)
    luck = float((yearly[RECORDED] / yearly[EXPECTED]).std())
    killed = (
        ahead[EXPECTED]
        .sum("month", skipna=False)
        .transpose("scenario", "draw")
        .to_numpy()
        .astype(float)
    )
    rows = []
    for name, fewer in zip(without, 1.0 - killed[1:] / killed[0], strict=True):
        low, middle, high = np.quantile(fewer, (0.05, 0.5, 0.95))
        told = {"share_p05": low, "share_p50": middle, "share_p95": high, "luck": luck}
        rows.append({"name": name, **told, "decorative": bool(max(-low, high) < luck)})
    return pd.DataFrame(rows)


def kept_shares() -> pd.DataFrame:
    """Return the table of ``shares`` of the whole system that comes with hidra."""
    import pandas as pd

    return pd.read_csv(SHARES)


def ready(draws: int, seed: int) -> pd.DataFrame:
    """Return what the ready comparisons come to: `outcome` of ``TOLD``, and what it stands on."""
    from hidra.scenario.difference import outcome
    from hidra.study.library import READY, library

    asked = {name: library()[name] for name in READY}
    first = min(one.start for one in asked.values())
    results = what_if(asked, draws=draws, seed=seed)
    found = outcome(results[list(TOLD)].sel(month=slice(first, None)))
    trusted = int(results.attrs.get("trusted", 1))
    return found.assign(first=first, last=END, draws=draws, seed=seed, trusted=trusted)


def compared(results: xr.Dataset, begun: Mapping[str, str]) -> pd.DataFrame:
    """Return paired differences by place, year and measure: from no change, and from the first.

    Columns ``scenario, against, place, year, measure, p05 ... p95, rel_p05 ... rel_p95``.
    """
    import pandas as pd

    from hidra.scenario.difference import difference

    first, *others = begun
    late = {name: max(begun[name], begun[first]) for name in others}
    parts = [difference(results, begun).assign(against=NO_CHANGE)]
    if others:
        parts.append(difference(results, late, first).assign(against=first))
    return pd.concat(parts, ignore_index=True)


def keep(
    folder: str | Path,
    scenarios: Mapping[str, Scenario],
    results: xr.Dataset,
    *,
    force: bool = False,
) -> Run:
    """Leave results, tables and pictures as a folder like that of a run, without a report.

    Raises
    ------
    RunError
        The folder could not be written, or another run stands there.
    """
    from hidra.scenario.difference import difference, summary
    from hidra.study import describe

    begun, municipal = starts(scenarios), "year" in results.dims
    tables = {
        "scenarios": describe.told(scenarios, cut=cut_of(results)),
        "summary": summary(results, begun),
    }
    if municipal:
        tables["difference"] = difference(results, begun)
    else:
        every = compared(results, begun)
        alone = every[every["against"] == NO_CHANGE].drop(columns="against")
        tables |= {"difference": alone, "compared": every}
    manifest = described(scenarios, results)
    with RunFolder(folder, manifest["digest"], force=force, needed=results.nbytes) as out:
        for name, table in tables.items():
            out.table(name, table)
        for language in ("es", "en"):
            picture(tables, scenarios, language, out.partial)
            if municipal:
                draw(results, language, out.partial / f"map_{language}.png")
        out.results(results)
        out.manifest(manifest)
    return Run.open(folder)


def described(scenarios: Mapping[str, Scenario], results: xr.Dataset) -> dict[str, Any]:
    """Return the manifest of simulated scenarios; `digest` names what was asked for."""
    municipal = "year" in results.dims
    asked = {
        "posterior": results.attrs["posterior_digest"],
        "seed": int(results.attrs["seed"]),
        "draws": results.sizes["draw"],
        "end": results.attrs.get("end") or str(results["month"].to_numpy()[-1])[:7],
        "scenarios": {name: s.model_dump(mode="json") for name, s in scenarios.items()},
    }
    if municipal:
        asked |= {"level": "municipality", "presence": results.attrs["presence"]}
    text = json.dumps(asked, sort_keys=True, separators=(",", ":"))
    trusted = bool(results.attrs["trusted"])
    doubts = json.loads(results.attrs["doubts"])
    return {
        "digest": sha256(text.encode()).hexdigest(),
        "kind": "projection",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "hidra": hidra.__version__,
        **asked,
        "posterior_name": results.attrs["posterior"],
        "fitted_until": results.attrs["fitted_until"],
        "anchored": json.loads(results.attrs.get("anchored", "{}")),
        "doses_cut": cut_of(results),
        "trusted": trusted,
        **{f"warning_{one}": warning(one, doubts[one]) for one in LANGUAGES},
        **{f"limits_{one}": limits(one, municipal=municipal) for one in LANGUAGES},
        "versions": versions(),
    }


def picture(
    tables: Mapping[str, pd.DataFrame],
    scenarios: Mapping[str, Scenario],
    language: Language,
    folder: Path,
) -> None:
    """Draw the paired differences of the nation in the last year."""
    from hidra.charts.interval import differences
    from hidra.charts.picture import save
    from hidra.charts.words import Words

    rows = tables["difference"]
    rows = rows[(rows["place"] == "00") & (rows["measure"] == PICTURED)]
    rows = rows[rows["year"] == rows["year"].max()].reset_index(drop=True)
    titles = tables["scenarios"].set_index("name")[f"title_{language}"].to_dict()
    spec = differences(rows, {name: titles[name] for name in scenarios}, Words(language))
    save(spec, folder / f"differences_{language}.png")


def located(rates: pd.DataFrame) -> pd.DataFrame:
    """Return rates of municipalities with name and centroid."""
    from hidra.data import reference

    at = reference.table("municipality")[["place", "name_es", "lat", "lon"]]
    return rates.merge(at.rename(columns={"name_es": "name"}), on="place")


def draw(results: xr.Dataset, language: Language, path: Path) -> None:
    """Draw the map of the last year if nothing changes."""
    from hidra.charts.maps import dots
    from hidra.charts.picture import save
    from hidra.charts.words import Words
    from hidra.core import place
    from hidra.scenario.difference import rates

    there = located(rates(results))
    save(dots(there, place.outlines()["features"], Words(language), titled=True), path)
