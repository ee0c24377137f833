"""The command line: three-part errors, exit codes, JSON alone on standard output."""

import errno
import io
import json
import os
import re
import shlex
import subprocess
import sys

import pytest

from hidra.cli import main
from hidra.cli.app import EXAMPLES, FIRST, command
from hidra.cli.model import factors_of
from hidra.cli.terminal import explained, numbers, print_table
from hidra.core.errors import HidraError, RunError, SourceError, SpecError


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("HIDRA_LANG", "en")


def test_an_unknown_verb_is_told_in_three_lines(capsys):
    assert main(["runn"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    what, where, fix = err.splitlines()
    assert "runn" in what and where.startswith("where: ") and "Did you mean run?" in fix


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("hidra 0.")


def test_a_misspelt_scale_offers_the_closest(capsys):
    assert main(["reproduce", "science2023", "--scale", "rhoo=2"]) == 2
    assert "rho" in capsys.readouterr().err.splitlines()[2]


def test_published_figures_stand_beside_ours(capsys):
    """R2: what the abstract, the code or the press said, where the run of five years is shown."""
    assert main(["reproduce", "science2023"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert ["members, 2022", "173,837", "160,000-185,000", "abstract"] in rows
    assert ["no_change", "213,745", "+23.0 (+26)", "169.4", "+36.3 (+40)"] in rows
    assert main(["reproduce", "science2023", "--years", "2"]) == 0
    assert "(" not in capsys.readouterr().out.partition("no_change")[2]


@pytest.mark.parametrize(
    "pair", ["rho=0", "rho=-1", "rho=nan", "rho=inf", "rho", "rho=much", "rho=1_0"]
)
def test_a_factor_is_a_positive_number(pair):
    with pytest.raises(SpecError) as error:
        factors_of([pair])
    assert "above zero" in error.value.what and pair in error.value.where


def test_factors_are_read_once_each():
    told = factors_of(["rho=0.8", "enforcement=1.3"])
    assert told == {"recruitment": 0.8, "enforcement": 1.3}
    with pytest.raises(SpecError, match="twice"):
        factors_of(["rho=0.8", "recruitment=0.9"])


@pytest.mark.parametrize("years", ["0", "-3", "nan", "1e9"])
def test_years_are_bounded(years, capsys):
    assert main(["reproduce", "science2023", f"--years={years}"]) == 2
    assert "years" in capsys.readouterr().err


def of_numbers(verb, path=()):
    """Give the words of every verb with each of its options that is a number, and its least."""
    for one in verb.params:
        if one.type_descriptor.annotation in (int, float):
            yield [*path, one.opts[0]], one.type_descriptor.parameter_info.min
    for name, under in getattr(verb, "commands", {}).items():
        yield from of_numbers(under, (*path, name))


NUMBERS = {tuple(words): least for words, least in of_numbers(command())}
RANGE_TOLD = {("sensitivity", "--samples"), ("compare", "--equal-dose"), ("reproduce", "--years")}


@pytest.mark.parametrize("text", ["1_000", "٣", "５", "true", " 5", "", "nan", "1e999", "0x10"])
@pytest.mark.parametrize("words", NUMBERS, ids=" ".join)
def test_an_option_is_a_number_as_everywhere_or_refused(words, text, capsys):
    assert main([*words[:-1], f"{words[-1]}={text}"]) == 2
    what, where, _fix = capsys.readouterr().err.splitlines()
    assert words[-1] in what and "valid" in what and where == f"where: hidra {' '.join(words[:-1])}"


@pytest.mark.parametrize("text", ["1e3", "5.5"])
def test_a_count_is_whole(text, capsys):
    assert main(["forecast", f"--draws={text}"]) == 2
    assert "--draws" in capsys.readouterr().err


@pytest.mark.parametrize("words", sorted({*NUMBERS} - RANGE_TOLD), ids=" ".join)
def test_a_number_below_the_least_is_refused_before_any_work(words, capsys):
    """The verbs of `RANGE_TOLD` say themselves which numbers they take."""
    assert NUMBERS[words] is not None
    assert main([*words[:-1], f"{words[-1]}={NUMBERS[words] - 1}"]) == 2
    assert words[-1] in capsys.readouterr().err


@pytest.mark.parametrize("years", ["٢٠١٥-٢٠٢٤", "2015-", "15-16", "2015-20_4", ""])
def test_years_of_a_source_are_read_as_everywhere(years, capsys):
    assert main(["data", "fetch", "inegi_deaths", f"--years={years}"]) == 2
    assert "are no years" in capsys.readouterr().err


def test_spanish_is_spoken_on_request(capsys):
    assert main(["reproduce", "--lang", "es", "science2022"]) == 2
    what, where, fix = capsys.readouterr().err.splitlines()
    assert "No existe «science2022»" in what
    assert where.startswith("dónde: ") and "¿Quiso decir science2023?" in fix


def test_a_language_we_do_not_speak(capsys):
    assert main(["--lang=fr", "doctor"]) == 2
    assert "fr" in capsys.readouterr().err


def test_debug_shows_the_trace():
    with pytest.raises(SpecError):
        main(["--debug", "reproduce", "nothing"])


def test_a_full_disk_is_a_run_error():
    found = explained(OSError(errno.ENOSPC, "No space left on device", "/somewhere"))
    assert isinstance(found, RunError) and found.exit_code == 6
    assert "full" in found.what


def test_a_bug_is_told_as_a_bug():
    found = explained(ZeroDivisionError("division by zero"))
    assert type(found) is HidraError and found.exit_code == 1
    assert "--debug" in found.fix


def test_doctor_prints_only_json(capsys):
    assert main(["doctor", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["cores"] >= 1 and err == ""
    low, high = found["default_study_minutes"]
    assert 0 < low <= high


def test_interrupting_says_that_nothing_is_left(capsys, monkeypatch):
    import hidra.cli.about

    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(hidra.cli.about, "_machine", stopped)
    assert main(["doctor"]) == 130
    assert "Nothing half-written" in capsys.readouterr().err


def verbs(one, path=()):
    """Every verb of the command line that is no group, by its words."""
    found = {" ".join(path): one} if not hasattr(one, "commands") else {}
    for name, inner in getattr(one, "commands", {}).items():
        found |= verbs(inner, (*path, name))
    return found


def test_every_verb_has_an_example():
    assert set(EXAMPLES) == set(verbs(command()))
    assert set(FIRST) <= set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_read_by_its_verb_and_ends_the_help(name, capsys):
    program, *given = shlex.split(EXAMPLES[name])
    assert program == "hidra" and " ".join(given).startswith(name)
    one = verbs(command())[name]
    one.make_context(name, given[len(name.split()) :])
    assert main([*name.split(), "--help"]) == 0
    told = re.sub(r"\s+", " ", capsys.readouterr().out).strip()
    assert told.endswith(f"Example: {EXAMPLES[name]}")


@pytest.mark.parametrize("name", ["scenarios", "cite", "mechanisms", "claims list", "claims designs",
                                  "evidence list", "study show", "data status", "data sql"])  # fmt: skip
def test_an_example_runs(name, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path))
    assert main(shlex.split(EXAMPLES[name])[1:]) == 0
    assert capsys.readouterr().out.strip()


def test_hidra_alone_greets(capsys):
    assert main([]) == 0
    out, err = capsys.readouterr()
    assert err == "" and out.count("\n  hidra ") == 5 and "Mexico" in out
    assert main(["--lang", "es"]) == 0
    assert "México" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "meant"),
    [(["data", "fetc"], "fetch"), (["claims", "lst"], "list"), (["run", "--drws", "3"], "--draws"),
     (["evidence", "sho"], "show"), (["publish", "--adress", "x", "d"], "--address")],
)  # fmt: skip
def test_a_misspelt_word_is_told_what_was_meant(given, meant, capsys):
    assert main(given) == 2
    assert f"Did you mean {meant}?" in capsys.readouterr().err


def test_completion_for_the_shell():
    asked = {"_HIDRA_COMPLETE": "complete_bash", "COMP_WORDS": "hidra pub", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", "from hidra.cli import main; main([])"],
        env={**os.environ, **asked}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["publish"], done.stderr


class Terminal(io.StringIO):
    """A terminal that keeps what it shows."""

    def isatty(self):
        return True


@pytest.mark.parametrize("columns", [2, 6, 9])
def test_a_table_never_cuts_a_name(columns, monkeypatch):
    shown = Terminal()
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    name = "inegi_homicides_registered_annual"
    rows = [[name, *("Veracruz de Ignacio de la Llave " * 2 for _ in range(columns - 1))]] * 3
    print_table(["measure", *(f"column_{at}" for at in range(columns - 1))], rows, title="Names")
    told = shown.getvalue()
    assert told.count(name) == 3 and "…" not in told and "Names" in told
    assert told.count("Ignacio") == 3 * 2 * (columns - 1)
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.parametrize(
    "text", ["1_000", "１２", "1e5_0", "nan", "inf", "1e999", "", " ", "0x1F", "٣", "1,5", "²"]
)
def test_what_only_python_reads_as_a_number_is_refused_everywhere(text, tmp_path):
    """One reader of numbers: forms, series of drivers, tables handed over, studies, official files."""
    import duckdb
    import pandas as pd

    from hidra.core.param import Normal, number
    from hidra.data import given, readers
    from hidra.model.series import Brought
    from hidra.scenario import Scenario
    from hidra.study import Study
    from hidra.web import lab
    from hidra.web.site import Settings

    with pytest.raises(ValueError):
        number(text)
    if text.strip() and text != "1,5":  # nothing is the default; the form takes a decimal comma
        with pytest.raises(SpecError, match="not a number"):
            lab.asked({"seed": text}, (), "t")
        with pytest.raises(SpecError, match="not a number"):
            given.numbers(pd.Series([text]), "t")
    rows = pd.DataFrame({"driver": "precarity", "place": "00", "month": "2019-01", "value": [text]})
    with pytest.raises(SourceError, match="no number"):
        Brought.of(rows)
    for wrong in (
        lambda: Normal(text, 1), lambda: Study.default().with_(draws=text),
        lambda: Scenario(start="2027-01", change={"recruitment": text}),
        lambda: Study.default().with_(parameters={"recruitment": text}),
        lambda: lab.read({"scenarios": {"a": {"off": ["arms"]}}, "seed": text}, Settings(warm=False)),
    ):  # fmt: skip
        with pytest.raises((HidraError, ValueError)):
            wrong()
    found = duckdb.execute(f"SELECT {readers.number('x')} FROM (SELECT ? AS x)", [text]).fetchone()
    assert found == (15.0 if text == "1,5" else None,)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (" 1 ", 1),
        ("-1.5e3", -1500),
        (".5", 0.5),
        ("1.", 1),
        ("\u22121.5", -1.5),
        ("2e\u22121", 0.2),
    ],
)
def test_a_number_is_read_as_it_is_written(text, value):
    from hidra.core.param import Normal, number

    assert number(text) == value
    assert Normal(text, 1) == Normal(value, 1)


def test_a_whole_number_is_read_with_the_minus_that_messages_print():
    from hidra.core.param import whole

    assert whole("\u221235") == -35
    assert numbers("\u22123") == (-3, None)


@pytest.mark.parametrize("text", ["\u2212", "1\u22122", "\u2212\u22121", "\u2013 1"])
def test_a_true_minus_makes_no_number_of_what_is_none(text):
    from hidra.core.param import number, whole

    for read in (number, whole):
        with pytest.raises(ValueError):
            read(text)


@pytest.mark.parametrize("group", [[], ["claims"], ["data"], ["evidence"]])
def test_a_list_of_verbs_tells_whole_sentences(group, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main([*group, "--help"]) == 0
    told = capsys.readouterr().out
    listed = told.partition("Commands:")[2].partition("Example")[0]
    assert listed.count(".\n") >= 4 and "..." not in listed
    assert max(map(len, told.splitlines())) <= 80
