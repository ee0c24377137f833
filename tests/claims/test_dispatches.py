"""What correspondents write: months cut short, means, falls, datelines, terms, multiples."""

import pytest

from hidra.claims.article.check import check
from hidra.claims.article.lexicon import plain, sentences
from hidra.claims.article.numbers import quantities
from hidra.claims.article.periods import periods
from hidra.claims.ask import data

DAY = "2025-11-12"
S, P, N, C = "supported", "partly", "not supported", "contradicted"


@pytest.fixture(scope="module")
def con():
    with data() as con:
        yield con


def told(con, text, day=DAY):
    """Return the verdict on every figure found, by its own letters."""
    return {text[slice(*one.core)]: one.result.verdict for one in check(con, text, day)}


MONTHS = [
    ("In Sept. 2024 Sinaloa recorded 143 murders.", {"143": S}),
    ("In Dec. 2024, Guanajuato recorded 304 homicides.", {"304": S}),
    ("In Jan. 2025 Guanajuato recorded 366 homicides.", {"366": S}),
    ("Mexico recorded 2,607 murders in Sept. 2024.", {"2,607": S}),
    ("Mexico recorded 2,607 murders in Sept 2024.", {"2,607": S}),
    ("Between Jan. 1 and June 30, 2025, Guanajuato recorded 1,606 murders.", {"1,606": S}),
    ("From Sept. 2024 through June 2025 Sinaloa recorded 1,549 murders.", {"1,549": S}),
    ("En sept. de 2024 Sinaloa registró 143 homicidios dolosos.", {"143": S}),
    ("En dic. de 2024 Guanajuato registró 304 homicidios dolosos.", {"304": S}),
    ("En ene. 2025 Guanajuato registró 366 homicidios dolosos.", {"366": S}),
    # one month for the other is as false as ever
    ("In Oct. 2024 Guanajuato recorded 804 homicides.", {"804": C}),
]
MEANS = [
    ("Mexico averaged 2,504 homicides a month in 2024.", {"2,504": S}),
    ("Guanajuato averaged 263 homicides a month in 2024.", {"263": S}),
    ("In 2024, Sinaloa averaged about 83 homicides a month.", {"about 83": S}),
    ("Killings in Sinaloa averaged 155 a month between September 2024 and June 2025.", {"155": S}),
    ("Mexico averaged 34,700 homicides a year under López Obrador, according to INEGI.", {"34,700": S}),
    ("Mexico averaged 82 homicides a day in 2024.", {"82": S}),
    ("Mexico averaged 182 homicides a day in 2024.", {"182": C}),
    ("En 2024 México promedió 2,504 homicidios al mes.", {"2,504": S}),
    ("En 2024 México promedió 82 homicidios al día.", {"82": S}),
    # of days or of months is not told
    ("Guanajuato averaged 263 homicides in 2024.", {}),
    ("En 2024 México promedió 82 homicidios.", {}),
]  # fmt: skip
FALLS = [
    ("Homicides in Mexico City fell more than 40 percent between 2018 and 2024.", {"more than 40 percent": S}),
    ("Homicides in Michoacán fell by more than 45 percent between 2021 and 2024.", {"more than 45 percent": S}),
    ("Homicides in Jalisco were down by more than a quarter in 2024 compared with 2020.", {"more than a quarter": S}),
    ("Homicides in Zacatecas were down by more than two-thirds in 2024 compared with 2021.", {"more than two-thirds": S}),
    ("Zacatecas recorded a fall of more than 60 percent in homicides between 2021 and 2024.", {"more than 60 percent": S}),
    ("Homicides in Mexico fell by more than 20 percent in 2025 compared with 2024.", {"more than 20 percent": S}),
    ("Femicides in Mexico fell by more than 14 percent between 2024 and 2025.", {"more than 14 percent": S}),
    ("Nuevo León's homicides fell by more than half in 2025.", {"more than half": P}),
    ("Homicides in Mexico have fallen by more than a third since September 2024.", {"more than a third": S}),
    ("Homicides in Mexico fell by more than a fifth in 2025.", {"more than a fifth": S}),
    ("Homicides in Mexico dropped by about a fifth in 2025.", {"about a fifth": S}),
    ("Homicides in Mexico rose by more than a fifth in 2025.", {"more than a fifth": N}),
    ("Los homicidios en la Ciudad de México cayeron más de 40 por ciento entre 2018 y 2024.", {"más de 40 por ciento": S}),
    ("Los homicidios en Zacatecas bajaron más de dos tercios entre 2021 y 2024.", {"más de dos tercios": S}),
    ("Los homicidios en México bajaron una quinta parte en 2025.", {"una quinta parte": S}),
    ("Homicides in Sinaloa rose by more than three quarters in 2024.", {"more than three quarters": S}),
]  # fmt: skip
YEARS = [
    ("In September 2024 homicides in Mexico averaged 86.9 a day.", {"86.9": S}),
    ("In June 2025 homicides in Mexico were 26.5 percent lower than in the same month of 2024.", {"26.5 percent": S}),
    ("In July 2018 homicides in Mexico reached 3,074.", {"3,074": S}),
    ("In October 2024 killings in Sinaloa reached 182.", {"182": S}),
    ("In 2024 homicides in Tabasco rose to 892.", {"892": S}),
    ("In 2019 murders in Mexico reached a record of 34,722.", {"34,722": S}),
    ("En 2024 homicidios y feminicidios fueron noticia en Tabasco: hubo 892 homicidios dolosos.", {"892": S}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "verdicts"), MONTHS + MEANS + FALLS + YEARS)
def test_what_a_correspondent_wrote(con, text, verdicts):
    assert told(con, text) == verdicts


@pytest.mark.parametrize(
    ("text", "number"),
    [("It began on Dec. 15 in Colima.", 1), ("It fell 10 years ago. 2024 was worse.", 2),
     ("El mar. 2024 fue otro año.", 2), ("It fell in Dec. Homicides rose later.", 2)],
)  # fmt: skip
def test_a_month_cut_short_ends_no_sentence_before_a_day_or_year(text, number):
    assert len(sentences(text)) == number


def test_words_that_look_like_months_cut_short_are_none():
    for text in (
        "two years ago 15 people",
        "sinaloa tiene 2024 homicidios",
        "for jan de vos",
        "en mar del plata",
    ):
        assert not [one for one in periods(plain(text)) if one.span.month], text
    assert quantities("a fifth person was killed for a third year") == []
