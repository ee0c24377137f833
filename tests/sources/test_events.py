"""Event sources: what is known to the month enters months, the rest only years."""

from pathlib import Path

import pytest

from hidra.core.errors import SourceError

from .layouts import xlsx

GED = (
    "id,relid,year,active_year,type_of_violence,conflict_name,dyad_new_id,dyad_name,side_a,side_b,"
    "where_prec,adm_1,adm_2,latitude,longitude,country,country_id,date_prec,date_start,date_end,"
    "deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low"
)


def event(number, state, precision, date, best, country="Mexico"):
    return (
        f"{number},MEX-{number},{date[:4]},1,2,Cartels,5,A - B,A,B,1,{state},,24.8,-107.4,{country},"
        f"70,{precision},{date} 00:00:00.000,{date} 00:00:00.000,0,0,0,{best},{best},{best + 1},{best}"
    )


def test_ucdp_keeps_the_doubt_about_dates(tmp_path: Path, read, value, con) -> None:
    rows = [
        event(1, "Sinaloa state", 1, "2019-10-17", 14),
        event(2, "Sinaloa state", 3, "2019-10-01", 5),
        event(3, "Sinaloa state", 5, "2019-01-01", 400),
        event(4, "", 2, "2019-10-05", 1),
        event(5, "Kabul province", 1, "2019-10-05", 90, country="Afghanistan"),
    ]
    file = tmp_path / "GEDEvent.csv"
    file.write_text("\n".join([GED, *rows]) + "\n", "utf-8")
    assert read(file) == "ucdp_ged"
    assert value("25", "2019-10", "ucdp_deaths_dated") == 19
    assert value("25", "2019-01", "ucdp_deaths_dated") == "no row", "dated to the year only"
    assert value("25", "2019-01", "ucdp_deaths") == 419
    assert value("00", "2019-01", "ucdp_deaths_high") == 424
    assert value("33", "2019-10", "ucdp_deaths_dated") == 1
    assert con.execute("SELECT count(*) FROM incoming_events").fetchall() == [(4,)]
    assert ("unknown date", 400) in con.execute("SELECT kind, n FROM incoming_notes").fetchall()


def test_ucdp_dates_that_cannot_be_are_named(tmp_path: Path, read) -> None:
    file = tmp_path / "GEDEvent.csv"
    bad = event(2, "Sinaloa", 1, "2019-02-30", 5)
    file.write_text("\n".join([GED, event(1, "Sinaloa", 1, "2019-02-03", 5), bad]) + "\n")
    with pytest.raises(SourceError, match="2019-02-30") as caught:
        read(file)
    assert caught.value.where == "GEDEvent.csv, row 3"


def test_ocved_counts_groups_but_not_other_and_unidentified(tmp_path: Path, read, value) -> None:
    head = [
        "date",
        "year",
        "month",
        "day",
        "state",
        "mun",
        "actor_main",
        "actor_sub",
        "counter",
        "latitude",
        "longitude",
    ]
    rows = [
        ["x", 2012, 5, 1, 25, 25006, "Sinaloa Cartel", "Los Mazatlecos", 1, "24.8", "-107.4"],
        ["x", 2012, 5, 3, 25, 25006, "Los Zetas", "Los Zetas", 1, "24.8", "-107.4"],
        ["x", 2012, 5, 3, 25, 25006, "Other", "Other", 1, "24.8", "-107.4"],
        ["x", 2012, 0, 0, 1, 1001, "Los Zetas", "Los Zetas", 1, "21.9", "-102.3"],
    ]
    file = xlsx(tmp_path / "OCVED_2.0.xlsx", {"Criminals_v2 0": [head, *rows]})
    assert read(file) == "ocved"
    assert value("25006", "2012-05", "ocved_mentions") == 3
    assert value("25006", "2012-05", "ocved_groups") == 2
    assert value("01001", "2012-01", "ocved_mentions") == "no row", "no month, no report"


def test_acled_is_read_from_the_users_own_export(tmp_path: Path, read, value, con) -> None:
    from hidra.data.sources import source

    file = tmp_path / "mine.csv"
    file.write_text(
        "event_id_cnty,event_date,year,time_precision,event_type,country,admin1,admin2,fatalities,notes\n"
        "MEX1,2024-09-09,2024,1,Battles,Mexico,Sinaloa,Culiacán,3,\"text, with comma\"\n"
        "MEX2,10 September 2024,2024,2,Battles,Mexico,Estado de México,X,1,t\n"
        "MEX3,2024-09-01,2024,3,Battles,Mexico,Sinaloa,X,9,t\n",
        "utf-8",
    )  # fmt: skip
    assert read(file) == "acled"
    assert source("acled").access == "licence"
    assert value("25", "2024-09", "acled_fatalities") == 12, "known to the month only: in it"
    assert value("15", "2024-09", "acled_events") == 1
    tables = con.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert ("incoming_events",) not in tables, "texts and events are not kept"
