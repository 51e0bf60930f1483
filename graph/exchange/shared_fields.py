"""What all claims of a file share: its `defaults`, read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from graph.dataset.yaml_text import root_of, value_of, value_text, with_fields
from graph.errors import InputError
from graph.exchange.claim_fields import as_items, defaults_of, short
from graph.exchange.written_claims import Fields

#: The fields that a page sets for all claims of a file. What else the defaults have is for editors.
SHAREABLE = (
    "modality", "said_by", "when", "when_note", "likelihood", "confidence", "note", "recorded_on",
    "recorded_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SharedFields:
    """The defaults of a file: those that can be set here, and the names of all others.

    `said_by` is one chain, without the source of the file.
    """

    file: str
    values: Fields
    others: tuple[str, ...]


def shared_fields(text: str, file: str) -> SharedFields:
    """Return what the claims of a file share."""
    values = defaults_of(text)
    chain = as_items(values.get("said_by"))
    nested = any(isinstance(link, list) for link in chain)
    its = {n: v for n, v in values.items() if n in SHAREABLE and (n != "said_by" or not nested)}
    if "said_by" in its:
        its["said_by"] = chain[1:] if chain[:1] == [values.get("source")] else chain
    others = tuple(n for n in values if n not in its and n != "source")
    return SharedFields(file, its, others)


def with_shared_fields(text: str, fields: Fields, source: str) -> str:
    """Return the text of a file with some of its defaults set; an empty value takes one out.

    Where the file has none, they come before its claims. Raises `InputError` for a field that
    cannot be set here.
    """
    if wrong := sorted(fields.keys() - set(SHAREABLE)):
        raise InputError(f"What all claims share has no {', '.join(wrong)} here: use an editor.")
    before = defaults_of(text)
    own = {"source": before["source"]} if "source" in before else {}
    new = short(fields, own, source)
    if "said_by" in new and not own and new["said_by"]:
        new["said_by"] = [source, *(i for i in as_items(new["said_by"]) if i != source)]
    root = root_of(text)
    node = value_of(root, "defaults")
    after = {n: v for n, v in (before | new).items() if v is not None}
    if isinstance(node, yaml.MappingNode) and node.value and after:
        return with_fields(text, node, new, "claim")
    if root is not None and node is not None:
        return with_fields(text, root, {"defaults": after or None}, "")
    return _before_claims(text, after) if after else text


def _before_claims(text: str, fields: Mapping[str, Any]) -> str:
    """Return a text with new defaults before its claims, and before the comments above those."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = "".join(f"  {n}: {value_text(v)}{end}" for n, v in fields.items())
    match = re.search(r"(?:^[ \t]*#[^\n]*\n)*^claims[ \t]*:", text, re.MULTILINE)
    place = match.start() if match else len(text)
    return f"{text[:place]}defaults:{end}{lines}{end}{text[place:]}"
