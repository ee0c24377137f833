"""One page per mechanism and a table of all, in both languages, from the declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from scripts.words import first_line

from hidra.core.i18n import Language, translate
from hidra.core.markdown import table
from hidra.model.drivers import DRIVERS
from hidra.model.mechanisms import package
from hidra.model.mechanisms.diversification import SECTORS

HERE = Path(__file__).parent
FOLDER: dict[Language, str] = {"en": "en/reference/mechanisms", "es": "es/referencia/mecanismos"}
MADE = {
    "en": "Made by `python -m scripts.make_mechanisms` from the declaration; not edited by hand.",
    "es": "Hecha con `python -m scripts.make_mechanisms` desde la declaración; no se edita a mano.",
}
WORDS: dict[str, dict[str, str]] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))


def pages() -> dict[str, str]:
    """Return path under ``docs`` -> text."""
    found = {}
    for language, folder in FOLDER.items():
        for m in package().values():
            found[f"{folder}/{m.name}.md"] = page(m, language)
        found[f"{folder}/index.md"] = index(language)
    return found


def page(m: Any, language: Language) -> str:
    """Return the page of one mechanism."""
    w = WORDS[language]
    parts = [
        f"# {m.code if m.code.startswith('M') else ''} {translate(m.title, language)}".replace(
            "#  ", "# "
        ),
        f"*{MADE[language]}*",
        f"`{m.name}` · {w['grade']}: **{w[m.grade]}** · {translate(first_line(m), language)}",
        f"**{w['essay']}.** {translate(m.essay, language)}",
        f"**{w['equation']}.** `{m.equation}`",
        _lists(m, w),
        _parameters(m, w, language),
        _drivers(m, w, language),
    ]
    if m.counts:
        rows = [
            (f"`{n}`", translate(c.label, language), translate(c.unit, language))
            for n, c in m.counts.items()
        ]
        parts += [f"## {w['counts']}", table((w["name"], w["what"], w["unit"]), rows)]
    if m.name == "diversification":
        rows = [
            (translate(s.title, language), f"{s.weight:g}", f"{s.start:g}", f"`{s.series}`")
            for s in SECTORS
        ]
        head = (w["sector"], w["weight"], w["start"], w["series"])
        parts += [f"## {w['sectors']}", w["sectors_note"], table(head, rows)]
    parts += [
        f"## {w['evidence']}",
        f"**{w['for']}.** {translate(m.evidence_for, language)}",
        f"**{w['against']}.** {translate(m.evidence_against, language)}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _lists(m: Any, w: dict[str, str]) -> str:
    operators = [f"{o.name} ({o.stage})" for o in m.operators]
    rows = [
        (w["reads"], m.reads), (w["hears"], m.hears), (w["rates"], (*m.rates, *m.coefficients)),
        (w["opens"], m.opens), (w["flows"], m.flows), (w["operators"], operators),
    ]  # fmt: skip
    shown = [(label, ", ".join(f"`{n}`" for n in names)) for label, names in rows if names]
    return table((w["contract"], ""), shown)


def _parameters(m: Any, w: dict[str, str], language: Language) -> str:
    rows = [
        (
            f"`{q.name}`",
            translate(q.doc, language),
            str(q.value) if q.prior is None else str(q.prior),
            translate(q.unit, language),
            translate(q.source, language),
        )
        for q in m.params
    ]
    head = (w["parameter"], w["what"], w["prior"], w["unit"], w["source"])
    return f"## {w['parameters']}\n\n" + table(head, rows)


def _drivers(m: Any, w: dict[str, str], language: Language) -> str:
    if not m.drivers:
        return ""
    rows = []
    for name in m.drivers:
        d = DRIVERS[name]
        kind = w["open"] if d.table else w["lever"] if d.rest is not None else w["own"]
        source = ", ".join(f"`{t}`" for t in d.source.split(", ")) if d.table else ""
        said = translate(d.doc, language), translate(d.unit, language)
        rows.append((f"`{name}`", *said, kind, source))
    head = (w["driver"], w["what"], w["unit"], w["kind"], w["series"])
    return f"## {w['drivers']}\n\n" + table(head, rows) + f"\n\n{w['unknown']}"


def index(language: Language) -> str:
    """Return the table mechanism x essay phrase x grade."""
    w = WORDS[language]
    rows = []
    for m in sorted(package().values(), key=lambda m: (len(m.code), m.code, m.name)):
        title = f"[{translate(m.title, language)}]({m.name}.md)"
        needs = any(DRIVERS[d].table is None and DRIVERS[d].rest is None for d in m.drivers)
        rows.append(
            (
                m.code,
                title,
                translate(m.essay, language),
                w[m.grade],
                w["needs_own"] if needs else w["runs"],
            )
        )
    head = (w["code"], w["mechanism"], w["essay"], w["grade"], w["where"])
    return (
        "\n\n".join([f"# {w['title']}", f"*{MADE[language]}*", w["intro"], table(head, rows)])
        + "\n"
    )
