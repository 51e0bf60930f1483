"""What the client raises, and its one warning.

::

    ClientError
    ├── SightlinesProblem        the API answered with a problem; `problem` holds all of it
    │   └── Outdated             the graph was loaded anew: the answer would be of two snapshots
    ├── Unreachable              nobody answers at that address
    └── Unreadable               somebody answers, in another shape than this client reads

    UserWarning
    └── LeftOut                  records that the question meets are not in what was made of it

An argument that cannot be sent is a `ValueError`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from sightlines.client.objects import Problem

_OUTDATED = (
    "The graph was loaded anew meanwhile. Ask again from the beginning; client.at() gives a client "
    "whose answers are all of one snapshot."
)


class ClientError(Exception):
    """The root."""


class SightlinesProblem(ClientError):
    """The API answered with a problem: `problem` is all of it, the text what a person needs."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(_words(problem))
        self.problem = problem

    @property
    def code(self) -> str:
        """What went wrong, as a word that is never renamed: `not_found`, `bad_value`."""
        return self.problem.code

    @property
    def status(self) -> int:
        """The status of the answer in HTTP."""
        return self.problem.status


class Outdated(SightlinesProblem):
    """What was asked for is of a snapshot that the store no longer holds."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.args = (f"{self} {_OUTDATED}",)


class Unreachable(ClientError):
    """Nobody answers at the address, or not in time."""


class Unreadable(ClientError):
    """What answers there is no API of Sightlines, or one of another shape."""


class LeftOut(UserWarning):
    """Not everything that the question meets is here; the text says what, and how to get it."""


def error_of(problem: Problem) -> SightlinesProblem:
    """Return the error of a problem."""
    return Outdated(problem) if problem.status == 409 else SightlinesProblem(problem)


def warn_left_out(notices: Sequence[str], cut: bool) -> None:
    """Warn of what is left out, in the API's own words, where something is."""
    if cut:
        warnings.warn(" ".join(notices) or "Some records are left out.", LeftOut, stacklevel=3)


def _words(problem: Problem) -> str:
    """The detail, and what may have been meant: of parameters and values, then of records."""
    suggestions = [word for fault in problem.errors for word in fault.did_you_mean]
    similar = [f"{record.id} ({record.label})" for record in problem.near if "label" in record]
    hint = [f"Did you mean {' or '.join(suggestions)}?"] if suggestions else []
    ids = [f"Near: {', '.join(similar)}."] if similar else []
    return " ".join([problem.detail, *hint, *ids])
