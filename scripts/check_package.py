"""Build wheel and sdist, install each alone in a fresh environment, and use it as a stranger would.

    python -m scripts.check_package [PYTHON ...]

Each PYTHON is an interpreter (3.11 or newer); this one if none is named. Prints the installed size.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
USED = (
    ("-m", "hidra", "--version"),
    ("-m", "hidra", "mechanisms", "--json"),
    ("-m", "hidra", "data", "status", "--json"),
    ("-m", "hidra", "study", "show"),
    ("-m", "hidra", "doctor", "--lang", "es"),
    ("-c", "import hidra;"
           "s = hidra.System(('leadership_removal',), start='2012-01', end='2012-06');"
           "d = s.simulate(draws=2, seed=1); assert float(d['member_deaths'].sum()) > 0;"
           "assert len(hidra.panel('inegi_homicides', places='09', start='2020-01')) == 36"),
    ("-c", "from hidra.data import geography; assert len(geography.municipal()) == 2475"),
)  # fmt: skip


def built(folder: Path) -> tuple[Path, Path]:
    """Build both and return wheel and sdist."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


def tried(python: str, package: Path, folder: Path) -> float:
    """Install a package alone and use it away from the checkout; return its size in MB."""
    home = folder / "home"
    subprocess.run([python, "-m", "venv", str(folder / "venv")], check=True)
    inside = str(folder / "venv" / "bin" / "python")
    pip = [inside, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run(
        [*pip, "--constraint", str(ROOT / "constraints.txt"), str(package)], check=True, cwd=folder
    )
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("HIDRA", "PYTHONPATH"))}
    for words in USED:
        subprocess.run(
            [inside, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL,
            env={**clean, "HIDRA_HOME": str(home)},
        )  # fmt: skip
    every = (folder / "venv").rglob("*")
    return sum(file.lstat().st_size for file in every if file.is_file()) / 1e6


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        packages = built(Path(made) / "dist")
        for python in sys.argv[1:] or [sys.executable]:
            for package in packages:
                with tempfile.TemporaryDirectory() as folder:
                    size = tried(python, package, Path(folder))
                print(f"{python}  {package.name}: installed alone and used, {size:,.0f} MB")


if __name__ == "__main__":
    main()
