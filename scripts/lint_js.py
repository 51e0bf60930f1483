"""Lint the scripts of the pages with oxlint: `python scripts/lint_js.py`.

The files of `viz/static` share one scope in a page, so oxlint reads them as bundles; a finding
names its file and line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from viz import assets

CONFIG = Path(__file__).parent.parent / ".oxlintrc.json"
#: The tables that parts begin with (`viz.assets.source`).
TABLES = {"fold": "FOLD", "draw": "SHAPES"}
#: The environment's own oxlint comes first; the environment need not be activated.
PROGRAMS = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


def bundle(parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the lines of a bundle, each after the place that it comes from."""
    yield "bundle", '(() => { "use strict";'
    for part in parts:
        if part in TABLES:
            yield "bundle", f"const {TABLES[part]} = {{}};"
        text = files("viz").joinpath("static", f"{part}.js").read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            yield f"viz/static/{part}.js:{number}", line
    yield "bundle", "})();"


def main() -> int:
    """Print every finding once and return oxlint's exit code, or 2 where there is no oxlint."""
    if not (program := shutil.which("oxlint", path=PROGRAMS)):
        print("oxlint is not installed: run `make test` once, or `pip install oxlint`.")
        return 2
    bundles = {name: list(bundle(parts)) for name, parts in assets.BUNDLES.items()}
    bundles["theme"] = list(bundle(("theme",)))
    options = ["--config", str(CONFIG), "--format", "unix", "--deny-warnings"]
    with TemporaryDirectory() as folder:
        for name, lines in bundles.items():
            text = "\n".join(line for _, line in lines)
            Path(folder, f"{name}.js").write_text(text, encoding="utf-8")
        command = [program, *options, *(f"{name}.js" for name in bundles)]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    findings = []
    for line in (result.stdout + result.stderr).splitlines():
        if match := re.match(r"(\w+)\.js:(\d+):", line):
            line = f"{bundles[match[1]][int(match[2]) - 1][0]}:{line[match.end() :]}"
        findings.append(line)
    print("\n".join(line for line in dict.fromkeys(findings) if line))
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
