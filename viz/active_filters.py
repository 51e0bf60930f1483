"""The filters in a page's address: each in words, with the address without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from graph.ontology import ONTOLOGY
from graph.wording import in_words
from viz import words

Pair = tuple[str, str]
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One filter in words, and the address of the page without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a page; `params` are the parameters of its address, in order.

    `active` are the filters among them, `clear` is the address without any. Without an `action`, as
    on a static site, a page takes no filter.
    """

    action: str = ""
    params: Sequence[Pair] = ()
    active: Sequence[ActiveFilter] = ()
    clear: str = ""

    def value(self, name: str) -> str:
        """The value of a parameter, the last of several; empty where it is absent."""
        return dict(self.params).get(name, "")

    def adding(self, name: str, value: str) -> str:
        """The address of the page with one more parameter; empty where it takes none."""
        return _address(self.action, [*self.params, (name, value)]) if self.action else ""

    def except_for(self, *names: str) -> list[Pair]:
        """The parameters that a form with fields of these names passes on as hidden fields."""
        return [(name, value) for name, value in self.params if name not in names]


#: A page that takes no filter.
NO_FILTERS = Filters()


def filters(action: str, params: Sequence[Pair], names: Names, ends: bool = False) -> Filters:
    """Put the parameters of a page's address into words; `names` are labels of records by id.

    With `ends`, `from` and `to` are the subject of the page, not filters.
    """
    describe = {n: f for n, f in _DESCRIBE.items() if not (ends and n in ("from", "to"))}
    active = [
        ActiveFilter(
            describe[name](value, names), _address(action, [*params[:n], *params[n + 1 :]])
        )
        for n, (name, value) in enumerate(params)
        if name in describe
    ]
    clear = _address(action, [pair for pair in params if pair[0] not in describe])
    return Filters(action, tuple(params), tuple(active), clear)


def _address(path: str, params: Sequence[Pair]) -> str:
    return f"{path}?{urlencode(params)}" if params else path


def _label(before: str) -> Callable[[str, Names], str]:
    return lambda value, names: f"{before} {names.get(value, value)}"


def _day(value: str, _: Names) -> str:
    return f"at the end of {in_words(value)}"


def _known_by(value: str, _: Names) -> str:
    return f"as known by {in_words(value)}"


def _tie_type(value: str, _: Names) -> str:
    return f"“{ONTOLOGY.tie_types[value].label}”"


def _count(before: str, one: str, many: str | None = None) -> Callable[[str, Names], str]:
    return lambda value, _: f"{before} {words.count(int(value), one, many)}"


#: How to describe each filter, by the name of its parameter. The values have been validated.
_DESCRIBE: Mapping[str, Callable[[str, Names], str]] = {
    "from": _label("from"),
    "to": _label("to"),
    "entity": _label("of"),
    "through": _label("through"),
    "source": _label("supported by"),
    "dataset": _label("in the data set"),
    "type": _tie_type,
    "status": lambda value, _: ONTOLOGY.statuses[value].label,
    "disputed": lambda value, _: "disputed" if value == "true" else "not disputed",
    "inferred": lambda value, _: (
        "inferred by the editors" if value == "true" else "not inferred by the editors"
    ),
    "min_independent": _count("at least", "independent account"),
    "as_of": _day,
    "known_by": _known_by,
    "certain": lambda _value, _names: "only if certain",
    "predicate": lambda value, _: f"“{ONTOLOGY.predicates[value].label}”",
    "first": lambda value, _: f"from {value} on",
    "last": lambda value, _: f"up to {value}",
    "depth": _count("within", "hop"),
    "expand": _label("with what is around"),
    "limit": _count("at most", "entity", "entities"),
    "k": _count("at most", "chain"),
}
