"""What the address of a page narrows it to, for `viz.active_filters`."""

from __future__ import annotations

from collections.abc import Mapping

from api.parameters import Read
from api.request import GraphRequest
from graph.model import Subgraph
from viz.active_filters import Filters, Pair, filters

#: The parameters of a moment.
TIMES = ("as_of", "known_by", "certain")


def narrowed(
    request: GraphRequest, params: Read, names: Mapping[str, str], *, ends: bool = False
) -> Filters:
    """Return the filters that a page was asked with, as they were understood."""
    return filters(request.http.url.path, pairs(params), names, ends)


def pairs(params: Read) -> list[Pair]:
    """Return the parameters that are no default, in the order of the model, as an address has them.

    The snapshot is none of them: whoever changes a filter asks anew.
    """
    fields = params.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"snapshot", "seen_in"}
    )
    return [(name, _text(value)) for name, values in fields.items() for value in _every(values)]


def _every(values: object) -> list[object]:
    return values if isinstance(values, list) else [values]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def names_in(graph: Subgraph) -> dict[str, str]:
    """Return the labels of all that a piece of the graph names, by id."""
    titles = {i: source.title for i, source in graph.sources.items()}
    return {**graph.names, **titles, **{i: entity.label for i, entity in graph.entities.items()}}
