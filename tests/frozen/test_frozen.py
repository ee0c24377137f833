"""Moving the rooms changes no answer: everything users are told is compared with what was kept.

What differs on purpose is kept anew with ``python tests/frozen/freeze.py --write PART``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any

import pytest

from tests.frozen import freeze

CLOSE = 1e-5  # relative; other machines and compilers add in another order
SHOWN = 12  # differences told of each thing, the rest counted
KEPT = freeze.load()
PARTS = [
    *freeze.QUICK,
    *(pytest.param(part, marks=pytest.mark.slow) for part in freeze.SLOW),
]


def here(told: dict[str, Any]) -> Any:
    """Leave out at which port the server answered."""
    return json.loads(re.sub(r"127\.0\.0\.1:\d+", "HERE", json.dumps(told)))


@pytest.mark.parametrize("part", PARTS)
def test_nothing_differs_from_what_was_kept(part):
    told = freeze.gather(part)
    assert set(told) == {kind for kind in KEPT if part in KEPT[kind]}
    same_bits = freeze.machine() == KEPT["frozen"]["machine"]
    said = [
        *figures(part, KEPT["frozen"][part], told["frozen"], same_bits),
        *lost(part, KEPT["inventory"].get(part), told.get("inventory")),
        *texts(here(KEPT["texts"].get(part, {})), here(told.get("texts", {}))),
    ]
    assert not said, "\n".join([f"{len(said)} differences in '{part}':", *said])


def figures(where: str, old: Any, new: Any, same_bits: bool) -> Iterator[str]:
    """Say what differs between figures and digests, by its path."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from few(f"{where}: gone", [one for one in old if one not in new])
        yield from few(f"{where}: new", [one for one in new if one not in old])
        changed = []
        for name in old:
            if name in new:
                inner = list(figures(f"{where} > {name}", old[name], new[name], same_bits))
                changed += inner
        yield from changed[: 5 * SHOWN]
        if len(changed) > 5 * SHOWN:
            yield f"{where}: and {len(changed) - 5 * SHOWN} more"
    elif not alike(old, new, same_bits):
        yield f"{where}: {old} was kept, {new} now"


def alike(old: Any, new: Any, same_bits: bool) -> bool:
    """Compare digests letter by letter, totals closely; bits only between equal machines."""
    if not (isinstance(old, list) and isinstance(new, list) and len(old) == len(new)):
        return bool(old == new)
    bits = len(old) == 3 and isinstance(old[2], list)  # simulated: digest, total, shape
    scale = max((abs(one) for one in old if isinstance(one, float)), default=0.0)
    for place, (one, other) in enumerate(zip(old, new, strict=True)):
        if isinstance(one, float) and isinstance(other, float):
            if not math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE * scale):
                return False
        elif one != other and not (bits and place == 0 and not same_bits):
            return False
    return True


def lost(where: str, old: Any, new: Any) -> Iterator[str]:
    """Say what was there and is not any more; what has been added is welcome."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name, inner in old.items():
            if name not in new:
                yield f"inventory, {where}: '{name}' is gone"
            else:
                yield from lost(f"{where} > {name}", inner, new[name])
    elif isinstance(old, list) and isinstance(new, list):
        yield from few(f"inventory, {where}: gone", [one for one in old if one not in new])
    elif old != new:
        yield f"inventory, {where}: {old} was kept, {new} now"


def texts(old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    """Say which texts are gone or read otherwise, with the first words that differ."""
    yield from few("texts gone", [one for one in old if one not in new])
    yield from few("texts new", [one for one in new if one not in old])
    for name, text in old.items():
        if name in new and text.split() != new[name].split():
            yield reads_otherwise(name, text, new[name])


def reads_otherwise(name: str, old: str, new: str) -> str:
    """Show the first lines that differ; when only line breaks moved, the first words."""
    for one, other in ((old.split("\n"), new.split("\n")), (old.split(), new.split())):
        changes = [
            change
            for change in SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
            if change[0] != "equal" and " ".join(one[change[1] : change[2]]).split()
            != " ".join(other[change[3] : change[4]]).split()
        ]  # fmt: skip
        if changes:
            break
    _, a, b, c, d = changes[0]
    kept, now = " / ".join(one[a:b])[:300], " / ".join(other[c:d])[:300]
    before = " ".join(one[max(a - 1, 0) : a])[:100]
    return (
        f"text of {name}: {len(changes)} places differ, the first after '{before}':\n"
        f"    kept: {kept}\n    now:  {now}"
    )


def few(what: str, names: list[Any]) -> Iterator[str]:
    """Name the first of many."""
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield f"{what}: {', '.join(map(str, names[:SHOWN]))}{more}"


def test_a_difference_is_told_by_what_it_is():
    old = {"json": {"cite": {"keys": {"sources[].name": [3, "aa"], "total": [1, "", 1.0, 1.0]}}}}
    new = {"json": {"cite": {"keys": {"sources[].name": [3, "bb"], "total": [1, "", 1.1, 1.1]}}}}
    said = list(figures("verbs", old, new, True))
    assert [one.split(":")[0] for one in said] == [
        "verbs > json > cite > keys > sources[].name", "verbs > json > cite > keys > total",
    ]  # fmt: skip
    assert list(lost("verbs", {"verbs": ["run"]}, {"verbs": ["score"]})) == [
        "inventory, verbs > verbs: gone: run"
    ]
    (line,) = texts({"/": "one\ntwo dead\nthree"}, {"/": "one\ntwo killed\nthree"})
    assert "after 'one'" in line and "kept: two dead" in line and "now:  two killed" in line
    assert not list(texts({"/": "one two"}, {"/": "one\ntwo"})), "line breaks say nothing"


def test_bits_count_between_equal_machines_only_totals_everywhere():
    kept, bits, total = ["aa", 100.0, [2, 3]], ["bb", 100.0001, [2, 3]], ["aa", 101.0, [2, 3]]
    assert alike(kept, kept, True)
    assert not alike(kept, bits, True) and alike(kept, bits, False)
    assert not alike(kept, total, False)
