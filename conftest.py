"""What each process of a run does before it imports the tests, of which it imports all."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator

import pytest

# The driver imports pandas where that is installed, which takes two seconds. Who uses Sightlines
# has it rarely; the tests of it import it themselves.
with pytest.MonkeyPatch.context() as patch:
    patch.setitem(sys.modules, "pandas", None)
    import neo4j  # noqa: F401
# What modules hold is no garbage: looking for it takes a tenth of the time of their import.
gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect garbage again once the tests are imported, and of what comes after them alone."""
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
