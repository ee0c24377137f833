"""How long the article checker takes: a page, and 5 MB without and with figures in it.

``python -m benchmarks.articles > benchmarks/articles.txt`` (CPU seconds; MB at most).
"""

from __future__ import annotations

import platform
import resource
import time
from pathlib import Path

import yaml

from hidra.claims.article import check
from hidra.claims.ask import data

PASSAGES = Path(__file__).resolve().parents[1] / "tests" / "claims" / "articles.yaml"
PROSE = (
    "The council met on Tuesday to discuss the price of bread and the roads of the town. Mexico is "
    "a country of many stories, and those who tell them walk far before they rest. La violencia "
    "dejó huella en los barrios, donde los vecinos recuerdan cada calle y cada nombre. "
)
LONG = 5_000_000


def main() -> None:
    """Print processor seconds and memory of checking texts of growing length."""
    dense = " ".join(one["text"] for one in yaml.safe_load(PASSAGES.read_text("utf-8")))
    texts = {
        "a page of 3,000 letters": dense[:3000],
        "120,000 letters, a figure in every sentence": (dense * 20)[:120_000],
        "5 MB of prose": (PROSE * (LONG // len(PROSE) + 1))[:LONG],
        "5 MB, a figure in every sentence": (dense * (LONG // len(dense) + 1))[:LONG],
    }
    print(f"Python {platform.python_version()}, {platform.machine()}")
    with data() as con:
        check(con, dense[:200])
        for name, text in texts.items():
            begun = time.process_time()
            found = check(con, text)
            took = time.process_time() - begun
            size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{name}: {took:.2f} s, {len(found)} findings, {size:.0f} MB")


if __name__ == "__main__":
    main()
