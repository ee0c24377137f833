"""The site as files: every address has its file, nothing is asked of a server or of others."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hidra.cli import main
from hidra.core import files
from hidra.core.errors import SpecError
from hidra.web import publish, site
from hidra.web.figure import Figure
from hidra.web.site import Ask, Settings

WANTED = (Ask("panorama", "es"), Ask("map", "es"), Ask("place", "es", "11"), Ask("about", "en"),
          Ask("place", "en", "11"), Ask("claims", "en"), Ask("data", "es"),
          Ask("year", "es", "2024"), Ask("compare", "en"), Ask("lab", "en"),
          Ask("forecast", "en"), Ask("forecast", "es", query={"measure": "inegi_homicides"}),
          Ask("evidence", "es"), Ask("model", "en"))  # fmt: skip
NAMED = re.compile(r'(?:href|src|content|data-\w+)="([^"]*)"')


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(folder=tmp_path_factory.mktemp("kept"), warm=False, run=folder / "none")
    draft = publish.Draft(folder, "https://example.org/hidra", settings)
    publish.shared(draft)
    with pytest.MonkeyPatch.context() as patch:
        for ask in WANTED:
            publish.write(draft, ask)
            if ask.page == "place":  # pictures of the pages after it are not drawn
                patch.setattr(Figure, "png", lambda *_, **__: b"")
    return folder


def test_every_address_on_a_page_leads_to_a_file_of_the_site(written):
    folders = {publish.folder_of(ask) for ask in WANTED}
    for ask in WANTED:
        page = written / publish.folder_of(ask) / "index.html"
        named = [one for one in NAMED.findall(page.read_text()) if "/" in one or "." in one]
        kept = [one for one in named if not re.match(r"https://|data:|#| |.*\s", one)]
        assert len(kept) > 10
        for one in kept:
            path = (page.parent / one.partition("#")[0]).resolve()
            assert path.is_relative_to(written.resolve()), one
            inside = f"{path.relative_to(written.resolve()).parent.as_posix()}/".removeprefix("./")
            if inside in folders or "static" in inside:
                assert path.is_file(), (ask, one)


def test_a_page_asks_nobody_else_and_keeps_no_form(written):
    for page in written.rglob("*.html"):
        text = page.read_text()
        assert "<form" not in text and "/api/v1" not in text and "nonce" not in text
        assert not re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//(?!example)', text), page
        loaded = re.findall(r'<(?:script|img|iframe)[^>]*src="([^"]*)"', text)
        if page.name == "404.html":  # shown anywhere, it names its own site whole
            loaded = [one.removeprefix("https://example.org/hidra/") for one in loaded]
        assert all(not one.startswith(("http", "/")) for one in loaded)


def test_previews_and_snippets_have_whole_addresses(written):
    text = (written / "lugar/11/index.html").read_text()
    assert 'property="og:image" content="https://example.org/hidra/lugar/11/years.png"' in text
    assert 'property="og:url" content="https://example.org/hidra/lugar/11/"' in text
    assert 'src="https://example.org/hidra/lugar/11/observed.embed.html"' in text
    framed = (written / "lugar/11/observed.embed.html").read_text(encoding="utf-8")
    assert framed.count("<svg") == 1 and "<img" not in framed  # letters that a phone can read


def test_addresses_for_search_engines_are_whole_or_left_out(written, tmp_path):
    text = (written / "lugar/11/index.html").read_text()
    assert '<link rel="canonical" href="https://example.org/hidra/lugar/11/">' in text
    assert 'hreflang="en" href="https://example.org/hidra/en/place/11/">' in text
    framed = (written / "lugar/11/observed.embed.html").read_text()
    assert 'content="https://example.org/hidra/lugar/11/observed.png"' in framed
    unknown = publish.Draft(tmp_path, "", Settings(folder=tmp_path / "kept", warm=False))
    publish.write(unknown, Ask("about", "es"))
    publish.shared(unknown)
    text = (tmp_path / "acerca/index.html").read_text()
    assert 'rel="canonical"' not in text and 'rel="alternate"' not in text
    assert 'property="og:url"' not in text
    assert not (tmp_path / "sitemap.xml").exists() and not (tmp_path / "404.html").exists()


def test_a_site_lists_its_pages_and_has_one_for_what_is_not_there(written):
    listed = re.findall(r"<loc>(https://example.org/hidra/[^<]*)</loc>",
                        (written / "sitemap.xml").read_text())  # fmt: skip
    assert set(listed) == {f"https://example.org/hidra/{one}" for one in publish.folders()}
    absent = (written / "404.html").read_text()  # shown at any address: nothing in it is relative
    kept = [one for one in NAMED.findall(absent) if "/" in one and " " not in one]
    assert len(kept) > 10 and all(one.startswith("https://example.org/hidra/") for one in kept)
    assert 'rel="canonical"' not in absent


def test_what_needs_a_server_leads_to_how_to_run_it(written):
    text = (written / "index.html").read_text()
    assert 'id="local"' in text and "hidra serve" in text
    assert 'href="revisar' not in text and 'href="escenarios/index.html"' in text
    lab = (written / "en/scenarios/index.html").read_text()
    assert lab.count('class="finding"') == 5 and lab.count("<figure") == 5
    assert 'id="desk"' in lab and "hidra serve" in lab and 'name="off"' not in lab
    assert (written / "en/scenarios/killed_fewer_arms.csv").is_file()


def test_a_page_says_how_to_cite_it(written):
    [item] = json.loads((written / "en/place/11/cite.json").read_text())
    assert item["title"] == "Guanajuato" and item["URL"].endswith("/hidra/en/place/11/")
    told = (written / "en/place/11/cite.bib").read_text()
    assert told.startswith("@misc{hidra-place-11-en,") and told.count("{") == told.count("}")


def test_rows_and_tips_are_scripts_that_a_page_from_a_file_may_read(written):
    for name in ("observed.rows.js", "observed.tips.js"):
        text = (written / "lugar/11" / name).read_text()
        assert text.startswith("window.stored={") and json.loads(text.partition("=")[2])
    assert json.loads((written / "mapa/atlas.js").read_text().partition("=")[2])["months"]


def test_every_page_of_both_languages_has_a_folder_of_its_own():
    wanted = list(publish.asks())
    assert len({publish.folder_of(ask) for ask in wanted}) == len(wanted)
    places = [ask for ask in wanted if ask.page == "place"]
    assert len(places) == 66 and not {ask.page for ask in wanted} & {"frozen", "review", "bring"}


@pytest.mark.parametrize(
    ("address", "file"),
    [("/", "index.html"), ("/en/", "en/index.html"), ("/lugar/11?with=00", "lugar/11/index.html"),
     ("/panorama.png?chart=years", "years.png"), ("/en/place/11.csl", "en/place/11/cite.json"),
     ("/en/panorama.json?chart=fates", "en/fates.rows.js"), ("/lugar/11039", ""),
     ("/ano/2024", "ano/2024/index.html"), ("/en/year/1990", ""), ("/comparar", "comparar/index.html"),
     ("/escenarios?ready=no_removals", "escenarios/index.html"), ("/api/v1/claims", ""), ("/static/tip.js", "static/tip.js"),
     ("/mapa?measure=rnpdno_missing", "mapa/rnpdno_missing/index.html")],
)  # fmt: skip
def test_an_address_has_one_file(address, file):
    assert publish.file_of(address) == file


def test_only_an_earlier_site_is_replaced(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SpecError) as error:
        publish.publish(tmp_path, Settings(warm=False))
    assert "no earlier site" in error.value.what
    (tmp_path / "notes.txt").unlink()
    (tmp_path / "index.html").write_text("old")
    told = files.sealed({"kind": "site"}, tmp_path)
    files.write_json(tmp_path / publish.MANIFEST, told)
    publish._refuse_what_is_not_ours(tmp_path)
    (tmp_path / "CNAME").write_text("example.org")
    with pytest.raises(SpecError) as error:
        publish._refuse_what_is_not_ours(tmp_path)
    assert "CNAME" in error.value.what


def test_what_cannot_be_is_refused_before_any_work(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(publish, "asks", lambda: pytest.fail("work has begun"))
    (tmp_path / "file").write_text("mine")
    assert main(["publish", str(tmp_path / "file")]) == 2
    assert "A file stands" in capsys.readouterr().err
    for verb in (["publish", str(tmp_path / "site")], ["serve", "--port", "0"]):
        assert main([*verb, "--run", str(tmp_path / "none")]) == 2
        assert str(tmp_path / "none") in capsys.readouterr().err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file"]


def test_an_address_is_whole(tmp_path, capsys):
    assert main(["publish", str(tmp_path / "site"), "--address", "example.org"]) == 2
    assert "--address example.org" in capsys.readouterr().err


def test_the_server_cites_a_page_too(reader):
    told = reader.get("/lugar/11.bib")
    assert told.status_code == 200 and "@misc{hidra-place-11-es" in told.text
    assert reader.get("/en/panorama.csl").json()[0]["language"] == "en"
    assert {page.name for page in site.PAGES if page.live} >= {"frozen", "review", "bring"}
