"""The "cite this" block of an answer."""

from __future__ import annotations

from api.answers import common
from api.request import Context
from graph.citation import Citation, Seen


def seen(ask: Context) -> Seen:
    """Return where and in what an answer was seen; only after something was asked."""
    state = ask.settled
    assert state.snapshot and state.data_set and state.completed_on
    return Seen(ask.permalink(), state.snapshot, state.data_set, state.completed_on.date())


def citation(found: Citation) -> common.Citation:
    """Return a citation as the API shows it."""
    return common.Citation(text=found.text, bibtex=found.bibtex, csl=dict(found.csl))
