"""The values that a mapping makes of a row: templates, and the steps after them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from graph import dates
from graph.errors import BadDate
from graph.exchange.mapping import (
    PLACEHOLDER,
    Block,
    Condition,
    PeriodMapping,
    Template,
    Value,
)
from graph.faults import did_you_mean, shorten

#: A time and its zone after a day: `2023-02-24T00:00:00Z`.
_TIME = re.compile(r"([T ][0-9:.]+)?(Z|[+-][0-9]{2}:[0-9]{2})?$")
#: White space that a text of one line does not have.
_LINES = re.compile(r"[\t\n\r\u2028\u2029]")
#: What a format of `strptime` has of a date, from the year to the day.
_PARTS = (("%Y", "%y"), ("%m", "%b", "%B"), ("%d",))
_LENGTHS = (4, 7, 10)


class RowFault(Exception):
    """What is wrong with a row: the column, the value there, the message and a hint."""

    def __init__(self, column: str, value: object, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.column, self.value, self.message, self.hint = column, shorten(value), message, hint


class Item(NamedTuple):
    """A value of a row and the keys that lead to it, joined with dots."""

    path: str
    value: Any


class RowValues:
    """The values of one row, with those that `each` names; `used` has the paths that were read."""

    def __init__(
        self,
        values: Mapping[str, Any],
        lookups: Mapping[str, Mapping[str, str]],
        empty: Collection[str] = (),
        names: Mapping[str, Item] | None = None,
    ) -> None:
        self._values, self._lookups, self._empty = values, lookups, empty
        self._names = names or {}
        self.used: dict[str, None] = {}

    def each(self, block: Block) -> Iterator[RowValues]:
        """Yield the row once for each combination of what `each` of a block names."""
        for row in self._named([*block.each.items()]):
            if row.meet(block.only) and not (block.unless and row.meet(block.unless)):
                row.used.clear()
                yield row

    def _named(self, values: Sequence[tuple[str, Value]]) -> Iterator[RowValues]:
        """Yield the row with each combination of names; one may be made of those before it."""
        if not values:
            yield RowValues(self._values, self._lookups, self._empty, self._names)
            return
        (name, value), *rest = values
        for item in self._items(value):
            names = {**self._names, name: item}
            yield from RowValues(self._values, self._lookups, self._empty, names)._named(rest)

    def meet(self, condition: Condition) -> bool:
        """Whether the row has one of the values in each column."""
        return all(
            not {text for _, text in self._texts(column)}.isdisjoint(wanted)
            or ("" in wanted and not self._texts(column))
            for column, wanted in condition.items()
        )

    def all(self, value: Value) -> list[str]:
        """Return the texts of a value, each once. Raises `RowFault`."""
        return list(dict.fromkeys(item.value for item in self._items(value)))

    def one(self, value: Value | None) -> str | None:
        """Return the text of a value, or None without one. Raises `RowFault` for several."""
        if value is None:
            return None
        texts = self.all(value)
        if len(texts) > 1:
            raise _several(value.column, texts, "one belongs here")
        return texts[0] if texts else None

    def period(self, when: PeriodMapping | None) -> str | None:
        """Return a date or a period in EDTF. Raises `RowFault`."""
        if when is None:
            return None
        if when.at is not None:
            return self.one(when.at)
        start, end = self.one(when.start) or "", self.one(when.end) or ""
        if not (start or end):
            return None
        return f"{start}/{end or ('..' if when.goes_on else '')}"

    def _items(self, value: Value) -> list[Item]:
        if len(value.templates) == 1:
            items = self._template(value.templates[0])
        else:
            made = [item.value for t in value.templates for item in self._template(t)]
            items = [Item(value.column, value.join.join(made))] if made else []
        if value.plain or not items:
            return items
        if value.find is not None:
            group = 1 if value.pattern.groups else 0
            items = [Item(p, m[group]) for p, t in items for m in value.pattern.finditer(t)]
        if value.split is not None:
            items = [Item(p, part) for p, t in items for part in t.split(value.split)]
        items = [Item(p, t) for p, text in items if text and (t := text.strip())]
        if value.words:
            items = [Item(p, _by_words(value, t)) for p, t in items]
        if value.lookup is not None:
            items = [Item(p, self._look_up(value, t)) for p, t in items]
        if value.dates:
            items = [Item(p, _date(value.column, t, value.dates)) for p, t in items]
        if value.case is not None:
            items = [Item(p, getattr(t, value.case)()) for p, t in items]
        if value.cut is not None:
            items = [Item(p, _shortened(t, value.cut)) for p, t in items]
        return [item for item in items if item.value]

    def _template(self, template: Template) -> list[Item]:
        """Return what a template is; nothing if one of its placeholders is empty."""
        if not template.names:
            return [Item("", template.text)]
        if template.whole:
            return self._read(template.names[0])
        texts: dict[str, str] = {}
        for name in template.names:
            items = self._texts(name)
            if len(items) > 1:
                raise _several(
                    name, [i.value for i in items], f"one belongs into {template.text!r}"
                )
            if not items:
                return []
            texts[name] = items[0].value
        text = PLACEHOLDER.sub(lambda match: texts[match[1]], template.text)
        return [Item(template.names[0], text)]

    def _texts(self, name: str) -> list[Item]:
        return [item for item in self._read(name) if isinstance(item.value, str)]

    def _read(self, name: str) -> list[Item]:
        """Return the values at a place of the row, and note that it was read."""
        value = self._values.get(name)
        if isinstance(value, str) and name not in self._names:
            # A cell, as nearly every value is.
            text = self._cell(value)
            if not text:
                return []
            self.used[name] = None
            return [Item(name, text)]
        if value is not None and name not in self._names:
            items = self._filled(Item(name, value), ())
        else:
            first, *rest = name.split(".")
            if first in self._names:
                items = self._filled(self._names[first], rest)
            elif first in self._values:
                items = self._filled(Item(first, self._values[first]), rest)
            else:
                return []
        for item in items:
            self.used[item.path] = None
        return items

    def _filled(self, start: Item, keys: Sequence[str]) -> list[Item]:
        """Return the values at the end of some keys that are not empty."""
        items = []
        for path, value in _walk(start, keys):
            if not isinstance(value, str):
                items.append(Item(path, value))
            elif text := self._cell(value):
                items.append(Item(path, text))
        return items

    def _cell(self, value: str) -> str:
        """Return a text on one line; empty for what stands for nothing."""
        text = value.strip()
        if text in self._empty:
            return ""
        return " ".join(text.split()) if _LINES.search(text) else text

    def _look_up(self, value: Value, text: str) -> str:
        table = self._lookups[value.lookup or ""]
        if text not in table and value.unlisted == "fault":
            message = f"'{shorten(text)}' is not in the look-up table {value.lookup!r}"
            raise RowFault(value.column, text, message, did_you_mean(text, table))
        return table.get(text, text)


def _several(column: str, texts: Sequence[str], why: str) -> RowFault:
    message = f"there are {len(texts)} values, and {why}"
    return RowFault(column, texts[1], message, f"`{{{column}.0}}` is the first; or use `each`.")


def _walk(item: Item, keys: Sequence[str]) -> Iterator[Item]:
    """Yield what is at the end of some keys; a list on the way gives all, or one by its number."""
    path, value = item
    if isinstance(value, list):
        if keys and keys[0].isdigit():
            if int(keys[0]) < len(value):
                yield from _walk(Item(f"{path}.{keys[0]}", value[int(keys[0])]), keys[1:])
            return
        for number, part in enumerate(value):
            yield from _walk(Item(f"{path}.{number}", part), keys)
    elif not keys:
        yield item
    elif isinstance(value, Mapping):
        if keys[0] in value:
            yield from _walk(Item(f"{path}.{keys[0]}", value[keys[0]]), keys[1:])
    elif [*keys] == ["0"]:
        # One value stands for a list of one, as XML has it.
        yield item


def _by_words(value: Value, text: str) -> str:
    for pattern, result in value.patterns:
        if pattern.search(text):
            return result
    raise RowFault(value.column, text, f"no expression of `words` is in '{shorten(text)}'")


def _date(column: str, text: str, formats: Iterable[str]) -> str:
    """Return a date in EDTF, as exact as the first format that it has."""
    for form in formats:
        if form == "edtf":
            day = _TIME.sub("", text)
            try:
                dates.parse(day)
            except BadDate:
                continue
            return day
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        parts = sum(1 for names in _PARTS if any(name in form for name in names))
        return moment.date().isoformat()[: _LENGTHS[max(parts, 1) - 1]]
    message = f"'{shorten(text)}' is not a date of the form {' or '.join(formats)}"
    raise RowFault(column, text, message)


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    start = text[: most - 1]
    return f"{start[: start.rfind(' ')] if ' ' in start[most // 2 :] else start}…"
