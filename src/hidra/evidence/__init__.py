"""Published natural experiments, run again inside the model, and what they say of its sizes."""

import sys
from typing import TYPE_CHECKING

from hidra import Room

if TYPE_CHECKING:
    import pandas as pd


def ask(*names: str) -> "pd.DataFrame":
    """Return the bank of published natural experiments: what each found, what it is used for.

    Parameters
    ----------
    names : ids of studies; all where none is named.

    Returns
    -------
    pandas.DataFrame
        ``id, title, found, low, high, unit, use, mechanisms, study, address``.

    Raises
    ------
    SpecError
        There is no such study.
    """
    import pandas as pd

    from hidra.evidence.bank import bank, find

    rows = [
        {
            "id": one.id, "title": one.title.en, "found": one.published.value,
            "low": one.published.low, "high": one.published.high, "unit": one.unit,
            "use": one.use, "mechanisms": ", ".join(one.mechanisms), "study": one.study,
            "address": one.address,
        }
        for one in find(names, bank())
    ]  # fmt: skip
    return pd.DataFrame(rows)


sys.modules[__name__].__class__ = Room
