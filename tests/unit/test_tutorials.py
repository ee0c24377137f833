"""The tutorials run as they stand, from the first cell to the last, and show charts."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

TUTORIALS = Path(__file__).parents[2] / "docs" / "es" / "tutoriales"
FILES = sorted(TUTORIALS.glob("*.py"))


def run(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, object], str]:
    found = runpy.run_path(str(file))
    return found, capsys.readouterr().out


def test_there_are_three_in_order() -> None:
    assert [file.name[0] for file in FILES] == ["1", "2", "3"]
    for file in FILES:
        cells = re.split(r"^# %%", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert len(cells) > 5
        assert cells[1].startswith(" [markdown]\n# # ")


def test_look_at_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    found, said = run(FILES[0], capsys)
    assert re.search(r"Guanajuato, 2021: [\d,]+ personas asesinadas, [\d.]+ por 100,000", said)
    assert found["bloque"].chart.to_dict()["layer"]  # type: ignore[attr-defined]
    assert "Años sin dato" in said


def test_a_claim(capsys: pytest.CaptureFixture[str]) -> None:
    found, said = run(FILES[1], capsys)
    assert said.count("Veredicto: ") == 2
    assert len(found["lecturas"]) >= 1  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_scenario(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIDRA_SORTEOS", "2")
    found, said = run(FILES[2], capsys)
    assert said.count("personas asesinadas en 2028") == 2
    rows = found["nacion"]
    assert (rows["rel_p05"] <= rows["rel_p95"]).all()  # type: ignore[index]
