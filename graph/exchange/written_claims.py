"""The claims that a file has, whole or not, with the places of their evidence in a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml

from graph.dataset.edit_yaml import items
from graph.dataset.files import DataFile, RawRecord
from graph.dataset.groups import is_group, members
from graph.dataset.read_jsonl import read_jsonl
from graph.dataset.read_yaml import values
from graph.dataset.yaml_text import root_of, value_of
from graph.errors import BadText, InputError
from graph.exchange.file_steps import text_of
from graph.text import Text, digest, locate, passage

Fields = Mapping[str, Any]


class Place(NamedTuple):
    """A claim in a file: the file's name in the folder, and its number in the file, from 0.

    Those in groups count one by one; a claim with several chains is one.
    """

    file: str
    number: int


class Span(NamedTuple):
    """A passage of a text: from `start` up to `end` of a paragraph, as in a locator."""

    paragraph: int
    start: int
    end: int


class ClaimNode(NamedTuple):
    """A claim in the nodes of a file: its list, its place in that, and its group if it has one."""

    node: yaml.MappingNode
    items: yaml.SequenceNode
    place: int
    group: yaml.MappingNode | None


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A claim as a file has it, whole or not, with the fields of its group and of the defaults.

    In the roles of `values`, `said_by` stands for the speaker, as the file has it. `chains` are the
    attribution chains, of which `values` has the first one. `words` are passages that no locator
    pins and that the text has not just once. `shared` are the fields of its group. `place` is None
    where it cannot be changed here: in JSON lines.
    """

    file: str
    line: int
    number: int
    values: Fields
    chains: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    shared: tuple[str, ...] = ()
    place: Place | None = None

    def by_chain(self) -> Iterator[Fields]:
        """Yield the fields of the claim with each of its attribution chains."""
        for chain in self.chains or ((),):
            yield {**self.values, "said_by": chain}


def claim_nodes(root: yaml.MappingNode | None) -> list[ClaimNode]:
    """Return the claims of a file, those of groups among them, in its order."""
    claims = value_of(root, "claims")
    result = []
    for index, node in enumerate(claims.value if isinstance(claims, yaml.SequenceNode) else []):
        assert isinstance(claims, yaml.SequenceNode)
        if not isinstance(node, yaml.MappingNode):
            continue
        if not is_group(node):
            result.append(ClaimNode(node, claims, index, None))
        elif isinstance(its := members(node), yaml.SequenceNode):
            among = (n for n in enumerate(its.value) if isinstance(n[1], yaml.MappingNode))
            result += [ClaimNode(member, its, number, node) for number, member in among]
    return result


def claims_of(file: DataFile, name: str, text: Text | None) -> Iterator[WrittenClaim]:
    """Yield the claims of a file; `text` finds the places of words that no locator pins."""
    if not file.is_yaml:
        for raw in read_jsonl(file, True, lambda _: None):
            if isinstance(raw, RawRecord):
                yield _written([raw], name, text)
        return
    root = None
    with suppress(InputError):
        root = root_of(text_of(file.path))
    nodes = {
        (it.node.start_mark.line + 1, it.node.start_mark.column + 1): (number, it)
        for number, it in enumerate(claim_nodes(root))
    }
    for item in items(file):
        if (item.line, item.column) in nodes:
            number, node = nodes[item.line, item.column]
            yield _written(item.records, name, text, root, node, Place(name, number))


def around(root: yaml.MappingNode | None, claim: ClaimNode) -> dict[str, Any]:
    """Return the fields that a claim has from its group and from the defaults of its file."""
    scopes = [value_of(root, "defaults"), claim.group]
    return {
        name: value
        for scope in scopes
        if isinstance(scope, yaml.MappingNode)
        for name, value in values(scope).items()
        if name != "claims"
    }


def _written(
    records: Sequence[RawRecord],
    name: str,
    text: Text | None,
    root: yaml.MappingNode | None = None,
    node: ClaimNode | None = None,
    place: Place | None = None,
) -> WrittenClaim:
    raw = records[0]
    fields = raw.values()
    if node is not None and "roles" in fields:
        roles = (around(root, node) | values(node.node)).get("roles")
        fields["roles"] = roles if isinstance(roles, dict) else fields["roles"]
    chains = tuple(
        tuple(map(str, chain if isinstance(chain, list) else [chain]))
        for record in records
        if (chain := record.values().get("said_by"))
    )
    words = [quotation.words for quotation in raw.quotations]
    spans_by_words = [(w, place_of(w, text)) for w in words]
    spans = [*locators_of(fields), *(span for _, its in spans_by_words for span in its)]
    return WrittenClaim(
        name,
        raw.line,
        raw.number,
        fields,
        chains,
        tuple(w for w, its in spans_by_words if not its),
        tuple(spans),
        tuple(key.value for key, _ in node.group.value if key.value != "claims")
        if node and node.group
        else (),
        place,
    )


def locators_of(fields: Fields) -> dict[Span, dict[str, Any]]:
    """Return the locators of a claim by their passages, as far as they have one."""
    result = {}
    evidence = fields.get("evidence", [])
    for locator in evidence if isinstance(evidence, list) else [evidence]:
        with suppress(TypeError, ValueError, KeyError):
            result[Span(*(int(locator[key]) for key in Span._fields))] = locator
    return result


def place_of(words: str, text: Text | None) -> list[Span]:
    """Return where words stand in a text, in each paragraph; empty unless that is one place."""
    if text is not None:
        with suppress(BadText):
            places = locate(text, words)
            if len(places) == 1:
                return [Span(p.paragraph, p.start, p.end) for p in places[0]]
    return []


def locator_of(text: Text, span: Span) -> dict[str, Any]:
    """Return the locator of a passage, as claims have it."""
    words = passage(text, *span)
    return {**span._asdict(), "sha256": digest(words)}
