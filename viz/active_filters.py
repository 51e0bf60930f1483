"""The filters in a page's address: each in words, with the address without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from graph.language import count, gettext, mark
from graph.ontology import ONTOLOGY
from graph.wording import in_words

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


def _label(message: str) -> Callable[[str, Names], str]:
    return lambda value, names: gettext(message, name=names.get(value, value))


def _day(value: str, _: Names) -> str:
    return gettext("at the end of %(day)s", day=in_words(value))


def _known_by(value: str, _: Names) -> str:
    return gettext("as known by %(day)s", day=in_words(value))


def _tie_type(value: str, _: Names) -> str:
    return gettext("“%(words)s”", words=ONTOLOGY.tie_types[value].label)


def _predicate(value: str, _: Names) -> str:
    return gettext("“%(words)s”", words=gettext(ONTOLOGY.predicates[value].label))


#: How to describe each filter, by the name of its parameter. The values have been validated.
_DESCRIBE: Mapping[str, Callable[[str, Names], str]] = {
    "from": _label(mark("from %(name)s")),
    "to": _label(mark("to %(name)s")),
    "entity": _label(mark("of %(name)s")),
    "through": _label(mark("through %(name)s")),
    "source": _label(mark("supported by %(name)s")),
    "dataset": _label(mark("in the data set %(name)s")),
    "type": _tie_type,
    "status": lambda value, _: gettext(ONTOLOGY.statuses[value].label),
    "disputed": lambda value, _: (
        gettext("disputed") if value == "true" else gettext("not disputed")
    ),
    "inferred": lambda value, _: (
        gettext("inferred by the editors")
        if value == "true"
        else gettext("not inferred by the editors")
    ),
    "min_independent": lambda value, _: count(
        int(value),
        "at least %(num)s independent account",
        "at least %(num)s independent accounts",
    ),
    "as_of": _day,
    "known_by": _known_by,
    "certain": lambda _value, _names: gettext("only if certain"),
    "predicate": _predicate,
    "first": lambda value, _: gettext("from %(year)s on", year=value),
    "last": lambda value, _: gettext("up to %(year)s", year=value),
    "depth": lambda value, _: count(int(value), "within %(num)s hop", "within %(num)s hops"),
    "expand": _label(mark("with what is around %(name)s")),
    "limit": lambda value, _: count(
        int(value), "at most %(num)s entity", "at most %(num)s entities"
    ),
    "k": lambda value, _: count(int(value), "at most %(num)s chain", "at most %(num)s chains"),
}
