"""The centre of the country again, larger, beside the map of all municipalities.

The shapes of the centre are gathered in a group of their own on the map; the second picture shows
that same group through a smaller window, so that one change of a fill changes both.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hidra.charts.maps import CENTRE
from hidra.web.figure import SVG

GROUP = "centre"
MARGIN = 1.5  # pixels of the map left around the centre
_PAIR = re.compile(r"(-?[\d.]+),(-?[\d.]+)")


def gather(root: ElementTree.Element) -> None:
    """Put the shapes of the centre into a group of their own, where they lie."""
    for parent in [*root.iter(f"{{{SVG}}}g")]:
        inside = [one for one in parent if one.get("data-place", "")[:2] in CENTRE]
        if inside:
            group = ElementTree.SubElement(parent, f"{{{SVG}}}g", {"id": GROUP})
            for one in inside:
                parent.remove(one)
                group.append(one)


def window(svg: str) -> str:
    """Return the second picture of a drawn map, or nothing where it has no centre of its own."""
    root = ElementTree.fromstring(svg)
    group = root.find(f".//{{{SVG}}}g[@id='{GROUP}']")
    if group is None:
        return ""
    points = [point for one in group for point in corners(one.get("d", ""))]
    across, down = [x for x, _ in points], [y for _, y in points]
    left, top = min(across) - MARGIN, min(down) - MARGIN
    wide, high = max(across) - left + MARGIN, max(down) - top + MARGIN
    return (
        f'<svg class="inset" viewBox="{left:.1f} {top:.1f} {wide:.1f} {high:.1f}" '
        f'aria-hidden="true" focusable="false"><use href="#{GROUP}"/></svg>'
    )


def corners(path: str) -> list[tuple[float, float]]:
    """Return the points of a path of absolute starts and relative steps."""
    found: list[tuple[float, float]] = []
    for ring in path.split("M")[1:]:
        at: tuple[float, float] | None = None
        for x, y in _PAIR.findall(ring):
            at = (float(x), float(y)) if at is None else (at[0] + float(x), at[1] + float(y))
            found.append(at)
    return found
