"""The command line: three-part errors, exit codes, JSON alone on standard output."""

import errno
import json

import pytest

from hidra.cli import main
from hidra.cli.model import factors_of
from hidra.cli.terminal import explained
from hidra.core.errors import HidraError, RunError, SpecError


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


@pytest.mark.parametrize("pair", ["rho=0", "rho=-1", "rho=nan", "rho=inf", "rho", "rho=much"])
def test_a_factor_is_a_positive_number(pair):
    with pytest.raises(SpecError) as error:
        factors_of([pair])
    assert "above zero" in error.value.what and pair in error.value.where


def test_factors_are_read_once_each():
    assert factors_of(["rho=0.8", "eta=1.3"]) == {"rho": 0.8, "eta": 1.3}
    with pytest.raises(SpecError, match="twice"):
        factors_of(["rho=0.8", "rho=0.9"])


@pytest.mark.parametrize("years", ["0", "-3", "nan", "1e9"])
def test_years_are_bounded(years, capsys):
    assert main(["reproduce", "science2023", f"--years={years}"]) == 2
    assert "--years" in capsys.readouterr().err


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
