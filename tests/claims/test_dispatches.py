"""What correspondents write: months cut short, means, falls, datelines, terms, multiples."""

import pytest

from hidra.claims.article import check
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
    ("Guanajuato registered 1,606 murders from Jan to Jun 2025.", {"1,606": S}),
    ("Guanajuato recorded 1,606 homicides in Jan.-June 2025.", {"1,606": S}),
    ("En el periodo ene-jun de 2025 Guanajuato acumuló 1,606 homicidios dolosos.", {"1,606": S}),
    ("De enero a jun. de 2025 Guanajuato acumuló 1,606 homicidios dolosos.", {"1,606": S}),
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
    ("In 2024 homicides in Mexico had fallen from a peak of 34,722 to 30,060.", {"30,060": S}),
    ("In 2024 homicides in Mexico had fallen from a peak of 34,722 in 2019 to 30,060.", {"34,722": S, "30,060": S}),
    ("En 2024 homicidios y feminicidios fueron noticia en Tabasco: hubo 892 homicidios dolosos.", {"892": S}),
]  # fmt: skip
WRITTEN_AT = [  # where an article was written, or something said, is no place its figures are of
    ("MEXICO CITY, Dec. 15 (AP) — The government spoke on Monday. Homicides fell 21.5 percent in 2025.", {"21.5 percent": S}),
    ("MEXICO CITY, Dec 15 - The Mexican government spoke on Monday.\n\nThere were 53,550 homicides in 2024.", {"53,550": N}),
    ("MEXICO CITY, 15 December - The government spoke on Monday.\n\nThere were 53,550 homicides in 2024.", {"53,550": N}),
    ("Homicides fall\n\nJane Doe in Mexico City\nMon 15 Dec 2025 10.00 GMT\n\nThere were 53,550 homicides in 2024.", {"53,550": N}),
    ("Homicides fall\nMexico City, November 11, 2025\n\nThere were 53,550 homicides in 2024.", {"53,550": N}),
    ("Speaking at the National Palace in Mexico City, the president said there were 33,550 homicides in 2024.", {"33,550": S}),
    ("At a news conference in Mexico City, he said there were 33,550 homicides in 2024.", {"33,550": S}),
    ("Ciudad de México, 15 de diciembre de 2025.- En 2024 hubo 33,550 homicidios.", {"33,550": S}),
    ("CDMX, a 15 de dic.\n\nEn 2024 hubo 53,550 homicidios.", {"53,550": N}),
    ("En conferencia en Palacio Nacional, en la Ciudad de México, dijo que en 2024 hubo 33,550 homicidios.", {"33,550": S}),
    ("CULIACÁN, Sinaloa, Mexico — The state recorded 994 homicides in 2024.", {"994": S}),
    # a place in a sentence is where it happened
    ("The arrest in Sinaloa was on December 15. In 2024 there were 994 homicides.", {"994": S}),
    ("Speaking of homicides in Mexico City, he said there were 914 in 2024.", {"914": S}),
]  # fmt: skip
AFTER = [  # an event after which something changed is no period to compare
    ("Murders in Sinaloa more than doubled after the arrest of Ismael Zambada in July 2024.", {}),
    ("Los homicidios en Sinaloa se duplicaron tras la captura de Zambada en julio de 2024.", {}),
    ("Los homicidios en Sinaloa bajaron 40 por ciento tras el asesinato de un capo en julio de 2024.", {}),
    ("Homicides in Mexico tripled after Calderón sent the army into the streets in December 2006.", {}),
    ("In the year after the arrest of Zambada in July 2024, Sinaloa recorded 1,700 homicides.", {}),
    ("After reaching 34,722 in 2019, homicides in Mexico fell to 33,550 in 2024.", {"34,722": S, "33,550": S}),
    ("Murders in Sinaloa rose from 531 in 2023 to 994 in 2024, after the capture of Zambada in July 2024.", {"531": S, "994": S}),
]  # fmt: skip
TERMS = [
    ("Under Enrique Peña Nieto, who governed from 2012 to 2018, about 157,000 people were killed, according to INEGI.",
     {"about 157,000": S}),
    ("En el gobierno de Enrique Peña Nieto, quien gobernó de 2012 a 2018, hubo unos 157 mil homicidios, según el INEGI.",
     {"unos 157 mil": S}),
    ("In Sheinbaum's first six months, 14,113 people were murdered in Mexico.", {"14,113": S}),
    ("During Sheinbaum's first nine months in office, 20,055 people were murdered.", {"20,055": S}),
    ("En los primeros seis meses del gobierno de Claudia Sheinbaum hubo 14,113 homicidios dolosos.", {"14,113": S}),
    ("In the first nine months of the Sheinbaum administration there were 20,055 homicides in Mexico.", {"20,055": S}),
    ("En los nueve primeros meses del gobierno de Sheinbaum hubo 20,055 homicidios dolosos.", {"20,055": S}),
    ("En los seis primeros meses de 2025 hubo en Guanajuato 1,606 homicidios dolosos.", {"1,606": S}),
    # others may count them from another month: refuted by nothing
    ("In Sheinbaum's first six months, 24,113 people were murdered in Mexico.", {}),
    ("In his first six months the governor of Sinaloa saw 300 murders.", {}),
    ("Between January and August 2024 the state of Sinaloa saw 338 homicides, or 1.4 a day; in the ten months that followed, "
     "there were 1,549, or five a day.", {"338": S, "1.4": S, "1,549": S, "five": S}),
    ("Entre enero y agosto de 2024 Sinaloa registró 338 homicidios dolosos; en los diez meses siguientes hubo 1,549.",
     {"338": S, "1,549": S}),
    ("From September to November 2019, Jalisco, Mexico, saw 671 homicides. In the following 2 months there were 541.",
     {"671": S, "541": S}),
    ("In the ten months that followed the arrest, there were 2,549 homicides in Sinaloa.", {}),
]  # fmt: skip
TIMES = [
    ("Homicides in Tabasco rose three-and-a-half-fold in 2024.", {"three-and-a-half-fold": S}),
    ("Homicides in Tabasco were 3.5 times as high in 2024 as in 2023.", {"3.5 times as high": S}),
    ("Homicides in Tabasco rose more than threefold in 2024.", {"threefold": S}),
    ("Homicides in Tabasco grew by a factor of 3.5 in 2024.", {"by a factor of 3.5": S}),
    ("Los homicidios en Tabasco se multiplicaron por 3.5 en 2024.", {"multiplicaron por 3.5": S}),
    ("En 2024 hubo en Tabasco más del triple de homicidios que en 2023.", {"triple de homicidios que": S}),
    ("In 2011 there were three times as many homicides in Mexico as in 2007, INEGI data show.", {"three times as many": S}),
    ("In 2011 there were ten times as many homicides in Mexico as in 2007, INEGI data show.", {"ten times as many": C}),
    ("In 2007 there were three times as many homicides in Mexico as in 2011, INEGI data show.", {"three times as many": C}),
    ("Femicides halved between 2015 and 2024 in Mexico.", {"halved": C}),
    ("Zacatecas saw its homicides more than double between 2021 and 2024.", {"double": N}),
    # near twice as near as to a half
    ("Sinaloa's murders almost doubled in 2024.", {"doubled": S}),
    ("Sinaloa saw its homicides nearly double between 2023 and 2024.", {"double": S}),
    ("In 2024 there were nearly twice as many homicides in Sinaloa as in 2023.", {"twice as many": S}),
    ("Los homicidios en Sinaloa casi se duplicaron en 2024.", {"se duplicaron": S}),
    ("En 2024 hubo en Sinaloa casi el doble de homicidios que en 2023.", {"doble de homicidios que": S}),
    ("Homicides in Michoacán nearly halved between 2021 and 2024.", {"halved": S}),
    ("Homicides in Durango nearly doubled between 2023 and 2024.", {"doubled": C}),
    # of another place or of a mean: no change
    ("The homicide rate of Colima was four times as high as the national rate in 2024.",
     {"four times as high as the national rate": "partly"}),  # 4.8, by deaths 4.4
    ("Colima had a homicide rate more than double the national average in 2024.",
     {"double the national average": S}),
    ("En 2024 hubo más del doble de homicidios en Colima que en Yucatán.",
     {"doble de homicidios en Colima que en Yucatán": S}),
    ("A double homicide shook Colima in 2024.", {}),
]  # fmt: skip
OF_ELSE = [
    # what came since is of no period told before it
    ("Mexico's homicide rate peaked at 29 per 100,000 people in 2018 and has since fallen to about 19.", {"29": S}),
    ("Mexico's homicide rate peaked at 29 per 100,000 people in 2018 and has since fallen to about 25.", {"29": S}),
    ("La tasa de homicidios de México llegó a 29 por cada 100 mil en 2018 y desde entonces bajó a 25.", {"29": S}),
    ("Mexico's homicides have since fallen to 59.5 a day from 86.9 a day in September 2024.", {"86.9": S}),
    ("Homicides in Mexico fell in 2020. They have since risen: 33,550 in 2024.", {"Homicides in Mexico fell": "partly", "33,550": S}),
    ("State of Mexico recorded a rise of 17 percent in homicides between 2016 and 2018.", {"17 percent": S}),
    # what is said in general is not of the state before
    ("Colima recorded 838 murders in 2024.\n\nThree out of four murders are committed with guns.",
     {"838": S, "Three out of four": S}),
    ("Yucatán tuvo un año tranquilo en 2024.\n\nTres de cada cuatro homicidios se cometen con arma de fuego.",
     {"Tres de cada cuatro": S}),
    # guns that are seized kill nobody
    ("In Sinaloa, from October 2024 to June 2025, 1,406 people were murdered and 3,500 guns were seized.", {"1,406": S}),
    ("En Sinaloa hubo 1,406 homicidios dolosos de octubre de 2024 a junio de 2025 y se decomisaron 3,500 armas de fuego.",
     {"1,406": S}),
    ("In Sinaloa 1,406 people were murdered from October 2024 to June 2025. Since then 1,800 people have been arrested and 3,500 "
     "firearms seized.", {"1,406": S}),
    ("Soldiers seized 4,200 weapons and guns in 2024 in Oaxaca, Mexico, where 984 people were murdered.", {"984": S}),
    ("In 2024 there were 21,928 firearm homicides in Mexico.", {"21,928": S}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdicts"),
    MONTHS + MEANS + FALLS + YEARS + WRITTEN_AT + AFTER + TERMS + TIMES + OF_ELSE,
)
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


def test_overdoses_are_of_the_united_states(con):
    said = "Mexico sends fentanyl north. About 80,000 Americans died of overdoses in 2024."
    [one] = check(con, said, DAY)
    assert one.read_as["en"].startswith("United States, 2024")


@pytest.mark.parametrize(
    "text",
    ["In June 2026, 133,924 people were listed as missing in Mexico.",
     "En junio de 2026 figuraban 133,924 personas desaparecidas en México."],
)  # fmt: skip
def test_who_is_listed_as_missing_in_a_month_is_missing_of_all_times(con, text):
    assert told(con, text, "2026-09-20") == {"133,924": S}


def test_case_files_are_no_persons(con):
    [one] = check(con, "Mexico opened 25,463 case files for homicide in 2024.", DAY)
    assert (one.result.verdict, one.stated.unit) == (S, "case files")
    [one] = check(con, "In 2024 there were 30,046 victims of homicide in Mexico.", DAY)
    assert one.stated.unit == "persons"
