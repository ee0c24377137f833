"""Trejo & Ley: attacks on local officials, candidates and activists; the user brings it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data.sources import tables
from hidra.data.sources.asked import TOWN, YEAR, load, town_sql, with_sums, yearly
from hidra.data.sources.base import Context, Source
from hidra.data.sources.glance import Glance

if TYPE_CHECKING:
    import duckdb


ATTACKS = ("attacks_on_officials_candidates_activists", "attacks", "aggr", "ataques")


def _is_attacks(seen: Glance) -> bool:
    return bool(seen.folded.intersection(ATTACKS)) and bool(seen.folded.intersection(TOWN))


def _read_attacks(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    load(con, files[0], {"place": TOWN, "year": YEAR, "attacks": ATTACKS}, context)
    with_sums(
        TREJO_LEY,
        con,
        f"SELECT {town_sql()} AS place, CAST(CAST(year AS DOUBLE) AS INTEGER) || '-01' AS month,"
        f" 'trejo_ley_attacks' AS measure, {tables.number('attacks')} AS n FROM source_rows",
        context,
    )


TREJO_LEY = Source(
    name="trejo_ley",
    title_es="Trejo y Ley: ataques a autoridades, candidatos y activistas, 2007-2012",
    title_en="Trejo & Ley: attacks on officials, candidates and activists, 2007-2012",
    publisher="Guillermo Trejo and Sandra Ley",
    terms="ask the authors; cite (Harvard Dataverse; its terms were not read)",
    citation="Trejo & Ley (2021), High-Profile Criminal Violence, British Journal of Political "
    "Science, doi:10.7910/DVN/VIXNNE",
    concept="attacks reported in the press",
    cadence="closed",
    access="ask",
    holds="cuts",
    level="municipality",
    measures=(
        yearly(
            "trejo_ley_attacks",
            "attacks",
            "attacks on local officials, candidates and activists, year",
            "Ataques a autoridades, candidatos y activistas",
            "Attacks on officials, candidates and activists",
        ),
    ),
    recognise=_is_attacks,
    read=_read_attacks,
    homepage="https://doi.org/10.7910/DVN/VIXNNE",
)
SOURCES = (TREJO_LEY,)
