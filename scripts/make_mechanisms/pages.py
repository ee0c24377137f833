"""One page per mechanism and a table of all, in both languages, from the declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from hidra.core.i18n import translate
from hidra.core.markdown import table
from hidra.model.drivers import DRIVERS
from hidra.model.mechanisms import package
from hidra.model.mechanisms.diversification import SECTORS

HERE = Path(__file__).parent
FOLDER = {"en": "en/reference/mechanisms", "es": "es/referencia/mecanismos"}
MADE = {
    "en": "Made by `python -m scripts.make_mechanisms` from the declaration; not edited by hand.",
    "es": "Hecha con `python -m scripts.make_mechanisms` desde la declaración; no se edita a mano.",
}
WORDS: dict[str, dict[str, str]] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
SPANISH: dict[str, Any] = yaml.safe_load(
    (HERE.parents[1] / "src/hidra/model/spanish.yaml").read_text(encoding="utf-8")
)


def pages() -> dict[str, str]:
    """Return path under ``docs`` -> text."""
    found = {}
    for language, folder in FOLDER.items():
        for m in package().values():
            found[f"{folder}/{m.name}.md"] = page(m, language)
        found[f"{folder}/index.md"] = index(language)
    return found


def page(m: Any, language: str) -> str:
    """Return the page of one mechanism."""
    w = WORDS[language]
    own = SPANISH[m.name] if language == "es" else {}
    parts = [
        f"# {m.code if m.code.startswith('M') else ''} {translate(m.title, language)}".replace(
            "#  ", "# "
        ),
        f"*{MADE[language]}*",
        f"`{m.name}` · {w['grade']}: **{w[m.grade]}** · {own.get('what') or _first_line(m)}",
        f"**{w['essay']}.** {own.get('essay', m.essay)}",
        f"**{w['equation']}.** `{m.equation}`",
        _lists(m, w),
        _parameters(m, w, own),
        _drivers(m, w, language),
    ]
    if m.counts:
        rows = [
            (f"`{n}`", translate(c.label, language), _unit(c.unit, language))
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
        f"**{w['for']}.** {own.get('for', m.evidence_for)}",
        f"**{w['against']}.** {own.get('against', m.evidence_against)}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _first_line(m: Any) -> str:
    import importlib

    text = importlib.import_module(m.function.__module__).__doc__ or ""
    return text.split("\n")[0].partition(": ")[2] or text.split("\n")[0]


def _lists(m: Any, w: dict[str, str]) -> str:
    operators = [f"{o.name} ({o.stage})" for o in m.operators]
    rows = [
        (w["reads"], m.reads), (w["hears"], m.hears), (w["rates"], (*m.rates, *m.coefficients)),
        (w["opens"], m.opens), (w["flows"], m.flows), (w["operators"], operators),
    ]  # fmt: skip
    shown = [(label, ", ".join(f"`{n}`" for n in names)) for label, names in rows if names]
    return table((w["contract"], ""), shown)


def _parameters(m: Any, w: dict[str, str], own: dict[str, Any]) -> str:
    words = own.get("params", {})
    rows = [
        (
            f"`{q.name}`",
            words.get(q.name, q.doc),
            str(q.value) if q.prior is None else str(q.prior),
            _unit(q.unit, "es" if own else "en"),
            q.source,
        )
        for q in m.params
    ]
    head = (w["parameter"], w["what"], w["prior"], w["unit"], w["source"])
    return f"## {w['parameters']}\n\n" + table(head, rows)


def _drivers(m: Any, w: dict[str, str], language: str) -> str:
    if not m.drivers:
        return ""
    rows = []
    for name in m.drivers:
        d = DRIVERS[name]
        kind = w["open"] if d.table else w["lever"] if d.rest is not None else w["own"]
        doc = SPANISH["drivers"][name] if language == "es" else d.doc
        source = ", ".join(f"`{t}`" for t in d.source.split(", ")) if d.table else ""
        rows.append((f"`{name}`", doc, _unit(d.unit, language), kind, source))
    head = (w["driver"], w["what"], w["unit"], w["kind"], w["series"])
    return f"## {w['drivers']}\n\n" + table(head, rows) + f"\n\n{w['unknown']}"


def _unit(unit: str, language: str) -> str:
    return str(SPANISH["units"].get(unit, unit)) if language == "es" else unit


def index(language: str) -> str:
    """Return the table mechanism x essay phrase x grade."""
    w = WORDS[language]
    rows = []
    for m in sorted(package().values(), key=lambda m: (len(m.code), m.code, m.name)):
        essay = SPANISH[m.name]["essay"] if language == "es" else m.essay
        title = f"[{translate(m.title, language)}]({m.name}.md)"
        needs = any(DRIVERS[d].table is None and DRIVERS[d].rest is None for d in m.drivers)
        rows.append((m.code, title, essay, w[m.grade], w["needs_own"] if needs else w["runs"]))
    head = (w["code"], w["mechanism"], w["essay"], w["grade"], w["where"])
    return (
        "\n\n".join([f"# {w['title']}", f"*{MADE[language]}*", w["intro"], table(head, rows)])
        + "\n"
    )
