"""``hidra evidence``: published natural experiments, run again inside the model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli import chosen, say
from hidra.cli.terminal import (
    Cluster,
    Json,
    Seed,
    Workers,
    group,
    hired,
    print_json,
    print_table,
    progress,
    remark,
)
from hidra.core.errors import SpecError
from hidra.core.i18n import _

if TYPE_CHECKING:
    from hidra.evidence import Study

app = group()

_Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID|FILE.yaml]...")]
_Draws = Annotated[int, typer.Option(min=1, help=say("Number of ensemble members."))]


def chosen_studies(names: list[str]) -> list[Study]:
    """Return studies by id or file; all of the bank where none is named."""
    from hidra.evidence import bank, find

    own = [Path(name) for name in names if name.endswith((".yaml", ".yml"))]
    known = bank(*own)
    return find(tuple(Path(n).stem if Path(n) in own else n for n in names), known)


@app.command("list", help=say("List the studies: what they found and what they are used for."))
def list_(as_json: Json = False) -> None:
    """List the bank."""
    studies = chosen_studies([])
    if as_json:
        print_json([one.model_dump(mode="json", by_alias=True) for one in studies])
        return
    print_table(
        (say("study"), say("found"), say("use"), say("mechanism"), say("what")),
        [
            (one.id, interval(one.published.value, one.published.low, one.published.high),
             say(one.use), ", ".join(one.mechanisms), getattr(one.title, chosen()))
            for one in studies
        ],
    )  # fmt: skip


@app.command(help=say("Show one study: what it found, how it was read, how it is run again."))
def show(
    name: Annotated[str, typer.Argument(metavar="ID|FILE.yaml")], as_json: Json = False
) -> None:
    """Show a study."""
    [one] = chosen_studies([name])
    if as_json:
        print_json(one.model_dump(mode="json", by_alias=True))
        return
    found, language = one.published, chosen()
    print(getattr(one.title, language))
    lines = {
        say("study"): f"{one.study}, {one.address}",
        say("read as"): say(one.read),
        say("what it compares"): getattr(one.estimand, language),
        say("found"): f"{interval(found.value, found.low, found.high)} {say(one.unit)}",
        say("interval"): getattr(one.interval, language),
        say("use"): say(one.use),
    }
    if one.before:
        lines[say("before")] = f"{before(one)}; {getattr(one.before.note, language)}"
    if one.remark:
        lines[say("remark")] = getattr(one.remark, language)
    if one.experiment:
        lines[say("mechanism")] = ", ".join(one.mechanisms)
        lines[say("parameters")] = ", ".join(one.experiment.parameters)
    if one.no_experiment:
        lines[say("no experiment")] = getattr(one.no_experiment, language)
    for label, value in lines.items():
        print(f"  {label}: {value}")


def before(study: Study) -> str:
    """Return what the model gave for a study before it had these mechanisms."""
    value = study.before.value if study.before else None
    return "–" if value is None else f"{value:.4g}"


@app.command(help=say("Run studies again in the model; all of them when none is named."))
def run(
    names: _Ids = None,
    draws: _Draws = 24,
    seed: Seed = None,
    prior: Annotated[
        bool, typer.Option("--prior", help=say("With sizes from the priors, not from the bank."))
    ] = False,
    fresh: Annotated[
        bool, typer.Option("--fresh", help=say("Compute again what is kept."))
    ] = False,
    workers: Workers = 1,
    cluster: Cluster = "",
    as_json: Json = False,
) -> None:
    """Run experiments: the effect in the model beside the one published."""
    from hidra.evidence import experiment
    from hidra.inference.posterior import sizes

    with progress() as shown, hired(workers, cluster) as those:
        results = experiment.run(
            chosen_studies(names or []),
            draws=draws,
            seed=experiment.SEED if seed is None else seed,
            given=None if prior else sizes(),
            fresh=fresh,
            workers=those,
            progress=_one_bar(shown),
        )
    rows = [result.row() for result in results]
    if as_json:
        print_json(rows)
        return
    then = {result.study.id: before(result.study) for result in results}
    print_table(
        (
            say("study"), say("published"), say("in the model"), "", say("before"), say("control"),
            say("use"),
        ),
        [
            (r["id"], interval(r["published"], r["low"], r["high"]),
             interval(r["simulated"], r["sim_low"], r["sim_high"]),
             say("inside") if r["inside"] else say("outside"),
             then[r["id"]],
             f"{r['control']:.3g}" + ("" if r["control_ok"] else " !"), say(r["use"]))
            for r in rows
        ],
        caption=say(
            "Published: value and interval. In the model: median and 90 % of the draws. 'inside': "
            "the median lies in the published interval. Before: what the model gave before it had "
            "these mechanisms and sizes. '!': the control moved by more than 2 %."
        ),
    )  # fmt: skip


@app.command(help=say("Fit the sizes of mechanisms to the studies whose use is 'fit'."))
def fit(
    names: _Ids = None,
    points: Annotated[
        int, typer.Option(min=2, help=say("Points at which experiments are run."))
    ] = 48,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.csv", help=say("Write the draws here."))
    ] = None,
    workers: Workers = 1,
    cluster: Cluster = "",
    as_json: Json = False,
) -> None:
    """Fit sizes: prior and posterior of each parameter, and each study left out."""
    from hidra.core.files import write_text
    from hidra.evidence import fit as fitting

    studies = chosen_studies(names or [])
    if not any(one.use == "fit" and one.experiment for one in studies):
        raise SpecError(
            _("None of these studies is there to be fitted."),
            where=", ".join(one.id for one in studies),
            fix=_("Write `use: fit` in the file of one that has an experiment."),
        )
    with progress() as shown, hired(workers, cluster) as those:
        found = fitting.fit(studies, points=points, workers=those, progress=_one_bar(shown))
    if out is not None:
        write_text(out, found.frame().to_csv(index=False, float_format="%.6g"))
        remark(str(out))
    if as_json:
        told = {"effective": found.effective, "parameters": found.table}
        print_json(told | {"left_out": found.left_out})
        return
    print_table(
        (say("parameter"), say("prior"), say("posterior"), say("contraction"), say("studies")),
        [
            (r["name"], interval(r["prior_p50"], r["prior_p05"], r["prior_p95"]),
             interval(r["p50"], r["p05"], r["p95"]), f"{r['contraction']:.2f}",
             str(len(r["studies"])))
            for r in found.table
        ],
    )  # fmt: skip
    print_table(
        (say("left out"), say("published"), say("as the others predict it")),
        [
            (r["id"], interval(r["published"], r["low"], r["high"]),
             interval(r["predicted"], r["pred_low"], r["pred_high"]))
            for r in found.left_out
        ],
    )  # fmt: skip


def interval(value: float, low: float, high: float) -> str:
    """Write a value with its interval."""
    return f"{value:.3g} [{low:.3g}, {high:.3g}]"


def _one_bar(shown: Any) -> Any:
    return lambda what, done, total: shown(_("experiments"), done, total)
