"""Sightlines: the command line, and a client for notebooks: `from sightlines import Client`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

#: Of the server and of the client that it hands out.
__version__ = "0.1.0"

if TYPE_CHECKING:
    from sightlines.client import Client, SightlinesProblem

__all__ = ["Client", "SightlinesProblem"]


def __getattr__(name: str) -> Any:
    """Bring the client when somebody asks for it: the command line starts without it (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from sightlines import client

    return getattr(client, name)
