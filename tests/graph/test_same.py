"""Pairs that may be the same: what is proposed, why, and what is not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.dataset import check, read
from graph.dataset.pair_review import JudgementFile
from graph.model import Entity, Judgement
from graph.same import propose


def entity(record_id: str, *names: str, type: str = "Company", **fields: Any) -> Entity:
    return Entity.model_validate({"id": record_id, "type": type, "names": names, **fields})


LEI = {"identifiers": [{"scheme": "LEI", "value": "1"}]}
ENTITIES = [
    entity("tiandy", "Tiandy", "Tiandy Technologies"),
    entity("tiandy-2", "TIANDY TECHNOLOGIES CO., LTD.", country="CN"),
    entity("huawei", "Huawei"),
    entity("huawei-2", "Huawei Technologies Co., Ltd."),
    entity("bank-1", "Melli Bank"),
    entity("bank-2", "بانک ملی"),
    entity("guard", "Страж", type="PublicBody"),
    entity("guard-2", "Strazh", type="PublicBody"),
    entity("one", "Quite another name", **LEI),
    entity("two", "Nothing alike", **LEI),
    entity("lantern", "Lantern", type="Organization"),
    entity("lantern-firm", "Lantern"),
    entity("far", "Harbour Works"),
]


def test_pairs_have_scores_and_reasons() -> None:
    pairs = {(p.left.id, p.right.id): p for p in propose(ENTITIES, least=0.8)}
    assert set(pairs) >= {
        ("tiandy", "tiandy-2"), ("huawei", "huawei-2"), ("guard", "guard-2"), ("one", "two"),
    }  # fmt: skip
    assert not any({"lantern", "far"} & set(pair) for pair in pairs)
    assert pairs["one", "two"].score == 1.0
    assert pairs["one", "two"].reasons[0] == "both have the identifier LEI 1"
    assert "are the same" in pairs["tiandy", "tiandy-2"].reasons[0]
    assert "shares words with" in pairs["huawei", "huawei-2"].reasons[0]
    assert "sounds like" in pairs["guard", "guard-2"].reasons[0]


def test_what_somebody_judged_is_not_asked_again() -> None:
    judgement = Judgement(
        left="one", right="two", verdict="different", by="x", on=date(2026, 1, 1), reason="y"
    )
    ids = {(p.left.id, p.right.id) for p in propose(ENTITIES, [judgement])}
    assert ("one", "two") not in ids and ("tiandy", "tiandy-2") in ids


def test_decisions_become_judgements_and_can_be_undone(tmp_path: Path) -> None:
    pair = next(p for p in propose(ENTITIES) if p.left.id == "tiandy")
    path = tmp_path / "judgements.yaml"
    path.write_text(
        "# mine\nentities:\n  - {id: tiandy, type: Company, names: Tiandy}\n"
        "  - {id: tiandy-2, type: Company, names: TIANDY}\njudgements:",
        encoding="utf-8",
    )
    file = JudgementFile(path)
    file.add(pair, "same", "A. Editor", "One name: and a colon.")
    assert check([path]).ok
    (judgement,) = read([path]).judgements
    assert (judgement.left, judgement.right, judgement.verdict) == ("tiandy", "tiandy-2", "same")
    file.skip()
    file.undo()
    assert file.count == 1
    file.undo()
    assert file.count == 0 and path.read_text(encoding="utf-8").endswith("judgements:\n")
    assert path.read_text(encoding="utf-8").startswith("# mine\n")
    other = tmp_path / "other.yaml"
    other.write_text("entities: []\n", encoding="utf-8")
    with pytest.raises(Exception, match="does not end with"):
        JudgementFile(other)
