"""Outlines: codes, areas on the sphere, neighbours across files, parents of split towns."""

import json
import math
from pathlib import Path

import pytest
from shapely.geometry import box, mapping

from hidra.core.errors import SourceError
from hidra.data.sources.inegi_geography import area_km2, neighbours, splits


def collection(path: Path, features: dict[str, object], **names: str) -> Path:
    listed = [
        {
            "type": "Feature",
            "properties": {"cvegeo": code, "cve_ent": code[:2], "nomgeo": names.get(code, code)},
            "geometry": shape if isinstance(shape, dict) else mapping(shape),
        }
        for code, shape in features.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": listed}), "utf-8")
    return path


def test_towns_of_two_states_are_neighbours_across_their_files(tmp_path, read, con) -> None:
    files = [
        collection(tmp_path / "mgem_01.json", {"01001": box(-102, 21, -101, 22), "01002": box(-102, 22, -101, 23)}),
        collection(tmp_path / "mgem_32.json", {"32001": box(-101, 21.5, -100, 22), "32002": box(-101, 23, -100, 24)}),
        collection(tmp_path / "mgee.json", {"01": box(-102, 21, -101, 23), "32": box(-101, 21.5, -100, 24)}),
    ]  # fmt: skip
    assert read(*files) == "inegi_geography"
    pairs = con.execute("FROM incoming_neighbours ORDER BY 1, 2").fetchall()
    assert [(a, b, rook) for a, b, _, rook in pairs] == [
        ("01", "32", True),
        ("01001", "01002", True),
        ("01001", "32001", True),
        ("01002", "32001", False),
        ("01002", "32002", False),
    ]
    border = {(a, b): km for a, b, km, _ in pairs}
    assert border["01001", "32001"] == pytest.approx(55.6, abs=0.2)
    places = con.execute("SELECT place, state, area_km2 FROM incoming_places ORDER BY 1").fetchall()
    assert [one[:2] for one in places][:2] == [("01", "01"), ("01001", "01")]


def test_area_is_that_of_the_sphere() -> None:
    # a field of one degree by one degree: R^2 * dlon * (sin 21 - sin 20), R of WGS84's area
    strip = math.sin(math.radians(21)) - math.sin(math.radians(20))
    assert area_km2(box(-100, 20, -99, 21)) == pytest.approx(6371.0072**2 * math.radians(1) * strip)


def test_lambert_metres_are_refused(tmp_path: Path, read) -> None:
    file = collection(tmp_path / "mgem.json", {"01001": box(2.4e6, 1.0e6, 2.5e6, 1.1e6)})
    with pytest.raises(SourceError, match="not in degrees") as caught:
        read(file)
    assert caught.value.where == "mgem.json, feature 1"


def test_a_file_cut_short_is_named(tmp_path: Path, read) -> None:
    file = collection(tmp_path / "mgem.json", {"01001": box(-102, 21, -101, 22)})
    file.write_text(file.read_text()[:-40])
    with pytest.raises(SourceError, match="cut short") as caught:
        read(file)
    assert caught.value.where.startswith("mgem.json, row")


def test_a_split_town_finds_its_parents_by_area() -> None:
    old = {"02001": box(-116, 30, -115, 32), "02002": box(-115, 30, -114, 32)}
    new = {
        "02001": box(-116, 30, -115, 31),
        "02002": box(-115, 30, -114, 32),
        "02007": box(-115.6, 31, -114.6, 32),
    }
    found = splits(new, old)
    assert [(code, parent) for code, parent, _ in found] == [("02007", "02001"), ("02007", "02002")]
    assert [share for *_, share in found] == pytest.approx([0.6, 0.4])


def test_a_sliver_between_two_drawings_is_a_border() -> None:
    pairs = neighbours({"01001": box(-102, 21, -101, 22), "01002": box(-100.999995, 21, -100, 22)})
    assert [(a, b, rook) for a, b, _, rook in pairs] == [("01001", "01002", True)]
