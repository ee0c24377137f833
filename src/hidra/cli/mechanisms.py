"""``hidra mechanisms`` and ``hidra new mechanism``: what the model is made of, and one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from hidra.cli.speak import print_json, print_table, remark
from hidra.cli.words import chosen, say
from hidra.core.errors import RunError, SpecError

new = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)

_Json = Annotated[bool, typer.Option("--json", help=say("Print JSON only."))]
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
TEXTS = ("name", "code", "title_es", "title_en", "essay", "grade", "equation")
LISTS = ("reads", "hears", "rates", "opens", "coefficients", "flows", "counts", "drivers")


def mechanisms(study: _Study = None, diagram: _Diagram = None, as_json: _Json = False) -> None:
    """List the mechanisms with their evidence, or draw what acts on what."""
    from hidra.model import mechanisms
    from hidra.study import Study

    if diagram is not None:
        draw(diagram, Study.load(study).mechanisms if study else None)
        return
    on = set((Study.load(study) if study else Study.default()).mechanisms)
    found = [described(m, m.name in on) for m in mechanisms.library().values()]
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


def draw(path: Path, names: tuple[str, ...] | None) -> None:
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


def described(m: Any, on: bool) -> dict[str, Any]:
    """Return the declaration of a mechanism as plain values."""
    return {
        **{name: getattr(m, name) for name in TEXTS},
        "on": on,
        **{name: list(getattr(m, name)) for name in LISTS},
        "operators": [o.name for o in m.operators],
        "params": [_param(q) for q in m.params],
        "evidence_for": m.evidence_for,
        "evidence_against": m.evidence_against,
    }


def _param(q: Any) -> dict[str, Any]:
    fixed = q.prior is None
    number = {"value": q.value} if fixed else {"prior": q.prior.model_dump(), "centre": q.centre}
    return {"name": q.name, **number, "unit": q.unit, "source": q.source, "doc": q.doc}


@new.callback()
def _group() -> None:
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
            f"'{name}' cannot name a mechanism.",
            where="hidra new mechanism",
            fix="Use small letters, digits and underscores, beginning with a letter.",
        )
    _refuse_taken(name)
    files = {to / f"{name}.py": PYTHON, to / f"test_{name}.py": TEST, to / f"{name}.md": PAGE}
    there = next((path for path in files if path.exists()), None)
    if there is not None:
        raise RunError("The file already exists.", where=str(there), fix="Choose another name.")
    if not to.is_dir():
        raise RunError("The folder does not exist.", where=str(to), fix="Create it first.")
    for path, text in files.items():
        path.write_text(text.replace("NAME", name), encoding="utf-8")
        remark(str(path))
    remark(say("Name the file in `mechanism_files` of a study, or its folder in HIDRA_MECHANISMS."))


def _refuse_taken(name: str) -> None:
    from hidra.model.mechanisms import package

    if name in package():
        raise SpecError(
            f"There is already a mechanism called '{name}'.",
            where="hidra new mechanism",
            fix="Choose another name.",
        )


PYTHON = '''"""NAME: say in one sentence what it does."""

from hidra.model.mechanism import Contribution, mechanism
from hidra.core.param import Normal, Param


@mechanism(
    title_es="NAME",
    title_en="NAME",
    essay="paragraph it stands for, or 'own'",
    grade="assumed",  # strong, contested or assumed
    equation="r_p <- r_p exp(b u_p)",
    rates=("recruitment",),
    drivers=("precarity",),
    params=(
        Param(
            name="slope",
            value=Normal(loc=0.0, scale=0.1),
            unit="log recruitment per standard deviation",
            source="weakly informative",
            doc="How much recruitment follows the driver.",
        ),
    ),
    evidence_for="Studies that speak for it.",
    evidence_against="Studies that speak against it.",
)
def NAME(state, driver, p):
    """Multiply recruitment; one where the parameter is zero."""
    from jax.numpy import exp

    return Contribution(rates={"recruitment": exp(p["slope"] * driver["precarity"])[:, None]})
'''
TEST = '''"""NAME keeps the contract: its equation, and nothing when its parameter is zero."""

from pathlib import Path

import jax.numpy as jnp
import numpy as np

from hidra.model import own
from hidra.model.mechanisms import find

own.use([Path(__file__).with_name("NAME.py")])
(NAME,) = find(["NAME"], where="test")
DRIVER = {"precarity": jnp.array([-1.0, 0.0, 2.0])}


def test_it_follows_its_equation():
    rate = NAME({}, DRIVER, {"slope": 0.5}).rates["recruitment"]
    np.testing.assert_allclose(rate[:, 0], np.exp([-0.5, 0.0, 1.0]), rtol=1e-6)


def test_with_its_parameter_at_zero_it_is_off():
    rate = NAME({}, DRIVER, {"slope": 0.0}).rates["recruitment"]
    np.testing.assert_array_equal(rate, 1.0)
'''
PAGE = """# NAME

What it stands for, in words: which paragraph, which observation.

**Equation.** `r_p <- r_p exp(b u_p)`

| parameter | prior | unit | source |
|---|---|---|---|
| `slope` | Normal(0, 0.1) | log recruitment per standard deviation | weakly informative |

**Speaks for it.** ...

**Speaks against it.** ...

**Simplified.** ...
"""
