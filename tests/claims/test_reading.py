"""Bad input is told in three parts; nothing is executed and nothing fetched that was not asked for."""

import io
import json
import socket

import pytest

from hidra.claims.article import reading
from hidra.claims.article.reading import read, texts
from hidra.cli import main
from hidra.core.errors import SourceError

SENTENCE = "En 2018 hubo 33,742 víctimas de homicidio en México."


@pytest.fixture
def no_network(monkeypatch):
    """Any connection fails the test."""

    def refuse(*_, **__):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def refused(content, source="x"):
    with pytest.raises(SourceError) as error:
        list(texts(content, source))
    assert error.value.what and error.value.where == source and error.value.fix
    return error.value.what


def test_binary_junk(tmp_path, capsys):
    file = tmp_path / "junk.txt"
    file.write_bytes(bytes(range(256)) * 50)
    assert main(["check", str(file), "--json"]) == 3
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 3 and "not a text" in err


@pytest.mark.parametrize(
    ("content", "named"),
    [(b"PK\x03\x04\x14\x00word/document.xml", "docx"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "doc"),
     (b"{\\rtf1\\ansi En 2024 hubo 33,550 homicidios en M\\'e9xico.}", "rtf")],
)  # fmt: skip
def test_a_document_of_a_word_processor_is_named_and_never_read_as_text(content, named):
    with pytest.raises(SourceError) as error:
        list(texts(content, "nota"))
    assert named in str(error.value) and "plain text or PDF" in str(error.value)


def test_an_empty_file_and_a_missing_one(tmp_path):
    assert "no text" in refused(b" \n ")
    with pytest.raises(SourceError):
        read(str(tmp_path / "none.txt"))
    with pytest.raises(SourceError):
        read(str(tmp_path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings(encoding):
    [text] = texts(SENTENCE.encode(encoding), "x")
    assert text.text.strip() == SENTENCE


def test_mixed_encodings_line_by_line():
    content = SENTENCE.encode() + b"\n" + SENTENCE.encode("cp1252")
    [text] = texts(content, "x")
    assert text.text.splitlines() == [SENTENCE, SENTENCE]


def test_a_long_pdf_of_pictures_and_a_broken_one():
    from pypdf import PdfWriter

    writer = PdfWriter()
    for _ in range(200):
        writer.add_blank_page(width=200, height=200)
    buffer = io.BytesIO()
    writer.write(buffer)
    assert "pictures" in refused(buffer.getvalue())
    assert "cannot be read" in refused(b"%PDF-1.7 nothing of the kind")


def pdf(pages, text):
    """A PDF written by hand: the same line on every page."""
    line = b"BT /F1 12 Tf 20 700 Td (" + text.encode("cp1252") + b") Tj ET"
    parts = [b"<< /Type /Catalog /Pages 2 0 R >>", b"",
             b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
             b"<< /Length %d >>\nstream\n%s\nendstream" % (len(line), line)]  # fmt: skip
    page = (b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>")  # fmt: skip
    kids = b" ".join(b"%d 0 R" % (5 + number) for number in range(pages))
    parts[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, kids)
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate([*parts, *[page] * pages], start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    return content + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, len(content),
    )  # fmt: skip


def test_a_pdf_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0)
    assert "takes longer" in refused(pdf(5, "En 2018 hubo 33,742 homicidios."))


def test_a_pdf_of_200_pages_is_read_whole(tmp_path, capsys):
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf(200, SENTENCE))
    [text] = read(str(file))
    assert text.text.count(SENTENCE) == 200
    file.write_bytes(pdf(2, SENTENCE))
    assert main(["check", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in found] == ["supported", "supported"]


def test_an_atom_feed_is_read_too(no_network):
    feed = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>Nota</title>'
        f'<link href="https://example.org/a"/><content type="html">&lt;p&gt;{SENTENCE}&lt;/p&gt;'
        "&lt;script&gt;alert(1)&lt;/script&gt;</content></entry></feed>"
    )
    [text] = texts(feed.encode(), "feed.xml")
    assert text.input == "https://example.org/a" and SENTENCE in text.text
    assert "alert" not in text.text


def test_of_a_page_given_by_address_only_that_address_is_fetched(monkeypatch, no_network):
    asked = []

    def answer(address, until):
        asked.append(address)
        page = (
            f"<html><body><article><p>{SENTENCE} {'Texto de relleno. ' * 30}</p>"
            '<img src="https://example.org/b.png"><script src="https://example.org/c.js"></script>'
            '<link rel="stylesheet" href="http://127.0.0.1/d.css"></article></body></html>'
        )
        return 200, page.encode(), None

    monkeypatch.setattr(reading, "_ask", answer)
    [text] = read("https://example.org/a")
    assert asked == ["https://example.org/a"] and SENTENCE in text.text


def test_a_feed_gives_its_articles_and_an_empty_one_says_so(no_network):
    item = f"<item><title>Nota</title><link>https://example.org/a</link><description>&lt;p&gt;{SENTENCE}&lt;/p&gt;</description></item>"
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>'
    [text] = texts(f"{head}{item}</channel></rss>".encode(), "feed.xml")
    assert text.input == "https://example.org/a" and SENTENCE in text.text
    assert "no entries" in refused(f"{head}</channel></rss>".encode())


def test_a_hostile_page_runs_and_fetches_nothing(no_network):
    page = f"""<!doctype html><html><head><script>alert(1)</script>
    <meta http-equiv="refresh" content="0;url=http://127.0.0.1/"><link rel=stylesheet href="http://10.0.0.1/x.css">
    </head><body onload="steal()"><article><h1>Homicidios</h1><p>{SENTENCE} {"Texto de relleno. " * 30}</p>
    <img src="http://169.254.169.254/latest"><iframe src="file:///etc/passwd"></iframe></article>
    {"<div>" * 3000}</body></html>"""
    [text] = texts(page.encode(), "page.html")
    assert "33,742" in text.text and "alert" not in text.text and "steal" not in text.text


def test_entities_do_not_explode(no_network):
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "'
        + "x" * 10_000
        + '">'
        + "".join(f'<!ENTITY b{n} "{"&a;" * 50}">' for n in range(9))
        + "]><rss><channel><item><title>&b8;</title></item></channel></rss>"
    )
    try:
        found = list(texts(bomb.encode(), "bomb.xml"))
        assert sum(len(one.text) for one in found) < 5_000_000
    except SourceError:
        pass


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/", "http://localhost:8000/", "http://10.1.2.3/a", "http://192.168.0.1/", "http://[::1]/",
     "http://169.254.169.254/latest/meta-data", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/", "http://2130706433/"],
)  # fmt: skip
def test_private_and_loopback_addresses_are_refused(address, no_network):
    with pytest.raises(SourceError) as error:
        read(address)
    assert "refused" in error.value.what or "unknown" in error.value.what


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://example.org/a", "http://user:pw@example.org/"]
)
def test_only_plain_web_addresses(address, no_network):
    with pytest.raises(SourceError):
        read(address)


def test_a_redirect_to_a_private_address_is_refused(monkeypatch, no_network):
    monkeypatch.setattr(
        reading, "_ask", lambda address, until: (302, b"", "http://127.0.0.1/secret")
        if "example" in address else reading.public_address("127.0.0.1", 80, address)
    )  # fmt: skip
    with pytest.raises(SourceError) as error:
        read("https://example.org/a")
    assert "refused" in error.value.what


def test_redirects_end(monkeypatch):
    monkeypatch.setattr(reading, "_ask", lambda address, until: (302, b"", "/again"))
    with pytest.raises(SourceError) as error:
        read("https://example.org/a")
    assert "leads on" in error.value.what


def test_offline_means_offline(no_network, monkeypatch):
    with pytest.raises(SourceError):
        read("https://example.org/", offline=True)
    monkeypatch.setenv("HIDRA_OFFLINE", "1")
    with pytest.raises(SourceError):
        read("https://example.org/")


def test_standard_input(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SENTENCE.encode())))
    assert main(["check", "-", "--json"]) == 0
    [one] = json.loads(capsys.readouterr().out)
    assert one["input"] == "-" and one["verdict"] == "supported"


def test_an_unrelated_article_is_an_empty_list(tmp_path, capsys):
    file = tmp_path / "a.txt"
    file.write_text("Three cats slept for 12 hours in 2019.", encoding="utf-8")
    assert main(["check", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
