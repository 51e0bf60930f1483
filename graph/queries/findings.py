"""What the supply lines show, in sentences, by the rules of `findings.yaml`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from functools import cache, partial
from importlib.resources import files
from typing import Any, LiteralString, cast

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from graph.language import gettext
from graph.model import Finding, Mention
from graph.ontology import ONTOLOGY
from graph.question import Question, Reader, Row


class Rule(BaseModel):
    """A question, and the sentence that its first row fills."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    cypher: str
    sentence: str
    caution: str
    reading: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return the rules in their order."""
    text = files("graph").joinpath("findings.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Rule, ...]).validate_python(yaml.safe_load(text))


async def findings(reader: Reader) -> list[Finding]:
    """Read what the rules find now, in their order; perhaps nothing."""
    answers = await asyncio.gather(*(reader.ask(question(rule)) for rule in rules()))
    return [finding for finding in answers if finding]


def question(rule: Rule) -> Question[Finding | None]:
    """Ask what a rule finds; None for nothing."""
    # A file of ours, and nothing of a request; mypy takes LiteralString as str, pyright does not.
    cypher = cast(LiteralString, rule.cypher)  # type: ignore[redundant-cast]
    return Question(cypher, partial(_read, rule), {"reported": ONTOLOGY.ranks["reported"]})


def _read(rule: Rule, rows: Sequence[Row]) -> Finding | None:
    if not rows:
        return None
    row = rows[0]
    caution = [*_filled(gettext(rule.caution), row)]
    if row["inferred"]:
        caution += [" ", *_filled(gettext(rule.reading), row)]
    return Finding(
        rule.id, tuple(_filled(gettext(rule.sentence), row)), tuple(caution), rule.cypher
    )


def _filled(template: str, row: Row) -> Iterator[str | Mention]:
    for part in re.split(r"(\{\w+\})", template):
        value: Any = row[part[1:-1]] if part.startswith("{") else part
        yield Mention(**value) if isinstance(value, dict) else str(value)
