"""A chart as the page needs it: drawn on the server at two widths, its twins, its pointer.

Charts are Altair charts; the scripts bundled in ``vl-convert-python`` draw them, so that a page
shows its charts without any script of its own. What a pointer reads over a chart is made here too,
of the rows that the chart draws and in the reader's language; the script of the page only finds
the row under the pointer.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from textwrap import wrap
from typing import Any, Literal
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import altair as alt
import pandas as pd
import vl_convert

from hidra.charts.block import KEY, Block, Store
from hidra.charts.picture import paletted
from hidra.charts.theme import PAPER, SANS
from hidra.charts.words import Words
from hidra.core.i18n import minus, percent, rounded

WIDTHS = {"wide": 800, "narrow": 334}
COLOURS = 128  # of a picture for press and previews: a published site has hundreds of them
SHEETS = {"wide": (1600, 900), "square": (1080, 1080)}  # pixels of a chart that leaves the page
EDGE = 50  # pixels of a sheet left white
LARGER = 1.75  # letters of a chart on a sheet, against those on the page
SMALLEST = 1.15  # the same, at the least
COLUMNS = (1, 1.5, 2.2)  # widths that panels are tried at, against the least
BESIDE = 50  # pixels of a chart that are not its plot: key and axis
LEAST = 270  # pixels of a plot in which the names at the ends of lines do not touch
MARGIN = 12  # pixels left and right of a chart, for letters wider than those it was drawn with
NARROW = 520  # below this many pixels a chart is that of a phone
SVG = "http://www.w3.org/2000/svg"
_SPOKEN = ("role", "aria-roledescription", "aria-label", "aria-hidden")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_SIZE = re.compile(r'<svg ([^>]*?)width="([\d.]+)" height="([\d.]+)"')
_LONG = re.compile(r"\d+\.\d{2,}")
_AT = re.compile(r"translate\([^()]+\)")

ElementTree.register_namespace("", SVG)


class Figure:
    """A block and what is drawn of it, each picture made once."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self._pictures: dict[str, str] = {}

    @cached_property
    def _spec(self) -> dict[str, Any]:
        with alt.data_transformers.enable("default", max_rows=None):
            spec: dict[str, Any] = self.block.chart.to_dict(validate=False)  # tests do
        return spec

    @cached_property
    def hover(self) -> Literal["time", "key", ""]:
        """How a pointer finds its row: along an axis of time, by the key of a mark, not at all."""
        channels = list(_encodings(self._spec))
        if any(one.get("x", {}).get("type") == "temporal" for one in channels):
            return "time"
        return "key" if any("description" in one for one in channels) else ""

    def picture(self, width: str) -> str:
        """Return the chart as SVG to stand in a page, ``wide`` or ``narrow``."""
        if width not in self._pictures:
            drawn = vl_convert.vegalite_to_svg(fitted(self._spec, self.block.layout, WIDTHS[width]))
            label = f"{self.block.title}. {self.block.subtitle}"
            self._pictures[width] = inline(
                drawn, f"{self.block.name}-{width}", label,
                links=self.block.layout.get("links", ""), names=self.block.codes,
            )  # fmt: skip
        return self._pictures[width]

    def svg(self, size: str = "wide") -> bytes:
        """Return the chart as it leaves the page, on a sheet with title, unit and source.

        Parameters
        ----------
        size : one of `SHEETS`.
        """
        return _sheet(self._spec, self.block, *SHEETS[size]).encode()

    def png(self, size: str = "wide", scale: float = 1.0) -> bytes:
        """Return the same as a picture for press and previews, `scale` times as large."""
        content = vl_convert.svg_to_png(self.svg(size).decode(), scale=scale)
        return paletted(content, COLOURS)

    def pdf(self, size: str = "wide") -> bytes:
        """Return the same for print."""
        return bytes(vl_convert.svg_to_pdf(self.svg(size).decode()))

    def csv(self) -> bytes:
        """Return exactly the rows the chart draws."""
        return as_csv(self.block.data)

    def parquet(self) -> bytes:
        """Return the same rows, each column of its kind."""
        return as_parquet(self.block.data)

    def json(self) -> bytes:
        """Return rows and words as JSON; null is unknown."""
        store = Store()
        kept = store.datasets[store.frame(self.block.data)]
        rows = {
            **{one: getattr(self.block, one) for one in ("title", "subtitle", "reading", "source")},
            "heads": dict(self.block.columns),
            "codes": dict(self.block.codes),
            **kept,
        }
        return json.dumps(rows, ensure_ascii=False, allow_nan=False).encode()


def draw(figures: Iterable[Figure]) -> None:
    """Draw charts in all widths, as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _each in pool.map(lambda one: [one.picture(width) for width in WIDTHS], figures):
            pass  # what fails is told here


def as_csv(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV, with the mark by which Excel knows UTF-8."""
    return frame.to_csv(index=False).encode("utf-8-sig")


def as_parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as Parquet, each column of its kind."""
    file = io.BytesIO()
    frame.to_parquet(file, index=False)
    return file.getvalue()


def _encodings(spec: Any) -> Iterator[dict[str, Any]]:
    """Every encoding of a Vega-Lite specification, whatever it is composed of."""
    if isinstance(spec, dict):
        if isinstance(spec.get("encoding"), dict):
            yield spec["encoding"]
        for name in ("spec", "layer", "hconcat", "vconcat", "concat"):
            yield from _encodings(spec.get(name))
    elif isinstance(spec, list):
        for part in spec:
            yield from _encodings(part)


def fitted(spec: dict[str, Any], layout: Mapping[str, Any], width: int) -> dict[str, Any]:
    """Fit a specification to a width: panels change their number, everything else its width."""
    spec = dict(json.loads(json.dumps(spec)))
    if layout["kind"] == "panels":
        return _panels(spec, layout, width)
    if layout["kind"] in ("inset", "keyed"):
        return _beside(spec, layout, width)
    spec["width"] = width
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    if layout["kind"] == "map":
        spec["height"] = round(width * layout["ratio"])
    elif layout["kind"] == "tiles":
        phone = width < NARROW
        ratio, below = (layout["phone"], layout["key"]) if phone else (layout["ratio"], 0)
        spec["height"] = round(width * ratio) + below
    elif layout["kind"] == "plain" and width < NARROW and isinstance(spec.get("height"), int):
        spec["height"] = min(spec["height"], 300)
    return spec


def _panels(spec: dict[str, Any], layout: Mapping[str, Any], width: int) -> dict[str, Any]:
    gap, axis = 18, 44

    def room(number: int) -> float:
        return (width - 18 - axis - (number - 1) * gap) / number

    number = layout["most"]
    while number > 1 and room(number) < layout["smallest"]:
        number -= 1
    spec["columns"] = number
    spec["spec"]["width"] = int(room(number))
    spec["spec"]["height"] = round(min(spec["spec"]["width"], 260) * layout["ratio"])
    return spec


def _beside(spec: dict[str, Any], layout: Mapping[str, Any], width: int) -> dict[str, Any]:
    """A map with a second view beside it: the centre again, or the key; on a phone below it."""
    first, second = spec["hconcat"]
    narrow, inset = width < NARROW, layout["kind"] == "inset"
    room = width - 14 if narrow or inset else width - layout["key"] - 14
    first["width"], first["height"] = room, round(room * layout["ratio"])
    if inset:
        side = round(room * (0.6 if narrow else layout["inset"]))
        second["width"] = second["height"] = side
        spec["spacing"] = 8 if narrow else -side
    if narrow:
        spec["vconcat"] = spec.pop("hconcat")
    return spec


def _sheet(spec: dict[str, Any], block: Block, width: int, height: int) -> str:
    """Set a chart on a white sheet: title, measure and unit above, reading and source below.

    What is below is whole, however long: half a source is none.
    """
    letters = width - 2 * EDGE
    above, at = _lines(block.title, 40, letters, EDGE + 38, "#1f2933", 2, "bold")
    told, at = _lines(block.subtitle, 25, letters, at + 4, "#5b6770", 2)
    unit = next((one.unit for one in block.axes if one.kind == "quantity" and one.unit), "")
    unit = unit or block.columns.get("value", "")
    units, at = _lines(unit, 22, letters, at + 14, "#1f2933", 1) if unit else ("", at)
    foot, end = _lines(block.reading, 20, letters, 0, "#1f2933")
    source, end = _lines(block.brief or block.source, 18, letters, end + 4, "#5b6770")
    room = height - EDGE // 2 - end - at
    drawn, wide, high = _largest(spec, block.layout, letters, room)
    scale = max(min(letters / wide, room / high), SMALLEST)
    height += max(0, round(high * scale - room))  # a long chart lengthens its sheet
    chart = _SIZE.sub(
        rf'<svg \1x="{EDGE}" y="{at - 8}" width="{wide * scale:.0f}" height="{high * scale:.0f}"',
        drawn, count=1,
    )  # fmt: skip
    return (
        f'<svg xmlns="{SVG}" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{SANS}"><title>{escape(block.title)}</title>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{above}{told}{units}{chart}'
        f'<g transform="translate(0,{height - EDGE // 2 - end + 14})">{foot}{source}</g></svg>'
    )


def _largest(
    spec: dict[str, Any], layout: Mapping[str, Any], width: int, room: float
) -> tuple[str, float, float]:
    """Draw a chart so that its letters are largest in a room; return it with width and height.

    A plain chart fills the height; panels are tried in more and more columns, maps less wide.
    """
    least = max(NARROW, round(width / LARGER))
    tried = []
    widths = {"panels": [round(least * times) for times in COLUMNS], "map": [NARROW]}
    for across in widths.get(layout["kind"], [least]):
        found = fitted(spec, layout, across)
        if layout["kind"] == "plain" and isinstance(found.get("height"), int):
            found["height"] = max(LEAST, round(room * least / width) - BESIDE)
        drawn = vl_convert.vegalite_to_svg(found).replace(PAPER, "#ffffff")
        size = _SIZE.search(drawn)
        wide, high = (float(size[2]), float(size[3])) if size else (width, room)
        tried.append((min(width / wide, room / high), drawn, wide, high))
    return max(tried, key=lambda one: one[0])[1:]


def _lines(
    text: str, size: int, width: int, top: float, ink: str, most: int = 0, weight: str = "normal"
) -> tuple[str, float]:
    """Write a text in lines below ``top``; return it and where the next one may begin."""
    lines = wrap(text, round(width / size / 0.54)) or [""]
    if 0 < most < len(lines):
        lines = [*lines[: most - 1], lines[most - 1].rstrip(" .,;:") + " …"]
    step = size * 1.25
    told = "".join(
        f'<text x="{EDGE}" y="{top + at * step:g}" font-size="{size}" font-weight="{weight}" '
        f'fill="{ink}">{escape(line)}</text>' for at, line in enumerate(lines)
    )  # fmt: skip
    return told, top + len(lines) * step


def inline(
    svg: str, name: str, label: str, *, links: str = "", names: Mapping[str, str] | None = None
) -> str:
    """Make a drawn chart fit to stand in a page: one picture with one name, ids of its own.

    Parameters
    ----------
    svg : str
        As `vl_convert` returns it.
    name : str
        Put before every id, so that two charts on a page do not share one.
    label : str
        What the picture shows, for who does not see it.
    links : str
        Address of a place, with ``CODE`` for it, where the marks of places lead there.
    names : Place code -> name.
    """
    root = ElementTree.fromstring(svg)
    own: dict[str, str] = {}  # ids with the name of the chart: Vega counts on for ever
    for part in root.iter():
        if "id" in part.attrib:
            own[part.attrib["id"]] = f"{name}-{len(own)}"
            part.set("id", own[part.attrib["id"]])
    for part in root.iter():
        spoken = part.attrib.get("aria-label", "")
        for key in _SPOKEN:
            part.attrib.pop(key, None)
        if spoken.startswith(KEY):
            part.set("data-key", spoken.removeprefix(KEY))
        for key, value in part.attrib.items():
            if "url(#" in value:
                part.set(key, _REFERENCE.sub(lambda found: f"url(#{own[found[1]]})", value))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    root.set("width", f"{width + 2 * MARGIN:g}")
    root.set("viewBox", f"{-MARGIN} 0 {width + 2 * MARGIN:g} {height:g}")
    root.set("role", "group" if links else "img")
    root.set("aria-label", label)
    if links:
        _link(root, links, names or {})
    root.set("focusable", "false")
    if height > width:
        root.set("class", "tall")  # paper gives it a sheet
    _lighten(root, name)
    return ElementTree.tostring(root, encoding="unicode")


def _link(root: ElementTree.Element, links: str, names: Mapping[str, str]) -> None:
    """Make each mark of a place a link; keys go to places by the list, not through every mark."""
    for parent in [*root.iter(f"{{{SVG}}}g")]:
        for at, mark in enumerate(parent):
            code = mark.get("data-key", "").removeprefix("place=")
            if code in names:
                given = {"href": links.replace("CODE", code), "tabindex": "-1"}
                link = ElementTree.Element(f"{{{SVG}}}a", {**given, "aria-label": names[code]})
                link.append(mark)
                parent[at] = link


def _lighten(root: ElementTree.Element, name: str) -> None:
    """Say once what a drawn chart says for every mark: the letters, and the outline of a dot."""
    root.set("font-family", SANS)
    kept = ElementTree.SubElement(root, f"{{{SVG}}}defs")
    for part in root.iter():
        if part is not root and part.attrib.get("font-family") == SANS:
            del part.attrib["font-family"]
        if part.attrib.get("opacity") == "1":
            del part.attrib["opacity"]
        for key in {"d", "transform"} & set(part.attrib):
            part.set(key, _LONG.sub(lambda found: f"{float(found[0]):.1f}", part.attrib[key]))
    for group in [*root.iter(f"{{{SVG}}}g")]:
        alike: dict[tuple[tuple[str, str], ...], list[ElementTree.Element]] = {}
        for mark in group.findall(f"{{{SVG}}}path[@transform]"):
            if not {"id", "data-key", "data-place"} & set(mark.attrib):
                drawn = {key: part for key, part in mark.attrib.items() if key != "transform"}
                alike.setdefault(tuple(drawn.items()), []).append(mark)
        for look, marks in alike.items():
            spots = [_AT.fullmatch(mark.attrib["transform"]) for mark in marks]
            if len(marks) > 2 and all(spots):
                _as_one(group, kept, f"{name}-m{len(kept)}", dict(look), marks)


def _as_one(
    group: ElementTree.Element, kept: ElementTree.Element, name: str, drawn: dict[str, str],
    marks: list[ElementTree.Element],
) -> None:  # fmt: skip
    """Put the markers of one line without ink where many equal marks stood."""
    whole = {"id": name, "overflow": "visible", "markerUnits": "userSpaceOnUse", "fill": "none"}
    ElementTree.SubElement(
        ElementTree.SubElement(kept, f"{{{SVG}}}marker", whole), f"{{{SVG}}}path", drawn
    )
    spots = "L".join(mark.attrib["transform"][len("translate(") : -1] for mark in marks)
    marks[0].attrib = {f"marker-{at}": f"url(#{name})" for at in ("start", "mid", "end")}
    marks[0].set("d", f"M{spots}")
    for mark in marks[1:]:
        group.remove(mark)


#: Columns that name a row, those that say how sure it is, and those told beside another one.
NAMES, STATES = ("place", "scenario", "measure"), ("status", "cell", "shift")
APART = ("month", "year", "part", "segment", "p05", "p25", "p75", "p95")
PLAIN = ("final", "value")
RATES = ("rate", "mean")


def tips(block: Block, words: Words) -> dict[str, Any]:
    """Return what a pointer reads over each row: place and month, value, interval.

    Returns
    -------
    dict
        ``first`` and ``last`` (months or years of the axis), and ``said``: by the title of the
        panel (empty where there is one), by month, year or ``column=value``, the head and lines.
    """
    rows, time = block.data, _time(block.data)
    panel = panel_of(block)
    said: dict[str, dict[str, list[str]]] = {}
    for row in rows.to_dict("records"):
        title = block.codes.get(row[panel], str(row[panel])) if panel else ""
        own = said.setdefault(title, {})
        key = str(row[time]) if time else f"{NAMES[0]}={row.get(NAMES[0], '')}"
        if key not in own:
            own[key] = [_head(row, time, title, block, words)]
        own[key] += _line(row, panel or ("" if time else NAMES[0]), block, words)
    times = sorted(rows[time].dropna().unique()) if time else []
    ends = {"first": str(times[0]), "last": str(times[-1])} if times else {}
    return {**ends, "said": said}


def panel_of(block: Block) -> str:
    """Return the column that panels go by, empty where a chart has one panel."""
    if block.layout["kind"] != "panels":
        return ""
    return next(name for name in NAMES if name in block.data)


def _time(rows: pd.DataFrame) -> str:
    """Return the column of time, empty where all rows are of one time."""
    return next((one for one in ("month", "year") if one in rows and rows[one].nunique() > 1), "")


def _head(row: Mapping[Any, Any], time: str, title: str, block: Block, words: Words) -> str:
    if not time:
        name = str(row.get(NAMES[0], ""))
        return block.codes.get(name, name)
    monthly = time == "month" and row.get("period", "month") != "year"
    when = words.month(row[time]) if monthly else str(row[time])[:4]
    return f"{title}, {when}" if title else when


def _line(row: Mapping[Any, Any], known: str, block: Block, words: Words) -> list[str]:
    """Return a row as one line: what it is of, its figures, and whether they may change."""
    of = [block.codes.get(row[name], str(row[name])) for name in NAMES
          if name in block.columns and name in row and name != known]  # fmt: skip
    parts = [
        f"{head}: {figure}" if name != "value" else figure
        for name, head in block.columns.items()
        if (figure := _figure(name, row, words))
    ]
    states = [row[name] for name in STATES if isinstance(row.get(name), str)]
    parts += [block.codes.get(one, one) for one in dict.fromkeys(states) if one not in PLAIN]
    return [": ".join(part for part in (", ".join(of), "; ".join(parts)) if part)] if parts else []


def _figure(name: str, row: Mapping[Any, Any], words: Words) -> str:
    value = row.get(name)
    if name in APART or name.endswith(("_p05", "_p25", "_p75", "_p95")):
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float) or pd.isna(value):
        return ""
    low, high = (row.get(name.replace("p50", end)) for end in ("p05", "p95"))
    if not name.endswith("p50") or low is None or high is None:
        return written(name, value)
    ends = f"{written(name, low)} {words('word.to')} {written(name, high)}"
    return f"{written(name, value)} [{words('word.interval90')} {ends}]"


def written(name: str, value: float) -> str:
    """Write a figure: shares in per cent, rates with a decimal, counts whole."""
    if name.startswith("rel_"):
        return percent(value, sign=True)
    if name not in RATES and (abs(value) >= 1000 or float(value).is_integer()):
        return minus(f"{value:,.0f}")
    return per(value) if name in RATES else rounded(value)


def per(rate: float) -> str:
    """Write a rate as every page and map does: with one decimal, never to a zero that is none."""
    return "< 0.1" if 0 < rate < 0.05 else f"{rate:,.1f}"
