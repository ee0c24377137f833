"""What a fit depends on: the same basis, the same posterior, whatever the scenarios."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import hidra
from hidra.data import panel, reference
from hidra.study.describe import BUILT_ON, hashes

if TYPE_CHECKING:
    from hidra.study import Study

Part = Literal["check", "projection"]
MEASURES = (
    "inegi_homicides",
    "sesnsp_homicide_victims",
    "population",
    "population_15_29",
    "precarity",
)
RECORDS = (
    "homicides_inegi_state_month",
    "victims_sesnsp_state_month",
    "population_state_year",
    "place",
)


def basis(study: Study, part: Part) -> dict[str, Any]:
    """Return what the fit of the check or of the projection depends on, as plain JSON.

    Mechanisms, parameters as the study sets them, months, seed, steps, hashes of the records and
    of the tables that drive the mechanisms, the user's own files, the version of hidra.
    """
    from hidra.model.drivers import tables
    from hidra.model.mechanisms import find

    on = find(study.mechanisms, where="mechanisms of the study")
    said = study.model_dump(mode="json")
    own = (*study.mechanism_files, *study.driver_files)
    return {
        "mechanisms": said["mechanisms"],
        "parameters": said["parameters"],
        "from_prior": said["from_prior"],
        "start": study.start,
        "until": study.fit.until if part == "check" else study.fit.records_until,
        "seed": study.seed,
        "steps": study.fit.steps,
        "tables": hashes(sorted({*BUILT_ON, *RECORDS, *tables(on)})) | _brought(),
        "own_files": {Path(f).name: sha256(Path(f).read_bytes()).hexdigest() for f in own},
        "hidra": hidra.__version__,
    }


def _brought() -> dict[str, str]:
    """Return the digest of each cut of the records that the user brought, by source and measure."""
    own = [cut for cut in panel.cuts(MEASURES) if cut["source"] not in reference.names()]
    return {f"{cut['source']} {cut['measure']} {cut['vintage']}": cut["digest"] for cut in own}
