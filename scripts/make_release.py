"""Write what goes with a release into ``dist``: ``python -m scripts.make_release``.

Wheel and sdist; ``sbom.json``, what hidra stands on (CycloneDX); ``requirements-NAME.lock``, every
package of this Python and system with its SHA-256, for ``pip install --require-hashes``; and
``audit.json``, the known faults of the pinned packages. Ends with 1 where there are any.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

from scripts.check_package import built

from hidra.core import files

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
PINS = "constraints.txt"


def said(*command: str) -> str:
    """Return what a program of this environment prints."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def lock() -> Path:
    """Write the packages that an install takes here, each with its hash."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    told = said(
        "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-",
        "--constraint", PINS, *project["dependencies"],
    )  # fmt: skip
    report = json.loads(told)
    lines = sorted(
        f"{one['metadata']['name']}=={one['metadata']['version']} \\\n"
        f"    --hash=sha256:{one['download_info']['archive_info']['hashes']['sha256']}\n"
        for one in report["install"]
    )
    here = f"{sys.implementation.cache_tag}-{sysconfig.get_platform()}".replace(".", "_")
    return files.write_text(DIST / f"requirements-{here}.lock", "".join(lines))


def audit() -> bool:
    """Look the pinned packages up among known faults; tell whether there are none."""
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--requirement", PINS, "--no-deps", "--disable-pip",
         "--format", "json", "--output", str(DIST / "audit.json")],
        cwd=ROOT, check=False,
    )  # fmt: skip
    found = json.loads((DIST / "audit.json").read_text(encoding="utf-8"))["dependencies"]
    skipped = [one["name"] for one in found if "skip_reason" in one]
    print(f"{len(found) - len(skipped)} packages looked up, {len(skipped)} not found there")
    return done.returncode == 0 and not skipped


def main() -> None:
    """Write packages, SBOM, hashed lock and audit; exit 1 unless all were asked for and clean."""
    DIST.mkdir(exist_ok=True)
    print(*(path.name for path in built(DIST)), lock().name, sep="\n")
    said("cyclonedx_py", "environment", sys.prefix, "--output-file", str(DIST / "sbom.json"))
    sys.exit(0 if audit() else 1)


if __name__ == "__main__":
    main()
