"""The benches of trust: each tries faults of one kind, counts, and names what was not right."""

import copy
import csv
import errno
import functools
import io
import json
import math
import os
import random
import resource
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from hidra.core.errors import HidraError, foreign, place_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


@dataclass
class Count:
    """What a bench tried, and what was faulty, in words."""

    tried: int = 0
    faulty: list[str] = field(default_factory=list)

    def see(self, right: bool, words: str) -> None:
        """Count one trial."""
        self.tried += 1
        if not right:
            self.faulty.append(words)


def compiler() -> str | None:
    """Return a compiler of C, if there is one."""
    return shutil.which("cc") if sys.platform.startswith("linux") else None


class Writers:
    """The process that forks one process a case, with the shim in it."""

    def __init__(self, folder: Path) -> None:
        library = folder / "shim.so"
        subprocess.run(
            [str(compiler()), "-shared", "-fPIC", "-O1", "-o", library, HERE / "shim.c", "-ldl"],
            check=True,
        )
        env = os.environ | {"LD_PRELOAD": str(library), "HIDRA_HOME": str(folder / "none"),
                            "HIDRA_LANG": "en", "OPENBLAS_NUM_THREADS": "1"}  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.trust.writers"], cwd=ROOT, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, writer: str, folder: Path, version: int = 0, n: int = 0, error: int = 0) -> dict:
        """Let a version be written, disturbed at the n-th call, or (0) be read back."""
        case = {"writer": writer, "folder": str(folder), "version": version, "n": n, "error": error}
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@contextmanager
def writers(folder: Path) -> Iterator[Writers]:
    """Give the process of the writers."""
    found = Writers(folder)
    try:
        yield found
    finally:
        found.end()


def disturbed(there: Writers, writer: str, folder: Path, most: int, error: int = 0) -> Count:
    """Kill a writer, or let a call fail, at moments spread over all its calls.

    After each: the earlier version stands whole, or the new one; the next call works and leaves
    nothing half-written. An error is told with exit code 6.
    """
    count = Count()
    folder.mkdir()
    there.ask(writer, folder, 1)
    calls = there.ask(writer, folder, 2, n=10**9)["calls"]
    moments = sorted({1 + at * max(calls - 1, 1) // max(most - 1, 1) for at in range(most)})
    for n in moments:
        there.ask(writer, folder, 1)
        told = there.ask(writer, folder, 2, n=n, error=error)
        found = there.ask(writer, folder)
        words = (
            f"{writer}, call {n} of {calls}, {errno.errorcode.get(error, 'kill')}: {told} {found}"
        )
        right = found.get("version") in (1, 2)
        if error:
            right = right and ("calls" in told or told.get("code") == 6)
        again = there.ask(writer, folder, 2)
        last = there.ask(writer, folder)
        right = right and "calls" in again and last.get("version") == 2 and not last["left"]
        count.see(right, f"{words}; then {again} {last}")
    return count


def damaged(folder: Path, look, most: int, seed: int = 1) -> Count:
    """Flip a bit in, cut or remove each file of a folder in turn; `look` must refuse by name."""
    count, rng = Count(), random.Random(seed)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    bits = ("bit",) * max(2, most // len(paths))
    trials = [(path, way) for path in paths for way in ("cut", "gone", "empty", *bits)]
    for path, way in rng.sample(trials, min(most, len(trials))):
        good = path.read_bytes()
        bad = bytearray(good)
        if way == "bit" and bad:
            bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        path.write_bytes({"cut": good[: len(good) // 2], "empty": b""}.get(way, bytes(bad)))
        if way == "gone":
            path.unlink()
        changed = way == "gone" or path.read_bytes() != good
        try:
            look()
            told: object = "nothing"
        except Exception as error:
            known = error if isinstance(error, HidraError) else foreign(error)
            told = known.exit_code if known is not None else repr(error)
        path.write_bytes(good)
        count.see(
            told in (2, 3, 4, 6) or not changed, f"{way} in {path.relative_to(folder)}: {told}"
        )
    return count


#: What a shell does before it becomes hidra.
ENVIRONMENTS = {
    "locale C": "export LC_ALL=C", "locale POSIX, no UTF-8 mode":
    "export LC_ALL=POSIX PYTHONUTF8=0 PYTHONCOERCECLOCALE=0",
    "an odd locale": "export LC_ALL=xx_YY.ISO-8859-99 LANG=@ LANGUAGE=:::",
    "no HOME": "unset HOME HIDRA_HOME XDG_DATA_HOME", "HOME empty": "unset HIDRA_HOME; export HOME=",
    "a data folder that cannot be": "export HIDRA_HOME=/proc/nowhere",
    "a file as data folder": "export HIDRA_HOME=/dev/null/x",
    "a data folder in other bytes": r"export HIDRA_HOME=$PWD/$'b\\xff'",
    "a data folder that is read only": "export HIDRA_HOME=/sys/kernel",
    "no folder for temporary files": "export TMPDIR=/nowhere TEMP=/nowhere TMP=/nowhere",
    "output closed": "exec >&-", "errors closed": "exec 2>&-", "input closed": "exec <&-",
    "all closed": "exec <&- >&- 2>&-", "output to a full disk": "exec >/dev/full",
    "errors to a full disk": "exec 2>/dev/full", "errors to what only reads": "exec 2</dev/null",
    "a terminal of 8 columns": "export COLUMNS=8 LINES=2 TERM=dumb; set -- python3 -c "
    "'import os, pty, sys; typed = iter([b\"\\4\"]); sys.exit(os.waitstatus_to_exitcode("
    "pty.spawn(sys.argv[1:], stdin_read=lambda _: next(typed, b\"\"))))' \"$@\"",
    "ASCII output": "export PYTHONIOENCODING=ascii", "a time zone that is none": "export TZ=No/Where",
    "a language that is none": "export HIDRA_LANG=zz",
    "a folder that has gone": "mkdir gone && cd gone && rmdir ../gone",
    "no TERM": "unset TERM COLUMNS LINES", "nothing set at all": 'set -- env -i "$@"',
    "no programs to be found": "export PATH=/nowhere", "24 open files at most": "ulimit -n 24",
    "no file may grow over 512 bytes": "ulimit -f 1; trap '' XFSZ",
}  # fmt: skip


def environments(folder: Path, verb: list[str | bytes], most: int) -> Count:
    """Run a verb in odd environments: it works, or says in three lines why it does not."""
    count = Count()
    env = os.environ | {"HIDRA_HOME": str(folder / "home"), "HIDRA_LANG": "es",
                        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}  # fmt: skip
    for name in list(ENVIRONMENTS)[:: max(1, len(ENVIRONMENTS) // most)]:
        script = f'unset HIDRA_COMPILE_CACHE; {ENVIRONMENTS[name]}; exec "$@"'
        done = subprocess.run(
            ["bash", "-c", script, "bash", sys.executable, "-m", "hidra", *verb],
            cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=300,
            check=False,
        )  # fmt: skip
        told = (done.stdout + done.stderr).decode("utf-8", errors="replace")
        right = done.returncode in (0, 2, 3, 6, 141) and "Traceback" not in told
        count.see(right and "--debug" not in told, f"{name}: {done.returncode} {told[-300:]}")
    return count


def mutated(seed: bytes, rng: random.Random, others: list[bytes]) -> bytes:
    """Return an input with some bytes changed, moved, repeated, or taken from another."""
    found = bytearray(seed)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(found) + 1)
        to = min(len(found), at + rng.randint(1, 40))
        piece = rng.choice((
            b"", bytes([rng.randrange(256)]), bytes(found[at:to]) * 2, b"9" * 40, b"[" * 30,
            b"*a &a", b"\xff\xfe", b"\x00", b"1e999", b"2024-02-30", b"null", b"!!x ", b"-.inf",
            b"\xed\xa0\x80", b"1_000", b"nan", b"%ED%A0%80", b"\\ud800", b"[", b"\xd9\xa3", b"#N/A",
        ))  # fmt: skip
        if rng.random() < 0.1:
            other = rng.choice(others)
            cut = rng.randrange(len(other) + 1)
            piece = other[cut : cut + 200]
        found[at:to] = piece
    return bytes(found)


#: What nobody means to write where another thing belongs: of every type, size and script.
ODD = (
    None, True, 0, -1, 7.5, 10**15, 10**330, 1e308, -1e-320, math.nan, math.inf, "", " ", "1_000",
    "\uff11\uff12", "nan", "2024-02-30", "0000-00", "../..", "\x00", "a\nb", "=1+1", "y" * 5000, "%s",
    "{x}", "[a", [], {}, [[]], [None], {"": None}, {"en": 5}, ["a"] * 300,
)  # fmt: skip


def altered(tree: Any, rng: random.Random) -> Any:
    """Return plain values with a part taken away, renamed, wrapped, or of another kind."""
    found = copy.deepcopy(tree)
    for _ in range(rng.randint(1, 3)):
        above, key, at = None, None, found
        while isinstance(at, dict | list) and at and (above is None or rng.random() < 0.75):
            above, key = at, rng.choice(list(at) if isinstance(at, dict) else range(len(at)))
            at = at[key]
        if above is None:
            return copy.deepcopy(rng.choice(ODD))
        way = rng.randrange(6)
        if way == 0:
            del above[key]
        elif way == 1 and isinstance(above, dict):
            above[str(rng.choice(ODD))] = above.pop(key)
        else:
            odd = copy.deepcopy(rng.choice(ODD))  # a later round may put things into it
            above[key] = {2: [at], 3: {"a": at}, 4: [at] * 40}.get(way, odd)
    return found


def _zipped(seed: bytes, rng: random.Random) -> bytes:
    """Return an archive with the bytes of one member changed."""
    with zipfile.ZipFile(io.BytesIO(seed)) as old:
        members = {name: old.read(name) for name in old.namelist()}
    name = rng.choice(list(members))
    members[name] = mutated(members[name], rng, [*members.values()])
    with zipfile.ZipFile(made := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as new:
        for one, content in members.items():
            new.writestr(one, content)
    return made.getvalue()


def _rows(seed: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(seed.decode("utf-8", errors="replace"))))


def _table(rows: Any) -> bytes:
    text = io.StringIO()
    for row in rows if isinstance(rows, list) else [rows]:
        csv.writer(text).writerow(row if isinstance(row, list) else [row])
    return text.getvalue().encode("utf-8", errors="surrogatepass")


_loaded = functools.cache(
    lambda form, seed: {"yaml": yaml.safe_load, "json": json.loads, "csv": _rows}[form](seed)
)
_DUMPED = {
    "yaml": lambda tree: yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True).encode(),
    "json": lambda tree: json.dumps(tree).encode(),
    "csv": _table,
}


def made(seed: bytes, rng: random.Random, others: list[bytes], form: str) -> bytes:
    """Return an input: half of them with changed bytes, half whose parts are others."""
    if not form or rng.random() < 0.5:
        return mutated(seed, rng, others)
    if form == "zip":
        return _zipped(seed, rng)
    return _DUMPED[form](altered(_loaded(form, seed), rng))


def fuzzed(
    target, seeds: list[bytes], most: int, seconds: float, seed: int = 1, form: str = ""
) -> Count:
    """Give inputs made from others to a target: a refusal is right.

    A crash, ten seconds of work, or a gigabyte more than before are not.
    """
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count, rng, began = Count(), random.Random(seed), time.monotonic()
    while count.tried < most and time.monotonic() - began < seconds:
        given = made(rng.choice(seeds), rng, seeds, form)
        start, told = time.process_time(), ""
        try:
            target(given)
        except Exception as error:
            if not isinstance(error, HidraError) and foreign(error) is None:
                told = f"{type(error).__name__}: {error} ({place_of(error)})"
        if time.process_time() - start > 10:
            told = f"{time.process_time() - start:.0f} seconds"
        most_memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if most_memory - before > 2**20:  # kB
            told, before = f"{most_memory - before} kB more", most_memory
        count.see(not told, f"{told[:200]} for {given[:4000]!r}")
    return count
