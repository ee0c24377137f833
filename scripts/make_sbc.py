"""Simulation-based calibration of the fit: compute in pieces, then write the pages.

python -m scripts.make_sbc --part small --until 49    # 8 states, 48 months, records made by the model
python -m scripts.make_sbc --part whole --until 5     # 32 states, 96 months
python -m scripts.make_sbc --part model --until 3     # the same, records made by the model itself
python -m scripts.make_sbc --part records             # two long chains on the records, 8 states, 48 months
python -m scripts.make_sbc --pages
python -m scripts.make_sbc --all                       # all of it, with a stamp

Every replicate is fitted twice, by the quick normal and by chains. Finished replicates are kept in runs/sbc
under the code that made them; a killed run goes on where it was.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from hidra.charts.picture import save
from hidra.core import fingerprint
from hidra.core.artefacts import making
from hidra.core.cache import Checkpoint
from hidra.core.files import write_text
from hidra.core.markdown import table
from hidra.inference.calibrate import simulator, stand_in
from hidra.inference.diagnostics import Question, ranks, summary, truths
from hidra.inference.likelihood import COORDINATES, records
from hidra.inference.samplers import CHAINS, draw, judge
from hidra.model.system import System

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "runs" / "sbc" / fingerprint.code(Path(__file__))  # others' are not taken up
ALL = {"small": 49, "whole": 5, "model": 3}  # replicates of the pages
WAYS = {"quick": 0, "chains": 300}  # draws of each chain
NAMES, START, UNTIL, SEED = ("leadership_removal", "precarity"), "2012-01", "2019-12", 20061211
PARTS, REAL, STEPS = ("small", "whole", "model"), "records", 2000
SMALL_MONTHS, SMALL_PLACES = 48, np.arange(0, 32, 4)
MOST = 400  # replicates drawn at most, so that more of them never change the earlier ones
PAGES = {"en": "docs/en/reference/sbc.md", "es": "docs/es/referencia/sbc.md"}


def real() -> None:
    """Draw from the posterior of the real records by NUTS, and keep how well the chains agree."""
    now, kept = System(NAMES, start=START, end=UNTIL), Checkpoint(KEPT)
    emulator = stand_in(now, SEED, kept=kept)
    whole = Question(emulator, now.recording, records(now.weeks), now.weeks.days)
    small = whole.cut(SMALL_MONTHS, SMALL_PLACES)

    def one() -> dict[str, np.ndarray]:
        """Return the draws of one fit by NUTS and its diagnostics, by name."""
        start, seen = time.process_time(), small.records
        pieces = Checkpoint(KEPT / REAL)
        drawn = draw(small.surface, SEED, STEPS, seen.inegi, seen.sesnsp, kept=pieces)
        named = {
            name: values.reshape(CHAINS, STEPS, *values.shape[1:])
            for name, values in drawn.draws.items()
            if name not in COORDINATES
        }
        told = judge(named) | {
            "diverging": drawn.diagnostics["diverging"], "parameters": len(small.surface.start),
            "seconds": time.process_time() - start,
        }  # fmt: skip
        return {name: np.asarray(value, float) for name, value in told.items()}

    kept.once(REAL, one)
    print(f"{REAL}: kept")


def compute(part: str, until: int, seconds: float) -> None:
    """Fit the replicates that are not kept yet, for about so many seconds."""
    now, kept = System(NAMES, start=START, end=UNTIL), Checkpoint(KEPT)
    emulator = stand_in(now, SEED, kept=kept)
    question = Question(emulator, now.recording, records(now.weeks), now.weeks.days)
    months, places = slice(None), slice(None)
    if part == "small":
        question = question.cut(SMALL_MONTHS, SMALL_PLACES)
        months, places = slice(SMALL_MONTHS), SMALL_PLACES
    made = simulator(now)

    def model(z: np.ndarray) -> np.ndarray:
        """By the model itself, so that the error of the emulator is seen."""
        return made(z)[:, months, places]

    count = {"small": MOST, "whole": 40, "model": 40}[part]
    every = truths(question, count, SEED + PARTS.index(part), None if part == "whole" else model)
    began = time.monotonic()
    for number in range(until):
        if time.monotonic() - began > seconds:
            print(f"{part}: {number} of {until} kept; run again to go on")
            return

        def one(way: str, number: int = number) -> dict[str, np.ndarray]:
            start = time.process_time()
            found = ranks(question, every[number], seed=number, steps=WAYS[way])
            told = {name: found[name].to_numpy() for name in found.columns if name != "site"}
            told["site"] = found["site"].to_numpy(dtype=str)
            return told | {"seconds": np.full(len(found), time.process_time() - start)}

        for way in WAYS:
            kept.once(f"{part}-{way}-{number:04d}", partial(one, way))
    print(f"{part}: {until} replicates kept")


def replicates(part: str) -> pd.DataFrame:
    """Ranks of a part, with the parameters of the core under their names."""
    free = [q.name for q in System(NAMES).dynamics if q.prior is not None]

    def frames() -> Iterator[pd.DataFrame]:
        kept = Checkpoint(KEPT)
        for name in kept.names():
            if name.startswith(f"{part}-") and (piece := kept.read(name)) is not None:
                _part, way, number = name.split("-")
                yield pd.DataFrame(piece).assign(replicate=int(number), way=way)

    found = list(frames())
    if not found:
        return pd.DataFrame()
    whole = pd.concat(found, ignore_index=True)
    named = whole["site"] == "z"
    whole.loc[named, "site"] = [free[i] for i in whole.loc[named, "entry"]]
    return whole


TEXT = {
    "en": {
        "title": "Simulation-based calibration of the fit",
        "lead": "Written by `python -m scripts.make_sbc`. Parameters are drawn from the prior, records are simulated from them "
        "with the gaps of the real ones, each is fitted twice, by the quick normal approximation (`fit.steps: 0`) and by two NUTS chains "
        "of {steps} draws each (the fits that come with hidra are of such chains, longer), and the rank of the truth among the draws "
        "is kept. In a right fit ranks are uniform: central 50 % and 90 % intervals hold the truth in 50 % and 90 % of the "
        "replicates, and the mean rank is one half. `p` is of a Kolmogorov-Smirnov test on one entry of each replicate.",
        "small": "Eight states, {months} months, {n} replicates, records made by the model itself (the fit uses the emulator)",
        "whole": "All 32 states, 96 months, {n} replicates, records made by the emulator",
        "model": "All 32 states, 96 months, {n} replicates, records made by the model itself (the fit uses the emulator)",
        "cost": "One quick fit took {quick:.1f} CPU seconds, one by chains {chains:.1f} (medians). Pareto k of the quick one was {k:.2f}, the "
        "worst R-hat of the chains {rhat:.3f} (medians).",
        "columns": ("parameter", "ranks", "50 % holds", "90 % holds", "mean rank", "p"),
        "ways": {"quick": "quick", "chains": "chains"},
        "verdict_good": "{way}: no parameter departs from uniform ranks at the 1 % level after Bonferroni's correction over {m} parameters.",
        "verdict_bad": "{way}: ranks depart from uniform at the 1 % level after Bonferroni's correction over {m} parameters for: {names}. "
        "Intervals of these are not to be taken at their word.",
        "picture": "![Ranks of the truth among the draws]({file})",
        "axis": ("rank of the truth among the draws", "replicates"),
        "chains": "Long chains on the records",
        "chains_text": "Eight states, {months} months of the real records, {parameters:.0f} parameters: {chains} NUTS chains of "
        "{steps:,} draws each ended with a worst R-hat of {rhat:.3f} and {ess:,.0f} effective draws of the worst quantity, "
        "{diverging:.1%} of the transitions diverging, in {seconds:,.0f} CPU seconds. {verdict}",
        "chains_good": "They agree: every R-hat is below 1.01.",
        "chains_bad": "They do not agree: an R-hat is not below 1.01.",
        "see": "How the fit works: [the explanation](../explanation/fit.md).",
    },
    "es": {
        "title": "Calibración del ajuste con simulaciones",
        "lead": "Escrita por `python -m scripts.make_sbc`. Se sacan parámetros de la previa, se simulan con ellos registros con los "
        "huecos de los reales, cada uno se ajusta dos veces, con la aproximación normal rápida (`fit.steps: 0`) y con dos cadenas NUTS de {steps} "
        "muestras cada una (los ajustes que vienen con hidra son de cadenas así, más largas), y se guarda el rango de la verdad entre las "
        "muestras. En un ajuste correcto los rangos son uniformes: los intervalos centrales de 50 % y 90 % contienen la verdad en "
        "50 % y 90 % de las réplicas, y el rango medio es un medio. `p` es de una prueba de Kolmogórov y Smirnov con una entrada de "
        "cada réplica.",
        "small": "Ocho entidades, {months} meses, {n} réplicas, registros hechos por el modelo mismo (el ajuste usa el emulador)",
        "whole": "Las 32 entidades, 96 meses, {n} réplicas, registros hechos por el emulador",
        "model": "Las 32 entidades, 96 meses, {n} réplicas, registros hechos por el modelo mismo (el ajuste usa el emulador)",
        "cost": "Un ajuste rápido tomó {quick:.1f} segundos de CPU, uno con cadenas {chains:.1f} (medianas). La k de Pareto del rápido fue de "
        "{k:.2f}; la peor R-hat de las cadenas, {rhat:.3f} (medianas).",
        "columns": ("parámetro", "rangos", "50 % contiene", "90 % contiene", "rango medio", "p"),
        "ways": {"quick": "rápido", "chains": "cadenas"},
        "verdict_good": "{way}: ningún parámetro se aparta de rangos uniformes al nivel de 1 % tras la corrección de Bonferroni sobre {m} "
        "parámetros.",
        "verdict_bad": "{way}: los rangos se apartan de lo uniforme al nivel de 1 % tras la corrección de Bonferroni sobre {m} parámetros en: "
        "{names}. Sus intervalos no deben tomarse al pie de la letra.",
        "picture": "![Rangos de la verdad entre las muestras]({file})",
        "axis": ("rango de la verdad entre las muestras", "réplicas"),
        "chains": "Cadenas largas con los registros",
        "chains_text": "Ocho entidades, {months} meses de los registros reales, {parameters:.0f} parámetros: {chains} cadenas de NUTS de "
        "{steps:,} muestras cada una terminaron con una R-hat peor de {rhat:.3f} y {ess:,.0f} muestras efectivas de la peor cantidad, "
        "{diverging:.1%} de las transiciones divergentes, en {seconds:,.0f} segundos de CPU. {verdict}",
        "chains_good": "Coinciden: toda R-hat está debajo de 1.01.",
        "chains_bad": "No coinciden: alguna R-hat no está debajo de 1.01.",
        "see": "Cómo funciona el ajuste: [la explicación](../explicacion/ajuste.md).",
    },
}  # fmt: skip


def pages() -> None:
    """Write the page and the picture in both languages."""
    found = {part: replicates(part) for part in PARTS}
    for language, page in PAGES.items():
        words = TEXT[language]
        lines = [f"# {words['title']}", "", words["lead"].format(steps=WAYS["chains"]), ""]
        for part, rows in found.items():
            if not len(rows):
                continue
            lines += [
                f"## {words[part].format(n=rows['replicate'].nunique(), months=SMALL_MONTHS)}",
                "",
            ]
            told = {way: summary(rows[rows["way"] == way]) for way in WAYS}
            verdicts = [_verdict(one, words, words["ways"][way]) for way, one in told.items()]
            lines += [_table(told, words), "", *verdicts, "", _cost(rows, words), ""]
            picture = (ROOT / page).with_name(f"sbc-{part}.svg")
            save(_picture(rows[rows["way"] == "chains"], words["axis"]), picture)
            lines += [words["picture"].format(file=picture.name), ""]
        if (told := Checkpoint(KEPT).read(REAL)) is not None:
            shown = {name: float(value) for name, value in told.items()}
            good = words["chains_good" if shown["rhat"] < 1.01 else "chains_bad"]
            said = words["chains_text"].format(
                months=SMALL_MONTHS, chains=CHAINS, steps=STEPS, verdict=good, **shown
            )
            lines += [f"## {words['chains']}", "", said, ""]
        write_text(ROOT / page, "\n".join([*lines, words["see"], ""]))
        print(page)


def _table(told: dict[str, pd.DataFrame], words: dict) -> str:
    name, ranked, *columns = words["columns"]
    heads = [f"{words['ways'][way]}: {column}" for way in told for column in columns]
    first, *_others = told.values()
    shown = [
        (f"`{r.site}`", r.n, *(cell for one in told.values() for cell in _cells(one.loc[i])))
        for i, r in first.iterrows()
    ]
    return table((name, ranked, *heads), shown, right=range(1, 2 + len(heads)))


def _cells(row: pd.Series) -> list[str]:
    return [
        *(f"{row[name]:.2f}" for name in ("coverage50", "coverage90", "mean")),
        f"{row['p']:.3f}",
    ]


def _verdict(rows: pd.DataFrame, words: dict, way: str) -> str:
    bad = rows.loc[rows["p"] < 0.01 / len(rows), "site"]
    found = "verdict_good" if bad.empty else "verdict_bad"
    said = words[found].format(
        m=len(rows), way=way.capitalize(), names=", ".join(f"`{n}`" for n in bad)
    )
    return f"* {said}"


def _cost(rows: pd.DataFrame, words: dict) -> str:
    each = rows.groupby(["way", "replicate"]).first().groupby("way").median(numeric_only=True)
    quick, chains = (each.loc[way] for way in WAYS)
    return words["cost"].format(
        quick=quick["seconds"], chains=chains["seconds"], k=quick["psis_k"], rhat=chains["rhat"]
    )


def _picture(rows: pd.DataFrame, axis: tuple[str, str]) -> alt.TopLevelMixin:
    """Ten bins of ranks for every site; a rule where a uniform would be."""
    bins = np.linspace(0, 1, 11)
    parts = []
    for site, part in rows.groupby("site"):
        count, _ = np.histogram(part["rank"], bins)
        share = count / count.sum() * 10
        parts.append(
            pd.DataFrame({"site": site, "left": bins[:-1], "right": bins[1:], "share": share})
        )
    data = pd.concat(parts)
    base = alt.Chart(data).properties(width=110, height=60)
    bars = base.mark_bar(color="#5f94b0").encode(
        x=alt.X("left:Q", bin="binned", title=None, axis=alt.Axis(values=[0, 0.5, 1])), x2="right:Q",
        y=alt.Y("share:Q", title=None, axis=alt.Axis(values=[0, 1, 2])),
    )  # fmt: skip
    rule = base.mark_rule(color="#1f2933", strokeDash=[3, 3]).encode(y=alt.datum(1))
    return (bars + rule).facet(
        facet=alt.Facet("site:N", title=axis[0], header=alt.Header(labelFont="sans-serif")), columns=5
    )  # fmt: skip


def main() -> None:
    """Simulate and fit some replicates, or write the page of all that are kept."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--part", choices=(*PARTS, REAL))
    asked.add_argument("--until", type=int, default=10)
    asked.add_argument("--seconds", type=float, default=240.0)
    asked.add_argument("--pages", action="store_true")
    asked.add_argument("--all", action="store_true")
    given = asked.parse_args()
    if given.all:
        with making("sbc"):
            for part, until in ALL.items():
                compute(part, until, float("inf"))
            real()
            pages()
    if given.part == REAL:
        real()
    elif given.part:
        compute(given.part, given.until, given.seconds)
    if given.pages:
        pages()


if __name__ == "__main__":
    main()
