"""``hidra scenarios``, ``simulate`` and ``compare``: what would follow if one thing changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli import chosen, say
from hidra.cli.study import tell_shard
from hidra.cli.terminal import (
    Cluster,
    Draws,
    Force,
    Json,
    Seed,
    Workers,
    hired,
    interruptible,
    numbers,
    print_json,
    print_table,
    progress,
    remark,
)
from hidra.core.errors import SpecError, unknown
from hidra.core.files import refuse_others
from hidra.core.i18n import LANGUAGES, _

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.core.workers import Progress
    from hidra.scenario import Scenario

MEASURES = ("inegi_homicides_expected", "member_deaths", "recruits", "arrests", "members")

_Posterior = Annotated[
    str, typer.Option(help=say("system, small, or the folder of a finished run."))
]
_Start = Annotated[
    str | None, typer.Option(metavar="YYYY-MM", help=say("Let every scenario begin then."))
]
_End = Annotated[str, typer.Option(metavar="YYYY-MM", help=say("Last month simulated."))]
_Draws = Annotated[int, typer.Option(min=1, help=say("Number of ensemble members."))]


def scenarios(as_json: Json = False) -> None:
    """List the scenarios that are ready to use."""
    from hidra.scenario import what
    from hidra.study.library import library

    ready = library()
    if as_json:
        more = ("paragraphs", "mechanisms", "grade", "basis")
        rows = [
            {"name": name, **r.model_dump(mode="json"), **{m: getattr(r, m) for m in more}}
            | {f"what_{one}": what(r, one) for one in LANGUAGES}
            for name, r in ready.items()
        ]
        print_json(rows)
        return
    language = chosen()
    print_table(
        [say("scenario"), say("what changes"), say("essays"), say("evidence")],
        [
            [
                name,
                what(r, language),
                f"{say(r.stance)} {r.paragraphs}",
                f"{say(r.grade)}; {say(r.basis)}",
            ]
            for name, r in ready.items()
        ],
    )


def simulate(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help=say("Scenarios by name, or YAML files."))
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help=say("Folder to write."))],
    level: Annotated[str, typer.Option(help=say("state or municipality."))] = "state",
    presence: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=say("Which group was seen in which municipality: CSV.")),
    ] = None,
    posterior: _Posterior = "system",
    start: _Start = None,
    end: _End = "2030-12",
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = None,
    cluster: Cluster = "",
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Simulate scenarios from a posterior that is already there."""
    from hidra.run import projection, shard
    from hidra.run.execute import begun_of
    from hidra.study import library

    _check_level(level, presence)
    wanted = library.chosen(names, start)
    space = "states" if level == "state" else "municipalities"
    many, some = numbers(draws)
    asked: dict[str, Any] = {
        "posterior": posterior, "end": end, "seed": seed, "space": space, "presence": presence,
    }  # fmt: skip
    if some is None and not force:
        refuse_others(out)
    with progress() as show, hired(workers, cluster) as those:
        if some is not None:
            apart = some
            make = partial(shard.of_scenarios, wanted, apart, out, **asked)
            tell_shard(interruptible(lambda: make(workers=those, progress=show)), as_json)
            return
        begun = begun_of(out)
        results = _simulated(
            wanted, show, draws=many, workers=those, kept=[begun / "draws"],
            into=begun / "results.zarr", **asked,
        )  # fmt: skip
        run = projection.keep(out, wanted, results, force=force)
        rmtree(begun, ignore_errors=True)
    if as_json:
        print_json({"folder": str(run.folder), **run.manifest})
        return
    _tell_cut(wanted, results)
    remark(say("Conditional projections, not forecasts."))
    if level != "state":
        remark(say("Nothing was fitted to municipal records: a pattern, no forecast for a town."))
    remark(say("Written: {file}", file=run.folder))


def compare(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help=say("Scenarios by name, or YAML files.")),
    ],
    dose: Annotated[
        float | None,
        typer.Option(
            "--equal-dose", metavar="PERSONS",
            help=say("Names are rates; each moves so many persons per week."),
        ),
    ] = None,
    place: Annotated[str, typer.Option(help=say("A state by code or name; the nation if none."))]
    = "00",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help=say("Folder to write."))] = None,
    posterior: _Posterior = "system",
    start: _Start = None,
    end: _End = "2030-12",
    draws: _Draws = 100,
    seed: Seed = None,
    workers: Workers = None,
    cluster: Cluster = "",
    force: Force = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Compare scenarios draw by draw, with no change and with the first."""
    from hidra.core import place as places
    from hidra.run import projection
    from hidra.scenario import starts
    from hidra.study import library

    code = places.find(place).code
    wanted = (
        library.chosen(names, start)
        if dose is None
        else library.equal_dose(names, dose, start or library.START)
    )
    if out is not None and not force:
        refuse_others(out)
    asked: dict[str, Any] = {"posterior": posterior, "end": end, "draws": draws, "seed": seed}
    with progress() as show, hired(workers, cluster) as those:
        results = _simulated(wanted, show, workers=those, **asked)
    table = projection.compared(results, starts(wanted))
    table = table[(table["place"] == code) & (table["year"] == table["year"].max())]
    if out is not None:
        projection.keep(out, wanted, results, force=force)
        remark(say("Written: {file}", file=out))
    if as_json:
        print_json(_plain(table))
        return
    _tell_cut(wanted, results)
    _print(table, results, places.find(place))


def _tell_cut(wanted: dict[str, Scenario], results: xr.Dataset) -> None:
    """Say which doses lacked people in some draws."""
    from hidra.scenario import cut_of, what

    for name, cut in cut_of(results).items():
        remark(f"{name}: {what(wanted[name], chosen(), cut=cut)}")


def _simulated(wanted: dict[str, Scenario], show: Progress, **asked: Any) -> xr.Dataset:
    from hidra.run.projection import what_if
    from hidra.scenario.ensemble import CHUNK

    of = "municipalities" if asked.get("space") == "municipalities" else "scenarios"
    told = partial(show, f"simulation of the {of}")
    return interruptible(lambda: what_if(wanted, chunk=CHUNK, progress=told, **asked))


def _check_level(level: str, presence: Path | None) -> None:
    if level not in ("state", "municipality"):
        raise unknown(_("level"), level, ("state", "municipality"), where="--level")
    if presence is not None and level == "state":
        raise SpecError(
            _("A set of presence places groups among municipalities; this simulates states."),
            where=f"--presence {presence}",
            fix=_("Add --level municipality, or leave --presence out."),
        )


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as plain values; unknown is null."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]


def _print(table: pd.DataFrame, results: xr.Dataset, place: Any) -> None:
    language = chosen()
    lines = []
    for row in table[table["measure"].isin(MEASURES)].to_dict("records"):
        base = "" if row["against"] == "no_change" else f" − {row['against']}"
        lines.append(
            [
                f"{row['scenario']}{base}",
                f"{results[row['measure']].attrs[f'label_{language}']}, {say(row['unit'])}",
                _interval(row, "", "{:+,.0f}"),
                _interval(row, "rel_", "{:+.1%}"),
            ]
        )
    year = int(table["year"].max())
    print_table(
        [say("scenario"), say("measure"), say("median [90 %]"), say("share")],
        lines,
        title=say(
            "{place}, {year}: paired differences", year=year,
            place=place.name_es if language == "es" else place.name_en,
        ),
        caption=say("Conditional projections, not forecasts."),
        right=(say("median [90 %]"), say("share")),
    )  # fmt: skip


def _interval(row: Mapping[Any, Any], prefix: str, form: str) -> str:
    """Write median and 90 % with true minus signs, and zeros without a sign."""
    numbers = (form.format(row[f"{prefix}{q}"]) for q in ("p05", "p50", "p95"))
    low, middle, high = (n if n.strip("+-0.%") else n.lstrip("+-") for n in numbers)
    return f"{middle} [{low}, {high}]".replace("-", "−")
