"""The pages of the site: one file each, from an ask to a view."""

from __future__ import annotations

from collections.abc import Mapping

from hidra.web.ask import Builder


def builders() -> Mapping[str, Builder]:
    """Return what makes each page, by its name in the site map."""
    from hidra.web.page import about, data, model, panorama, place, places

    return {
        "panorama": panorama.view,
        "places": places.view,
        "place": place.view,
        "model": model.view,
        "data": data.view,
        "about": about.view,
    }
