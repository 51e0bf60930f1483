"""Names to ids, from files as they are while somebody writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.dataset.lookup import entries, find, raw_records
from graph.errors import InputError

RECORDS = """
sources:
  - {id: gazette, kind: article, title: The Harbour Pact}
entities:
  - {id: guard, type: PublicBody, names: [Harbour Guard, {text: گارد بندر, lang: fa}]}
  - {id: north-star, type: Company, names: Étoile du Nord, unknown: field}
  - {id: camera-works, type: Company, names: [Camera Works, 海星监控]}
  - {id: faulty, names: {text: [x]}}
"""
MORE = """\
{"entity": {"id": "guard", "type": "Group", "names": "Another"}}
{"entity": {"id": "number", "names": 7}}
"""


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Harbour Guard", ["guard"]),
        ("harbour", ["guard", "gazette"]),
        ("گارد", ["guard"]),
        ("etoile", ["north-star"]),
        ("海星", ["camera-works"]),
        ("camra works", ["camera-works"]),
        ("north-star", ["north-star"]),
        ("zzzz", []),
        ("!", []),
    ],
)
def test_a_name_finds_its_ids(tmp_path: Path, name: str, ids: list[str]) -> None:
    """In every script, by a part or with a slip; records with faults count, the first of an id."""
    (tmp_path / "a.yaml").write_text(RECORDS, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(MORE, encoding="utf-8")
    among = list(entries(raw_records([tmp_path], claims=False)))
    assert len(among) == 6
    assert [entry.id for _, entry in find(name, among, limit=10)] == ids


def test_a_path_without_anything_is_told(tmp_path: Path) -> None:
    """It is a slip, and no empty folder."""
    with pytest.raises(InputError, match="nosuch: no such file or folder"):
        list(raw_records([tmp_path / "nosuch"], claims=False))
