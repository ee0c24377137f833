"""Scenarios by name or file, simulated from a posterior: tables, pictures, a folder to hand on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hidra
from hidra.core.errors import SpecError, unknown
from hidra.run import Run, versions
from hidra.run.limits import UNTRUSTED, limits
from hidra.scenario import NO_CHANGE
from hidra.study.library import library, read
from hidra.study.parts import Scenario, Text

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

START = "2027-01"  # of the library, and of equal doses
DOSED = {  # what a dose of so many persons a week does that lowers the number of members
    "recruitment": (-1, "personas menos reclutadas por semana", "fewer people recruited per week"),
    "enforcement": (1, "personas más detenidas por semana", "more people arrested per week"),
    "saturation": (1, "personas más que salen por semana", "more people leaving per week"),
}
PICTURED = "inegi_homicides_expected"


def chosen(names: Sequence[str], start: str | None = None) -> dict[str, Scenario]:
    """Return scenarios of the library by name, or from files, by the name of the file.

    Raises
    ------
    SpecError
        No such scenario or file, or the same name twice.
    """
    found: dict[str, Scenario] = {}
    for name in names:
        path = Path(name)
        if path.suffix in (".yaml", ".yml"):
            scenario = read(path)
        elif name in library():
            scenario = library()[name]
        else:
            raise unknown("scenario", name, library(), where="scenario")
        if path.stem in found:
            raise SpecError(
                f"The scenario '{path.stem}' is named twice.",
                where="scenario",
                fix="Name each scenario once.",
            )
        found[path.stem] = scenario.model_copy(update={"start": start}) if start else scenario
    return found


def equal_dose(rates: Sequence[str], persons: float, start: str = START) -> dict[str, Scenario]:
    """Return scenarios that move the same number of persons a week by different rates.

    Raises
    ------
    SpecError
        A rate that no policy would move, or a dose that is no number of persons.
    """
    if not 0 < persons < float("inf"):
        raise SpecError(
            f"A dose of {persons:g} persons per week says nothing.",
            where="--equal-dose",
            fix="Give a number above zero, for example 110.",
        )
    scenarios = {}
    for rate in rates:
        if rate not in DOSED:
            raise unknown("rate with a dose", rate, DOSED, where="--equal-dose")
        sign, es, en = DOSED[rate]
        scenarios[f"equal_dose_{rate}"] = Scenario(
            title=Text(es=f"{persons:g} {es}", en=f"{persons:g} {en}"),
            start=start,
            dose={rate: sign * persons},
        )
    return scenarios


def compared(results: xr.Dataset, starts: Mapping[str, str]) -> pd.DataFrame:
    """Return paired differences by place, year and measure: from no change, and from the first.

    Columns ``scenario, against, place, year, measure, p05 ... p95, rel_p05 ... rel_p95``.
    """
    import pandas as pd

    from hidra.run.summary import difference

    first, *others = starts
    late = {name: max(starts[name], starts[first]) for name in others}
    parts = [difference(results, starts).assign(against=NO_CHANGE)]
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
    from hidra.run.folder import RunFolder
    from hidra.run.summary import summary
    from hidra.study import describe

    starts = {name: s.start for name, s in scenarios.items()}
    differences = compared(results, starts)
    tables = {
        "scenarios": describe.told(scenarios),
        "summary": summary(results),
        "difference": differences[differences["against"] == NO_CHANGE].drop(columns="against"),
        "compared": differences,
    }
    manifest = described(scenarios, results)
    with RunFolder(folder, manifest["digest"], force=force, needed=results.nbytes) as out:
        out.results(results)
        for name, table in tables.items():
            out.table(name, table)
        for language in ("es", "en"):
            picture(tables, scenarios, language, out.partial)
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
    return {
        "digest": sha256(text.encode()).hexdigest(),
        "kind": "projection",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "hidra": hidra.__version__,
        **asked,
        "posterior_name": results.attrs["posterior"],
        "fitted_until": results.attrs["fitted_until"],
        "trusted": trusted,
        "warning_es": "" if trusted else UNTRUSTED["es"],
        "warning_en": "" if trusted else UNTRUSTED["en"],
        "limits_es": limits("es", municipal=municipal),
        "limits_en": limits("en", municipal=municipal),
        "versions": versions(),
    }


def picture(
    tables: Mapping[str, pd.DataFrame],
    scenarios: Mapping[str, Scenario],
    language: str,
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
    spec = differences(rows, {name: titles[name] for name in scenarios}, Words(language))  # type: ignore[arg-type]
    save(spec, folder / f"differences_{language}.png")
