"""Studies: one validated object, errors that point at file, line and key."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hidra.core.errors import SpecError
from hidra.study import Study, default_text

SMALL = (Path(__file__).parents[2] / "studies" / "small.yaml").read_text(encoding="utf-8")
#: Two mechanisms, no overrides, and the scenarios of the default study.
TEXT = SMALL.replace("scenarios: {}\n", default_text()[default_text().index("scenarios:") :])
LINES = TEXT.splitlines()


def study_with(tmp_path, old: str, new: str):
    """Load the study with one piece of text replaced."""
    text = TEXT
    assert old in text
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return Study.load(file)


def line_of(piece: str) -> int:
    return next(number for number, line in enumerate(LINES, 1) if piece in line)


def refused(tmp_path, old: str, new: str) -> SpecError:
    with pytest.raises(SpecError) as error:
        study_with(tmp_path, old, new)
    return error.value


def test_the_default_study_compares_five_scenarios_from_2027():
    study = Study.default()
    assert {"leadership_removal", "precarity", "us_pressure", "arms"} <= set(study.mechanisms)
    assert len(study.scenarios) == 5
    assert {s.start for s in study.scenarios.values()} == {"2027-01"}
    assert study.scenarios["equal_dose_recruitment"].dose == {"recruitment": -60.0}
    assert study.scenarios["equal_dose_enforcement"].dose == {"enforcement": 60.0}


HALF = "change: {recruitment: 0.5}"

# Bad input: what, where (file, line, key), what to do.
BAD = [
    # an unknown key, at the top and inside
    ("draws: 100", "drawz: 100", "drawz", "draws: 100", "Did you mean draws?"),
    ("  until:", "  untill:", "untill", "  until:", "Did you mean until"),
    ("dose: {recruitment: -60}", "doze: {recruitment: -60}", "doze", "-60}", "dose"),
    # a misspelt mechanism
    ("- precarity", "- precarty", "precarty", "- precarity", "Did you mean precarity?"),
    # a misspelt rate
    ("change: {recruitment: 0.5}", "change: {recruitmnt: 0.5}", "recruitmnt",
     "change: {recruitment: 0.5}", "Did you mean recruitment"),
    # months
    ("start: 2027-01", "start: 2027-13", "2027-13", "start: 2027-01", "Did you mean 2027-12"),
    ("end: 2030-12", "end: December", "December", "end: 2030-12", "YYYY-MM"),
    ("end: 2030-12", "end: 2011-12", "2011-12", "end: 2030-12", "in order"),
    ("start: 2027-01", "start: 2021-01", "before the data end", "start: 2027-01", "2024-12"),
    ("start: 2027-01", "start: 2031-01", "after the study ends", "start: 2027-01", "2030-12"),
    # numbers
    ("draws: 100", "draws: 0", "0", "draws: 100", "greater than or equal to 1"),
    ("draws: 100", "draws: -5", "-5", "draws: 100", "greater than or equal to 1"),
    ("draws: 100", "draws: many", "many", "draws: 100", "integer"),
    ("seed: 20061211", "seed: -1", "-1", "seed: 20061211", "greater than or equal to 0"),
    ("change: {recruitment: 0.5}", "change: {recruitment: -0.5}", "−0.5",
     "change: {recruitment: 0.5}", "zero or more"),
    ("change: {recruitment: 0.5}", "change: {recruitment: .inf}", "without end",
     "change: {recruitment: 0.5}", "has an end"),
    ("change: {recruitment: 0.5}", "change: {}", "changes nothing", "half_recruitment:", "dose"),
    ("dose: {enforcement: 60}", "dose: {enforcement: 0}", "says nothing",
     "dose: {enforcement: 60}", "110"),
    # levers: unknown, of a mechanism that is off, read by nobody, out of bounds, without effect
    (HALF, "change: {arms_supply: 0.5}", "No mechanism that is on reads", HALF, "arms"),
    (HALF, "change: {arms.effect: 0.5}", "'arms' is off", HALF, "Switch 'arms' on"),
    (HALF, "change: {precarity.slop: 0.5}", "precarity.slop", HALF, "precarity.slope"),
    (HALF, "set: {recruitment: -1}", "lies between", HALF, "within these bounds"),
    (HALF, "set: {precarity.ceiling: 1.2}", "lies between 0 and 1", HALF, "within these bounds"),
    (HALF, "set: {may_split: 1}", "already", HALF, "another value"),
    (HALF, "set: {may_split: 0.5}", "only on or off", HALF, "within these bounds"),
    (HALF, "change: {leadership_removal.background_hazard: 2}", "so is every multiple", HALF, "under `set`"),
    (HALF, "change: {precarity.ceiling: 2}", "is a share", HALF, "between 0 and 1"),
    (HALF, "change: {precarity: 2}\n    set: {precarity: 1}", "both multiplied and set",
     None, "Keep either"),
    (HALF, "change: {recruitment: 1}", "changes nothing", HALF, "another factor"),
    (HALF, "change: {captured: 2}", "cannot be moved", HALF, "rates and parameters"),
    (HALF, "off: [arms]", "off already", HALF, "Leave 'arms' out"),
    (HALF, "off: [precarty]", "precarty", HALF, "Did you mean precarity?"),
    (HALF, HALF + "\n    places: ['99']", "'99'", None, "Did you mean"),
    (HALF, "set: {precarity.slope: 0}\n    places: ['25']", "whole country", None, "places"),
    ("dose: {recruitment: -60}", "dose: {recruitment: -9999}", "larger than what there is",
     "dose: {recruitment: -60}", "smaller dose"),
    ("dose: {enforcement: 60}", "dose: {enforcement: 9e9}", "larger than what there is",
     "dose: {enforcement: 60}", "smaller dose"),
    # a rate that could be negative
    ("parameters: {}", "parameters: {recruitment: -0.1}", "−0.1", "parameters: {}", "bounds"),
    ("parameters: {}", "parameters: {recruitment: {family: normal, loc: 0, scale: 1}}",
     "recruitment", "parameters: {}", "bounds"),
    ("parameters: {}", "parameters: {linked_share: 1.5}", "1.5", "parameters: {}", "bounds"),
    ("parameters: {}", "parameters: {recruitment: {family: log_norml, median: 1, log_sd: 1}}",
     "log_norml", "parameters: {}", "log_normal"),
    ("parameters: {}", "parameters: {precarity.slop: 0.2}", "precarity.slop", "parameters: {}",
     "precarity.slope"),
    # structure
    ("places: states", "places: planets", "planets", "places: states", "states"),
    ("  half_recruitment:", "  no_change:", "always runs", "scenarios:", "another name"),
    ("seed: 20061211", "seed: 1\nseed: 2", "stands twice", "mechanisms:", "Keep one"),
    ("draws: 100", "draws: [100", "not valid YAML", None, "Check indentation"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "what", "line", "fix"), BAD, ids=lambda v: str(v)[:40])
def test_bad_input_says_what_where_and_the_cure(tmp_path, old, new, what, line, fix):
    error = refused(tmp_path, old, new)
    assert error.exit_code == 2
    assert what in error.what
    assert fix in error.fix
    assert error.where.startswith(str(tmp_path / "mine.yaml"))
    if line:
        assert re.search(rf", line {line_of(line)}\b", error.where), error.where


@pytest.mark.parametrize(("old", "new"), [row[:2] for row in BAD], ids=lambda v: str(v)[:40])
def test_bad_input_is_told_in_spanish_too(tmp_path, old, new):
    from hidra.core.i18n import translate

    error = refused(tmp_path, old, new)
    for part in (error.what, error.where, error.fix):
        assert translate(part, "es") != part, part


def test_a_missing_key_is_named():
    with pytest.raises(SpecError, match="'title' is missing"):
        Study.parse("question: {es: a, en: b}")


def test_a_missing_file(tmp_path):
    with pytest.raises(SpecError, match="no such file"):
        Study.load(tmp_path / "nothing.yaml")


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "5"])
def test_what_is_not_a_study(text):
    with pytest.raises(SpecError, match="list of keys"):
        Study.parse(text)


def test_a_folder_or_a_picture_is_not_a_study(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\x89PNG\xff\xfe")
    for path in (tmp_path, tmp_path / "x.yaml"):
        with pytest.raises(SpecError, match="not a text in YAML"):
            Study.load(path)


def test_yaml_and_back_is_the_same_study():
    study = Study.default()
    again = Study.parse(study.yaml())
    assert again == study and again.digest() == study.digest()


def test_the_digest_does_not_depend_on_the_order_of_writing():
    study = Study.default()
    raw = yaml.safe_load(default_text())
    turned = {key: raw[key] for key in reversed(raw)}
    turned["mechanisms"] = list(reversed(raw["mechanisms"]))
    assert Study.parse(yaml.safe_dump(turned)).digest() == study.digest()


@given(st.integers(0, 2**32 - 1), st.integers(1, 1000))
def test_every_difference_changes_the_digest(seed, draws):
    study = Study.default()
    changed = study.with_(seed=seed, draws=draws)
    same = seed == study.seed and draws == study.draws
    assert (changed.digest() == study.digest()) is same


def test_a_changed_copy_is_checked_too():
    with pytest.raises(SpecError, match="0"):
        Study.default().with_(draws=0)
    with pytest.raises(SpecError, match="drawz"):
        Study.default().with_(drawz=10)


def test_without_a_mechanism_its_overrides_go_too():
    study = Study.parse(TEXT).with_(parameters={"precarity.slope": 0.2, "recruitment": 0.0025})
    less = study.with_(from_prior=["precarity.ceiling"]).without("precarity")
    assert less.from_prior == ()
    assert less.mechanisms == ("leadership_removal",)
    assert less.parameters == {"recruitment": 0.0025}
    with pytest.raises(SpecError, match="precarity"):
        less.without("precarity")


def test_a_prior_may_replace_a_prior():
    prior = {"family": "log_normal", "median": 0.0025, "log_sd": 0.1}
    study = Study.default().with_(parameters={"recruitment": prior})
    assert study.parameters["recruitment"].median == 0.0025


def test_off_is_a_word_not_a_truth_value():
    text = TEXT.replace(HALF, "off: [precarity]", 1)
    assert Study.parse(text).scenarios["half_recruitment"].off == ("precarity",)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (["precarty"], "precarty"),
        (["recruitment"], "no prior to draw from"),
        (["leadership_removal.background_hazard"], "no prior to draw from"),
    ],
)
def test_only_what_has_a_prior_of_its_own_is_drawn_from_it(given, what):
    with pytest.raises(SpecError, match=what):
        Study.default().with_(from_prior=given)


def test_a_whole_mechanism_may_be_drawn_from_its_priors():
    study = Study.default().with_(from_prior=["precarity"], parameters={"precarity.slope": 0.1})
    assert [*study.drawn_from_prior()] == ["precarity.ceiling"]


def test_a_study_takes_scenarios_from_the_library_and_its_digest_holds_them():
    study = Study.default().with_(scenarios={"half_recruitment": "library"})
    assert study.scenarios["half_recruitment"].change == {"recruitment": 0.5}
    assert "library" not in study.yaml()
    with pytest.raises(SpecError, match="half_recruitmen'"):
        Study.default().with_(scenarios={"half_recruitmen": "library"})


def test_a_study_says_itself_in_a_few_lines():
    """R1: at the prompt of Python, not thousands of characters of its fields."""
    said = repr(Study.default())
    assert said.startswith("Study(title: ") and "mechanisms: " in said
    assert len(said) < 700


def test_a_family_of_priors_that_is_none_is_said_in_our_words():
    with pytest.raises(SpecError, match=r"no family of priors 'lognormal': write .*'log_normal'"):
        Study.default().with_(parameters={"recruitment": {"family": "lognormal"}})
