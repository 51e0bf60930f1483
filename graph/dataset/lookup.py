"""Entities and sources by their names, from files: the ids that claims are written with.

Nothing is validated, and no server is needed: it serves people while they write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from graph.dataset.files import RawRecord, find_files
from graph.dataset.read_jsonl import read_jsonl
from graph.dataset.read_yaml import read_yaml
from graph.errors import InputError
from graph.fold import fold
from graph.matching import HOWS, best, forms, similarity

#: The least similarity (0 to 100) of a name that does not have the words sought.
_MIN_SIMILARITY = 70


class Entry(NamedTuple):
    """An entity or a source as a file has it. `type` is an entity's type, or a source's kind."""

    kind: str
    id: str
    type: str
    label: str
    names: tuple[str, ...]
    place: str


def raw_records(paths: Sequence[Path], *, claims: bool) -> Iterator[RawRecord]:
    """Yield the claims in files and folders, or all other records, as far as they can be read.

    A file that cannot be opened is left out: `check` says so. Raises `InputError` for a path at
    which there is nothing.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"{path}: no such file or folder. Check the path.")
    for file in find_files(paths)[0]:
        with suppress(OSError):
            items = read_yaml(file) if file.is_yaml else read_jsonl(file, claims, lambda _: None)
            for item in items:
                if isinstance(item, RawRecord) and (item.kind == "claim") is claims:
                    yield item


def entries(records: Iterable[RawRecord]) -> Iterator[Entry]:
    """Yield the entities and the sources among records, each id once, whatever they lack."""
    ids: set[object] = set()
    for raw in records:
        values = raw.values()
        record_id, names = values.get("id"), tuple(_names(values))
        if raw.kind not in ("entity", "source") or not isinstance(record_id, str):
            continue
        if record_id not in ids:
            ids.add(record_id)
            type_ = str(values.get("type" if raw.kind == "entity" else "kind", ""))
            label = names[0] if names else record_id
            yield Entry(raw.kind, record_id, type_, label, names, str(raw.position()))


def _names(values: dict[str, Any]) -> Iterator[str]:
    names = values.get("names")
    for name in names if isinstance(names, list) else [names]:
        text = name.get("text") if isinstance(name, dict) else name
        if isinstance(text, str):
            yield text
    if isinstance(title := values.get("title"), str):
        yield title


def find(name: str, among: Iterable[Entry], limit: int) -> list[tuple[str, Entry]]:
    """Return the entries that a name, or a part of one, may mean, and the name that matches.

    The best come first: the same name, one that begins so, one with all words, and then similar
    ones. Words match as in the search of the program, in any script (`graph.fold`). None if the
    name has no letter or digit.
    """
    query = forms(name)
    if not query:
        return []
    matches = []
    for entry in among:
        texts = [(text, text) for text in (*entry.names, entry.id) if fold(text)]
        how, text = best(texts, query)
        score = similarity(text, query)
        if how != "close" or score >= _MIN_SIMILARITY:
            matches.append((HOWS.index(how), -score, entry.id, text, entry))
    return [(text, entry) for *_, text, entry in sorted(matches)[:limit]]
