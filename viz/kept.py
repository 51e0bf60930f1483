"""What a page is narrowed to by its address: each filter in words, and the address without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from graph.ontology import ONTOLOGY
from viz import words

Pair = tuple[str, str]
Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """One filter in words, and the address of the page without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a page; `given` are the parameters of its address, in their order.

    Without an `action`, as on a static site, a page takes no filter.
    """

    action: str = ""
    given: Sequence[Pair] = ()
    kept: Sequence[Kept] = ()
    none: str = ""

    def value(self, name: str) -> str:
        """What a parameter is, or nothing; the last of several."""
        return dict(self.given).get(name, "")

    def besides(self, *names: str) -> list[Pair]:
        """The parameters that a form with fields of these names has to carry along."""
        return [(name, value) for name, value in self.given if name not in names]


#: A page that takes no filter.
NO_FILTERS = Filters()


def filters(action: str, given: Sequence[Pair], names: Names, ends: bool = False) -> Filters:
    """Put the parameters of a page's address into words; `names` are labels of records by id.

    `ends`: `from` and `to` say what the page is about, and are no filters.
    """
    said = {n: say for n, say in _SAID.items() if not (ends and n in ("from", "to"))}
    kept = [
        Kept(said[name](value, names), _address(action, [*given[:n], *given[n + 1 :]]))
        for n, (name, value) in enumerate(given)
        if name in said
    ]
    bare = _address(action, [pair for pair in given if pair[0] not in said])
    return Filters(action, tuple(given), tuple(kept), bare)


def _address(path: str, given: Sequence[Pair]) -> str:
    return f"{path}?{urlencode(given)}" if given else path


def _named(words_before: str) -> Callable[[str, Names], str]:
    return lambda value, names: f"{words_before} {names.get(value, value)}"


def _day(value: str, _: Names) -> str:
    return f"at the end of {words.edtf(value)}"


def _known(value: str, _: Names) -> str:
    return f"as known by {words.edtf(value)}"


def _tie_type(value: str, _: Names) -> str:
    return f"“{ONTOLOGY.tie_types[value].label}”"


def _count(before: str, one: str, many: str | None = None) -> Callable[[str, Names], str]:
    return lambda value, _: f"{before} {words.count(int(value), one, many)}"


#: Each filter by the name of its parameter; pages are given values that were checked.
_SAID: Mapping[str, Callable[[str, Names], str]] = {
    "from": _named("from"),
    "to": _named("to"),
    "entity": _named("of"),
    "through": _named("through"),
    "source": _named("resting on"),
    "type": _tie_type,
    "status": lambda value, _: ONTOLOGY.statuses[value].label,
    "disputed": lambda value, _: "disputed" if value == "true" else "not disputed",
    "min_origins": _count("at least", "independent origin"),
    "as_of": _day,
    "known_by": _known,
    "certain": lambda _value, _names: "only if certain",
    "predicate": lambda value, _: f"“{ONTOLOGY.predicates[value].label}”",
    "first": lambda value, _: f"from {value} on",
    "last": lambda value, _: f"up to {value}",
    "depth": _count("within", "hop"),
    "limit": _count("at most", "entity", "entities"),
    "k": _count("at most", "chain"),
}
