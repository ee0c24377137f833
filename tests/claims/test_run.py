"""What a run of a claim can end in, what its result is kept under, and designs of one's own."""

import builtins
import json
import re
import shutil
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from hidra.claims import designs, words
from hidra.claims.ask import data, vintage
from hidra.claims.claim import OUTCOMES, VERDICTS, claim
from hidra.claims.page import index, page
from hidra.claims.run import attempt
from hidra.claims.words import PAGE
from hidra.cli import main
from hidra.core.errors import SpecError

DOCS = Path(__file__).parents[2] / "docs"
CRASH = "def design():\n    return {}['no such key']\n"
HOW_TO = {"en": "en/how-to/your-own-design.md", "es": "es/como/tu-propio-diseno.md"}


@pytest.fixture(scope="module")
def con():
    with data() as con:
        yield con


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """Return a function that writes a claim with a design of its own and returns its file."""
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))

    def write(code, name="mine"):
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        text = re.sub(r"(?m)^test:\n(?:  .*\n)+", f"test: {{design: {name}.py}}\n", _example())
        file = tmp_path / f"{name}.yaml"
        file.write_text(text.replace("kind: figure ", "kind: causal "), encoding="utf-8")
        return file

    return write


def _example():
    from importlib.resources import files

    return (files("hidra") / "claims" / "example.yaml").read_text(encoding="utf-8")


def _without(monkeypatch, package):
    """Let a package be missing, as where its extra is not installed."""
    real = builtins.__import__

    def importing(name, *rest, **named):
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return real(name, *rest, **named)

    monkeypatch.delitem(sys.modules, package, raising=False)
    monkeypatch.setattr(builtins, "__import__", importing)


# States of a run


def test_a_crash_is_an_error_with_its_trace_and_never_not_testable(con, mine):
    result = attempt(con, claim(str(mine(CRASH))))
    assert result.verdict == "error in the test" and not result.judged
    assert result.exit_code == 1
    assert "KeyError" in result.why["en"] and "KeyError" in result.why["es"]
    assert "mine.py:2 in design" in result.trace and "no such key" in result.trace
    assert str(Path.home()) + "/" not in result.trace
    assert "testable" not in json.dumps(dict(result.why))


def test_an_error_in_three_parts_keeps_its_own_code(con, tmp_path):
    text = re.sub(r"(?m)^  figure: .*$", "  sql: SELECT nothing FROM nowhere", _example())
    file = tmp_path / "wrong.yaml"
    file.write_text(text, encoding="utf-8")
    result = attempt(con, claim(str(file)))
    assert result.verdict == "error in the test" and result.exit_code == 2
    assert "nowhere" in result.trace
    assert vintage(con) == result.vintage  # the connection goes on


@pytest.mark.parametrize("package", ["pyfixest", "diff_diff"])
def test_a_missing_extra_is_its_own_state(con, monkeypatch, tmp_path, package):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path))
    _without(monkeypatch, package)
    result = attempt(con, claim("removal-brings-violence"), fresh=True)
    assert result.verdict == "not run: needs an extra"
    assert not result.judged and not result.trace and result.exit_code == 0
    assert all("claims" in why for why in result.why.values())


def test_a_missing_package_of_nobodys_extra_is_an_error(con, mine):
    result = attempt(con, claim(str(mine("def design():\n    import no_such_package_at_all\n"))))
    assert result.verdict == "error in the test"
    assert "no_such_package_at_all" in result.trace


def test_not_testable_comes_from_the_claims_own_rule_alone(con):
    result = attempt(con, claim("organ-sales"))
    assert result.verdict == "not testable with these data" and result.judged
    assert result.why == claim("organ-sales").test["untestable"]


@pytest.mark.parametrize(
    ("source", "value", "verdict"),
    [("inegi", 2653, "not testable with these data"), ("", 4000, "not supported"),
     ("", 9000, "contradicted"), ("sesnsp", 2417, "supported")],
)  # fmt: skip
def test_in_a_state_one_office_refutes_nothing_that_the_other_counts(
    con, tmp_path, source, value, verdict
):
    figure = f'{{thing: homicide, form: level, place: "02", span: "2023", source: "{source}"}}'
    text = re.sub(r"  figure: .*", f"  figure: {figure}", _example(), count=1)
    text = text.replace("value: 30000", f"value: {value}").replace("more than  ", "exactly  ")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("place_value: 10000", "place_value: 1"), encoding="utf-8")
    assert attempt(con, claim(str(file))).verdict == verdict


def test_the_command_line_tells_errors_and_leaves_with_their_code(mine, capsys):
    file = str(mine(CRASH))
    assert main(["claims", "run", file, "organ-sales", "--json"]) == 1
    out, err = capsys.readouterr()
    failed, fine = json.loads(out)
    assert (failed["verdict"], failed["judged"]) == ("error in the test", False)
    assert "KeyError" in failed["trace"] and "folder" not in failed
    assert fine["judged"] and fine["trace"] == ""
    assert "Ended in an error: 1 of 2." in err
    assert main(["claims", "show", file, "--lang", "es"]) == 1
    out, err = capsys.readouterr()
    assert "error en la prueba" in out and "KeyError" in out and "1 de 1" in err


def test_the_command_line_counts_what_wants_an_extra(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path))
    _without(monkeypatch, "pyfixest")
    assert main(["claims", "run", "arms-border-2004", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)[0]["verdict"] == "not run: needs an extra"
    assert "1 of 1" in err


def test_pages_show_the_error_and_its_trace(con, mine):
    one = claim(str(mine(CRASH.replace("no such key", "<b>"))))
    result = attempt(con, one)
    for lang, said in (("en", "error in the test"), ("es", "error en la prueba")):
        text = page(one, result, lang)
        assert said in text and PAGE[lang]["trace"] in text and "KeyError" in text
        assert "<b>" not in text and "&lt;b&gt;" in text
        assert said in index([(one, result)], lang)


def test_every_outcome_has_words_and_five_are_verdicts():
    assert set(OUTCOMES) == set(words.OUTCOMES) and len(VERDICTS) == 5
    assert set(OUTCOMES) - set(VERDICTS) == {"error in the test", "not run: needs an extra"}


# What a result is kept under

COUNTED = """
from pathlib import Path
from hidra.claims.designs import Found

def design():
    with (Path(__file__).parent / "count").open("a") as file:
        file.write("x")
    return Found("partly", {"en": "so", "es": "así"}, 1.0, "mine", {"n": 3, "ends": (1.0, 2.0)})
"""


def test_an_edit_of_a_design_makes_it_new(con, mine, tmp_path):
    one = claim(str(mine(COUNTED)))
    first, second = attempt(con, one), attempt(con, one)
    assert first == second and first.verdict == "partly"
    assert (tmp_path / "count").read_text() == "x"
    mine(COUNTED.replace('1.0, "mine"', '2.0, "mine"'))
    assert attempt(con, one).ours == 2.0
    assert (tmp_path / "count").read_text() == "xx"


def test_an_edit_of_the_built_in_code_or_of_a_library_makes_designs_new(monkeypatch):
    before = designs.design("dickenson").code
    assert designs.design("dickenson").code == before
    monkeypatch.setattr("hidra.core.fingerprint.code", lambda *rooms: "edited")
    edited = designs.design("dickenson").code
    monkeypatch.undo()
    monkeypatch.setattr(designs, "_versions", lambda: ("other",))
    assert len({before, edited, designs.design("dickenson").code}) == 3


def test_the_code_of_designs_takes_in_what_they_read_tables_and_make_sentences_with():
    from hidra.core import fingerprint

    known = {file.name for file in fingerprint.modules("hidra.claims.designs")}
    assert {"event.py", "rules.py", "words.py", "reference.py"} <= known


def test_an_edit_of_a_table_makes_designs_new(con, mine, tmp_path, monkeypatch):
    one = claim(str(mine(COUNTED)))
    attempt(con, one)
    _change_a_table(monkeypatch, tmp_path)
    with data() as changed:
        assert vintage(changed) != vintage(con)
        attempt(changed, one)
    assert (tmp_path / "count").read_text() == "xx"


def _change_a_table(monkeypatch, folder):
    """Let one figure of a built-in table be another, with its checksum in the catalogue."""
    import hashlib
    from importlib.resources import files

    from hidra.data import reference

    shutil.copytree(str(files("hidra") / "data" / "reference"), folder / "reference")
    file = folder / "reference" / "joint_operations.csv"
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes().replace(b"2006-12-11", b"2006-12-12", 1))
    after = hashlib.sha256(file.read_bytes()).hexdigest()
    assert before != after
    catalogue = folder / "reference" / "catalogue.csv"
    catalogue.write_text(catalogue.read_text("utf-8").replace(before, after), encoding="utf-8")
    monkeypatch.setattr(
        reference, "_content", lambda name: (folder / "reference" / name).read_bytes()
    )
    for kept in ("_fingerprints", "_frame", "_panel"):
        fresh = getattr(reference, kept).__wrapped__
        monkeypatch.setattr(reference, kept, fresh)


def test_what_is_kept_holds_no_pickle(con, mine, tmp_path):
    attempt(con, claim(str(mine(COUNTED))))
    kept = [file for file in (tmp_path / "home").rglob("*") if file.is_file()]
    assert kept and all(file.suffix == ".json" for file in kept if "designs" in file.parts)


# Designs of one's own


def test_the_built_in_designs_come_through_the_registry():
    found = designs.designs()
    assert set(designs.BUILT_IN) <= set(found)
    assert all(one.group == "hidra.designs" and callable(one.load()) for one in found.values())
    named = {
        one.test["design"] for one in designs_claims() if not one.test["design"].endswith(".py")
    }
    assert named <= set(found)


def designs_claims():
    from hidra.claims.claim import claims

    return [one for one in claims() if "design" in one.test]


def test_a_package_brings_a_design_by_its_entry_point(con, mine, tmp_path, monkeypatch):
    file = mine(COUNTED, "brought")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(
        designs, "entry_points", lambda group: [EntryPoint("theirs", "brought:design", group)]
    )
    text = file.read_text("utf-8").replace("brought.py", "theirs")
    file.write_text(text, encoding="utf-8")
    assert attempt(con, claim(str(file))).source == "mine"
    monkeypatch.setattr(
        designs, "entry_points", lambda group: [EntryPoint("dickenson", "brought:design", group)]
    )
    with pytest.raises(SpecError, match="Two designs"):
        designs.designs()


@pytest.mark.parametrize(
    ("code", "told"),
    [("x = 1\n", "no function 'design'"), ("import\n", "SyntaxError"), ("design = lambda: 3\n", "gave int"),
     (COUNTED.replace('"es": "así"', '"fr": "ainsi"'), "both languages"),
     (COUNTED.replace('"partly"', '"true"'), "no verdict")],
)  # fmt: skip
def test_a_design_that_is_none_is_told_in_words(con, mine, code, told):
    result = attempt(con, claim(str(mine(code))))
    assert result.verdict == "error in the test" and result.exit_code == 2
    assert told in result.why["en"]


def test_an_unknown_design_offers_those_there_are():
    with pytest.raises(SpecError) as error:
        designs.design("dickensen")
    assert "dickenson" in error.value.fix
    with pytest.raises(SpecError, match="is not there"):
        designs.design("nowhere.py")


def test_designs_are_listed(capsys):
    assert main(["claims", "designs", "--json"]) == 0
    assert {one["name"] for one in json.loads(capsys.readouterr().out)} >= set(designs.BUILT_IN)


@pytest.mark.parametrize("lang", HOW_TO)
def test_a_design_is_added_from_the_documentation_alone(lang, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    text = (DOCS / HOW_TO[lang]).read_text("utf-8")
    python, claim_file = (
        re.search(rf"```{kind}\n(.*?)```", text, re.S).group(1) for kind in ("python", "yaml")
    )
    name = re.search(r"design: (\w+\.py)", claim_file).group(1)
    (tmp_path / name).write_text(python, encoding="utf-8")
    file = tmp_path / "claim.yaml"
    file.write_text(claim_file, encoding="utf-8")
    assert main(["claims", "run", str(file), "--json"]) == 0
    [told] = json.loads(capsys.readouterr().out)
    assert told["judged"] and told["figures"] and told["why"]["es"] != told["why"]["en"]
