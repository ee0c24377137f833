"""Ways to draw from the posterior of the default study, by effective draws per CPU second.

    python benchmarks/fit.py [--steps 400] [--seconds 240]

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
from scipy.stats import genpareto

from hidra.calibrate import recording, setting
from hidra.chains import CHAINS, judge, nuts
from hidra.checkpoint import Checkpoint
from hidra.fit import NEW, RUNS, probability, stand_in
from hidra.sample import QUICK, draw, laplace, surface

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


def tail(log_weights: np.ndarray) -> tuple[float, float]:
    """Shape of the tail of importance weights (above 0.7 they are of no use), and their ESS."""
    weights = np.exp(np.sort(log_weights) - log_weights.max())
    many = int(min(0.2 * len(weights), 3 * np.sqrt(len(weights))))
    shape, _, _ = genpareto.fit(weights[-many:] - weights[-many - 1], floc=0)
    effective = np.exp(2 * logsumexp(log_weights) - logsumexp(2 * log_weights))
    return float(shape), float(effective)


def against(draws: dict[str, np.ndarray], truth: dict[str, np.ndarray]) -> dict[str, float]:
    """How far centres lie from those of the reference, in its spreads, and the ratio of spreads."""
    shift, ratio = [], []
    for name, right in truth.items():
        if name.endswith(NEW):
            continue
        spread = right.std(axis=0)
        shift.append(np.abs((draws[name].mean(axis=0) - right.mean(axis=0)) / spread).ravel())
        ratio.append((draws[name].std(axis=0) / spread).ravel())
    return {
        "shift": float(np.mean(np.concatenate(shift))),
        "worst": float(np.max(np.concatenate(shift))),
        "spread": float(np.mean(np.concatenate(ratio))),
    }


def default_fits() -> tuple[list[dict[str, object]], dict]:
    """Both fits of the default study, by the default way, timed; what the first needs again."""
    rows, first = [], {}
    for part, span in SPANS.items():
        with Clock() as clock:
            now = setting(NAMES, *span, {})
            emulator = stand_in(now.model, now.params, now.drivers, now.weeks, SEED)
            model = partial(probability, emulator, recording({}), now.records, now.weeks.days)
            counts = (now.records.inegi, now.records.sesnsp)
            found = surface(model, SEED, *counts)
            _, judged = draw(found, SEED, 0, *counts)
        rows.append({"part": part, "size": len(found.start), "cpu": clock.cpu, "wall": clock.wall}
                    | judged)  # fmt: skip
        first = first or {"found": found, "counts": counts}
    return rows, first


def ways(found, counts, steps: int) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    """One row for each way; the last is the reference of the others."""
    size, kept = len(found.start), Checkpoint(KEPT)
    with Clock() as at_mode:
        mode, spread = laplace(found, *counts)
    with Clock() as moved:
        centre = found.nearest(mode, spread, jax.random.key(SEED + 3), *counts)
        centre.block_until_ready()
    same = kept.once("normal", lambda: {"centre": centre, "spread": spread})  # of kept chains
    centre, spread = jnp.asarray(same["centre"]), jnp.asarray(same["spread"])
    white = jax.random.normal(jax.random.key(SEED + 1), (QUICK, size))

    def normal(middle: jax.Array) -> tuple[dict[str, np.ndarray], float, float, float]:
        with Clock() as clock:
            points = middle + white @ spread.T
            log_weights = -found.heights(points, *counts) + 0.5 * (white**2).sum(axis=1)
            values = {n: np.asarray(v) for n, v in found.values(points, *counts).items()}
        return values, clock.cpu, *tail(np.asarray(log_weights))

    modal, modal_cpu, modal_shape, modal_ess = normal(mode)
    mean, mean_cpu, mean_shape, mean_ess = normal(centre)

    def height(w: jax.Array) -> jax.Array:
        return found.height(centre + spread @ w, *counts)

    spent = kept.read("spent") or {"cpu": np.zeros(())}
    before = len(kept.names())
    with Clock() as chains:
        white_draws, divergences = nuts(height, size, SEED, steps, kept=kept)
    cpu = float(spent["cpu"]) + (chains.cpu if len(kept.names()) > before else 0.0)
    kept.keep("spent", {"cpu": np.asarray(cpu)})
    points = centre + jnp.asarray(white_draws).reshape(-1, size) @ spread.T
    truth = {n: np.asarray(v) for n, v in found.values(points, *counts).items()}
    by_chain = {n: v.reshape(CHAINS, steps, *v.shape[1:]) for n, v in truth.items()}
    verdict = judge(by_chain)
    first, second = at_mode.cpu, at_mode.cpu + moved.cpu
    rows: list[dict[str, object]] = [
        {"way": "mode", "cpu": first + modal_cpu, "ess": QUICK} | against(modal, truth),
        {"way": "mode_weighted", "cpu": first + modal_cpu, "ess": modal_ess, "shape": modal_shape},
        {"way": "mean", "cpu": second + mean_cpu, "ess": QUICK} | against(mean, truth),
        {"way": "mean_weighted", "cpu": second + mean_cpu, "ess": mean_ess, "shape": mean_shape},
        {"way": "nuts", "cpu": second + cpu, "divergences": divergences} | verdict,
    ]
    return pd.DataFrame(rows).assign(rate=lambda t: t["ess"] / t["cpu"])


TEXT = {
    "en": {
        "mode": "normal at the joint mode",
        "mode_weighted": "the same, weighted by importance",
        "mean": "normal at the variational mean (the default)",
        "mean_weighted": "the same, weighted by importance",
        "nuts": "NUTS in the coordinates of that normal, {steps} draws a chain",
        "heads": (
            "way", "CPU s", "effective draws", "per CPU s", "centres off by (mean, worst)",
            "spread against NUTS", "remark",
        ),
        "shape": "tail shape {0:.1f}: above 0.7 the weights are of no use",
        "verdict": "worst R-hat {0:.3f}, {1} divergences; effective draws of the worst parameter",
        "exact": "draws are independent; how wrong they are stands beside",
        "default": "The default fits of both parts took {cpu:.0f} CPU s and {wall:.0f} s of wall time on {machine} "
        "(load {load:.1f} when it began): check {0}, projection {1}.",
        "part": "{size} parameters, {cpu:.0f} CPU s, {kept:.0%} of the draws in the bulk",
        "lead": "Ways to draw from the posterior of the check (2012-2019), written by `python benchmarks/fit.py`. Distances are in "
        "standard deviations of the reference, the NUTS run; the cost of the {runs} model runs behind the emulator is in the next line.",
    },
    "es": {
        "mode": "normal en la moda conjunta",
        "mode_weighted": "la misma, ponderada por importancia",
        "mean": "normal en la media variacional (la de fábrica)",
        "mean_weighted": "la misma, ponderada por importancia",
        "nuts": "NUTS en las coordenadas de esa normal, {steps} muestras por cadena",
        "heads": (
            "vía", "s de CPU", "muestras efectivas", "por s de CPU", "centros errados en (media, peor)",
            "ancho frente a NUTS", "nota",
        ),
        "shape": "forma de la cola {0:.1f}: por encima de 0.7 los pesos no sirven",
        "verdict": "peor R-hat {0:.3f}, {1} divergencias; muestras efectivas del peor parámetro",
        "exact": "las muestras son independientes; cuánto yerran se ve al lado",
        "default": "Los ajustes de fábrica de ambas partes tomaron {cpu:.0f} s de CPU y {wall:.0f} s de reloj en {machine} "
        "(carga {load:.1f} al empezar): prueba {0}, proyección {1}.",
        "part": "{size} parámetros, {cpu:.0f} s de CPU, {kept:.0%} de las muestras en el grueso",
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
        elif pd.isna(row["shape"]):
            note = words["exact"]
        else:
            note = words["shape"].format(row["shape"])
        name = words[row["way"]].format(steps=steps)
        numbers = f"{row['cpu']:.0f} | {row['ess']:.0f} | {row['rate']:.1f} | {off} | {wide}"
        lines.append(f"| {name} | {numbers} | {note} |")
    machine = f"{os.cpu_count()} x {platform.machine()}"
    total = {name: sum(fit[name] for fit in fits) for name in ("cpu", "wall")}
    parts = [words["part"].format(**fit) for fit in fits]
    return "\n".join(
        [*lines, "", words["default"].format(*parts, machine=machine, load=load, **total)]
    )


def write(text: Callable[[str], str]) -> None:
    """Put the text between the marks of both pages."""
    for language, page in PAGES.items():
        path = ROOT / page
        before, _, rest = path.read_text(encoding="utf-8").partition(MARK.format("begin"))
        _, _, after = rest.partition(MARK.format("end"))
        whole = f"{before}{MARK.format('begin')}\n{text(language)}\n{MARK.format('end')}{after}"
        path.write_text(whole, encoding="utf-8")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=375)
    steps = asked.parse_args().steps
    load = os.getloadavg()[0]
    fits, first = default_fits()
    print(fits)
    found = ways(first["found"], first["counts"], steps)
    print(found.round(3).to_string())
    (ROOT / "benchmarks" / "fit.txt").write_text(
        f"{fits}\nload {load:.1f}\n{found.round(4).to_string()}\n", encoding="utf-8"
    )
    write(lambda language: told(found, fits, steps, load, language))


if __name__ == "__main__":
    main()
