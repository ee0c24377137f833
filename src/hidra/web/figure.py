"""A chart as the page needs it: drawn on the server at two widths, and its twins.

Charts are Altair charts; the scripts bundled in ``vl-convert-python`` draw them, so that a page
shows its charts without any script of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from xml.etree import ElementTree

import altair as alt
import vl_convert

from hidra.charts.block import Block, Store
from hidra.web.answer import parquet

WIDTHS = {"wide": 800, "narrow": 334}
MARGIN = 12  # pixels left and right of a chart, for letters wider than those it was drawn with
NARROW = 520  # below this many pixels a chart is that of a phone
SVG = "http://www.w3.org/2000/svg"
TIMED = "for a utc scale"  # how Vega tells of an axis of time
KEY = "key:"  # begins the description of a mark that stands for a row of the data
_SPOKEN = ("role", "aria-roledescription", "aria-label", "aria-hidden")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")

ElementTree.register_namespace("", SVG)


class Figure:
    """A block and what is drawn of it, each picture made once.

    Attributes
    ----------
    block : Block
    hover : str
        How a pointer finds what it is over, once a picture is drawn: by ``time`` along the axis,
        by the ``key`` of a mark, or not at all.
    """

    def __init__(self, block: Block) -> None:
        self.block = block
        self._pictures: dict[str, str] = {}
        self.hover = ""

    @cached_property
    def _spec(self) -> dict[str, Any]:
        with alt.data_transformers.enable("default", max_rows=None):
            spec: dict[str, Any] = self.block.chart.to_dict()
        return spec

    def picture(self, width: str) -> str:
        """Return the chart as SVG to stand in a page, ``wide`` or ``narrow``."""
        if width not in self._pictures:
            drawn = vl_convert.vegalite_to_svg(fitted(self._spec, self.block.layout, WIDTHS[width]))
            label = f"{self.block.title}. {self.block.subtitle}"
            made = inline(drawn, f"{self.block.name}-{width}", label)
            self.hover = "time" if TIMED in drawn else "key" if "data-key=" in made else ""
            self._pictures[width] = made
        return self._pictures[width]

    def svg(self) -> bytes:
        """Return the chart as a file of its own."""
        spec = _titled(fitted(self._spec, self.block.layout, WIDTHS["wide"]), self.block)
        drawn: str = vl_convert.vegalite_to_svg(spec)
        return drawn.encode()

    def png(self) -> bytes:
        """Return the chart as a picture, with title, measure and source."""
        spec = _titled(fitted(self._spec, self.block.layout, WIDTHS["wide"]), self.block)
        drawn: bytes = vl_convert.vegalite_to_png(spec, scale=2)
        return drawn

    def csv(self) -> bytes:
        """Return exactly the rows the chart draws."""
        return self.block.data.to_csv(index=False).encode()

    def parquet(self) -> bytes:
        """Return the same rows, each column of its kind."""
        return bytes(parquet(self.block.data).body)

    def rows(self) -> dict[str, Any]:
        """Return rows and words as JSON keeps them; null is unknown."""
        store = Store()
        kept = store.datasets[store.frame(self.block.data)]
        return {
            "title": self.block.title,
            "subtitle": self.block.subtitle,
            "reading": self.block.reading,
            "source": self.block.source,
            "heads": dict(self.block.columns),
            "codes": dict(self.block.codes),
            **kept,
        }

    def json(self) -> bytes:
        """Return `rows` as text."""
        return json.dumps(self.rows(), ensure_ascii=False, allow_nan=False).encode()


def fitted(spec: dict[str, Any], layout: Mapping[str, Any], width: int) -> dict[str, Any]:
    """Fit a specification to a width: panels change their number, everything else its width."""
    spec = dict(json.loads(json.dumps(spec)))
    for param in spec.get("params", ()):
        if param["name"] == "keys" and width < NARROW:
            param["value"] = 1
    if layout["kind"] == "panels":
        return _panels(spec, layout, width)
    if layout["kind"] in ("inset", "keyed"):
        return _beside(spec, layout, width)
    spec["width"] = width
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    if layout["kind"] == "map":
        spec["height"] = round(width * layout["ratio"])
    elif layout["kind"] == "tiles":
        below = layout["key"] if width < NARROW else 0
        spec["height"] = round(width * layout["ratio"]) + below
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


def _titled(spec: dict[str, Any], block: Block) -> dict[str, Any]:
    """Give a chart that leaves the page its title, measure and source."""
    source = _lines(block.source, 120)
    spec["title"] = {
        "text": _lines(block.title, 80),
        "subtitle": [*_lines(block.subtitle, 105), *source],
        "anchor": "start", "fontSize": 16, "subtitleFontSize": 11, "offset": 14,
        "subtitleColor": "#5b6770",
    }  # fmt: skip
    return spec


def _lines(text: str, width: int) -> list[str]:
    from textwrap import wrap

    return wrap(text, width) or [""]


def inline(svg: str, name: str, label: str) -> str:
    """Make a drawn chart fit to stand in a page: one picture with one name, ids of its own.

    Parameters
    ----------
    svg : str
        As `vl_convert` returns it.
    name : str
        Put before every id, so that two charts on a page do not share one.
    label : str
        What the picture shows, for who does not see it.
    """
    root = ElementTree.fromstring(svg)
    own = _renamed(root, name)
    for part in root.iter():
        told = part.attrib.get("aria-label", "")
        for key in _SPOKEN:
            part.attrib.pop(key, None)
        if told.startswith(KEY):
            part.set("data-key", told.removeprefix(KEY))
        for key, value in part.attrib.items():
            if "url(#" in value:
                part.set(key, _REFERENCE.sub(lambda found: f"url(#{own[found[1]]})", value))
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    root.set("width", f"{width + 2 * MARGIN:g}")
    root.set("viewBox", f"{-MARGIN} 0 {width + 2 * MARGIN:g} {height:g}")
    root.set("role", "img")
    root.set("aria-label", label)
    root.set("focusable", "false")
    return ElementTree.tostring(root, encoding="unicode")


def _renamed(root: ElementTree.Element, name: str) -> dict[str, str]:
    """Give every id the name of its chart and a number of its own: Vega counts on for ever."""
    own: dict[str, str] = {}
    for part in root.iter():
        if "id" in part.attrib:
            own[part.attrib["id"]] = f"{name}-{len(own)}"
            part.set("id", own[part.attrib["id"]])
    return own
