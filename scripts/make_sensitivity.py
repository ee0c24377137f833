"""Re-make the sensitivity of the whole system: ``python -m scripts.make_sensitivity --samples 64``.

Runs the Sobol design (minutes), keeps table and manifest in the package, and writes the pages;
without ``--samples`` only the pages are written, from what is kept. ``--shares 20`` instead keeps
what each mechanism contributes (a minute; ``hidra.run.projection.shares``).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from hidra.core.artefacts import making
from hidra.core.files import write_csv
from hidra.core.markdown import table
from hidra.inference import sensitivity as kept
from hidra.run import projection

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"en": "docs/en/explanation/sensitivity.md", "es": "docs/es/explicacion/sensibilidad.md"}
WORDS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
LISTED = 10


def page(language: str, found: pd.DataFrame, told: dict[str, Any]) -> str:
    """Return the page in one language."""
    w = WORDS[language]
    parts = [w["head"], w["made"], *w["how"], w["design"].format(**told)]
    for measure, label in w["measures"].items():
        mine = found[found["measure"] == measure]
        groups = mine[mine["level"] == "group"].sort_values("total", ascending=False)
        single = mine[(mine["level"] == "parameter") & mine["stands"]]
        single = single.sort_values("first", ascending=False).head(LISTED)
        rows = [_single(r, language) for r in single.to_dict("records")]
        clear = [r[f"title_{language}"] for r in groups.to_dict("records") if r["stands"]]
        parts += [f"## {label}", w["clear"].format(names="; ".join(clear) or w["none"])]
        parts += [table(w["columns"], [_group(r, language) for r in groups.to_dict("records")])]
        parts += [w["single"], table(w["single_columns"], rows)] if rows else [w["single_none"]]
    return "\n\n".join([*(p.strip() for p in parts), w["limits"].strip()]) + "\n"


def _group(row: dict[str, Any], language: str) -> tuple[str, ...]:
    return (row[f"title_{language}"], *_share(row, "total"), *_share(row, "first"))


def _single(row: dict[str, Any], language: str) -> tuple[str, ...]:
    return (row[f"title_{language}"], *_share(row, "first"))


def _share(row: dict[str, Any], what: str) -> tuple[str, str]:
    def text(value: float) -> str:
        return f"{value:.2f}".replace("-", "\u2212")

    return text(row[what]), f"{text(row[f'{what}_lo'])} – {text(row[f'{what}_hi'])}"


def main() -> None:
    """Run the design when asked, and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=0)
    parser.add_argument("--shares", type=int, default=0)
    samples, draws = vars(parser.parse_args()).values()
    if draws:
        with making("shares"):
            write_csv(projection.SHARES, projection.shares(draws).round(5))
        return
    if samples:
        with making("sensitivity"):
            kept.keep(*kept.run(samples, lambda done, total: print(done, total, flush=True)))
    for language, path in PAGES.items():
        text = page(language, kept.shipped(), kept.manifest())
        (ROOT / path).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
