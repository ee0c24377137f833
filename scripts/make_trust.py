"""Try the benches of trust and write their page: ``python -m scripts.make_trust [--most N]``.

What is tried is kept, piece by piece, in ``build/trust.jsonl``, and the page is made of that: a
run that is cut goes on where it was, and two may share the work (``--only KIND``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core import files
from hidra.core.markdown import table

if TYPE_CHECKING:
    from tests.trust.bench import Count

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "build" / "trust.jsonl"
PIECE = 10_000  # inputs after which a tally is kept
PAGES = {"en": "docs/en/reference/trust.md", "es": "docs/es/referencia/confianza.md"}
ROWS = {
    "kill": ("killed at a call that writes", "matado en una llamada que escribe"),
    "disk": ("disk full, I/O, no permission at a call", "disco lleno, E/S, sin permiso"),
    "damage": ("a bit flipped, cut, emptied, removed", "un bit cambiado, cortado, vacío, quitado"),
    "environment": ("odd environments, each command", "entornos raros, cada orden"),
    "fuzz": ("real files, changed at random", "archivos reales, cambiados al azar"),
}
ALL = ("all of them", "todo ello")
HEADS = {
    "en": ("what", "of", "tried", "faulty", "at commit"),
    "es": ("qué", "de", "pruebas", "fallas", "en el commit"),
}
EARLIER = {"en": "earlier", "es": "antes"}
TEXTS = {
    "en": """# Trust: what was tried, and what fell

*[Español](../../es/referencia/confianza.md)*

Written by `python -m scripts.make_trust --most 30`, which tries the benches of `tests/trust`:
`make test` tries a few of each, `make test-slow` many. A writer killed or disturbed at the n-th
call that writes must leave the earlier version or the new one, whole; the next call must work and
leave nothing half-written. A damaged part must be refused by name (exit code 3, 4 or 6). An input
must be read or refused: a crash, ten seconds of work or a gigabyte more are faults. In an odd
environment a command works, or says in three lines why it does not. Inputs that crashed it once are
kept in `tests/trust/found`. The last column names the commits of the code that was tried.

{table}

## What is kept, and how it is looked at

* A run, a simulation, an export and a run of the page have a `manifest.json` with size and SHA-256
  of each file and a digest of itself (`seal`). `hidra report`, `Run.open`, the page and
  `hidra verify` compare them; a missing chunk of `results.zarr` is unknown, never zero.
* `hidra verify RUN` makes a run again from its manifest in a folder of its own and compares every
  file bit for bit; where Python or libraries differ, every number within 1 in 100,000 of the
  largest of its column. `--files` compares the files only.
* Kept official files, posteriors and cached forecasts bear their SHA-256; cuts of the panel the
  digest of their rows. `hidra doctor` looks at all of them and says the cure.
* An export into a folder of its own and a run change places with the one before in one move
  (Linux). A fit, an export of one file and one into a folder that holds other things are several
  files: all are on the disk, under a name that says so, before the first is moved; who is killed
  between two moves leaves the rest to whoever reads or writes there next.

## Not closed, and why

{faults}* No power cut was tried, only the death of a process.
* Whoever may write the data folder may also write its seals: they find damage, mixing and editing
  by hand, not somebody who makes them anew.
* `hidra verify` does not run studies with mechanisms of their own, nor simulations with a table of
  groups of one's own: run those themselves.
* Compiled programs in the data folder (`compiled`, or `HIDRA_COMPILE_CACHE`) are machine code:
  never take that folder from somebody else; without it everything is compiled again.

## Steps of a release

Every Python from 3.11 on runs the tests (`.github/workflows/tests.yml`). `make release` writes what
hidra stands on (SBOM), its hashes and its known faults:
[how to contribute](../how-to/contribute.md).
""",
    "es": """# Confianza: qué se intentó y qué falló

*[English](../../en/reference/trust.md)*

Escrita con `python -m scripts.make_trust --most 30`, que hace las pruebas de `tests/trust`:
`make test` hace pocas de cada una, `make test-slow` muchas. Quien escribe, matado o estorbado en la
n-ésima llamada que escribe, debe dejar entera la versión anterior o la nueva; la siguiente llamada
debe funcionar y no dejar nada a medias. Una parte dañada debe rechazarse por su nombre (código de
salida 3, 4 o 6). Una entrada debe leerse o rechazarse: un error interno, diez segundos de trabajo o
un gigabyte más son fallas. En un entorno raro una orden funciona, o dice en tres líneas por qué no.
Las entradas que alguna vez la tumbaron se guardan en `tests/trust/found`. La última columna nombra
los commits del código que se probó.

{table}

## Qué se guarda y cómo se revisa

* Una corrida, una simulación, una exportación y una corrida de la página tienen un `manifest.json`
  con el tamaño y el SHA-256 de cada archivo y un resumen de sí mismo (`seal`). `hidra report`,
  `Run.open`, la página y `hidra verify` los comparan; un trozo que falta de `results.zarr` es
  desconocido, nunca cero.
* `hidra verify RUN` hace de nuevo una corrida a partir de su manifiesto, en una carpeta aparte, y
  compara cada archivo bit por bit; donde Python o las bibliotecas son otras, cada número dentro de
  1 en 100,000 del mayor de su columna. `--files` compara solo los archivos.
* Los archivos oficiales guardados, los ajustes y los pronósticos guardados llevan su SHA-256; los
  cortes del panel, el resumen de sus filas. `hidra doctor` los revisa todos y dice el remedio.
* Una exportación a una carpeta propia y una corrida cambian de lugar con la anterior en un solo
  paso (Linux). Un ajuste, una exportación de un archivo o a una carpeta donde hay otras cosas son
  varios archivos: todos están en el disco, con un nombre que lo dice, antes de mover el primero;
  quien muere entre dos pasos deja lo demás a quien lea o escriba ahí después.

## Qué no está cerrado, y por qué

{faults}* No se probó un corte de luz, solo la muerte de un proceso.
* Quien puede escribir en la carpeta de datos puede escribir también sus sellos: descubren daños,
  mezclas y cambios a mano, no a quien los haga de nuevo.
* `hidra verify` no ejecuta estudios con mecanismos propios, ni simulaciones con una tabla propia de
  grupos: ejecútelos de nuevo.
* Los programas compilados de la carpeta de datos (`compiled`, o `HIDRA_COMPILE_CACHE`) son código
  de máquina: nunca tome esa carpeta de alguien más; sin ella todo se compila de nuevo.

## Pasos de una versión

Cada Python desde 3.11 hace las pruebas (`.github/workflows/tests.yml`). `make release` escribe
aquello en que se apoya hidra (SBOM), sus hashes y sus fallas conocidas:
[cómo contribuir](../como/contribuir.md).
""",
}


#: Said where the table has a fault.
FAULTS = (
    "* What the table calls faulty is open; `build/trust.jsonl` says of each what happened.\n",
    "* Lo que la tabla llama falla está abierto; `build/trust.jsonl` dice de cada una qué pasó.\n",
)

Piece = tuple[str, str, str, Callable[[], "Count"]]


def pieces(most: int, scratch: Path) -> Iterator[Piece]:
    """Give every piece of work: kind, of what, which one, and what does it."""
    from tests.trust import bench, test_trust, writers

    there: list[bench.Writers] = []

    def disturbed(name: str, part: int, error: int = 0) -> bench.Count:
        if not there:
            there.append(bench.Writers(scratch))
        return bench.disturbed(there[0], name, scratch / f"{name} {error}", part, error)

    for name in writers.WRITERS:
        yield "kill", name, str(2 * most), lambda name=name: disturbed(name, 2 * most)
        for error in bench.ERRORS if name != "cache" else ():  # what is not cached is made again
            part = f"{error} {most // 3 + 1}"
            yield "disk", name, part, lambda name=name, e=error: disturbed(name, most // 3 + 1, e)
    for name in test_trust.KEPT:
        yield (
            "damage",
            name,
            str(most),
            lambda name=name: _damaged(scratch / f"kept {name}", name, most),
        )
    for name, verb in test_trust.verbs(scratch / "odd").items():
        yield (
            "environment",
            name,
            str(most),
            lambda v=verb: bench.environments(scratch / "odd", v, most),
        )
    for name, (target, seeds, parts, form) in test_trust.TARGETS.items():
        every, size = int(most * parts * 10_000 / 30), PIECE if parts > 1 else PIECE // 10
        for seed, at in enumerate(range(0, every, size), start=1000):
            size = min(size, every - at)

            def fuzzed(target=target, seeds=seeds, form=form, size=size, seed=seed) -> bench.Count:
                given = test_trust.texts(seeds)
                return bench.fuzzed(target, given, size, 36_000, seed=seed, form=form)

            yield "fuzz", name, f"{seed} {size}", fuzzed
    for one in there:
        one.end()


def _damaged(folder: Path, name: str, most: int) -> Count:
    from tests.trust import bench, test_trust

    os.environ["HIDRA_HOME"] = str(folder / "home")
    where, look = test_trust.one_of_each(folder)[name]
    return bench.damaged(where, look, 4 * most)


def kept() -> dict[tuple[str, str, str], dict]:
    """Return the tallies, by kind, of what and which piece."""
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.is_file() else []
    found = [json.loads(line) for line in lines]
    return {(one["kind"], one["of"], one["piece"]): one for one in found}


def work(most: int, only: tuple[str, ...]) -> None:
    """Do what is not done yet, and keep a tally of each piece."""
    named = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.check_output(named, cwd=ROOT, text=True).strip()
    with tempfile.TemporaryDirectory() as scratch:
        for kind, name, piece, do in pieces(most, Path(scratch)):
            if (only and not {kind, name} & {*only}) or (kind, name, piece) in kept():
                continue
            count = do()
            tally = {"kind": kind, "of": name, "piece": piece, "tried": count.tried,
                     "faulty": count.faulty, "commit": commit}  # fmt: skip
            KEPT.parent.mkdir(exist_ok=True)
            with KEPT.open("a", encoding="utf-8") as file:
                file.write(json.dumps(tally) + "\n")
            print(kind, name, piece, count.tried, len(count.faulty), *count.faulty[:2], flush=True)


def pages() -> None:
    """Write both pages from the tallies."""
    from tests.trust import test_trust, writers

    found: dict[tuple[str, str], tuple[int, int]] = {}
    commits: dict[tuple[str, str], set[str]] = {}
    for (kind, name, _), one in kept().items():
        tried, faulty = found.get((kind, name), (0, 0))
        found[kind, name] = tried + one["tried"], faulty + len(one["faulty"])
        commits.setdefault((kind, name), set()).add(one.get("commit", ""))
    with tempfile.TemporaryDirectory() as scratch:
        verbs = test_trust.verbs(Path(scratch))
    order = [*writers.WRITERS, *test_trust.KEPT, *verbs, *test_trust.TARGETS]
    for at, (language, page) in enumerate(PAGES.items()):
        rows = []
        for kind, words in ROWS.items():
            names = sorted((name for one, name in found if one == kind), key=order.index)
            counts = [found[kind, name] for name in names]
            total = tuple(map(sum, zip(*counts, strict=True))) or (0, 0)
            told = zip((*names, ALL[at]), (*counts, total), strict=True)
            for name, (n, bad) in told:
                at_commits = sorted(commits.get((kind, name), ()))
                tried_at = ", ".join(one or EARLIER[language] for one in at_commits)
                rows.append((words[at], name, f"{n:,}", f"{bad:,}", tried_at))
        faulty = any(bad for _, bad in found.values())
        text = TEXTS[language].replace("{table}", table(HEADS[language], rows, right=(2, 3)))
        text = text.replace("{faults}", FAULTS[at] if faulty else "")
        files.write_text(ROOT / page, text)


def main() -> None:
    """Try every bench, keep its tally, and write the page from the tallies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--most", type=int, default=30, help="moments of each writer; 30: a million inputs"
    )
    parser.add_argument("--only", action="append", default=[], help="a kind, or of what")
    parser.add_argument("--page", action="store_true", help="write the page of what was tried")
    given = parser.parse_args()
    os.environ["HIDRA_LANG"] = "en"
    if not given.page:
        work(given.most, tuple(given.only))
    if given.page or not given.only:
        pages()


if __name__ == "__main__":
    main()
