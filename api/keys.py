"""The keys of a server: each has a holder and scopes, and the file that keeps them.

Only the SHA-256 of a key is kept: it has 256 random bits, so that nothing slower is needed.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from graph.disk import write_whole

Right = Literal["read", "cypher", "quotes"]
RIGHTS: tuple[Right, ...] = get_args(Right)


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was given out: to whom, the SHA-256 of it, and what it may do."""

    name: str
    sha256: str
    scopes: frozenset[Right]


def fingerprint(token: str) -> str:
    """Return what is kept of a key."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_key(name: str, scopes: Iterable[Right]) -> tuple[str, Key]:
    """Make a key; the text is shown once, to whoever gets it, and is kept nowhere."""
    token = secrets.token_urlsafe(32)
    return token, Key(name, fingerprint(token), frozenset(scopes))


def read_keys(file: Path) -> dict[str, Key]:
    """Read the keys of a file by their fingerprints; none where there is no file.

    Raises `ValueError` for a file that is not of the shape that `write_keys` writes.
    """
    if not file.exists():
        return {}
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
        keys = [Key(e["name"], e["sha256"], frozenset(e["scopes"])) for e in entries]
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{file} holds no keys of Sightlines") from error
    return {key.sha256: key for key in keys}


def write_keys(file: Path, keys: Mapping[str, Key]) -> None:
    """Write the keys, readable for their owner alone; whole or not at all."""
    entries = [
        {"name": key.name, "sha256": key.sha256, "scopes": sorted(key.scopes)}
        for key in sorted(keys.values(), key=lambda key: key.name)
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, f"{json.dumps(entries, indent=1)}\n".encode(), 0o600)
