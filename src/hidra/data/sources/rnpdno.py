"""RNPDNO, the national register of missing persons: aggregates by month of the facts.

Two forms are read: the replies saved by `collect` (JSON lines, names of municipalities),
and a tidy table (``cve_ent, cve_mun, year, month, status, sex, n``). The register's municipal
codes are not INEGI's for newer municipalities, so places are matched by *name* wherever names
are there; what matches none lies in the bucket 999 of its state. Records without a date are in
no month; they have a table of their own. A living register: every figure may change.

The statistical version has no download; its page asks a few addresses for sums, and so does
`collect`, gently, two seconds a request: one table of municipalities for each state, month and
status, and once a state the records without a date. Every reply is written as one line as soon as
it is there, so a run that stops goes on where it was. The other portal, with names of persons, is
never asked. The chart of municipalities is cut at thirty, so the complete table (``TipoDetalle`` 3)
is used, and its sum is compared with the register's own total.
"""

from __future__ import annotations

import calendar
import datetime
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core import files
from hidra.core.errors import SourceError
from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, fold, glance
from hidra.data.sources.base import Context, add_rows, described, note, start

if TYPE_CHECKING:
    import duckdb

STATUSES = {7: "missing", 2: "found_alive", 3: "found_dead"}
UNKNOWN_TOWNS = ("se_desconoce", "sin_municipio_de_referencia", "no_especificado", "")
TIDY = {
    "state": ("cve_ent",),
    "town": ("cve_mun",),
    "name": ("municipio", "municipality"),
    "year": ("year", "anio", "ano"),
    "month": ("month", "mes"),
    "status": ("status", "estatus"),
    "n": ("n", "personas"),
}


def _is_replies(seen: Glance) -> bool:
    return seen.kind == "json" and seen.has("consulted", "state", "status", "towns")


def _recognise(seen: Glance) -> bool:
    tidy = seen.has("cve_ent", "cve_mun", "year", "month", "status", "sex", "n")
    return _is_replies(seen) or (seen.kind in ("csv", "parquet") and tidy)


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE incoming_undated (place VARCHAR, status VARCHAR, n BIGINT)"
    )
    seen = [glance(file) for file in files]
    if all(map(_is_replies, seen)):
        consulted = _replies(con, files) or context.accessed
    elif len(files) == 1:
        readers.text_table(con, seen[0], TIDY, context, optional=frozenset({"name"}))
        consulted = context.accessed
    else:
        raise SourceError(
            _(
                "A table of the whole register stands beside other files: persons would "
                "count twice."
            ),
            where=", ".join(file.name for file in files),
            fix=_("Keep the table, or the saved replies, not both."),
        )
    readers.refuse_cells(
        con,
        files[0].name,
        f"state IS NULL OR year IS NULL OR status IS NULL OR n IS NULL"
        f" OR {readers.numbers('state', 'year', 'month', 'n')}"
        " OR CAST(month AS INTEGER) NOT BETWEEN 1 AND 12"
        " OR status NOT IN ('missing', 'found_alive', 'found_dead')",
        "state, year, month, status, n",
        _("A row with a state, a month, a status or a number that cannot be"),
    )
    _places(con, files[0].name, context.municipalities)
    for status in STATUSES.values():
        add_rows(con, RNPDNO, _months(status, consulted), vintage=consulted)
    con.execute("DROP TABLE register_rows")


def _replies(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> str:
    """Load saved replies into ``source_rows`` and ``incoming_undated``; return the last date."""
    slices: dict[tuple[int, str | None, int], tuple[int, dict[str, Any]]] = {}
    for file in files:
        for number, one in _lines(file):
            slices[one["state"], one["month"], one["status"]] = (number, one)
    rows: list[tuple[int, list[str | None]]] = []
    for (at, month, kind), (number, one) in slices.items():
        state, status = f"{at:02d}", STATUSES[kind]
        towns = one["towns"] or [{"name": "", "n": 0}]
        if month is None:
            total = sum(town["n"] for town in towns)
            con.execute("INSERT INTO incoming_undated VALUES (?, ?, ?)", [state, status, total])
            continue
        rows += [
            (number, [state, None, town["name"], month[:4], month[5:], status, str(town["n"])])
            for town in towns
        ]
    undated = con.execute("SELECT sum(n) FROM incoming_undated").fetchall()[0][0]
    if undated:
        note(
            con, "all replies", "unknown date", _("records without a date: in no month"), n=undated
        )
    readers.store_rows(con, list(TIDY), rows)
    return max((one["consulted"] for _, one in slices.values()), default="")


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            sound = {"consulted", "state", "month", "status", "towns"} <= one.keys()
        except (ValueError, AttributeError):
            sound = False
        if not sound or one["status"] not in STATUSES:
            raise SourceError(
                _("A saved reply is damaged, most likely cut short."),
                where=_("{name}, row {number}", name=file.name, number=number),
                fix=_(
                    "Delete that line and run `hidra data fetch rnpdno` again: it "
                    "asks only for what is missing."
                ),
            )
        yield number, one


def _places(con: duckdb.DuckDBPyConnection, file: str, municipalities: Mapping[str, str]) -> None:
    """Create ``register_rows`` with INEGI codes, repaired by name."""
    by_name = {(code[:2], fold(name)): code for code, name in municipalities.items()}
    found: list[tuple[str, str, str, str]] = []
    nameless = 0  # persons whose municipality has a name that no catalogue was there to match
    for state, town, name, n in con.execute(
        "SELECT lpad(state, 2, '0'), coalesce(town, ''), coalesce(name, ''),"
        " sum(CAST(n AS BIGINT)) FROM source_rows GROUP BY ALL ORDER BY 1, 2, 3"
    ).fetchall():
        code = town.zfill(5) if town and len(town) > 3 else f"{state}999"
        if name:
            code = by_name.get((state, fold(name)), f"{state}999")
            if not by_name:
                nameless += n
            elif code.endswith("999") and fold(name) not in UNKNOWN_TOWNS and n:
                note(
                    con,
                    file,
                    "code unknown",
                    _("'{name}' ({state}) is in no catalogue: 999", name=name, state=state),
                    n=n,
                )
            elif town and code != town.zfill(5):
                note(
                    con,
                    file,
                    "code repaired",
                    _("'{name}': {town} is {code} at INEGI", name=name, town=town, code=code),
                    n=n,
                )
        if not "01" <= state <= "32":
            code = "33999"
        found.append((state, town, name, code))
    if nameless:
        words = _(
            "no catalogue of municipalities is in the panel, so all lie in 999 of "
            "their state: run `hidra data fetch inegi_geography`, then add this again"
        )
        note(con, file, "code unknown", words, n=nameless)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE register_places"
        " (state VARCHAR, town VARCHAR, name VARCHAR, place VARCHAR)"
    )
    if found:
        con.executemany("INSERT INTO register_places VALUES (?, ?, ?, ?)", found)
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE register_rows AS
        SELECT place, rows.year || '-' || lpad(rows.month, 2, '0') AS month, rows.status,
               sum(CAST(rows.n AS BIGINT)) AS n
        FROM source_rows AS rows JOIN register_places AS known
            ON lpad(rows.state, 2, '0') = known.state AND coalesce(rows.town, '') = known.town
               AND coalesce(rows.name, '') = known.name
        GROUP BY ALL
        """
    ).fetchall()


def _months(status: str, consulted: str) -> str:
    """SQL: municipalities with a record, and every state and month asked for (zero is zero)."""
    recent = f"{int(consulted[:4]) - 1}{consulted[4:7]}"
    return f"""
        WITH here AS (SELECT place, month, n FROM register_rows WHERE status = '{status}'),
        asked AS (SELECT DISTINCT left(place, 2) AS place, month
                  FROM (SELECT DISTINCT place FROM register_rows),
                       (SELECT DISTINCT month FROM register_rows)),
        levels AS (
            SELECT place, month, n FROM here WHERE n > 0
            UNION ALL SELECT left(place, 2), month, n FROM here
            UNION ALL SELECT place, month, 0 FROM asked
            UNION ALL SELECT '00', month, n FROM here
            UNION ALL SELECT DISTINCT '00', month, 0 FROM asked)
        SELECT place, month, 'rnpdno_{status}' AS measure, sum(n) AS value,
               CASE WHEN month > '{recent}' THEN 'undercount' ELSE 'provisional' END AS status
        FROM levels GROUP BY place, month
    """


RNPDNO = described("rnpdno", _recognise, _read, tables=("undated",))
SOURCES = (RNPDNO,)


BASE = "https://versionpublicarnpdno.segob.gob.mx"
PAGE = "/Dashboard/Sociodemografico"
TABLE = "/SocioDemografico/TablaDetalle"
TOTALS = "/Sociodemografico/Totales"
STATES = range(1, 34)
TOTAL_OF = {7: "TotalDesaparecidos", 2: "TotalLocalizadosCV", 3: "TotalLocalizadosSV"}
ZERO = ("idMunicipio", "idColonia", "idNacionalidad", "mostrarEdadNula", "idTipoDiscapacidad")
ZERO_TOO = ("idEtnia", "idLengua", "idEstatusMigratorio", "idHipotesisNoLocalizacion", "idDelito")
EMPTY = (
    *("titulo", "subtitulo", "edadInicio", "edadFin", "idHipotesis", "idMedioConocimiento"),
    *("idCircunstancia", "tieneDiscapacidad", "idReligion", "esMigrante", "esLgbttti"),
    *("esServidorPublico", "esDefensorDH", "esPeriodista", "esSindicalista", "esONG"),
)


def collect(
    target: Path,
    months: Iterable[str | None],
    *,
    states: Iterable[int] | None = None,
    base: str = BASE,
    pause: float = 2.0,
    progress: Callable[[str, float | None], None] = lambda words, share: None,
    today: str | None = None,
) -> Path:
    """Ask for the months and states that ``target`` lacks, and append each reply to it.

    Parameters
    ----------
    target : Path
        File of JSON lines, as `hidra.data.sources.rnpdno` reads it.
    months : iterable of str
        ``YYYY-MM`` of the facts; None for the records without a date.
    pause : float
        Seconds between requests; two is what the register's server is given here.

    Raises
    ------
    SourceError
        No session, a reply that is none, or a table that exceeds the register's own total.
        What has been written stays and is not asked for again.
    """
    asked = list(months)
    wanted = [(state, month) for state in states or STATES for month in asked]
    there = _there(target)
    session = _Session(base, pause)
    consulted = today or datetime.date.today().isoformat()
    target.parent.mkdir(parents=True, exist_ok=True)
    for done, (state, month) in enumerate(wanted):
        progress(f"RNPDNO {state:02d} {month or 'undated'}", done / len(wanted))
        if (state, month) in there:
            continue
        slices = session.undated(state) if month is None else session.month(state, month)
        with target.open("a", encoding="utf-8") as out:
            lines = [
                json.dumps(
                    {"consulted": consulted, "state": state, "month": month} | one,
                    ensure_ascii=False,
                )
                for one in slices
            ]
            out.write("\n".join(lines) + "\n")
    progress("RNPDNO", 1.0)
    return target


def _there(target: Path) -> set[tuple[int, str | None]]:
    """Return the slices already written; a line cut short by a crash is removed."""
    if not target.exists():
        return set()
    slices: dict[tuple[int, str | None], list[str]] = {}
    for line in target.read_text("utf-8").splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            continue
        slices.setdefault((one["state"], one["month"]), []).append(line)
    whole = {key: lines for key, lines in slices.items() if len(lines) == len(STATUSES)}
    kept = [line for lines in whole.values() for line in lines]
    files.write_text(target, "".join(f"{line}\n" for line in kept))
    return set(whole)


class _Session:
    """Cookies, headers and the pause between requests."""

    def __init__(self, base: str, pause: float) -> None:
        import requests
        from requests.adapters import HTTPAdapter
        from urllib3.util import Retry

        self.base, self.pause, self.last = base, pause, 0.0
        self.http = requests.Session()
        again = Retry(
            total=4,
            backoff_factor=pause,
            status_forcelist=(429, 500, 502, 503, 504),
            allowed_methods=None,
        )
        for scheme in ("http://", "https://"):
            self.http.mount(scheme, HTTPAdapter(max_retries=again))
        self.http.headers.update(
            {
                "User-Agent": "hidra (open-source research on official statistics)",
                "Referer": base + PAGE,
                "X-Requested-With": "XMLHttpRequest",
            }
        )
        self._send("GET", PAGE, None)

    def month(self, state: int, month: str) -> list[dict[str, Any]]:
        """Return the three statuses of one state and month, checked against the totals."""
        year, number = int(month[:4]), int(month[5:])
        last = calendar.monthrange(year, number)[1]
        dates = {"fechaInicio": f"{month}-01", "fechaFin": f"{month}-{last}"}
        totals = self._json(TOTALS, _fields(state, 0, **dates, mostrarFechaNula="0"))
        slices = []
        for status in STATUSES:
            more = {"TipoDetalle": "3", "mostrarFechaNula": "0"}
            reply = self._json(TABLE, _fields(state, status, **dates, **more))
            towns = table_rows(str(reply.get("Html", "")))
            slices.append({"status": status, "towns": _whole(towns, totals, status, state, month)})
        return slices

    def undated(self, state: int) -> list[dict[str, Any]]:
        """Return the records without a date: with them minus without them, same dates."""
        span = {"fechaInicio": "1900-01-01", "fechaFin": datetime.date.today().isoformat()}
        with_, without = (
            self._json(TOTALS, _fields(state, 0, **span, mostrarFechaNula=one)) for one in "10"
        )
        return [
            {
                "status": status,
                "towns": [
                    {"name": "", "n": _number(with_.get(total)) - _number(without.get(total))}
                ],
            }
            for status, total in TOTAL_OF.items()
        ]

    def _json(self, path: str, fields: dict[str, str]) -> dict[str, Any]:
        answer = self._send("POST", path, fields)
        try:
            found: dict[str, Any] = answer.json()
        except ValueError as error:
            raise SourceError(
                _("The register answered with a page instead of figures."),
                where=self.base + path,
                fix=_("Try again later: what has arrived is kept, and only the rest is asked for."),
            ) from error
        return found

    def _send(self, method: str, path: str, fields: dict[str, str] | None) -> Any:
        import requests

        wait = self.last + self.pause - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        try:
            answer = self.http.request(method, self.base + path, json=fields, timeout=(15, 90))
            answer.raise_for_status()
        except requests.RequestException as error:
            raise SourceError(
                _("The register does not answer ({kind}).", kind=type(error).__name__),
                where=self.base + path,
                fix=_("Try again later: what has arrived is kept, and only the rest is asked for."),
            ) from error
        finally:
            self.last = time.monotonic()
        return answer


def _fields(state: int, status: int, **more: str) -> dict[str, str]:
    """All fields are texts; empty or 0 means no filter."""
    fields = dict.fromkeys(EMPTY, "") | dict.fromkeys((*ZERO, *ZERO_TOO), "0")
    return fields | {"idEstatusVictima": str(status), "idEstado": str(state)} | more


def _number(text: object) -> int:
    digits = str(text or "0").replace(",", "").strip()
    return int(digits) if digits.removeprefix("-").isdecimal() else 0


def _whole(
    towns: list[dict[str, Any]], totals: dict[str, Any], status: int, state: int, month: str
) -> list[dict[str, Any]]:
    """Compare with the register's own total; what it does not break down has no municipality."""
    total = _number(totals.get(TOTAL_OF[status]))
    rest = total - sum(one["n"] for one in towns)
    if rest < 0:
        raise SourceError(
            _(
                "The table of municipalities adds up to {total}, the register's total is "
                "{total_2}.",
                total=total - rest,
                total_2=total,
            ),
            where=_(
                "RNPDNO, state {state:02d}, {month}, status {status}",
                state=state,
                month=month,
                status=status,
            ),
            fix=_("Try again: the register may have changed between two requests."),
        )
    return [*towns, {"name": "", "n": rest}] if rest else towns


class _Table(HTMLParser):
    """Cells of the rows of an HTML table."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a row or a cell."""
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        """Add text to the cell."""
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def table_rows(html: str) -> list[dict[str, Any]]:
    """Return name and number of persons (all sexes) from the register's detail table."""
    parser = _Table()
    parser.feed(html)
    found = []
    for row in parser.rows:
        cells = [" ".join(cell.split()) for cell in row]
        counts = [cell.replace(",", "") for cell in cells[1:4]]
        if len(counts) == 3 and all(one.isdecimal() for one in counts):
            n = sum(int(one) for one in counts)
            if n and cells[0].lower() not in ("total", "totales"):
                found.append({"name": cells[0], "n": n})
    return found
