"""Check that every package of the lock files has a wheel for all that Sightlines is promised for.

    python scripts/check_wheels.py

asks the package index (that of uv's settings) for four Pythons on three platforms, and installs
nothing. Needs uv. Ends with 1 if a wheel is missing anywhere.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-documents.lock", "requirements-dev.lock")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
#: Names of uv. Linux is that of glibc 2.28 and later: Debian 10, Ubuntu 20.04, RHEL 8.
PLATFORMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux aarch64": "aarch64-manylinux_2_28",
    "macOS arm64": "aarch64-apple-darwin",
}


def missing(lock: Path, python: str, platform: str) -> str:
    """Return what uv says of packages without a wheel; empty if all have one."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["uv", "pip", "install", "--dry-run", "--target", folder, "--no-deps"]
        command += ["--only-binary", ":all:", "--require-hashes", "--requirement", str(lock)]
        command += ["--python-version", python, "--python-platform", platform]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    return ended.stderr.strip() if ended.returncode else ""


def main() -> int:
    """Print a line for each lock file, platform and Python; return the exit code."""
    code = 0
    for lock in LOCKS:
        for label, platform in PLATFORMS.items():
            for python in PYTHONS:
                words = missing(ROOT / lock, python, platform)
                print(f"{lock:27} {label:14} Python {python}  {words or 'every wheel'}", flush=True)
                code = code or bool(words)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
