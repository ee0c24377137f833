"""``hidra mechanisms``, ``new mechanism``, ``sensitivity``, ``reproduce``: the model itself."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from hidra.cli import chosen, say
from hidra.cli.study import tell_unopened
from hidra.cli.terminal import Json, group, print_json, print_table, remark
from hidra.core.errors import RunError, SpecError, lacking, unknown
from hidra.core.files import write_new
from hidra.core.i18n import _, columns, minus

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from hidra.core.param import Param
    from hidra.model.mechanism import Mechanism

new = group()

_Study = Annotated[
    Path | None,
    typer.Option("--study", metavar="STUDY", help=say("Study that says which are on.")),
]
_Diagram = Annotated[
    Path | None,
    typer.Option(
        "--diagram", metavar="FILE", help=say("Draw the causal diagram: .svg, .png or .html.")
    ),
]
TEXTS = ("name", "code", "essay", "grade", "equation")
LISTS = ("reads", "hears", "rates", "opens", "coefficients", "flows", "counts", "drivers")


def mechanisms(study: _Study = None, diagram: _Diagram = None, as_json: Json = False) -> None:
    """List the mechanisms with their evidence, or draw what acts on what."""
    from hidra.model import mechanisms
    from hidra.study import Study

    wanted = Study.load(study) if study else Study.default()
    known = mechanisms.library()
    tell_unopened(wanted)
    if diagram is not None:
        on = tuple(known[name] for name in wanted.mechanisms if name in known)
        draw(diagram, on if study else None)
        return
    found = [described(m, m.name in wanted.mechanisms) for m in known.values()]
    if as_json:
        print_json(found)
        return
    print_table(
        (say("name"), "", say("on"), say("evidence"), say("changes"), say("what")),
        [
            (
                m["name"],
                m["code"],
                say("yes") if m["on"] else say("no"),
                say(m["grade"]),
                ", ".join((*m["rates"], *m["flows"], *m["operators"], *m["counts"])),
                m[f"title_{chosen()}"],
            )
            for m in found
        ],
        caption=say("'on' is as in the default study. More: hidra mechanisms --json"),
    )


def draw(path: Path, names: tuple[str | Mechanism, ...] | None) -> None:
    """Write the causal diagram of the mechanisms named, or of all, to a picture or a page."""
    from hidra.charts import diagram, picture
    from hidra.charts.words import Words
    from hidra.model import causes
    from hidra.report import page

    arrows = causes.table(names)
    language: Literal["es", "en"] = "es" if chosen() == "es" else "en"
    if path.suffix.lower() == ".html":
        picture.page(page.causes(arrows), path)
    else:
        picture.save(diagram.causal(arrows, Words(language)), path)
    remark(str(path))


def described(m: Mechanism, on: bool) -> dict[str, Any]:
    """Return the declaration of a mechanism as plain values."""
    return {
        **{name: getattr(m, name) for name in TEXTS[:2]},
        **columns(title=m.title),
        **{name: getattr(m, name) for name in TEXTS[2:]},
        "on": on,
        **{name: list(getattr(m, name)) for name in LISTS},
        "operators": [o.name for o in m.operators],
        "params": [_param(q) for q in m.params],
        "evidence_for": m.evidence_for,
        "evidence_against": m.evidence_against,
    }


def _param(q: Param) -> dict[str, Any]:
    prior = q.prior
    number = {"prior": prior.model_dump(), "centre": q.centre} if prior else {"value": q.value}
    return {"name": q.name, **number, "unit": q.unit, "source": q.source, "doc": q.doc}


@new.callback()
def _new() -> None:
    """Begin something of your own."""


@new.command("mechanism", help=say("Write a mechanism of your own: file, test and page."))
def new_mechanism(
    name: Annotated[str, typer.Argument(metavar="NAME", help=say("Name, as in 'my_part'."))],
    to: Annotated[
        Path, typer.Option("--to", metavar="DIR", help=say("Folder to write in."))
    ] = Path(),
) -> None:
    """Write the file, test and page of a new mechanism."""
    if not (name.isidentifier() and name.islower()):
        raise SpecError(
            _("'{name}' cannot name a mechanism.", name=name),
            where="hidra new mechanism",
            fix=_("Use small letters, digits and underscores, beginning with a letter."),
        )
    _refuse_taken(name)
    templates = resources("hidra.cli") / "own"
    files = {
        to / f"{name}.py": templates / "mechanism.py.txt",
        to / f"test_{name}.py": templates / "test_mechanism.py.txt",
        to / f"{name}.md": templates / "mechanism.md",
    }
    there = next((path for path in files if path.exists()), None)
    if there is not None:
        raise RunError(
            _("The file already exists."), where=str(there), fix=_("Choose another name.")
        )
    for path, template in files.items():
        text = template.read_text(encoding="utf-8").replace("NAME", name)
        write_new(path, text)
        remark(str(path))
    remark(say("Name the file in `mechanism_files` of a study, or its folder in HIDRA_MECHANISMS."))


def _refuse_taken(name: str) -> None:
    from hidra.model.mechanisms import package

    if name in package():
        raise SpecError(
            _("There is already a mechanism called '{name}'.", name=name),
            where="hidra new mechanism",
            fix=_("Choose another name."),
        )


SHOWN = 8
SMALLEST = 8  # base samples: below, single parameters cannot be screened


def sensitivity(
    samples: Annotated[
        int,
        typer.Option(
            "--samples",
            metavar="N",
            help=say("Run it again with N base samples, a power of two; 0 shows the kept result."),
        ),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Show what drives homicides and disappearances to 2030."""  # fmt: skip
    from hidra.inference import sensitivity as whole

    found, manifest = again(samples) if samples else (whole.shipped(), whole.manifest())
    if as_json:
        rows = found.astype(object).where(found.notna(), None).to_dict("records")
        print_json({"manifest": manifest, "sensitivity": rows})
        return
    for measure, part in found.groupby("measure", sort=False):
        groups = part[part["level"] == "group"].sort_values("total", ascending=False).head(SHOWN)
        print_table(
            (say("what drives it"), say("in all, %"), say("alone, %")),
            [_shares(row) for row in groups.to_dict("records")],
            caption=say(LABELS[str(measure)]),
        )
    remark(say("Shares of the variance, with 90 % intervals. More: hidra sensitivity --json"))
    if (found["first"] > found["total"]).any():
        remark(
            say(
                "What a group does alone is part of what it does in all: where it stands above, "
                "{n} base samples are too few to tell the two apart.", n=manifest["samples"],
            )
        )  # fmt: skip


LABELS = {
    "inegi_homicides_expected": _("Homicides to 2030, nation"),
    "disappeared": _("Disappearances to 2030, nation"),
}


def again(samples: int) -> tuple[pd.DataFrame, dict[str, object]]:
    """Run the design again on the posterior that comes with hidra."""
    from importlib.util import find_spec

    if samples < SMALLEST or samples & (samples - 1):
        raise SpecError(
            _("A design of {samples} base samples is not balanced.", samples=samples),
            where="--samples",
            fix=_("Give a power of two, 8 or more, for example 64."),
        )
    if find_spec("SALib") is None:
        raise lacking("sensitivity", where="hidra sensitivity --samples")
    from hidra.inference.sensitivity import run

    return run(samples, lambda done, total: remark(f"{done}/{total}"))


def _shares(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    def share(what: str) -> str:
        middle, high = round(100 * row[what]), round(100 * row[f"{what}_hi"])
        return f"{middle}±{high - middle}".replace("-", "\u2212")  # the intervals are symmetric

    return (str(row[f"title_{chosen()}"]), share("total"), share("first"))


PUBLISHED = ("science2023",)


def reproduce(
    name: Annotated[str, typer.Argument(help=say("Which one: science2023."))],
    scale: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FACTOR",
            help=say(
                "Multiply recruitment, enforcement, lethality or saturation (rho, eta, theta, "
                "omega) from 2022 on; may be given several times."
            ),
        ),
    ] = None,
    years: Annotated[float, typer.Option(help=say("Length of the scenarios, years."))] = 5.0,
    as_json: Json = False,
) -> None:
    """Run a published model again from its published parameters."""
    if name not in PUBLISHED:
        raise unknown(_("published model"), name, PUBLISHED, where="hidra reproduce")
    factors = factors_of(scale or ())
    from hidra.model.reproduce import science2023

    found = science2023(scale=factors, years=years)
    if as_json:
        print_json(found)
    else:
        _print_reproduced(found, years)


def factors_of(scales: Iterable[str]) -> dict[str, float]:
    """Read ``NAME=FACTOR`` pairs: names as in studies or letters of the paper, each once."""
    from hidra.model.reproduce import SCALES

    factors: dict[str, float] = {}
    for pair in scales:
        name, _rest, text = pair.partition("=")
        where = f"--scale {pair}"
        if name not in SCALES:
            raise unknown(_("parameter to scale"), name, SCALES, where=where)
        name = SCALES[name]
        if name in factors:
            raise SpecError(
                _("'{name}' is scaled twice.", name=name),
                where=where,
                fix=_("Give each name once."),
            )
        factors[name] = _factor(text, where)
    return factors


def _factor(text: str, where: str) -> float:
    from hidra.core.param import number

    try:
        factor = number(text)
    except ValueError:
        factor = math.nan
    if not factor > 0:
        raise SpecError(
            _("A factor must be a number above zero, not '{text}'.", text=text),
            where=where,
            fix=_("Write for example --scale recruitment=0.8 for a fifth less recruitment."),
        )
    return factor


def _print_reproduced(found: dict[str, Any], years: float) -> None:
    from hidra.model.reproduce import TOLD, TOLD_CHANGES

    names = (say("members, 2012"), say("members, 2022"), say("recruits per week, mean"),
             say("deaths per week, 2012"), say("deaths per week, 2022"))  # fmt: skip

    def figure(value: float) -> str:
        return f"{value:,.{0 if value > 1000 else 1}f}"

    read_in = {"code": say("authors' code"), "abstract": say("abstract"), "press": say("press")}
    print_table(
        ("", "hidra", say("published"), say("read in")),
        [
            (name, figure(found[key]), told, read_in.get(where, "-"))
            for name, (key, (told, where)) in zip(names, TOLD.items(), strict=True)
        ],
        title="Prieto-Curiel, Campedelli & Hope 2023",
        right=("hidra", say("published")),
    )
    changes = TOLD_CHANGES if years == 5 else {}
    numbers = (say("members"), say("change, %"), say("deaths per week"), say("change, % "))

    def beside(ours: float, told: str) -> str:
        return minus(f"{ours:+.1f}" + (f" ({told})" if told != "-" else ""))

    print_table(
        (say("scenario"), *numbers),
        [
            (
                name,
                f"{s['size']:,.0f}",
                beside(s["size_change"], changes.get(name, "--")[0]),
                f"{s['deaths_per_week']:,.1f}",
                beside(s["deaths_change"], changes.get(name, "--")[1]),
            )
            for name, s in found["scenarios"].items()
        ],
        title=say("After {years} years, against January 2022", years=f"{years:g}"),
        caption=say(
            "Conditional projections of a published model, not forecasts. In brackets what the "
            "press told of it, second hand."
        ),
        right=numbers,
    )
