"""The benches of trust with few trials in `make test`, with many where they are slow."""

import cProfile
import json
import os
import socket
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qsl

import pandas as pd
import pytest

from hidra.claims import claim
from hidra.claims.article import reading
from hidra.cli import main
from hidra.core import files, yaml
from hidra.core.errors import SourceError
from hidra.data import fetch, importing, panel, propose
from hidra.data import spec as specs
from hidra.inference import posterior
from hidra.model.series import Brought
from hidra.run import Run
from hidra.run.verify import faults, whole
from hidra.study import Study
from hidra.web import lab
from hidra.web.site import Settings
from tests.trust import bench, writers

SLOW = pytest.mark.slow
# A run takes ten seconds each time; `tests/unit/test_shards.py` kills one too.
EVERY = [pytest.param(one, marks=SLOW) if one == "run" else one for one in writers.WRITERS]
ROOT = Path(__file__).parents[2]
needs_c = pytest.mark.skipif(bench.compiler() is None, reason="the shim needs Linux and cc")


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    with bench.writers(tmp_path_factory.mktemp("writers")) as found:
        yield found


@needs_c
@pytest.mark.parametrize("most", [3, pytest.param(30, marks=SLOW)])
@pytest.mark.parametrize("writer", EVERY)
def test_killed_at_any_call_nothing_is_lost_or_mixed(there, writer, most, tmp_path):
    count = bench.disturbed(there, writer, tmp_path / "w", most)
    assert count.tried and not count.faulty, count.faulty


@needs_c
@pytest.mark.parametrize(
    ("error", "most"),
    [(bench.ERRORS[0], 2), *(pytest.param(one, 12, marks=SLOW) for one in bench.ERRORS)],
)
@pytest.mark.parametrize("writer", [one for one in EVERY if one != "cache"])
def test_an_error_of_the_disk_is_told_and_leaves_what_stood(there, writer, error, most, tmp_path):
    count = bench.disturbed(there, writer, tmp_path / "w", most, error)
    assert count.tried and not count.faulty, count.faulty


KEPT = ("run", "export", "official file", "posterior")  # what is opened through a check


def one_of_each(folder):
    """Keep one of everything in a folder, and give for each where it lies and what opens it."""
    folder.mkdir(exist_ok=True)
    for name in ("run", "export", "official file"):
        writers.WRITERS[name][0](folder, 1)
    fit = folder / "alone"
    fit.mkdir()
    writers.WRITERS["posterior"][0](fit, 1)
    held = fetch.held(folder / "files")["a.csv"]
    return {
        "run": (folder / "run", lambda: (Run.open(folder / "run"), whole(folder / "run"))),
        "export": (folder / "out", lambda: whole(folder / "out")),
        "official file": (held.parent, lambda: fetch.origin(held)),
        "posterior": (fit, lambda: posterior.load(fit / "fit")),
    }


def verbs(folder):
    """Return what is run in odd environments, by name; what it reads lies in the folder."""
    folder.mkdir(exist_ok=True)
    (folder / "t.csv").write_text("p,y,m,v\n08037,2024,1,5\n")
    (folder / "spec.yaml").write_text(writers.SPEC)
    (folder / "a.txt").write_text("En 2019 hubo 36,662 homicidios en México.\n", encoding="utf-8")
    here = {name: str(folder / name) for name in ("t.csv", "spec.yaml", "a.txt")}
    return {
        "data cite": ["data", "cite"],
        "data import": ["data", "import", here["t.csv"], "--spec", here["spec.yaml"], "--replace"],
        "check": ["check", here["a.txt"]],
        "check -": ["check", "-"],
        "data sql": ["data", "sql", "SELECT place, sum(value) AS n FROM panel GROUP BY 1 LIMIT 3"],
        "data sql, a slip": ["data", "sql", "selct"],
        "an argument that is not UTF-8": ["study", "check", b"\xff.yaml"],
    }


@pytest.mark.parametrize("most", [1, pytest.param(99, marks=SLOW)])
@pytest.mark.parametrize("verb", ["data cite", "data sql", "an argument that is not UTF-8"])
def test_in_an_odd_environment_it_works_or_says_why(verb, most, tmp_path):
    count = bench.environments(tmp_path, verbs(tmp_path)[verb], most)
    assert count.tried and not count.faulty, count.faulty


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    return one_of_each(tmp_path)


@pytest.mark.parametrize("most", [12, pytest.param(60, marks=SLOW)])
@pytest.mark.parametrize("what", KEPT)
def test_what_is_not_as_it_was_written_is_refused_by_name(kept, what, most):
    folder, look = kept[what]
    look()
    count = bench.damaged(folder, look, most)
    assert count.tried and not count.faulty, count.faulty


def test_what_was_not_written_with_a_run_is_refused(kept):
    folder, look = kept["run"]
    (folder / "tables" / "extra.parquet").write_bytes(b"x")
    with pytest.raises(Exception, match=r"extra\.parquet.*does not belong"):
        look()


def test_a_missing_chunk_is_unknown_and_never_zero(kept):
    import xarray as xr

    store = kept["run"][0] / "results.zarr"
    chunks = [
        one for one in (store / "members").rglob("*") if one.is_file() and one.suffix != ".json"
    ]
    good = chunks[0].read_bytes()
    for at in (3, len(good) - 2):
        bad = bytearray(good)
        bad[at] ^= 4
        chunks[0].write_bytes(bytes(bad))
        with pytest.raises(Exception, match=r"(?i)checksum|blosc|decompress|corrupt"):
            xr.open_zarr(store, chunks=None, consolidated=False)["members"].load()
    chunks[0].unlink()
    assert xr.open_zarr(store, chunks=None, consolidated=False)["members"].isnull().all()


def test_the_doctor_finds_each_planted_fault_and_says_the_cure(kept, tmp_path):
    writers.WRITERS["import"][0](tmp_path, 1)
    assert not list(faults())
    official = tmp_path / "home" / "files" / "inegi_deaths" / "2026-11-01" / "a.csv"
    files.write_text(official, "1\n")
    files.write_json(f"{official}.origin.json", files.sealed({"sha256": "0" * 64}))
    (tmp_path / "home" / "panel.duckdb.partial-999999-0").write_text("half")
    run = tmp_path / "home" / "runs" / "0123456789abcdef"
    run.mkdir(parents=True)
    (run / "manifest.json").write_text("{}")
    found = list(faults())
    assert [Path(one.where).name for one in found] == [
        "a.csv", "manifest.json", "panel.duckdb.partial-999999-0",
    ]  # fmt: skip
    assert all(one.fix and one.exit_code in (3, 6) for one in found)


def texts(given):
    """Return the inputs to begin with: those given, or the small files of a pattern."""
    if not isinstance(given, str):
        return list(given)
    found = [path.read_bytes() for path in sorted(ROOT.glob(given))]
    return [text for text in found if len(text) < 20_000]


def _decoded(read):
    return lambda given: read(given.decode("utf-8", errors="replace"), "t")


def _file(name, read):
    """Return what writes its input into one file again and again, and reads that."""

    def target(given):
        path = Path(tempfile.gettempdir()) / f"hidra-fuzz-{os.getpid()}-{name}"
        path.write_bytes(given)
        try:
            read(path)
        finally:
            path.unlink()

    return target


def _address(given):
    with patch.object(socket, "getaddrinfo", side_effect=OSError):
        reading.fetch(given.decode("utf-8", errors="surrogateescape"))


def _form(given):
    fields = dict(parse_qsl(given.decode("utf-8", errors="surrogateescape")))
    lab.read(lab.asked(fields, (), "t"), Settings(warm=False))


def _request(given):
    try:
        found = json.loads(given)
    except (ValueError, RecursionError):
        return
    lab.read(found, Settings(warm=False))


ADDRESSES = (b"https://example.org:443/a?b=c#d", b"http://[2001:db8::1]/x", b"http://u:p@h/%20")
FORM = (
    b"seed=7&draws=20&rate-recruitment=50&dose-arrests=10&start=2027-01&end=2030-12&place=25&name=x"
)
ASKED = (
    b'{"scenarios": {"a": {"off": ["arms"], "start": "2027-01", "change": {"recruitment": 0.5}}},'
    b' "posterior": "system", "end": "2030-12", "draws": 20, "seed": 7}'
)
DRIVERS = b"driver,place,month,value\nprecarity,00,2019-01,1.5\nprecarity,09,2020-02,0.7\n"
PAGE = (
    "<!doctype html><html><head><meta property='article:published_time' content='2024-03-01'>"
    "<title>t</title></head><body><article><p>En 2019 hubo 36,662 homicidios en M\xe9xico.</p>"
    "<table><tr><td>Jalisco</td><td>2,672</td></tr></table></article></body></html>"
).encode()
FEED = (
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title><item><title>a</title>"
    b"<link>https://example.org/a</link><pubDate>Fri, 01 Mar 2024 10:00:00 GMT</pubDate>"
    b"<description>&lt;p&gt;En 2019 hubo 36,662 homicidios.&lt;/p&gt;</description></item>"
    b"</channel></rss>"
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count "
    b"1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<<"
    b"/Font<</F1 5 0 R>>>>>>endobj\n4 0 obj<</Length 60>>stream\nBT /F1 12 Tf 10 100 Td (36,662 "
    b"homicidios en 2019) Tj ET\nendstream endobj\n5 0 obj<</Type/Font/Subtype/Type1/BaseFont/"
    b"Helvetica>>endobj\ntrailer<</Root 1 0 R/Size 6>>\n%%EOF"
)
#: Name -> what is given inputs, the real files they are made from, parts of all inputs, and the
#: form by whose parts some of them are changed.
TARGETS = {
    "study": (lambda b: Study.parse(b.decode("utf-8", errors="replace")), "studies/*.yaml", 2,
              "yaml"),
    "claim": (_decoded(claim.read), "src/hidra/claims/library/*.yaml", 24, "yaml"),
    "YAML": (_decoded(yaml.read), "src/hidra/data/*.yaml", 25, ""),
    "description of a table": (_decoded(specs.made), "src/hidra/data/import_example.yaml", 10,
                               "yaml"),
    "article": (lambda b: list(reading.texts(b, "t")), "docs/en/explanation/*.md", 15, ""),
    "page, feed, PDF": (lambda b: list(reading.texts(b, "t")), (PAGE, FEED, PDF), 1, ""),
    "address": (_address, ADDRESSES, 10, ""),
    "form": (_form, (FORM,), 6, ""),
    "request": (_request, (ASKED,), 5, "json"),
    "drivers": (_file("drivers.csv", lambda path: Brought.of((str(path),))), (DRIVERS,), 1, "csv"),
    "table": (_file("t.csv", propose.propose), "tests/panel/cases/import/*/*.csv", 0.5, "csv"),
    "workbook": (_file("t.xlsx", propose.propose), "tests/panel/cases/import/*/*.xlsx", 0.5, "zip"),
}  # fmt: skip
FOUND = Path(__file__).parent / "found"  # inputs that once crashed it, kept


@pytest.mark.parametrize(
    ("share", "seconds"), [(20, 2), pytest.param(10_000, 3600, marks=SLOW)]
)  # of all TARGETS: 2,000 inputs, and a million
@pytest.mark.parametrize("name", TARGETS)
def test_an_input_is_read_or_refused_and_never_crashes(name, share, seconds):
    target, seeds, parts, form = TARGETS[name]
    count = bench.fuzzed(target, texts(seeds), int(share * parts), seconds, form=form)
    assert count.tried and not count.faulty, count.faulty[:3]


@pytest.mark.parametrize("path", sorted(FOUND.glob("*/*")), ids=lambda path: path.name)
def test_what_crashed_once_does_not_again(path):
    target = TARGETS[path.parent.name][0]
    assert not bench.fuzzed(lambda _given: target(path.read_bytes()), [b"x"], 1, 10).faulty


def test_rows_without_month_and_figure_are_told_and_no_crash(tmp_path, monkeypatch):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    (tmp_path / "t.csv").write_text("p,y,m,v\n08037,2024,1,5\n08037,2024,99,\n")
    set_apart = writers.SPEC.replace("month: m}", "month: m, unknown_months: ['99']}")
    (tmp_path / "spec.yaml").write_text(set_apart)
    importing.import_table(tmp_path / "t.csv", specs.read_spec(tmp_path / "spec.yaml"))
    told = panel.ask("SELECT * FROM notes")
    assert any("Month unknown" in str(note) for note in told), told


def calls(work: Callable[[], object]) -> int:
    """Count the functions that are called meanwhile: a measure of work that no clock disturbs."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return sum(entry.callcount for entry in profile.getstats())


def test_twice_the_text_is_at_most_two_and_a_half_times_the_work():
    from hidra.claims import article
    from hidra.claims.ask import data

    sentence = "En 2019 hubo 36,662 homicidios en México; en Jalisco fueron {n}. "
    once, twice = ("".join(sentence.format(n=1000 + n) for n in range(size)) for size in (50, 100))
    with data() as con:
        article.check(con, sentence)
        assert calls(lambda: article.check(con, twice)) <= 2.5 * calls(
            lambda: article.check(con, once)
        )


@pytest.mark.parametrize("far", ["XFD1048576", "XFD20000"])
@pytest.mark.parametrize(
    "verb", [["score"], ["claims", "events"], ["data", "import"]], ids=" ".join
)
def test_a_workbook_with_a_far_cell_is_refused_by_every_reader(verb, far, tmp_path, capsys):
    """A workbook of 1 kB in which one cell lies at the end of the sheet once ended the process."""
    main_ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main_ns}" xmlns:r="{rel}"><sheets>'
        '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/s.xml"/></Relationships>',
        "xl/worksheets/s.xml": f'<worksheet xmlns="{main_ns}"><sheetData><row r="1"><c r="A1"><v>1'
        f'</v></c></row><row r="{far.lstrip("AXFD")}"><c r="{far}"><v>1</v></c></row></sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(tmp_path / "far.xlsx", "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    assert main(["--lang", "en", *verb, str(tmp_path / "far.xlsx")]) == 3
    assert "larger than can be read" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [["score"], ["claims", "events"]], ids=" ".join)
def test_a_table_that_is_not_there_is_missing_and_no_fault_of_the_machine(verb, capsys):
    assert main(["--lang", "en", *verb, "nowhere/t.csv"]) == 3
    assert "no such file" in capsys.readouterr().err


def test_columns_that_nobody_asked_for_are_not_read(tmp_path, monkeypatch):
    """A million columns in a file of drivers took 31 s and 2.4 GB."""
    wide = ",".join(f"c{n}" for n in range(100_000))
    (tmp_path / "d.csv").write_text(f"{wide}\n{wide}\n")
    read, seen = pd.read_csv, []
    monkeypatch.setattr(pd, "read_csv", lambda *a, **k: seen.append(read(*a, **k)) or seen[-1])
    with pytest.raises(SourceError, match="lacks the columns"):
        Brought.of((str(tmp_path / "d.csv"),))
    assert [frame.shape[1] for frame in seen] == [0]
