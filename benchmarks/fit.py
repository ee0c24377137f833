"""Ways to draw from the posterior of the default study, by effective draws per CPU second.

    python benchmarks/fit.py [--steps 1000]

The reference is the longest run of NUTS; its pieces are kept in runs/benchmark-fit, so that a run
that was cut off goes on. Writes benchmarks/fit.txt and the table in both pages on the fit.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from scipy.special import logsumexp

from hidra.core.cache import Checkpoint
from hidra.inference.calibrate import RUNS, stand_in
from hidra.inference.likelihood import COORDINATES, probability, records
from hidra.inference.posterior import SHIPPED, manifest, place
from hidra.inference.samplers import (
    CHAINS,
    QUICK,
    SPREADS,
    judge,
    laplace,
    nuts,
    psis_k,
    surface,
)
from hidra.model.system import System

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "runs" / "benchmark-fit"
NAMES, SEED = ("leadership_removal", "precarity"), 20061211
SPANS = {"check": ("2012-01", "2019-12"), "projection": ("2012-01", "2024-12")}
PAGES = {"en": "docs/en/explanation/fit.md", "es": "docs/es/explicacion/ajuste.md"}
MARK = "<!-- {} of benchmarks/fit.py -->"


class Clock:
    """CPU and wall seconds of a piece of work."""

    def __enter__(self) -> Clock:
        self.cpu, self.wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu, self.wall = time.process_time() - self.cpu, time.perf_counter() - self.wall


def against(draws: dict[str, np.ndarray], truth: dict[str, np.ndarray]) -> dict[str, float]:
    """How far centres lie from those of the reference, in its spreads, and the ratio of spreads."""
    shift, ratio = [], []
    for name, right in truth.items():
        if name in COORDINATES:
            continue
        spread = right.std(axis=0)
        shift.append(np.abs((draws[name].mean(axis=0) - right.mean(axis=0)) / spread).ravel())
        ratio.append((draws[name].std(axis=0) / spread).ravel())
    return {
        "shift": float(np.mean(np.concatenate(shift))),
        "worst": float(np.max(np.concatenate(shift))),
        "spread": float(np.mean(np.concatenate(ratio))),
    }


class Fit:
    """One fit of the default study by the default way, in pieces with their CPU seconds."""

    def __init__(self, part: str) -> None:
        self.kept = Checkpoint(KEPT / part)
        start, until = SPANS[part]
        now = System(NAMES, start=start, end=until)
        known = records(now.weeks)

        def runs() -> dict[str, np.ndarray]:
            """Make the emulator, whose pieces are kept: only what it costs is wanted."""
            stand_in(now, SEED, kept=self.kept)
            return {}

        self.runs = self.timed("cost-runs", runs)
        emulator = stand_in(now, SEED, kept=self.kept)
        model = partial(probability, emulator, now.recording, known, now.weeks.days)
        self.counts = (known.inegi, known.sesnsp)
        self.found = surface(model, SEED, *self.counts)
        self.size = len(self.found.start)

    def timed(self, name: str, work: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        """Do a piece of work once, and keep what it cost beside what it found."""

        def clocked() -> dict[str, np.ndarray]:
            with Clock() as clock:
                found = {n: np.asarray(v) for n, v in work().items()}
            return found | {"cpu": np.asarray(clock.cpu)}

        return self.kept.once(name, clocked)

    def mode(self) -> dict[str, np.ndarray]:
        """Mode and spread."""
        return self.timed(
            "mode",
            lambda: dict(zip(("mode", "spread"), laplace(self.found, *self.counts), strict=True)),
        )

    def centre(self) -> dict[str, np.ndarray]:
        """Variational mean, and the spread that goes with it."""
        at = self.mode()

        def work() -> dict[str, np.ndarray]:
            """Move the centre of the normal to the nearest one."""
            key = jax.random.key(SEED + 3)
            centre = self.found.nearest(at["mode"], at["spread"], key, *self.counts)
            return {"centre": np.asarray(centre), "spread": at["spread"]}

        return self.timed("centre", work)

    def normal(self, name: str, middle: np.ndarray, spread: np.ndarray) -> dict[str, np.ndarray]:
        """Draws of a normal, with the logarithms of their importance weights."""

        def work() -> dict[str, np.ndarray]:
            """Draw, weigh each point by the posterior, and count those within `SPREADS`."""
            white = np.asarray(jax.random.normal(jax.random.key(SEED + 1), (QUICK, self.size)))
            points = middle + white @ spread.T
            height = np.asarray(self.found.heights(points, *self.counts))
            weights = -height + 0.5 * (white**2).sum(axis=1)
            above = height - float(self.found.height(jnp.asarray(middle), *self.counts))
            half = self.size / 2
            inside = above < half + SPREADS * np.sqrt(half)
            told = {"log_weights": weights, "kept": np.asarray(inside.mean())}
            values = self.found.values(points, *self.counts)
            return {n: np.asarray(v) for n, v in values.items() if n not in COORDINATES} | told

        return self.timed(name, work)

    def cost(self, *pieces: dict[str, np.ndarray]) -> float:
        """CPU seconds of the pieces."""
        return sum(float(piece["cpu"]) for piece in pieces)


def default_fit(part: str) -> dict[str, object]:
    """What the default fit of a part costs, and how it judges itself."""
    fit = Fit(part)
    centre = fit.centre()
    normal = fit.normal("normal-mean", centre["centre"], centre["spread"])
    cpu = fit.cost(fit.runs, fit.mode(), centre, normal)
    return {"part": part, "size": fit.size, "cpu": cpu, "kept": float(normal["kept"])}


def ways(steps: int) -> pd.DataFrame:
    """One row for each way to draw for the check; the last is the reference of the others."""
    fit = Fit("check")
    at, moved = fit.mode(), fit.centre()
    normals = {
        "mode": (fit.normal("normal-mode", at["mode"], at["spread"]), fit.cost(at)),
        "mean": (fit.normal("normal-mean", moved["centre"], moved["spread"]), fit.cost(at, moved)),
    }
    truth, cpu, verdict = reference(fit, steps)
    rows: list[dict[str, object]] = []
    for name, (drawn, before) in normals.items():
        shape, logs = psis_k(drawn["log_weights"]), drawn["log_weights"]
        effective = float(np.exp(2 * logsumexp(logs) - logsumexp(2 * logs)))
        total = before + fit.cost(drawn)
        rows.append({"way": name, "cpu": total, "ess": QUICK} | against(drawn, truth))
        weighted = {"way": f"{name}_weighted", "cpu": total, "ess": effective, "shape": shape}
        rows.append(weighted)
    rows.append({"way": "nuts", "cpu": fit.cost(at, moved) + cpu} | verdict)
    return pd.DataFrame(rows).assign(rate=lambda t: t["ess"] / t["cpu"])


def reference(fit: Fit, steps: int) -> tuple[dict[str, np.ndarray], float, dict[str, float]]:
    """Draws of NUTS, their CPU seconds and their verdict; batches are kept one by one."""
    kept = Checkpoint(KEPT)
    normal = kept.once("normal", fit.centre)  # whose coordinates the kept batches are in
    centre, spread = jnp.asarray(normal["centre"]), jnp.asarray(normal["spread"])

    def height(w: jax.Array) -> jax.Array:
        return fit.found.height(centre + spread @ w, *fit.counts)

    spent = kept.read("spent") or {"cpu": np.zeros(())}
    before = len(kept.names())
    with Clock() as clock:
        white, diverging = nuts(height, fit.size, SEED, steps, kept=kept)
    cpu = float(spent["cpu"]) + (clock.cpu if len(kept.names()) > before else 0.0)
    kept.keep("spent", {"cpu": np.asarray(cpu)})

    def values() -> dict[str, np.ndarray]:
        """Return the parameters at the points of the chains."""
        points = centre + jnp.asarray(white).reshape(-1, fit.size) @ spread.T
        found = fit.found.values(points, *fit.counts)
        return {n: np.asarray(v) for n, v in found.items() if n not in COORDINATES}

    truth = fit.timed(f"reference-{steps}", values)
    truth = {n: v for n, v in truth.items() if n != "cpu"}
    by_chain = {n: v.reshape(CHAINS, steps, *v.shape[1:]) for n, v in truth.items()}
    return truth, cpu, judge(by_chain) | {"divergences": int(diverging.sum())}


TEXT = {
    "en": {
        "mode": "normal at the joint mode",
        "mode_weighted": "the same, weighted by importance",
        "mean": "normal at the variational mean (the quick way)",
        "mean_weighted": "the same, weighted by importance",
        "nuts": "NUTS in the coordinates of that normal, {steps} draws a chain",
        "heads": (
            "way", "CPU s", "effective draws", "per CPU s", "centres off by (mean, worst)",
            "spread against NUTS", "remark",
        ),
        "shape": "tail shape {0:.1f}: above 0.7 the weights are of no use",
        "verdict": "worst R-hat {0:.3f}, {1} divergences; effective draws of the worst parameter",
        "unsure": "; by its own verdict not converged, and distances from it carry that doubt",
        "exact": "draws are independent; how wrong they are stands beside",
        "default": "Quick fits of both parts took {cpu:.0f} CPU s in all on {machine} (load {load:.1f}), compiling included: "
        "check {0}; projection {1}.",
        "part": "{size} parameters, {cpu:.0f} CPU s, {kept:.0%} of the draws in the bulk",
        "shipped": "Of the fits that come with hidra, two chains each: {0}.",
        "one": "`{name}` {drawn:,} draws, worst R-hat {rhat:.3f}, fewest effective draws {ess:,.0f}, {diverging:.2%} diverging",
        "lead": "Ways to draw from the posterior of the check (2012-2019), written by `python benchmarks/fit.py`. Distances are in "
        "standard deviations of the reference, the NUTS run; the cost of the {runs} model runs behind the emulator is in the next line.",
    },
    "es": {
        "mode": "normal en la moda conjunta",
        "mode_weighted": "la misma, ponderada por importancia",
        "mean": "normal en la media variacional (la vía rápida)",
        "mean_weighted": "la misma, ponderada por importancia",
        "nuts": "NUTS en las coordenadas de esa normal, {steps} muestras por cadena",
        "heads": (
            "vía", "s de CPU", "muestras efectivas", "por s de CPU", "centros errados en (media, peor)",
            "ancho frente a NUTS", "nota",
        ),
        "shape": "forma de la cola {0:.1f}: por encima de 0.7 los pesos no sirven",
        "verdict": "peor R-hat {0:.3f}, {1} divergencias; muestras efectivas del peor parámetro",
        "unsure": "; según su propio veredicto no converge, y las distancias a ella llevan esa duda",
        "exact": "las muestras son independientes; cuánto yerran se ve al lado",
        "default": "Los ajustes rápidos de ambas partes tomaron {cpu:.0f} s de CPU en total en {machine} (carga {load:.1f}), compilación "
        "incluida: prueba {0}; proyección {1}.",
        "part": "{size} parámetros, {cpu:.0f} s de CPU, {kept:.0%} de las muestras en el grueso",
        "shipped": "De los ajustes que vienen con hidra, dos cadenas cada uno: {0}.",
        "one": "`{name}` {drawn:,} muestras, peor R-hat {rhat:.3f}, {ess:,.0f} muestras efectivas del peor, {diverging:.2%} divergentes",
        "lead": "Vías para muestrear la posterior de la prueba (2012-2019); lo escribe `python benchmarks/fit.py`. Las distancias van en "
        "desviaciones estándar de la referencia, la corrida de NUTS; el costo de las {runs} corridas del modelo tras el emulador está en "
        "la línea siguiente.",
    },
}  # fmt: skip


def told(found: pd.DataFrame, fits: list[dict], steps: int, load: float, language: str) -> str:
    """The table and the line on the default fits, in one language."""
    words = TEXT[language]
    lines = [words["lead"].format(runs=RUNS), "", "| " + " | ".join(words["heads"]) + " |"]
    lines += ["|---|---:|---:|---:|---:|---:|---|"]
    for row in found.to_dict("records"):
        off = "–" if pd.isna(row["shift"]) else f"{row['shift']:.2f}, {row['worst']:.2f}"
        wide = "–" if pd.isna(row["spread"]) else f"{row['spread']:.2f}"
        if row["way"] == "nuts":
            note = words["verdict"].format(row["rhat"], int(row["divergences"]))
            note += words["unsure"] if row["rhat"] > 1.05 or row["ess"] < 100 else ""
        elif pd.isna(row["shape"]):
            note = words["exact"]
        else:
            note = words["shape"].format(row["shape"])
        name = words[row["way"]].format(steps=steps)
        numbers = f"{row['cpu']:.0f} | {row['ess']:.0f} | {row['rate']:.1f} | {off} | {wide}"
        lines.append(f"| {name} | {numbers} | {note} |")
    machine = f"{os.cpu_count()} x {platform.machine()}"
    total = sum(fit["cpu"] for fit in fits)
    parts = [words["part"].format(**fit) for fit in fits]
    quick = words["default"].format(*parts, machine=machine, load=load, cpu=total)
    shipped = [
        words["one"].format(name=name, **manifest(place(name))["diagnostics"]) for name in SHIPPED
    ]
    return "\n".join([*lines, "", quick, words["shipped"].format("; ".join(shipped))])


def write(text: Callable[[str], str]) -> None:
    """Put the text between the marks of both pages."""
    for language, page in PAGES.items():
        path = ROOT / page
        before, _, rest = path.read_text(encoding="utf-8").partition(MARK.format("begin"))
        _, _, after = rest.partition(MARK.format("end"))
        whole = f"{before}{MARK.format('begin')}\n{text(language)}\n{MARK.format('end')}{after}"
        path.write_text(whole, encoding="utf-8")


def main() -> None:
    """Draw in every way, keep what each cost, and write the table into both pages."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=1000)
    steps = asked.parse_args().steps
    load = os.getloadavg()[0]
    found = ways(steps)
    fits = [default_fit(part) for part in SPANS]
    print(found.round(3).to_string())
    (ROOT / "benchmarks" / "fit.txt").write_text(
        f"{fits}\nload {load:.1f}\n{found.round(4).to_string()}\n", encoding="utf-8"
    )
    write(lambda language: told(found, fits, steps, load, language))


if __name__ == "__main__":
    main()
