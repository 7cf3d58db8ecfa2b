"""Builds sdist and wheel, and tries both as a stranger would: on every Python found here.

    python packaging/check_dist.py [TEST...]

For each version: an empty environment, the wheel with its extras, the demo in a pipe; then the tests of the unpacked
sdist (all of them, or those named) against the installed wheel. A version not on this machine is told and skipped.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")


def interpreter(version: str) -> str | None:
    """A Python of this version: on the PATH, else where pyenv keeps them."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for candidate in (shutil.which(f"python{version}"), *map(str, kept)):
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    return None


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    """The output of a command; ends the check where it fails."""
    done = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        sys.exit(
            f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        )
    return done.stdout


def build(folder: Path) -> tuple[Path, Path]:
    """sdist, and the wheel that is built from it."""
    run(sys.executable, "-m", "build", "--outdir", folder)
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


def check_whole(sdist: Path, wheel: Path) -> None:
    """Whether every file of the repository is in the sdist, and every file of the package in the wheel."""
    with tarfile.open(sdist) as source:
        shipped = {name.partition("/")[2] for name in source.getnames()}
    with zipfile.ZipFile(wheel) as package:
        installed = {f"src/{name}" for name in package.namelist()}
    tracked = set(filter(None, run("git", "ls-files", "-z").split("\0")))
    absent = sorted(tracked - shipped) + sorted(
        name for name in tracked - installed if name.startswith("src/")
    )
    if absent:
        sys.exit("missing from sdist or wheel: " + ", ".join(absent))
    print(f"whole: {len(shipped)} names in {sdist.name}, {len(installed)} in {wheel.name}")


def try_on(python: str, sdist: Path, wheel: Path, tests: Sequence[str]) -> str:
    """Install, run the demo in a pipe, run the tests; what pytest said last."""
    with tempfile.TemporaryDirectory(prefix="gvreader-dist-") as name:
        folder = Path(name)
        run(python, "-m", "venv", folder / "venv")
        programs = folder / "venv" / "bin"
        with tarfile.open(sdist) as source:
            source.extractall(folder, filter="data")
        unpacked = next(path for path in folder.iterdir() if path.name.startswith("gvreader-"))

        def install(extras: str) -> None:
            options = ("--quiet", "--disable-pip-version-check", "--constraint", unpacked / "constraints.txt")
            run(programs / "python", "-m", "pip", "install", *options, f"{wheel}[{extras}]")

        install("all")
        said = run(programs / "gvreader", "demo", cwd=folder)
        if "articles" not in said:
            sys.exit(f"the demo said nothing of articles:\n{said}")
        install("all,scale,dev")
        pytest = ("-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider")
        return run(programs / "python", *pytest, *tests, cwd=unpacked).strip().splitlines()[-1]


def main(tests: Iterable[str]) -> None:
    folder = ROOT / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    sdist, wheel = build(folder)
    check_whole(sdist, wheel)
    for version in VERSIONS:
        python = interpreter(version)
        if python is None:
            print(f"Python {version}: not on this machine, skipped", flush=True)
            continue
        print(
            f"Python {version}: wheel, demo; tests: {try_on(python, sdist, wheel, list(tests))}", flush=True
        )


if __name__ == "__main__":
    main(sys.argv[1:])
