"""Changes of one claim in the text of its file, alone or in a group; all else in it stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from graph.dataset.read_yaml import values
from graph.dataset.yaml_text import (
    root_of,
    value_of,
    with_fields,
    with_group,
    with_item,
    without_item,
)
from graph.exchange.claim_fields import as_items, short, single
from graph.exchange.written_claims import ClaimNode, Fields, around, claim_nodes

#: What a claim shares with another one on the same words.
SHARED = ("said_by", "evidence")


class NewClaim(NamedTuple):
    """The text of a file with a new claim, and the number of that in the file, from 0."""

    text: str
    number: int


def with_claim_fields(text: str, number: int, fields: Fields, source: str) -> str:
    """Return the text of a file with fields of a claim set; an empty value takes one out.

    What the claim no longer shares with its group goes into each claim of that. `source` is the
    source of the claim.
    """
    for name in _unshared(_node(text, number), fields):
        text = _apart(text, number, name)
    node = _node(text, number)
    return with_fields(text, node.node, _own(text, node, fields, source), "claim")


def with_claim_beside(text: str, number: int, fields: Fields, source: str) -> NewClaim | None:
    """Return the text of a file with a new claim in the group of another one.

    One that is alone becomes a group with it, which has the `SHARED` fields of both. None where
    its layout does not allow that.
    """
    node = _node(text, number)
    if node.group is not None:
        its = _present(_own(text, node, fields, source))
        return NewClaim(
            with_item(text, node.items, its), number + len(node.items.value) - node.place
        )
    shared = around(root_of(text), node) | values(node.node)
    its = _present(short({n: v for n, v in fields.items() if n not in SHARED}, shared, source))
    new = with_group(text, node.items, node.place, ("source", *SHARED), its)
    return None if new is None else NewClaim(new, number + 1)


def without_claim(text: str, number: int) -> str:
    """Return the text of a file without a claim; the last one of a group takes that with it."""
    node = _node(text, number)
    if node.group is None or len(node.items.value) > 1:
        return without_item(text, node.items, node.place)
    claims = value_of(root_of(text), "claims")
    assert isinstance(claims, yaml.SequenceNode)
    starts = [item.start_mark.index for item in claims.value]
    return without_item(text, claims, starts.index(node.group.start_mark.index))


def _node(text: str, number: int) -> ClaimNode:
    return claim_nodes(root_of(text))[number]


def _present(fields: Fields) -> dict[str, Any]:
    """Return the fields that have a value; the predicate is the first thing to be written."""
    return {n: v for n, v in fields.items() if v is not None} or {"predicate": ""}


def _own(text: str, node: ClaimNode, fields: Fields, source: str) -> dict[str, Any]:
    """Return fields as the claim itself has them: without what its group and defaults say."""
    shared = around(root_of(text), node)
    passages = list(map(_as_read, as_items(shared.pop("evidence", None))))
    own = dict(fields)
    if passages and "evidence" in own:
        own["evidence"] = [i for i in as_items(own["evidence"]) if _as_read(i) not in passages]
    return short(own, shared, source)


def _unshared(node: ClaimNode, fields: Fields) -> list[str]:
    """Return the fields of a claim's group that the claim will no longer have."""
    shared = values(node.group) if node.group is not None else {}
    result = []
    for name in sorted(fields.keys() & shared.keys()):
        value = fields[name]
        if name == "evidence":
            after = list(map(_as_read, as_items(value)))
            if not all(_as_read(item) in after for item in as_items(shared[name])):
                result.append(name)
        elif value in ("", [], {}, None) and name not in ("said_by", "polarity", "modality"):
            result.append(name)
    return result


def _apart(text: str, number: int, name: str) -> str:
    """Return the text of a file with a field of a claim's group in each of its claims instead."""
    node = _node(text, number)
    assert node.group is not None
    shared = values(node.group)[name]
    first = number - node.place
    for member in range(first, first + len(node.items.value)):
        claim = _node(text, member).node
        own = values(claim).get(name)
        if name == "evidence":
            passages = single([*as_items(shared), *as_items(own)])
            text = with_fields(text, claim, {name: passages}, "claim")
        elif own is None:
            text = with_fields(text, claim, {name: shared}, "claim")
    group = _node(text, number).group
    assert group is not None
    return with_fields(text, group, {name: None}, "claim")


def _as_read(item: Any) -> Any:
    """Return a passage as a file has it: a locator of texts, or words."""
    return {k: str(v) for k, v in item.items()} if isinstance(item, Mapping) else item
