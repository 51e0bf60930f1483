"""The local server's home folder: its layout, its configuration and its password.

::

    neo4j/
    ├── conf/neo4j.conf   written at every start
    ├── data/             the store
    ├── logs/             Neo4j's own logs, and console.log: the output of the server
    ├── password          of the user `neo4j`; only the owner can read it
    ├── port              the port of the last start, which the next one prefers
    ├── server.json       which server runs here (see `state`)
    └── server.lock       held while a server is being started or stopped
"""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from graph.disk import write_whole
from graph.errors import LocalServerError
from graph.store.local.java import admin_command, tail
from graph.store.local.launcher import environment

USER = "neo4j"  # the only one that a Community server begins with
PASSWORD_BYTES = 24
ADMIN_SECONDS = 300  # one second on an idle machine

# Settings for a server on a laptop, with the reasons that their names do not give: no HTTP, since
# Bolt is enough; a small transaction log, which takes 512 MB on an empty store by default; no files
# and no addresses for LOAD CSV, which any reader may call; no usage reports and no discovery of
# other servers; no pause of ten seconds at each stop. The plan cache holds a hundred plans: a list
# has a statement for each combination of filters and orders, and the default of a thousand plans
# would take all of a small server's memory. Nor is there a plan for each length of a list or text:
# planning takes seconds at first, and what the plans differ in is not worth it. A checkpoint
# follows each load within seconds, so that the store can be copied (see `read_only`) and recovers
# quickly.
SETTINGS = {
    "server.http.enabled": "false",
    "server.https.enabled": "false",
    "dbms.security.auth_enabled": "true",
    "server.memory.pagecache.size": "128m",
    "db.transaction.timeout": "60s",
    "server.memory.query_cache.per_db_cache_num_entries": "100",
    "db.tx_log.rotation.size": "16m",
    "db.tx_log.rotation.retention_policy": "2 files",
    "db.checkpoint.interval.time": "5s",
    "db.logs.query.enabled": "OFF",
    "server.directories.import": "import",
    "dbms.security.allow_csv_import_from_file_urls": "false",
    "internal.cypher.use_parameter_size": "false",
    "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",
    "dbms.usage_report.enabled": "false",
    "server.bolt.telemetry.enabled": "false",
    "dbms.fleet_manager.enabled": "false",
    "server.fleet_discovery.enabled": "false",
    "internal.dbms.bolt.netty_server_shutdown_quiet_period_duration": "0s",
}


@dataclass(frozen=True)
class Home:
    """The home folder `neo4j` in a data folder, whether it exists or not."""

    data: Path

    @property
    def folder(self) -> Path:
        """Everything that the server stores; without it, the next start creates an empty store."""
        return self.data / "neo4j"

    @property
    def conf(self) -> Path:
        """The folder of neo4j.conf."""
        return self.folder / "conf"

    @property
    def console_log(self) -> Path:
        """The output of the server since its last start."""
        return self.folder / "logs" / "console.log"

    @property
    def password_file(self) -> Path:
        """The file that contains the password and nothing else."""
        return self.folder / "password"

    @property
    def database(self) -> Path:
        """The folder of Neo4j's databases and their transaction logs."""
        return self.folder / "data"

    @property
    def port_file(self) -> Path:
        """The file with the port of the last start."""
        return self.folder / "port"

    @property
    def state_file(self) -> Path:
        """The file that says which server runs here."""
        return self.folder / "server.json"

    @property
    def lock_file(self) -> Path:
        """Held while a server is being started or stopped."""
        return self.folder / "server.lock"

    def has_store(self) -> bool:
        """Whether a server has ever been started here."""
        return (self.database / "databases" / "system").exists()

    def port(self) -> int | None:
        """The port of the last start."""
        try:
            return int(self.port_file.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def create(self) -> None:
        """Create the folders, readable by their owner alone."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.conf.mkdir(exist_ok=True)
        self.console_log.parent.mkdir(exist_ok=True)


def write_conf(home: Home, port: int, settings: Mapping[str, str]) -> None:
    """Write neo4j.conf for a server on this port of loopback; `settings` override ours."""
    address = f"127.0.0.1:{port}"
    lines = SETTINGS | {
        "server.bolt.listen_address": address,
        "server.bolt.advertised_address": address,
        **settings,
    }
    text = "".join(f"{name}={value}\n" for name, value in lines.items())
    (home.conf / "neo4j.conf").write_text(text, "utf-8")


def secure(home: Home, jars: Path) -> None:
    """Set a random password for an empty store; an existing store keeps its own.

    Neo4j's own `set-initial-password` does this, so that the default password never works, not even
    for a moment. It reads the password from our file (`@FILE`): as an argument, every user of the
    machine could see it in the list of processes. Raises `LocalServerError` if there is a store
    without its password.
    """
    if home.has_store():
        if not home.password_file.exists():
            raise password_lost(home)
        return
    if not home.password_file.exists():
        # With its mode from the beginning: between a write and a chmod every user could open it.
        write_whole(home.password_file, secrets.token_hex(PASSWORD_BYTES).encode(), 0o600)
    _set_initial_password(home, jars)


def _set_initial_password(home: Home, jars: Path) -> None:
    write_conf(home, 0, {})  # the command reads it; an earlier start may have left a bad one
    command = admin_command(jars, "dbms", "set-initial-password", f"@{home.password_file}")
    folders = {"NEO4J_HOME": str(home.folder), "NEO4J_CONF": str(home.conf)}
    try:
        process = subprocess.run(
            command,
            env=environment() | folders,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=ADMIN_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise LocalServerError(
            f"Neo4j's password could not be set within {ADMIN_SECONDS} seconds."
        ) from error
    if process.returncode != 0:
        raise LocalServerError(f"Neo4j's password could not be set:\n{tail(process.stdout)}")


def password_lost(home: Home) -> LocalServerError:
    """Return the error for a store whose password is missing or wrong."""
    return LocalServerError(
        f"The password in {home.password_file} is missing or is not the one of this store. "
        f"Delete the folder {home.folder}; the next start makes a new one, and loading the "
        "files again brings the graph back."
    )
