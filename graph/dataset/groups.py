"""The short form of claims in YAML: what several claims share is written once. See docs/data.md.

A claim takes the fields that it lacks from its group, and from the `defaults` of its file. One with
several attribution chains is a claim for each. All of this is done on nodes, so that every value
keeps the line and the column at which a person wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import inf

import yaml

#: Fields of a node: the node of each name with the node of its value.
Fields = Mapping[str, tuple[yaml.Node, yaml.Node]]

#: What is said of one claim and of no other.
SINGLE = ("reviewed_by", "supersedes", "retracted")
#: In a role, it stands for the last link of the chain: the one who speaks.
SPEAKER = "said_by"
_TEXT, _LIST, _MAP = (f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))


def shared_fields(scope: yaml.MappingNode, outer: Fields | None = None) -> Fields:
    """Return the fields that hold for every claim below a group, or below the defaults of a file.

    `outer` are those that hold around it: its own replace them, and passages are added to them.
    """
    return _combined(scope, outer or {})


def is_group(node: yaml.Node) -> bool:
    """Whether an item of a list of claims is a group: it has `claims` of its own."""
    return isinstance(node, yaml.MappingNode) and any(
        key.value == "claims" for key, _ in node.value
    )


def members(group: yaml.MappingNode) -> yaml.Node:
    """Return the value of `claims` in a group."""
    value: yaml.Node = next(value for key, value in group.value if key.value == "claims")
    return value


def claim_nodes(claim: yaml.MappingNode, shared: Fields) -> Iterator[yaml.MappingNode]:
    """Yield a claim with all of its fields, once for each of its chains.

    Where the source is shared, chains leave it out.
    """
    fields = _combined(claim, shared)
    own = {key.value for key, value in claim.value if not _is_missing(value)}
    source = fields["source"] if "source" in fields and "source" not in own else None
    for chain in _chains(fields, source):
        pairs = {**fields, **chain}
        if "roles" in pairs and "said_by" in pairs:
            key, roles = pairs["roles"]
            pairs["roles"] = key, _with_speaker(roles, pairs["said_by"][1])
        yield yaml.MappingNode(_MAP, list(pairs.values()), claim.start_mark, claim.end_mark)


def _combined(node: yaml.MappingNode, outer: Fields) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    fields = dict(outer)
    for key, value in reversed(node.value):  # of duplicate keys, the first one counts
        if key.value != "claims" and not _is_missing(value):
            fields[key.value] = key, value
    if "evidence" in fields:
        key, value = fields["evidence"]
        passages = _items(value)
        if "evidence" in outer and outer["evidence"][1] is not value:
            passages = [*_items(outer["evidence"][1]), *passages]
        if all(isinstance(passage, yaml.MappingNode | yaml.ScalarNode) for passage in passages):
            fields["evidence"] = key, _sequence(sorted(passages, key=_place), value)
    return fields


def _chains(
    fields: Fields, source: tuple[yaml.Node, yaml.Node] | None
) -> Iterator[dict[str, tuple[yaml.Node, yaml.Node]]]:
    """Yield `said_by` for each chain of a claim; nothing to say where it has none."""
    if "said_by" not in fields:
        if source:
            key, value = source
            name = yaml.ScalarNode(_TEXT, "said_by", key.start_mark, key.end_mark)
            yield {"said_by": (name, value)}
        else:
            yield {}
        return
    key, value = fields["said_by"]
    several = [item for item in _items(value) if isinstance(item, yaml.SequenceNode)]
    whole = len(several) == len(_items(value)) > 0
    for chain in several if whole else [value]:
        links = _items(chain)
        if source and (not links or links[0].value != source[1].value):
            links = [source[1], *links]
        yield {"said_by": (key, _sequence(links, chain) if source or whole else value)}


def _with_speaker(roles: yaml.Node, chain: yaml.Node) -> yaml.Node:
    """Return roles in which the speaker's place is filled with the last link of a chain."""
    last = _items(chain)[-1] if _items(chain) else None
    if not isinstance(roles, yaml.MappingNode) or not isinstance(last, yaml.ScalarNode):
        return roles

    def with_speaker(node: yaml.Node) -> yaml.Node:
        if isinstance(node, yaml.ScalarNode) and node.value == SPEAKER:
            return yaml.ScalarNode(_TEXT, last.value, node.start_mark, node.end_mark, last.style)
        if isinstance(node, yaml.SequenceNode):
            return _sequence([with_speaker(item) for item in node.value], node)
        return node

    pairs = [(key, with_speaker(value)) for key, value in roles.value]
    return yaml.MappingNode(_MAP, pairs, roles.start_mark, roles.end_mark)


def _place(passage: yaml.Node) -> tuple[float, int]:
    """Return paragraph and start of a passage, in whose order a reader meets them.

    Words that no locator pins yet come last.
    """
    if isinstance(passage, yaml.ScalarNode):
        return inf, 0
    fields = {key.value: value.value for key, value in passage.value}
    numbers = [str(fields.get(name, "")) for name in ("paragraph", "start")]
    paragraph, start = (int(text) if text.isdecimal() else 0 for text in numbers)
    return paragraph, start


def _items(node: yaml.Node) -> list[yaml.Node]:
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def _sequence(items: list[yaml.Node], place: yaml.Node) -> yaml.SequenceNode:
    return yaml.SequenceNode(_LIST, items, place.start_mark, place.end_mark)


def _is_missing(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and not node.value
