"""Every word a reader sees is of the reader's language, on every page and in every refusal."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from hidra.charts.words import Words
from hidra.claims.claim import claims
from hidra.claims.words import attributed
from hidra.core.i18n import LANGUAGES, translate
from hidra.core.weeks import month
from hidra.data import reference
from hidra.evidence import bank
from tests.web.test_lab import begun, served

#: Words that make sentences, and mean nothing in the other language.
ENGLISH = {
    "the", "of", "and", "with", "from", "is", "are", "was", "were", "by", "which", "that", "who",
    "their", "have", "has", "been", "than", "where", "when", "there", "each", "every", "only",
    "as", "not", "this", "these", "its", "it", "into", "over", "under", "to",
}  # fmt: skip
SPANISH = {
    "el", "la", "los", "las", "del", "con", "para", "por", "que", "una", "según", "entre", "sin",
    "desde", "hasta", "cuando", "donde", "fue", "son", "sus", "más", "también", "como", "pero",
}  # fmt: skip
#: Attributes that are read aloud or shown.
READ_OUT = ("aria-label", "title", "placeholder", "data-head", "data-says", "data-drawn")
ALONE = {"meta", "link", "input", "br", "hr", "img"}
#: Terms whose definition is a name or the title of a work, as it was published.
CITED = ("Publisher", "How to cite it", "Terms", "Address")
SAMPLE = (
    "homicides-2024-33241", "absent-state", "displaced-281418", "groups-fragmented",
    "kingpin-all-governments", "lake-city-137000", "guns-90-percent", "base-month-is-high",
    "garcia-luna-convicted-2024", "operation-22-february", "jalisco-most-missing", "osorio-enforcement",
)  # fmt: skip
PAGES = {
    "es": ["/", "/mapa", "/lugares", "/lugar/25", "/lugar/09002", "/afirmaciones", "/revisar",
           "/escenarios", "/modelo", "/datos", "/acerca", "/api/v1", "/nada", "/lugar/99"],
    "en": ["/en", "/en/map", "/en/places", "/en/place/25", "/en/place/09002", "/en/claims",
           "/en/check", "/en/scenarios", "/en/model", "/en/data", "/en/about", "/en/api/v1",
           "/en/nothing", "/en/place/99"],
}  # fmt: skip
VIEWS = [(language, path) for language, paths in PAGES.items() for path in paths]


class Seen(HTMLParser):
    """What a reader sees of a page: pieces of text, without code, quotations and links' targets."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[tuple[str, str]] = []
        self.pieces: list[str] = []
        self.term = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("lang", self.language) == self.language:
            self.pieces += [given[name] for name in READ_OUT if given.get(name)]
        if tag not in ALONE:
            self.open.append((tag, given.get("lang", "")))

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self.open) - 1, -1, -1):
            if self.open[at][0] == tag:
                del self.open[at:]
                return

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self.open]
        spoken = next((lang for _, lang in reversed(self.open) if lang), self.language)
        if "dt" in tags:
            self.term = data.strip()
        quoted = {"script", "style", "code", "q", "mark", "option"} & set(tags)
        named = self.language == "en" and "dd" in tags and self.term in CITED
        if data.strip() and spoken == self.language and not quoted and not named:
            self.pieces.append(" ".join(data.split()))


def foreign(text: str, language: str) -> list[str]:
    """Words of the other language in a text; names, quotations and addresses left out."""
    text = re.sub(
        r"«[^»]*»|“[^”]*”|https?://\S+|\b[0-9a-f]{12,}\b|\S+_\S+|\S+\.(?:com|org)\S*", " ", text
    )
    words = re.findall(r"[^\W\d_]+", text)
    if language == "es":
        return [word for word in words if word in ENGLISH]
    if not any(word[0].islower() and word not in SPANISH | {"de", "y", "e"} for word in words):
        return []  # a name: Villa de las Rosas
    ours = sum(word.lower() in ENGLISH for word in words)
    found = [word for word in words if word in SPANISH]
    return found if len(found) > ours else []


def wrong(html: str, language: str) -> dict[str, list[str]]:
    seen = Seen(language)
    seen.feed(html)
    found = {piece: foreign(piece, language) for piece in seen.pieces}
    return {piece[:160]: words for piece, words in found.items() if words}


def test_the_rule_knows_a_foreign_sentence_from_a_name():
    assert foreign("killed with a firearm, by month of death", "es")
    assert foreign("personas asesinadas por cada mes, según el registro", "en")
    assert not foreign("«Reducing cartel recruitment is the only way», Science 381", "es")
    assert not foreign("Banco de México; La Paz; Villa de las Rosas", "en")
    assert wrong("<p lang='en'>the end of the list</p><p>of the</p>", "es") == {
        "of the": ["of", "the"]
    }


@pytest.mark.parametrize(("language", "path"), VIEWS)
def test_a_page_speaks_one_language(reader, language, path):
    page = reader.get(path).text
    assert f'<html lang="{language}">' in page
    assert wrong(page, language) == {}


@pytest.mark.parametrize("name", SAMPLE)
def test_a_claim_speaks_one_language(reader, name):
    assert wrong(reader.get(f"/afirmaciones/{name}").text, "es") == {}
    assert wrong(reader.get(f"/en/claims/{name}").text, "en") == {}


@pytest.mark.slow
def test_every_claim_speaks_one_language(reader):
    """Each claim is computed once: about two minutes."""
    paths = [(f"{root}/{one.id}", language) for one in claims()
             for root, language in (("/afirmaciones", "es"), ("/en/claims", "en"))]  # fmt: skip
    found = {path: wrong(reader.get(path).text, language) for path, language in paths}
    assert {path: words for path, words in found.items() if words} == {}


def test_attributions_are_told_in_spanish_with_their_dates():
    assert attributed("Left Voice, article of 23 February 2026", "es") == (
        "Left Voice, artículo del 23 de febrero de 2026"
    )
    assert attributed("La Razón 11 Feb 2026 (Defence Secretary)", "es") == (
        "La Razón 11 feb 2026 (secretario de la Defensa)"
    )
    assert [attributed(when, "es") for when in ("2006-12 to 2012-11", "2007 on", "to 2024-12")] == [
        "2006-12 a 2012-11", "desde 2007", "hasta 2024-12",
    ]  # fmt: skip
    assert attributed("RNPDNO, register of 2026-06", "es") == "RNPDNO, registro de 2026-06"
    assert attributed("-12 to -7", "es") == "-12 a -7"
    assert attributed("widely repeated in press", "en") == "widely repeated in press"


def test_the_line_that_cites_is_of_the_language_of_its_page(reader):
    assert "licencia MIT" in reader.get("/acerca").text
    assert "MIT licence" in reader.get("/en/about").text


def test_no_attribution_keeps_english_words():
    facts = reference.table("cited_fact")
    said = {text for one in claims() for text in (one.said_by, one.said_in, one.when)}
    said |= set(facts["publisher"].dropna()) | set(facts["quoted_period"].dropna().astype(str))
    assert {text: foreign(attributed(text, "es"), "es") for text in said
            if foreign(attributed(text, "es"), "es")} == {}  # fmt: skip


def test_a_run_that_failed_says_so_in_the_language_of_the_page(reader, folder, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("of no use to the reader")

    monkeypatch.setattr("tests.web.test_lab.simulated", broken)
    lab = served(folder / "failing")
    code = begun(lab, draws="9")
    spanish, english = lab.get(f"/escenarios/{code}").text, lab.get(f"/en/scenarios/{code}").text
    assert "La simulación falló: RuntimeError." in spanish
    assert "The simulation failed: RuntimeError." in english
    assert "of no use" not in spanish + english
    assert wrong(spanish, "es") == {}
    assert wrong(english, "en") == {}


def test_a_finished_run_speaks_one_language(reader, folder):
    lab = served(folder / "lab")
    code = begun(lab, ready=["half_recruitment", "twice_removals"])
    assert wrong(lab.get(f"/escenarios/{code}").text, "es") == {}
    assert wrong(lab.get(f"/en/scenarios/{code}").text, "en") == {}


@pytest.mark.parametrize("given", ["2027-13", "nonsense"])
def test_a_month_that_is_none_is_refused_in_spanish(given):
    with pytest.raises(Exception, match="month") as caught:
        month(given)
    for text in (caught.value.what, caught.value.where, caught.value.fix):
        assert foreign(translate(text, "es"), "es") == []
        assert translate(text, "es") != text


def test_own_estimates_of_the_bank_are_named_in_both_languages():
    own = {one.id: one.study for one in bank().values() if one.read == "own"}
    said = {
        lang: {at: Words(lang, ("charts", "web"))(f"evidence.own.{at}") for at in own}
        for lang in LANGUAGES
    }
    assert said["en"] == own
    assert all(said["es"][at].startswith("Estimación propia") for at in own)
