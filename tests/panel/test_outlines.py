"""Outlines of municipalities: light ones built in, or the official ones the user brought."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from hidra.charts import maps
from hidra.data import geography, home, keeping

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("HIDRA_SHARED", ROOT.parent / "shared")) / "data"


def collection(path: Path, codes: list[str]) -> Path:
    """Towns side by side, their common border with a step too small to be drawn."""
    features = []
    for at, code in enumerate(codes):
        west = -100 + at * 0.5
        ring = [
            [west, 18], [west + 0.5, 18], [west + 0.5, 18.25], [west + 0.501, 18.2505],
            [west + 0.5, 18.251], [west + 0.5, 18.5], [west, 18.5],
            *([[west, 18.251], [west + 0.001, 18.2505], [west, 18.25]] if at else []),
            [west, 18],
        ]  # fmt: skip
        features.append(
            {"type": "Feature",
             "properties": {"cvegeo": code, "cve_ent": code[:2], "nomgeo": f"Pueblo {code}"},
             "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    return tmp_path


def test_without_official_outlines_those_built_in_are_drawn(own_home: Path) -> None:
    found = geography.municipal()
    assert len(found) == 2475
    assert {one["id"] for one in found} == geography.municipalities() - {"24059", "25019", "25020"}
    assert len(geography.municipal("20")) == 570
    assert all(14 < one["properties"]["lat"] < 33 and one["properties"]["name"] for one in found)
    lines = maps.borders(found)
    points = sum(map(len, lines))
    assert 5_000 < points < 40_000  # coasts and borders, each once
    inside = maps.borders([one for one in found if one["id"][:2] in ("29", "21")])
    assert {len(line) > 1 for line in inside} == {True}


def test_official_outlines_become_light_and_are_kept(own_home: Path) -> None:
    pytest.importorskip("shapely")
    keeping.add(collection(own_home / "mgem.json", ["15001", "15002", "20001"]))
    found = geography.municipal()
    assert [one["id"] for one in found] == ["15001", "15002", "20001"]
    assert found[0]["properties"]["name"] == "Pueblo 15001"
    assert -100 < found[0]["properties"]["lon"] < -99.4
    points = [tuple(p) for p in found[0]["geometry"]["coordinates"][0]]
    assert len(points) <= 6  # the small step is gone
    shared = set(points) & {tuple(p) for p in found[1]["geometry"]["coordinates"][0]}
    assert len(shared) >= 2  # and the border is still one line for both towns
    kept = list(home.home().glob("outlines-*.json"))
    assert len(kept) == 1
    assert [one["id"] for one in geography.municipal("20")] == ["20001"]


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the source material is not at {SHARED}")
def test_the_whole_country_is_light_and_whole() -> None:
    pytest.importorskip("shapely")
    collection = json.loads((SHARED / "geo_municipios.geojson").read_text(encoding="utf-8"))
    rows = [
        (one["properties"]["cve_mun"], json.dumps(one["geometry"]), one["properties"]["name"], 0, 0)
        for one in collection["features"]
    ]
    found = geography.light(rows)
    assert len(found) == 2475
    assert len(json.dumps(found)) < 2_500_000
    assert all(one["geometry"]["coordinates"] for one in found)
    assert sum(one["id"][:2] == "20" for one in found) == 570
