"""The claims that a file has, whole or not, with the places of their evidence in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from graph.dataset.edit_yaml import items
from graph.dataset.files import DataFile, RawRecord
from graph.dataset.groups import is_group
from graph.dataset.read_jsonl import read_jsonl
from graph.dataset.yaml_text import root_of, value_of
from graph.errors import BadText, InputError
from graph.exchange.file_steps import text_of
from graph.text import Text, digest, locate, passage

Fields = Mapping[str, Any]


class Place(NamedTuple):
    """A claim in a file: the file's name in the folder, and its number in the list, from 0."""

    file: str
    number: int


class Span(NamedTuple):
    """A passage of a text: from `start` up to `end` of a paragraph, as in a locator."""

    paragraph: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A claim as a file has it, whole or not: `values` are its fields, with those of the defaults.

    `words` are passages that no locator pins. `place` is None where it cannot be changed here: in a
    group, with several chains, or in JSON lines.
    """

    file: str
    line: int
    number: int
    values: Fields
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    place: Place | None


def claims_of(file: DataFile, name: str, text: Text | None) -> Iterator[WrittenClaim]:
    """Yield the claims of a file; `text` finds the places of words that no locator pins."""
    if not file.is_yaml:
        for raw in read_jsonl(file, True, lambda _: None):
            if isinstance(raw, RawRecord):
                yield _written(raw, name, text, None)
        return
    root = None
    with suppress(InputError):
        root = root_of(text_of(file.path))
    claims = value_of(root, "claims")
    nodes = claims.value if isinstance(claims, yaml.SequenceNode) else []
    indices = {
        (node.start_mark.line + 1, node.start_mark.column + 1): index
        for index, node in enumerate(nodes)
        if isinstance(node, yaml.MappingNode) and not is_group(node)
    }
    for item in items(file):
        index = indices.get((item.line, item.column))
        alone = index is not None and len(item.records) == 1
        for raw in item.records:
            yield _written(
                raw, name, text, Place(name, index) if alone and index is not None else None
            )


def _written(raw: RawRecord, name: str, text: Text | None, place: Place | None) -> WrittenClaim:
    fields = raw.values()
    words = tuple(quotation.words for quotation in raw.quotations)
    return WrittenClaim(
        name, raw.line, raw.number, fields, words, tuple(_spans(fields, words, text)), place
    )


def _spans(fields: Fields, words: Iterable[str], text: Text | None) -> Iterator[Span]:
    evidence = fields.get("evidence", [])
    for locator in evidence if isinstance(evidence, list) else [evidence]:
        with suppress(TypeError, ValueError, KeyError):
            yield Span(*(int(locator[key]) for key in Span._fields))
    for quotation in words if text else ():
        with suppress(BadText):
            assert text is not None
            places = locate(text, quotation)
            if len(places) == 1:
                yield from (Span(p.paragraph, p.start, p.end) for p in places[0])


def locator_of(text: Text, span: Span) -> dict[str, Any]:
    """Return the locator of a passage, as claims have it."""
    words = passage(text, *span)
    return {**span._asdict(), "sha256": digest(words)}
