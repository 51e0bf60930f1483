"""`propose`: what models answer, rightly and wrongly, and what a person makes of it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from typer.testing import CliRunner

from graph import dataset
from graph.text import Text, TextStore
from sightlines.cli.app import app
from sightlines.model_server import parts
from tests.http_server import listening

GOOD: dict[str, Any] = {
    "quote": "has sold night cameras to the Border Guard of Belmora",
    "predicate": "supplies",
    "roles": {"supplier": "Lantern", "recipient": ["border guard of Belmora"], "item": "Owl eyes"},
    "said_by": ["desk-study"],
    "summary": "Lantern sold night cameras to the guards.",
}
OTHER = GOOD | {"quote": "Open Desk asks", "predicate": "investigates", "roles": {}}
INVENTED = GOOD | {"quote": "has sold tanks to the Border Guard"}
OFTEN = GOOD | {"quote": "Lantern"}
UNKNOWN = GOOD | {"predicate": "befriends"}


@pytest.fixture
def folder(belmora: Path, article: Text, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The invented data set, with its text in the store of the test's own."""
    monkeypatch.setenv("SIGHTLINES_HOME", str(tmp_path / "home"))
    TextStore(tmp_path / "home" / "texts").add(article)
    path = tmp_path / "set"
    path.mkdir()
    shutil.copy(belmora, path / "set.yaml")
    return path


def propose(folder: Path, *arguments: object, answers: str = "") -> str:
    """Run the command, and return all that it prints."""
    source = [] if "--source" in arguments else ["--source", "gazette"]
    command = ["propose", str(folder / "set.yaml"), *source, *map(str, arguments)]
    result = CliRunner().invoke(app, command, input=answers)
    assert result.exit_code == 0, result.output
    return result.output


def waiting(folder: Path) -> list[dict[str, Any]]:
    """The proposals that wait."""
    items = json.loads((folder / "gazette.proposals.json").read_text("utf-8"))["proposals"]
    return [item for item in items if item.get("state", "waiting") == "waiting"]


def claims(folder: Path) -> list[dict[str, Any]]:
    """The claims that became of proposals."""
    text = (folder / "gazette.claims.yaml").read_text("utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)["claims"]


def lines(folder: Path, *proposals: object) -> Path:
    """A file of proposals; a text is a line as it stands."""
    path = folder.parent / "proposals.jsonl"
    texts = (p if isinstance(p, str) else json.dumps(p) for p in proposals)
    path.write_text("\n".join(texts) + "\n", "utf-8")
    return path


def test_proposals_wait_and_nothing_loads_them(folder: Path) -> None:
    """Those without a place in the text are dropped and counted; twice is once."""
    before = dataset.read([folder])
    path = lines(folder, GOOD, INVENTED, OFTEN, UNKNOWN, "{no", {"quote": 3}, OTHER, GOOD)
    output = propose(folder, "--from", path)
    assert "proposals.json: 2." in output
    for reason in (
        "Dropped, with a quotation that is not in the text: 1.",
        "Dropped, with a quotation that is there more than once: 1.",
        "Dropped, of an unknown predicate: 1.",
        "Dropped, in lines that are no JSON: 1.",
        "Dropped, not in the form of a proposal: 1.",
        "Dropped, there already: 1.",
    ):
        assert reason in output
    first = waiting(folder)[0]
    assert first["tool"] == "proposals.jsonl"
    assert first["roles"] == {
        "supplier": ["lantern"], "recipient": ["border-guard"], "item": ["Owl eyes"],
    }  # fmt: skip
    assert dataset.read([folder]) == before
    assert "proposals.json: 0." in propose(folder, "--from", path)


def test_a_person_decides_one_by_one(folder: Path) -> None:
    """Accepted with who made it and who looked; changed; refused; taken back."""
    third = GOOD | {"quote": "The study counts forty cameras"}
    propose(folder, "--from", lines(folder, GOOD | {"tool": "m", "version": "1"}, OTHER, third))
    change = ["c", *[""] * 6, "sold", "2021", "", "alleged", "New."]
    answers = ["a", "r", "z", "k", *change, "q"]
    output = propose(folder, "--by", "A. Editor", answers="\n".join(answers) + "\n")
    output += propose(folder, answers="q\n")
    assert "Nobody has the names Owl eyes" in output
    assert "Taken back: refusing the proposal." in output
    first, second = claims(folder)
    assert (first["recorded_by"], first["reviewed_by"]) == ("m 1", "A. Editor")
    assert first["roles"] == {"supplier": "lantern", "recipient": "border-guard"}
    assert first["said_by"] == "desk-study" and first["evidence"]["paragraph"] == "4"
    assert second["evidence"]["paragraph"] == "5" and second["details"] == {"how": "sold"}
    assert [second[name] for name in ("when", "modality", "summary")] == ["2021", "alleged", "New."]
    assert [proposal["quote"] for proposal in waiting(folder)] == [OTHER["quote"]]
    assert dataset.check([folder]).faults == ()


class Model:
    """A small server that answers as models do, in the order of `answers`."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.answers: list[Any] = []
        self.app = FastAPI()
        self.app.add_api_route("/v1/chat/completions", self.answer, methods=["POST"])

    async def answer(self, request: Request) -> Response:
        """Answer the next thing."""
        self.requests.append(await request.json())
        answer = self.answers.pop(0)
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, float):
            time.sleep(answer)
            answer = "[]"
        message = {"role": "assistant", "content": answer}
        return JSONResponse({"choices": [{"message": message}], "system_fingerprint": "fp-1"})


@pytest.fixture
def model() -> Iterator[tuple[Model, str]]:
    """The server and its address."""
    server = Model()
    with listening(server.app) as base:
        yield server, f"{base}/v1"


@pytest.mark.long
@pytest.mark.parametrize(
    ("answer", "count", "reason"),
    [
        (json.dumps({"claims": [GOOD, INVENTED]}), 1, "with a quotation that is not in the text"),
        (f"Here you are:\n```json\n{json.dumps([GOOD])}\n```\nGood luck!", 1, ""),
        (json.dumps(GOOD), 1, ""),
        ('{"claims": [{"quote": "has sold', 0, "in answers that are no JSON"),
        ("I cannot do that.", 0, "in answers that are no JSON"),
        ('{"claims": ["x", 1]}', 0, "not in the form of a proposal"),
        (PlainTextResponse("<html>", 200), 0, "in answers that are no JSON"),
        (JSONResponse({"choices": []}), 0, "in answers that are no JSON"),
        (JSONResponse({"error": "busy"}, 503), 0, "in parts that the server could not answer"),
        (RedirectResponse("http://127.0.0.1:9/elsewhere"), 0, "in parts that the server could not"),
        (1.5, 0, "in parts that had no answer within 0.5 seconds"),
    ],
    ids=[
        "one-invented",
        "in-prose",
        "one-alone",
        "cut-off",
        "refusal",
        "no-claims",
        "page",
        "no-choices",
        "busy",
        "redirect",
        "slow",
    ],
)
def test_what_models_answer(
    folder: Path, model: tuple[Model, str], answer: Any, count: int, reason: str
) -> None:
    """Whatever it is, what has its words in the text waits, and the rest is counted."""
    server, address = model
    server.answers = [answer]
    seconds = 0.5 if isinstance(answer, float) else 60
    output = propose(folder, "--model", "small", "--endpoint", address, "--timeout", seconds)
    assert f"to {address}, on this machine (parts: 1)." in output
    assert f"proposals.json: {count}." in output and reason in output
    (request,) = server.requests
    assert request["model"] == "small" and "supplies: One party" in str(request["messages"][0])
    made = [(p["tool"], p["version"], p["sent_to"]) for p in waiting(folder)]
    assert made == [("small", "fp-1", address)] * count


def test_nothing_is_sent_unless_somebody_says_so(folder: Path, model: tuple[Model, str]) -> None:
    """Not with an address alone; and a long text goes in parts."""
    server, address = model
    propose(folder, "--endpoint", address, "--from", lines(folder, GOOD))
    propose(folder, "--endpoint", address, answers="q\n")
    assert server.requests == []
    paragraphs = ["a" * 1500] * 7
    assert "\n".join(parts(paragraphs)) == "\n".join(paragraphs) and len(parts(paragraphs)) == 4
