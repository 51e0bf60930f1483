"""Neo4j's jars: which are needed (the lock), and which are present.

The lock names every jar with its size and SHA-256; nothing that differs from it is ever put on
the class path. The jars are in one folder, so that `-cp "FOLDER/*"` finds them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

VERSION = "2026.09.0"
LOCK = Path(__file__).with_name(f"neo4j-{VERSION}.lock")

THREADS = 8  # that hash at a time; hashing releases Python's lock


@dataclass(frozen=True)
class Jar:
    """One line of the lock: Maven coordinates (`classifier` may be empty), SHA-256, bytes."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def name(self) -> str:
        """The file name that Maven gives it; each occurs once in the lock."""
        parts = [self.artifact, self.version, self.classifier]
        return "-".join(part for part in parts if part) + ".jar"

    def is_whole(self, path: Path) -> bool:
        """Whether the file at `path` is this jar, byte for byte."""
        return path.is_file() and path.stat().st_size == self.size and sha256(path) == self.sha256

    def __str__(self) -> str:
        coordinates = f"{self.group}:{self.artifact}:{self.version}:{self.classifier}"
        return f"{coordinates} {self.sha256} {self.size}"


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lock(path: Path = LOCK) -> tuple[Jar, ...]:
    """Read a lock: a line for each jar, `group:artifact:version:[classifier] sha256 bytes`."""
    return tuple(_parse_line(line) for line in path.read_text("utf-8").splitlines())


def _parse_line(line: str) -> Jar:
    coordinates, digest, size = line.split()
    group, artifact, version, classifier = coordinates.split(":")
    return Jar(group, artifact, version, classifier, digest, int(size))


def jars_folder(cache: Path) -> Path:
    """The folder of this version's jars in a cache folder."""
    return cache / f"neo4j-{VERSION}"


def missing(lock: Sequence[Jar], folder: Path) -> list[Jar]:
    """The jars of the lock that are missing or incomplete in `folder`, in the order of the lock."""
    with ThreadPoolExecutor(THREADS) as pool:
        complete = pool.map(lambda jar: jar.is_whole(folder / jar.name), lock)
        return [jar for jar, here in zip(lock, complete, strict=True) if not here]
