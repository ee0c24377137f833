"""What can be counted from the panel, and which series count it, the usual one first."""

from __future__ import annotations

from dataclasses import dataclass

from hidra.claims.base import Rank


@dataclass(frozen=True)
class Series:
    """One series of the panel that counts a thing.

    Attributes
    ----------
    measures : tuple of str
        Measures of the panel that are added up (one, or parts of a whole).
    agency : str
        ``inegi``, ``sesnsp``, ``rnpdno`` or ``sspc``: the word that names it in a sentence.
    label, label_es : str
        The source in words.
    rank : str
        ``primary``, or ``other`` where it counts less or something beside.
    yearly : bool
        Published for whole years and the nation only.
    room : float
        Share by which the usual count is known to run above this one.
    """

    measures: tuple[str, ...]
    agency: str
    label: str
    label_es: str
    rank: Rank = "primary"
    yearly: bool = False
    room: float = 0.0


INEGI_YEAR = "INEGI, registered in the year"
INEGI_YEAR_ES = "INEGI, registrados en el año"
THINGS: dict[str, tuple[Series, ...]] = {
    "homicide": (
        Series(("inegi_homicides_registered_annual",), "inegi", INEGI_YEAR, INEGI_YEAR_ES,
               yearly=True),
        Series(("inegi_homicides_registered_quoted",), "inegi", INEGI_YEAR, INEGI_YEAR_ES,
               yearly=True),
        # deaths of unknown month or municipality are not in it: 1-7 % of the nation, more in places
        Series(("inegi_homicides",), "inegi", "INEGI, month of death", "INEGI, mes de la muerte",
               room=0.12),
        Series(("sesnsp_homicide_victims",), "sesnsp", "SESNSP, victims of intentional homicide",
               "SESNSP, víctimas de homicidio doloso"),
        Series(("sesnsp_homicide_victims", "sesnsp_femicide_victims"), "sesnsp",
               "SESNSP, victims of intentional homicide and femicide",
               "SESNSP, víctimas de homicidio doloso y feminicidio", "other"),
        Series(("inegi_homicides_registered",), "inegi", "INEGI, month of registration",
               "INEGI, mes de registro"),
        Series(("sesnsp_homicide_files",), "sesnsp", "SESNSP, case files",
               "SESNSP, carpetas", "other", yearly=True),
        Series(("sesnsp_homicide_files_old_method",), "sesnsp", "SESNSP, case files, old method",
               "SESNSP, averiguaciones, método anterior", "other", yearly=True),
        Series(("inegi_homicides_to_2010",), "inegi", "INEGI, year of death, to 2010",
               "INEGI, año de la muerte, hasta 2010", "other", yearly=True),
        Series(("sspc_homicides_open_source",), "sspc", "SSPC, press count",
               "SSPC, conteo de prensa", "other", yearly=True),
    ),
    "firearm": (
        Series(("sesnsp_firearm_homicide_victims",), "sesnsp",
               "SESNSP, victims of intentional homicide by firearm",
               "SESNSP, víctimas de homicidio doloso con arma de fuego"),
    ),
    "femicide": (
        Series(("sesnsp_femicide_victims",), "sesnsp", "SESNSP, victims of femicide",
               "SESNSP, víctimas de feminicidio"),
    ),
    "women": (
        Series(("sesnsp_women_homicide_victims", "sesnsp_femicide_victims"), "sesnsp",
               "SESNSP, women victims of intentional homicide and femicide",
               "SESNSP, mujeres víctimas de homicidio doloso y feminicidio"),
        Series(("sesnsp_women_homicide_victims",), "sesnsp",
               "SESNSP, women victims of intentional homicide (femicide apart)",
               "SESNSP, mujeres víctimas de homicidio doloso (feminicidio aparte)", "other"),
    ),
    "missing": (
        Series(("rnpdno_missing",), "rnpdno", "RNPDNO, still missing, by month of the facts",
               "RNPDNO, aún desaparecidas, por mes de los hechos"),
        Series(("rnpdno_missing", "rnpdno_found_alive", "rnpdno_found_dead"), "rnpdno",
               "RNPDNO, all ever reported, found or not",
               "RNPDNO, todas las reportadas, halladas o no", "other"),
    ),
}  # fmt: skip
NAMES = {
    "homicide": ("homicides", "homicidios"),
    "firearm": ("homicides by firearm", "homicidios con arma de fuego"),
    "femicide": ("femicides", "feminicidios"),
    "women": ("women killed", "mujeres asesinadas"),
    "missing": ("missing persons", "personas desaparecidas"),
}
SHARE_OF = {"firearm": "homicide", "women": "homicide", "femicide": "women"}
