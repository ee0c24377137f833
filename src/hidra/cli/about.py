"""``hidra cite`` and ``doctor``: what hidra is made of and where it runs."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Annotated, Any

import typer

import hidra
from hidra.cli import chosen, say
from hidra.cli.terminal import (
    Json,
    Workers,
    cores,
    interruptible,
    print_json,
    print_table,
    progress,
    remark,
)
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _
from hidra.core.workers import memory_here

MAIN_LIBRARIES = ("jax", "numpyro", "numpy", "xarray", "zarr", "pandas", "duckdb", "altair")


def cite(
    form: Annotated[
        Any, typer.Option(help=say("text; bibtex or csl: a reference to hidra alone, to import."))
    ] = "text",
    as_json: Json = False,
) -> None:
    """Say how to cite hidra and what it stands on."""
    from hidra.data import reference

    own = hidra.cite(form, language=chosen())
    if form != "text":
        print_json([own]) if form == "csl" else print(own)
        return
    table = reference.catalogue().astype(object)
    rows = table.where(table.notna(), None).to_dict("records")
    if as_json:
        print_json({"software": own, "sources": rows})
        return
    typer.echo(f"{own}\n\n{say('Built-in tables and their sources:')}")
    own_words = "_es" if chosen() == "es" else ""
    for row in rows:
        typer.echo(f"\n* {row[f'title_{chosen()}']}")
        typer.echo(f"  {row[f'citation{own_words}']}")
        terms = row[f"terms{own_words}"]
        typer.echo(f"  {say('terms')}: {terms} · {say('accessed')}: {row['accessed']}")


def doctor(as_json: Json = False) -> None:
    """Look at this machine: versions, cores, memory, folders, expected time."""
    from hidra.run.verify import faults

    found, wrong = _machine(), list(faults())
    if as_json:
        told = [{"what": one.what, "where": one.where, "fix": one.fix} for one in wrong]
        print_json({**found, "faults": told})
    else:
        _print(found)
        for one in wrong:
            where, fix = f"{say('where')}: {say(one.where)}", f"{say('what to do')}: {say(one.fix)}"
            typer.echo(f"* {say(one.what)}\n  {where}\n  {fix}")
    if wrong:
        raise typer.Exit(wrong[0].exit_code)


def verify(
    run: Annotated[
        Path, typer.Argument(metavar="RUN", help=say("Folder of a finished run, or of an export."))
    ],
    only_files: Annotated[
        bool, typer.Option("--files", help=say("Compare the files only; make nothing again."))
    ] = False,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Make a run again from its manifest, and compare it bit for bit."""
    from hidra.run import Run, verify

    told = verify.whole(run)
    same: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    if not only_files and told.get("kind") != "export":
        with progress() as show:
            same, near = interruptible(
                lambda: verify.again(Run(run), workers=workers or cores(), progress=show)
            )
    counts = {"files": len(told["files"]), "same": len(same), "near": len(near)}
    if as_json:
        print_json(counts)
        return
    remark(say("{files} files are as they were written.", **counts))
    if same or near:
        remark(
            say("Made again: {same} are equal bit for bit, {near} within 1 in 100,000.", **counts)
        )


def bench(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help=say("One benchmark; all if none."))
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure what hidra costs on this machine, against its goals and in the same run its peers."""
    made = _benchmarks()
    if name is not None and name not in made.BENCHMARKS:
        raise unknown(_("benchmark"), name, made.BENCHMARKS, where="NAME")
    rows = []
    for one in [name] if name else made.BENCHMARKS:
        for figure in made.measure(one):
            rows.append(figure._asdict())
            remark(f"{figure.name}: {figure.value:.4g} {figure.unit}")
    if as_json:
        print_json(rows)
        return
    columns = ("name", "value", "unit", "goal", "ratio")
    cells = [["" if r[c] is None else r[c] if isinstance(r[c], str) else f"{r[c]:.4g}"
              for c in columns] for r in rows]  # fmt: skip
    print_table([say(column) for column in columns], cells, right=(say("value"),))


def _benchmarks() -> Any:
    """Return the benchmarks, which lie beside the source and not in the package."""
    import sys
    from importlib.util import module_from_spec, spec_from_file_location

    folder = Path(hidra.__file__).parents[2] / "benchmarks"
    if not (folder / "__init__.py").is_file():
        raise SpecError(
            _("The benchmarks come with the source of hidra, not with the package."),
            where=str(folder),
            fix=_("Take the source, and there: pip install -e '.[bench]'; hidra bench"),
        )
    spec = spec_from_file_location("benchmarks", folder / "__init__.py")
    assert spec is not None and spec.loader is not None
    sys.modules["benchmarks"] = made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def _print(found: dict[str, Any]) -> None:
    low, high = found.pop("default_study_minutes")
    old = found.pop("stale")
    rows = [(say(key), str(value)) for key, value in found.items() if key != "libraries"]
    rows.append((say("default study, minutes"), f"{low:.0f}–{high:.0f}"))
    rows += [(name, version) for name, version in found["libraries"].items()]
    print_table((say("what"), ""), rows)
    if old:
        typer.echo(say("Older than the code or data they were made from:"))
    for one in old:
        typer.echo(f"* {one['name']}: {one['why']}\n  {one['command']}")


def _machine() -> dict[str, Any]:
    from importlib.metadata import PackageNotFoundError, version

    from hidra.core.artefacts import stale
    from hidra.core.files import home

    def installed(name: str) -> str:
        try:
            return version(name)
        except PackageNotFoundError:
            return say("not installed")

    memory = memory_here()
    return {
        "hidra": hidra.__version__,
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "cores": cores(),
        "memory_gb": memory and round(memory / 1e9, 1),
        "home": str(home()),
        "home_exists": home().is_dir(),
        "default_study_minutes": _expected_minutes(),
        "stale": [{"name": one.name, "why": why, "command": one.command} for one, why in stale()],
        "libraries": {name: installed(name) for name in MAIN_LIBRARIES},
    }


# Seconds of one core of a busy server, November 2026: rough, and meant to be. Its fits come along.
DRAW_SECONDS, REST_SECONDS = 0.1, 40.0


def _expected_minutes() -> list[float]:
    """Least and most minutes of the default study: all cores busy all the time, or only one."""
    from hidra.study import Study

    study = Study.default()
    simulations = DRAW_SECONDS * study.draws * (len(study.scenarios) + 2)
    most = (simulations + REST_SECONDS) / 60
    return [round(most / cores(), 1), round(most, 1)]
