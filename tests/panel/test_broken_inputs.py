"""Broken inputs: each is told with file, row and cure, and the panel stays as it was."""

from __future__ import annotations

import pytest

from .conftest import TABLE

HEAD = "cve_mun,year,month,killed\n"
PAGE = "<!DOCTYPE html><html><body>Esta liga ya no existe</body></html>"

# What is wrong: the table, changes to the description, exit code, and what each line must say.
BROKEN = {
    "a column is missing": (
        "cve_mun,year,month,killd\n08037,2024,1,5\n", {}, 2, "'killed'", "table.csv, row 1", "killd"),
    "a month that is not": (
        HEAD + "08037,2024,1,5\n08037,2024,13,5\n", {}, 3, "'13' is no month", "table.csv, row 3, column year, month", "Correct the row"),
    "words in place of a number": (
        HEAD + "08037,2024,1,5\n08019,2024,1,many\n", {}, 3, "'many' is no number", "table.csv, row 3", "unknown_values"),
    "a thousands comma not declared": (
        HEAD + '08037,2024,1,"1,234"\n', {}, 3, "'1,234'", "table.csv, row 2", "thousands"),
    "a negative count": (
        HEAD + "08037,2024,1,-5\n", {}, 3, "negative count", "table.csv, row 2", "Correct the row"),
    "a code that is none": (
        HEAD + "08037,2024,1,5\nJuárez,2024,1,5\n", {}, 3, "'Juárez'", "table.csv, row 3, column cve_mun", "Correct the row"),
    "a state that does not exist": (
        HEAD + "08037,2024,1,5\n45001,2024,1,5\n", {}, 3, "no such state", "table.csv, row 3", "Correct the row"),
    "a place left out": (
        HEAD + "08037,2024,1,5\n,2024,2,5\n", {}, 3, "the place is missing; place.when_missing", "table.csv, row 3", "spec"),
    "the same cell twice": (
        HEAD + "08037,2024,1,5\n08019,2024,1,1\n8037,2024,1,6\n", {}, 3, "2 rows give 'our_killings'", "table.csv, row 2 and table.csv, row 4", "sum_over"),
    "a row with a field too many": (
        HEAD + "08037,2024,1,5\n08019,2024,1,1,9\n", {}, 3, "cannot be read", "table.csv, row 3", "Open the file"),
    "a quote never closed": (
        HEAD + '08037,2024,1,5\n"08019,2024,1,1\n', {}, 3, "cannot be read", "table.csv, row 3", "a quote"),
    "a web page in place of data": (
        PAGE, {}, 3, "web page", "table.csv, row 1", "Delete it"),
    "an empty file": (
        "", {}, 3, "empty", "table.csv, row 1", "Download"),
    "a header and nothing else": (
        HEAD, {}, 4, "no row", "table.csv", "holds data"),
    "filters that leave nothing": (
        TABLE, {"where": {"year": ["1999"]}}, 4, "no row", "table.csv", "filters"),
    "a parquet file cut short": (
        b"PAR1" + b"\0" * 50, {}, 3, "broken", "table.csv", "again"),
    "JSON that ends in the middle": (
        '[{"cve_mun": "08037", "year": 2024, "month": 1, "kil', {}, 3, "cannot be read", "table.csv, row", "Open the file"),
    "a misspelt key in the description": (
        TABLE, {"vallues": []}, 2, "'vallues'", "spec.yaml, key vallues, line 14", "Did you mean values"),
    "a misspelt key inside the description": (
        TABLE, {"time": {"year": "year", "mnth": "month"}}, 2, "'mnth'", "key time.mnth", "Did you mean month"),
    "a description without terms": (
        TABLE, {"terms": None}, 2, "'terms' is missing", "spec.yaml, key terms", "Add it"),
    "a date of access that is none": (
        TABLE, {"accessed": "21/11/2026"}, 2, "21/11/2026", "spec.yaml", "--example"),
    "other figures under the same date": (
        HEAD + "08037,2024,1,7\n", {"source": "kept_before"}, 4, "already holds", "table.csv", "--replace"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_input_is_told_and_changes_nothing(case, hidra, answer, own, content):
    table, spec = own(source="kept_before")
    answer("data", "import", table, "--spec", spec)
    before = content()
    text, changes, exit_code, *said = BROKEN[case]
    table, spec = own(text, **changes)

    code, out, err = hidra("data", "import", table, "--spec", spec)

    what, where, fix = err.splitlines()[-3:]
    assert (code, out) == (exit_code, "")
    assert said[0] in what, err
    assert where.startswith("where: ") and said[1] in where, err
    assert fix.startswith("what to do: ") and said[2] in fix, err
    assert "Traceback" not in err
    en_espanol = hidra("data", "import", table, "--spec", spec, "--lang", "es")[2].splitlines()[-3:]
    for english, spanish in ((what, en_espanol[0]), (fix, en_espanol[2])):
        assert english.partition(": ")[2] != spanish.partition(": ")[2]
    assert content() == before


def test_the_cases_are_many_enough():
    assert len(BROKEN) >= 12


def test_a_file_that_is_not_there(hidra, own, tmp_path):
    _, spec = own()
    code, _, err = hidra("data", "import", tmp_path / "absent.csv", "--spec", spec)
    assert code == 3 and "absent.csv" in err
    code, _, err = hidra("data", "import", tmp_path / "absent.csv", "--spec", tmp_path / "no.yaml")
    assert code == 2 and "no.yaml" in err and "Check the path" in err


def test_yaml_that_is_none_is_told_with_its_line(hidra, own, tmp_path):
    table, spec = own()
    spec.write_text("source: x\ntitle: [unclosed\nterms: y\n")
    code, _, err = hidra("data", "import", table, "--spec", spec)
    assert code == 2 and "spec.yaml, line" in err


def test_a_file_of_no_known_source_is_told(hidra, own, content):
    before = content()
    table, _ = own()
    code, out, err = hidra("data", "add", table)
    assert code == 3 and out == "" and "hidra data import" in err
    assert content() == before
