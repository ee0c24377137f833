"""Open series that drive mechanisms: economy, pipelines, remittances, forces, border, defence."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import shape

from .layout import STATES, states

EARTH_KM = 6371.0
# Municipalities with the main road crossings; the last word says which US state they face.
CROSSINGS = {
    "02004": "California", "02002": "California", "26055": "Arizona", "26043": "Arizona",
    "26002": "Arizona", "08037": "Texas", "08052": "Texas", "05002": "Texas", "05025": "Texas",
    "28027": "Texas", "28032": "Texas", "28022": "Texas",
}  # fmt: skip
OWN_BAN = "California"  # its own assault weapons ban held before, during and after the federal one
FIRST_YEAR = 2003
VALUES = {"current": "value_current_mmxn", "constant": "value_constant_2018_mmxn"}


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the driver tables."""
    return {
        "border_distance": _border(shared),
        "economy_state_year": _economy(shared),
        "pipeline_state": _pipelines(shared),
        "remittance_state_year": _remittances(shared),
        "remittance_state_quarter": _remittances_by_quarter(shared),
        "us_overdose_year": _overdose(shared),
        "federal_forces_state": _forces(shared),
        "community_defence": _defence(shared),
        "community_defence_state": _defence_by_state(shared),
        "crime_state_mean": _crime(shared),
    }


def _border(shared: Path) -> pd.DataFrame:
    """Distance over land from where people live (municipalities by population) to a crossing.

    Shortest way from one municipality's centroid to a neighbour's: a line over the Gulf would put
    Yucatán as near the United States as Michoacán. Centroids of neighbours lie some tens of
    kilometres apart, so a way is somewhat longer than the road.
    """
    towns = pd.read_csv(shared / "municipios.csv", dtype={"cve_mun": str, "cve_ent": str})
    towns = towns.dropna(subset=["lat", "lon", "pop_2010"]).reset_index(drop=True)
    at = pd.Series(towns.index, index=towns["cve_mun"])
    sides = ["cve_mun_a", "cve_mun_b"]
    joined = pd.read_csv(shared / "adjacency_municipios.csv", dtype=dict.fromkeys(sides, str))
    joined = joined[joined[sides].isin(at.index).all(axis=1)]
    roads = coo_array(
        (joined["centroid_km"], (at[joined["cve_mun_a"]], at[joined["cve_mun_b"]])),
        shape=(len(towns), len(towns)),
    )
    ways = dijkstra(roads.tocsr(), directed=False, indices=at[list(CROSSINGS)].to_numpy()).T
    ways = pd.DataFrame(ways).replace(np.inf, np.nan)  # islands have no neighbour
    people = ways.notna().mul(towns["pop_2010"], axis=0)
    by_state = ways.mul(people).groupby(towns["cve_ent"]).sum()
    by_state = by_state / people.groupby(towns["cve_ent"]).sum()
    nearest = by_state.to_numpy().argmin(axis=1)
    facing = [list(CROSSINGS.values())[i] for i in nearest]
    return pd.DataFrame(
        {
            "place": by_state.index,
            "km": by_state.min(axis=1).round(1).to_numpy(),
            "crossing": [list(CROSSINGS)[i] for i in nearest],
            "faces": facing,
            "own_ban": [int(name == OWN_BAN) for name in facing],
        }
    ).sort_values("place")


def _km(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    (lat, lon), (lat2, lon2) = np.radians(a.T)[:, :, None], np.radians(b.T)[:, None, :]
    half = np.sin((lat - lat2) / 2) ** 2
    half = half + np.cos(lat) * np.cos(lat2) * np.sin((lon - lon2) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(half)))


def _economy(shared: Path) -> pd.DataFrame:
    """GDP, non-oil mining and lodging and food by state; avocado value; the price of mining."""
    source = pd.read_csv(shared / "gdp_state_sector_2003_2024.csv", dtype={"sector_code": str})
    source = source[source["state_code"] > 0]
    source["place"] = states(source["state_code"])

    def column(sector: str, kind: str) -> pd.Series:
        rows = source[source["sector_code"] == sector]
        return rows.set_index(["place", "year"])[VALUES[kind]]

    gdp, gdp_real = column("PIB", "current"), column("PIB", "constant")
    mining, mining_real = column("21-2", "current"), column("21-2", "constant")
    relative = (mining / mining_real) / (gdp / gdp_real)
    base = relative.xs(2012, level="year")
    avocado = pd.read_parquet(shared / "avocado_mun_year_2003_2023.parquet")
    value = avocado.groupby([avocado["cvegeo"].str[:2], "year"])["value_mxn"].sum() / 1e6
    years = pd.MultiIndex.from_product([STATES, range(FIRST_YEAR, 2024)])
    value = value.reindex(years, fill_value=0.0)  # no grower reported in the state
    table = pd.DataFrame(
        {
            "gdp": gdp.round(1),
            "mining": mining.round(2),
            "mining_real": mining_real.round(2),
            "mining_price": (relative / base.reindex(relative.index, level="place")).round(4),
            "lodging_food": column("72", "constant").round(1),
            "avocado": value.rename_axis(["place", "year"]).round(2),
        }
    )
    return table.rename_axis(["place", "year"]).reset_index().sort_values(["place", "year"])


def _pipelines(shared: Path) -> pd.DataFrame:
    """Km of fuel pipelines in each state: great-circle length within its outline."""
    places = json.loads((shared / "geo_estados.geojson").read_text(encoding="utf-8"))
    lines = json.loads((shared / "geo_fuel_pipelines.geojson").read_text(encoding="utf-8"))
    drawn = [shape(f["geometry"]) for f in lines["features"]]
    rows = []
    for feature in places["features"]:
        outline = shape(feature["geometry"]).buffer(0)
        km = sum(_length(line.intersection(outline)) for line in drawn)
        rows.append({"place": feature["properties"]["cve_ent"], "km": round(km, 1)})
    return pd.DataFrame(rows).sort_values("place")


def _length(geometry: object) -> float:
    """Great-circle length of a line or lines, km."""
    parts = getattr(geometry, "geoms", [geometry])
    total = 0.0
    for part in parts:
        at = np.asarray(part.coords)[:, ::-1] if getattr(part, "coords", None) else np.empty((0, 2))
        if len(at) > 1:
            total += float(sum(_km(a[None], b[None])[0, 0] for a, b in itertools.pairwise(at)))
    return total


def _remittances(shared: Path) -> pd.DataFrame:
    source = pd.read_csv(shared / "remittances_state_quarter_2003_2026.csv")
    source = source[source["state_code"].between(1, 32)]
    source["place"] = states(source["state_code"])
    grouped = source.groupby(["place", "year"])["remittances_usd"]
    table = grouped.sum()[grouped.count() == 4] / 1e6  # whole years only
    return table.round(1).rename("million_usd").reset_index()


def _remittances_by_quarter(shared: Path) -> pd.DataFrame:
    source = pd.read_csv(shared / "remittances_state_quarter_2003_2026.csv")
    source = source[source["state_code"].between(1, 32)]
    first = 3 * source["quarter"] - 2
    table = pd.DataFrame(
        {
            "place": states(source["state_code"]),
            "month": source["year"].astype(str) + "-" + first.map("{:02d}".format),
            "remittances_musd": (source["remittances_usd"] / 1e6).round(3),
        }
    )
    return table.sort_values(["place", "month"])


def _overdose(shared: Path) -> pd.DataFrame:
    source = pd.read_csv(shared / "drivers_national.csv")
    names = ("us_drug_poisoning_deaths", "us_drug_overdose_deaths")
    rows = source[source["indicator"].isin(names)].copy()
    table = pd.DataFrame(
        {
            "year": rows["year"],
            "deaths": rows["value"].astype(int),
            "origin": rows["source_title"],
            "read_at_source": rows["verified"] == "yes",
        }
    )
    return table.sort_values("year")


def _forces(shared: Path) -> pd.DataFrame:
    source = pd.read_csv(shared / "security_forces_by_state.csv")
    rows = source[source["period"] == "2019-07"]
    table = pd.DataFrame(
        {
            "place": states(rows["state_code"]),
            "month": rows["period"],
            "personnel": rows["personnel"].astype("Int64"),
            "source": "https://" + rows["source"],
        }
    )
    return table.sort_values("place")


def _defence(shared: Path) -> pd.DataFrame:
    source = pd.read_csv(shared / "community_defence_places.csv", dtype={"cvegeo": str})
    dissolved = source["detail"].str.contains("dissolved", na=False)
    table = pd.DataFrame(
        {
            "place": states(source["state_code"]),
            "municipality": source["cvegeo"],
            "organisation": source["organisation"],
            "start_year": source["start_year"],
            "end_year": np.where(dissolved, 2023, np.nan),
            "source": source["source"].str.replace("; ", "|"),
        }
    )
    return table.sort_values(["municipality", "start_year", "organisation"])


def _defence_by_state(shared: Path) -> pd.DataFrame:
    """Share of a state's residents in listed municipalities; states without a list are unknown."""
    listed = _defence(shared)
    people = pd.read_parquet(shared / "population_mun_year_1990_2040.parquet")
    whole = people.groupby([people["cve_mun"].str[:2], "year"])["pop"].sum()
    each = people.set_index(["cve_mun", "year"])["pop"]
    rows = []
    for place in listed["place"].unique():
        here = listed[listed["place"] == place]
        for year in range(2000, 2031):
            on = here[(here["start_year"] <= year) & ~(here["end_year"] <= year)]
            covered = sum(each[(code, year)] for code in on["municipality"].unique())
            rows.append((place, year, round(covered / whole[(place, year)], 5)))
    return pd.DataFrame(rows, columns=["place", "year", "share"])


def _crime(shared: Path) -> pd.DataFrame:
    """Victims of trafficking in persons and federal firearms cases: means of the years known."""
    victims = pd.read_csv(shared / "sesnsp_victims_state_month_wide.csv", dtype={"cve_ent": str})
    cases = pd.read_parquet(shared / "sesnsp_federal_crime_state_month_2012_2024.parquet")
    arms = cases[cases["type"].str.contains("ARMAS DE FUEGO") & cases["cve_ent"].isin(STATES)]
    table = pd.DataFrame(
        {
            "persons_trafficked": victims.groupby("cve_ent")["trata"].sum()
            / victims["year"].nunique(),
            "arms_cases": arms.groupby("cve_ent")["cases"].sum() / arms["year"].nunique(),
        }
    )
    return table.reindex(STATES).round(2).rename_axis("place").reset_index()
