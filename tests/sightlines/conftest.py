"""The command line as a person runs it: the installed command, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = Path(sys.executable).with_name("sightlines")

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(home: Path, **settings: str) -> dict[str, str]:
    """The environment of a command: none of this machine's own settings, and a data folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SIGHTLINES_")}
    return {**kept, "SIGHTLINES_HOME": str(home), "COLUMNS": "200", **settings}


@pytest.fixture
def offline(tmp_path: Path) -> Run:
    """Run a command that needs no store."""

    def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *map(str, arguments)],
            env=environment(tmp_path / "home", **settings),
            capture_output=True,
            text=True,
            timeout=60,
            cwd=ROOT,
        )

    return run


@pytest.fixture
def command(offline: Run, neo4j_uri: str, neo4j_auth: tuple[str, str], tmp_path: Path) -> Run:
    """Run a command on the session's server, as if it were a configured one."""
    password = tmp_path / "password"
    password.write_text(neo4j_auth[1], encoding="ascii")

    def run(*arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
        return offline(
            *arguments,
            **{
                "SIGHTLINES_NEO4J_URI": neo4j_uri,
                "SIGHTLINES_NEO4J_PASSWORD_FILE": str(password),
                **settings,
            },
        )

    return run
