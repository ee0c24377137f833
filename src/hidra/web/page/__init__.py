"""The pages of the site: one file each, from an ask to a view."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hidra.web.ask import Builder
from hidra.web.lab.runs import Runs
from hidra.web.settings import Settings
from hidra.web.verdicts import Verdicts


def builders(settings: Settings, verdicts: Verdicts, runs: Runs) -> Mapping[str, Builder]:
    """Return what makes each page, by its name in the site map."""
    from hidra.web.page import (
        about,
        claims,
        data,
        frozen,
        interface,
        lab,
        map,
        model,
        panorama,
        place,
        places,
        review,
    )

    return {
        "panorama": panorama.view,
        "map": map.view,
        "places": places.view,
        "place": partial(place.view, run=settings.run),
        "claims": partial(claims.view, verdicts=verdicts),
        "claim": partial(claims.one, verdicts=verdicts),
        "review": partial(review.view, allow_fetch=settings.allow_fetch, largest=settings.largest),
        "lab": partial(lab.view, runs=runs, settings=settings),
        "frozen": partial(frozen.view, runs=runs, translate=settings.translate),
        "model": model.view,
        "data": data.view,
        "about": about.view,
        "api": interface.view,
    }
