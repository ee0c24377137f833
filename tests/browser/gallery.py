"""Every chart of places and intervals on one page, with the kinds of cell that a real page may hold.

The rows are the built-in ones, with a zero, an unknown, a few small places and a change of method
put in by hand, so that each way of drawing is seen; municipalities are squares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts import cell, maps, series
from hidra.charts.block import Section
from hidra.charts.words import Words
from hidra.data import reference
from hidra.report import blocks

MEASURES = ("inegi_homicides", "sesnsp_homicide_victims", "rnpdno_missing")
VARIANTS = {
    "main": {"es": "Efecto a doce meses en los municipios con una captura", "en": "Effect after twelve months"},
    "poisson": {"es": "Con Poisson en lugar de mínimos cuadrados", "en": "Poisson instead of least squares"},
    "placebo": {"es": "Placebo: un año antes", "en": "Placebo: a year before"},
    "lag": {"es": "Con rezago de seis meses", "en": "Six months later"},
}  # fmt: skip


def rates() -> pd.DataFrame:
    panel = reference.panel()
    rows = panel[(panel["measure"] == "inegi_homicides") & (panel["place"] != "00")].copy()
    year = rows["month"].str[:4] == "2022"
    rows.loc[year & (rows["place"] == "04"), "value"] = 0
    rows.loc[year & (rows["place"] == "07"), "value"] = None
    rows["status"] = rows["status"].where(~(year & rows["place"].isin(["01", "04", "05"])), "final")
    people = series.population(panel)
    people.loc[people["place"] == "06", "population"] = cell.FEW - 1
    return cell.rates(rows, people)


def squares(side: int = 12) -> list[dict[str, Any]]:
    """Square towns of three states, as GeoJSON features."""
    features = []
    for state, west, south in (("15", -100.5, 18.5), ("20", -98.0, 16.0), ("26", -112.0, 28.0)):
        for at in range(side):
            x, y = west + at % 4 * 0.5, south + at // 4 * 0.5
            ring = [[x, y], [x, y + 0.5], [x + 0.5, y + 0.5], [x + 0.5, y], [x, y]]
            code = f"{state}{at + 1:03d}"
            features.append(
                {"type": "Feature", "id": code,
                 "properties": {"name": f"Municipio {code}", "lon": x + 0.25, "lat": y + 0.25},
                 "geometry": {"type": "Polygon", "coordinates": [ring]}}
            )  # fmt: skip
    return features


def towns() -> pd.DataFrame:
    rows = []
    for feature in squares():
        number = int(feature["id"][2:])
        persons = None if number == 3 else 0.0 if number == 4 else float(number * 3)
        rows += [
            {"place": feature["id"], "year": year, "persons": persons,
             "population": 5_000 if number == 5 else 60_000,
             "status": "provisional" if number == 6 else "final"}
            for year in (2020, 2021, 2022)
        ]  # fmt: skip
    frame = pd.DataFrame(rows).astype({"persons": float})
    frame["rate"] = frame["persons"] / frame["population"] * 1e5
    return frame.assign(mean=frame["rate"], cell=cell.kinds(frame))


def variants() -> pd.DataFrame:
    rows = [
        ("main", -0.051, -0.11, 0.02, True), ("poisson", -0.03, -0.1, 0.05, False),
        ("placebo", 0.01, -0.04, 0.06, False), ("lag", None, None, None, False),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["name", "estimate", "low", "high", "main"])


def doubt() -> pd.DataFrame:
    rows = [
        ("recruitment", 0.4, 0.3, 0.5, 0.6, 0.5, 0.7),
        ("arms", 0.05, -0.01, 0.1, 0.2, 0.1, 0.3),
    ]
    return pd.DataFrame(
        rows, columns=["name", "first", "first_lo", "first_hi", "total", "total_lo", "total_hi"]
    )


def told(
    tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any], words: Words
) -> list[Section]:
    """One section with every block."""
    panel = reference.panel()
    breaks = pd.DataFrame({"measure": [MEASURES[1]], "month": ["2018-01"]})
    labels = reference.table("measure").set_index("measure")[f"label_{words.language}"]
    every: dict[str, Any] = {
        "title": "Gallery",
        "measure": words("word.persons"),
        "source": "INEGI.",
    }
    named: dict[str, Any] = {"title": "Gallery", "source": "INEGI."}
    place = panel[(panel["place"] == "20") & panel["measure"].isin(MEASURES)]
    states = panel[(panel["measure"] == MEASURES[1]) & (panel["place"] != "00")]
    shown = [
        blocks.hex_states(rates(), words, year=2022, **every),
        blocks.municipalities(towns(), squares(), words, **every),
        blocks.municipalities(towns(), squares(), words, state="20", **every),
        blocks.calendar(
            place, breaks, {m: labels[m] for m in MEASURES}, words, years=range(2000, 2027), **named
        ),
        blocks.calendar(
            states, breaks, maps.state_names(words.language), words, by="place",
            years=range(2012, 2027), **named,
        ),
        blocks.sorted_places(rates(), words, year=2021, **every),
        blocks.robustness(
            variants(), {n: v[words.language] for n, v in VARIANTS.items()}, words,
            title="Gallery", subtitle="–", source="INEGI.", percent=True, claimed=-0.15,
        ),
        blocks.sensitivity(
            doubt(), {"recruitment": words("node.recruitment"), "arms": words("node.arms")}, words,
            title="Gallery", subtitle="–", source="hidra.",
        ),
    ]  # fmt: skip
    return [Section("gallery", "Gallery", blocks=shown)]
