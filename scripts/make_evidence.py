"""Re-make what published natural experiments say of the model: ``python -m scripts.make_evidence``.

Fits the sizes of mechanisms to the bank of studies (``src/hidra/inference/posteriors/sizes.csv``),
runs every study with sizes of the prior and of the fit, keeps the results for the page of the site,
and writes the pages with their pictures.
"""

# ruff: noqa: E501 - prose

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from hidra.charts import interval, picture
from hidra.charts.words import Words
from hidra.cli.evidence import before as once
from hidra.cli.evidence import interval as written
from hidra.core.artefacts import making
from hidra.core.files import write_json, write_text
from hidra.core.i18n import translate
from hidra.core.markdown import table
from hidra.evidence import Study, bank, experiment, fit
from hidra.inference.posterior import sizes

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"en": "docs/en/reference/evidence", "es": "docs/es/referencia/evidencia"}
RESULTS = "src/hidra/evidence/results.json"
DRAWS = 24
TEXT = {
    "en": {
        "title": "Published natural experiments, run again in the model",
        "intro": "Each study below is repeated inside the model: two arms of one simulation that differ in what the study says differed, the same noise in both, read as the study reads its data. `fit` studies set the sizes of mechanisms; those `kept out` were named before the fit, to judge it; `shown` set and judge nothing. What only the priors say stands beside what the fitted sizes say. Simulated: median and 90 % of {draws} draws. Written by `python -m scripts.make_evidence`.",
        "score": "Of {fitted} studies that set sizes, the simulated median lies inside the published interval in {inside}; of {out} kept out, in {inside_out}. Controls stayed within 2 % in {still} of {all}.",
        "columns": (
            "study",
            "use",
            "published",
            "before",
            "priors only",
            "fitted sizes",
            "inside",
            "control",
        ),
        "sizes": "Sizes before and after",
        "sizes_text": "Prior and posterior (median and 90 %); contraction is one minus the ratio of spreads, on the scale where the prior is a standard normal. The weighed prior is worth {ess:.0f} draws.",
        "sizes_columns": ("parameter", "prior", "posterior", "contraction", "studies"),
        "left": "Each study as the others predict it",
        "left_text": "Left out one by one. Where the prediction and the published interval do not meet, studies (or the shape of the model) disagree; nothing is averaged away.",
        "left_columns": ("study", "published", "predicted by the others", "meet"),
        "picture": "Bar: the published interval, drawn equally long for every study; dot and line: the model with fitted sizes; diamond: what the model gave before. What lies far off is drawn nearer.",
        "before": "Before",
        "before_text": "What the model gave for the same study before it had these mechanisms and sizes (commit 14687f0); a dash where it was not measured.",
        "before_columns": ("study", "published", "before", "now", "remark"),
        "before_score": "Of {all} values measured then, {then} lay inside the published interval; of the same studies now {now}.",
        "moved": "Controls that moved",
        "moved_text": "By more than 2 %:",
        "misses": "Misses",
        "misses_text": "Outside the published interval, with what the study compares, where its interval comes from, and why the model misses:",
        "none": "Without an experiment",
        "yes": "yes",
        "no": "no",
        "assumed": "interval",
    },
    "es": {
        "title": "Experimentos naturales publicados, repetidos en el modelo",
        "intro": "Cada estudio se repite dentro del modelo: dos brazos de una simulación que difieren en lo que el estudio dice que difería, con el mismo azar en ambos, leídos como el estudio lee sus datos. Los de uso `fit` fijan el tamaño de los mecanismos; los `kept out` se nombraron antes del ajuste, para juzgarlo; los `shown` no fijan ni juzgan nada. Junto a lo que dicen los tamaños ajustados está lo que dicen solo las distribuciones previas. Simulado: mediana y 90 % de {draws} sorteos. Escrito por `python -m scripts.make_evidence`.",
        "score": "De {fitted} estudios que fijan tamaños, la mediana simulada cae dentro del intervalo publicado en {inside}; de {out} apartados, en {inside_out}. Los controles quedaron dentro del 2 % en {still} de {all}.",
        "columns": (
            "estudio",
            "uso",
            "publicado",
            "antes",
            "solo previas",
            "tamaños ajustados",
            "dentro",
            "control",
        ),
        "sizes": "Tamaños antes y después",
        "sizes_text": "Previa y posterior (mediana y 90 %); la contracción es uno menos el cociente de dispersiones, en la escala en que la previa es una normal estándar. La previa ponderada vale {ess:.0f} sorteos.",
        "sizes_columns": ("parámetro", "previa", "posterior", "contracción", "estudios"),
        "left": "Cada estudio según lo predicen los demás",
        "left_text": "Apartados uno por uno. Donde la predicción y el intervalo publicado no se tocan, los estudios (o la forma del modelo) discrepan; nada se promedia.",
        "left_columns": ("estudio", "publicado", "predicho por los demás", "se tocan"),
        "picture": "Barra: el intervalo publicado, de igual largo en todos los estudios; punto y línea: el modelo con tamaños ajustados; rombo: lo que el modelo daba antes. Lo muy lejano se dibuja más cerca.",
        "before": "Antes",
        "before_text": "Lo que el modelo daba para el mismo estudio antes de tener estos mecanismos y tamaños (commit 14687f0); una raya donde no se midió.",
        "before_columns": ("estudio", "publicado", "antes", "ahora", "nota"),
        "before_score": "De {all} valores medidos entonces, {then} caían dentro del intervalo publicado; de los mismos estudios, ahora {now}.",
        "moved": "Controles que se movieron",
        "moved_text": "En más de 2 %:",
        "misses": "Fallos",
        "misses_text": "Fuera del intervalo publicado, con lo que compara el estudio, de dónde sale su intervalo y por qué falla el modelo:",
        "none": "Sin experimento",
        "yes": "sí",
        "no": "no",
        "assumed": "intervalo",
    },
}


def rows(studies: dict[str, Study], given: Any) -> dict[str, dict[str, Any]]:
    """Return what each study gives, by id, with sizes as given or from the priors."""
    found = experiment.run(studies.values(), draws=DRAWS, given=given)
    return {result.study.id: result.row() for result in found}


def of(row: Any) -> str:
    """Return what was simulated, with its interval."""
    return written(row["simulated"], row["sim_low"], row["sim_high"])


def page(language: str, studies: dict[str, Study], before: Any, after: Any, sizes_: Any) -> str:
    """Return the page of the bank in a language, as Markdown."""
    say, own = TEXT[language], studies.values()

    def yes(value: bool) -> str:
        return str(say["yes"] if value else say["no"])

    fitted = [r for r in after.values() if r["use"] == "fit"]
    out = [r for r in after.values() if r["kept_out"]]
    score = str(say["score"]).format(
        fitted=len(fitted), inside=sum(r["inside"] for r in fitted), out=len(out),
        inside_out=sum(r["inside"] for r in out),
        still=sum(r["control_ok"] for r in after.values()), all=len(after),
    )  # fmt: skip
    lines = [f"# {say['title']}", str(say["intro"]).format(draws=DRAWS), score]
    lines.append(
        f"![{say['title']}](evidence.svg)"
        if language == "en"
        else f"![{say['title']}](evidencia.svg)"
    )
    lines.append(str(say["picture"]))
    lines.append(table(say["columns"], [
        (getattr(s.title, language), s.use, f"{written(s.published.value, s.published.low, s.published.high)} {translate(s.unit, language)}",
         once(s), of(before[s.id]), of(after[s.id]), yes(after[s.id]["inside"]), f"{after[s.id]['control']:.3g}")
        for s in own if s.experiment
    ]))  # fmt: skip
    lines += [f"## {say['sizes']}", str(say["sizes_text"]).format(ess=sizes_.effective)]
    lines.append(table(say["sizes_columns"], [
        (f"`{r['name']}`", written(r["prior_p50"], r["prior_p05"], r["prior_p95"]),
         written(r["p50"], r["p05"], r["p95"]), f"{r['contraction']:.2f}", str(len(r["studies"])))
        for r in sizes_.table
    ]))  # fmt: skip
    lines += [f"## {say['left']}", str(say["left_text"])]
    lines.append(table(say["left_columns"], [
        (getattr(studies[r["id"]].title, language), written(r["published"], r["low"], r["high"]),
         written(r["predicted"], r["pred_low"], r["pred_high"]), yes(r["overlaps"]))
        for r in sizes_.left_out
    ]))  # fmt: skip
    return (
        "\n\n".join([*lines, *_then(language, studies, after), *_fell(language, studies, after)])
        + "\n"
    )


def _then(language: str, studies: dict[str, Study], after: Any) -> list[str]:
    """Return what the model gave before beside what it gives, as paragraphs."""
    say, told = TEXT[language], [s for s in studies.values() if s.before]
    measured = [s for s in told if s.experiment and s.before and s.before.value is not None]
    lines = [f"## {say['before']}", str(say["before_text"]), str(say["before_score"]).format(
        all=len(measured), then=sum(s.published.low <= s.before.value <= s.published.high for s in measured),
        now=sum(after[s.id]["inside"] for s in measured),
    )]  # fmt: skip
    lines.append(table(say["before_columns"], [
        (getattr(s.title, language), written(s.published.value, s.published.low, s.published.high), once(s),
         of(after[s.id]) if s.experiment else "–", getattr(s.before.note, language))
        for s in told
    ]))  # fmt: skip
    return lines


def _fell(language: str, studies: dict[str, Study], after: Any) -> list[str]:
    """Return controls that moved, misses, and studies that are not repeated, as paragraphs."""
    say, own, lines = TEXT[language], studies.values(), []

    def remark(study: Study) -> str:
        return f"; {getattr(study.remark, language)}" if study.remark else ""

    moved = [s for s in own if s.experiment and not after[s.id]["control_ok"]]
    if moved:
        lines += [f"## {say['moved']}", str(say["moved_text"]), "\n".join(
            f"* **{getattr(s.title, language)}**, {after[s.id]['control']:.3g}{remark(s)}." for s in moved
        )]  # fmt: skip
    missed = [s for s in own if s.experiment and not after[s.id]["inside"]]
    lines += [f"## {say['misses']}", str(say["misses_text"])]
    lines.append("\n".join(
        f"* **{getattr(s.title, language)}** ({s.study}): {getattr(s.estimand, language)}; {say['assumed']}: {getattr(s.interval, language)}{remark(s)}."
        for s in missed
    ))  # fmt: skip
    lines.append(f"## {say['none']}")
    lines.append("\n".join(
        f"* **{getattr(s.title, language)}** ({s.study}): {getattr(s.no_experiment, language)}."
        for s in own if s.no_experiment
    ))  # fmt: skip
    return lines


def drawn(language: str, studies: dict[str, Study], after: Any) -> Any:
    """Draw published beside simulated, each study on the scale of its own interval."""
    shown = [s for s in studies.values() if s.experiment]
    frame = pd.DataFrame([
        {"parameter": s.id, "before": s.before.value if s.before else None, "prior_p05": s.published.low, "prior_p50": s.published.value, "prior_p95": s.published.high,
         "p05": after[s.id]["sim_low"], "p50": after[s.id]["simulated"], "p95": after[s.id]["sim_high"]}
        for s in shown
    ])  # fmt: skip
    titles = {s.id: getattr(s.title, language) for s in shown}
    units = {s.id: translate(s.unit, language) for s in shown}  # type: ignore[arg-type]
    return interval.parameters(
        interval.parameter_rows(frame), titles, units, Words(language), scale="published"
    )  # type: ignore[arg-type]


def main() -> None:
    """Fit the sizes, run every study before and after, and write table, results and pages."""
    with making("evidence"):
        studies = bank()
        before = rows(studies, None)
        found = fit.fit(studies.values())
        write_text(
            ROOT / "src/hidra/inference/posteriors/sizes.csv",
            found.frame().to_csv(index=False, float_format="%.6g"),
        )
        sizes.cache_clear()
        after = rows(studies, sizes())
        told = {"prior": before, "fitted": after, "sizes": found.table, "left_out": found.left_out}
        write_json(ROOT / RESULTS, told)
        for language, where in PAGES.items():
            write_text(ROOT / f"{where}.md", page(language, studies, before, after, found))
            picture.save(drawn(language, studies, after), ROOT / f"{where}.svg")


if __name__ == "__main__":
    main()
