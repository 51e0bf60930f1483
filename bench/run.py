"""Running one measure in a process of its own, where it needs one with a server of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import platformdirs

from graph.store import local, schema
from graph.store.address import Address
from graph.store.connection import Writer

HERE = Path(__file__).parent
LOCK = HERE / "neontology.lock"


@contextmanager
def server() -> Iterator[local.LocalServer]:
    """A local server with an empty store, in a temporary home that is deleted afterwards."""
    jars = local.jars_folder(_cache())
    local.fetch(local.read_lock(), jars, lambda done, total: None)
    with (
        tempfile.TemporaryDirectory(prefix="sightlines-bench-") as home,
        local.start(Path(home), jars) as local_server,
    ):
        yield local_server


def measure(name: str, data: Path, rows: Path, *, needs_server: bool) -> dict[str, Any]:
    """Run a measure once and return what it printed. Raises `CalledProcessError` if it failed."""
    if not needs_server:
        return _run([sys.executable, "-m", "bench.measures", name, str(data)])
    with server() as local_server:
        if name == "neontology":
            return _run_neontology(local_server, rows)
        command = [sys.executable, "-m", "bench.measures", name, str(data), "--rows", str(rows)]
        place = ["--uri", local_server.uri, "--password-file", str(local_server.password_file)]
        return _run([*command, *place])


def write_rows(data: Path, out: Path) -> None:
    """Write the rows that our load would write into a file, in a process of its own."""
    subprocess.run([sys.executable, "-m", "bench.rows", str(data), str(out)], check=True)


def _run_neontology(local_server: local.LocalServer, rows: Path) -> dict[str, Any]:
    # The constraints of our schema are the indexes that its MERGE needs.
    with Writer(Address(local_server.uri, *local_server.auth)) as writer:
        schema.prepare(writer)
    script = str(HERE / "neontology_load.py")
    return _run(
        [environment(LOCK), script, str(rows), local_server.uri, str(local_server.password_file)]
    )


def environment(lock: Path) -> str:
    """The Python of a rival's environment, made once: a rival may need what we cannot have."""
    folder = _cache() / f"bench-{lock.stem}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    copy = folder / lock.name
    if not copy.exists() or copy.read_bytes() != lock.read_bytes():
        venv.create(folder, clear=True, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
        subprocess.run([*install, "-r", str(lock)], check=True, stdout=sys.stderr)
        shutil.copyfile(lock, copy)
    return str(python)


def _cache() -> Path:
    return Path(platformdirs.user_cache_dir("sightlines")).absolute()


def _run(command: Sequence[str]) -> dict[str, Any]:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures
