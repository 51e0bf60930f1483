"""An invented graph, and one page of each kind over it: for the tests, and for `make preview`.

The ties are projected from the claims, as everywhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from graph.model import (
    Claim,
    Duplicate,
    Entity,
    Finding,
    Judgement,
    Locator,
    Mention,
    Source,
    Step,
    Story,
    Subgraph,
)
from graph.model.path import Hop, Path, PathAnswer, Searched
from graph.projection import project
from graph.queries.subgraph import piece
from graph.whatif import what_if
from viz import Links, PageMetadata, graph_page, message_page
from viz.compare_page import CompareForm, Side, compare_page
from viz.cypher_page import CypherContent, cypher_page
from viz.home_page import home_page
from viz.path_page import End, path_page
from viz.row_picture import row_picture
from viz.search_page import EntityMatch, list_page, search_page
from viz.source_page import source_page, source_view
from viz.story_page import story_page
from viz.tie_page import tie_page
from viz.timeline_page import timeline_page

RECORDED = {"recorded_on": date(2026, 11, 1), "recorded_by": "tests"}
PLACE = Locator(paragraph=7, start=0, end=12, sha256="0" * 64)


def _name(text: str, lang: str = "en", kind: str = "alias") -> dict[str, str]:
    return {"text": text, "lang": lang, "kind": kind}


ENTITIES = [
    Entity(
        id="lantern",
        type="Company",
        names=[
            "Lantern",
            _name("明灯科技", "zh"),
            _name("فانوس", "fa"),
            _name("Lanterne Sécurité"),
        ],
        description="An invented maker of cameras.",
    ),
    Entity(id="guard", type="PublicBody", names=["Border Guard of Belmora"]),
    Entity(id="belmora", type="State", names=["Belmora"]),
    Entity(id="camera", type="Technology", names=["Night camera"]),
    Entity(id="marchers", type="Group", names=["marchers in Belmora"]),
    Entity(id="desk", type="Organization", names=["Open Desk"]),
    Entity(id="pact", type="Agreement", names=["Harbour Pact"]),
    Entity(id="port", type="Asset", names=["Port of Belmora"]),
]
#: What is merged into the lantern.
DUPLICATES = (
    Duplicate(
        Entity(
            id="lantern-ltd", type="Company", names=["Lantern Ltd.", _name("明灯有限公司", "zh")]
        ),
        (
            Judgement(
                left="lantern",
                right="lantern-ltd",
                verdict="same",
                by="Ann Lee",
                on=date(2026, 11, 9),
                reason="Both papers give the same address.",
            ),
        ),
    ),
)
SOURCES = [
    Source(
        id="gazette",
        kind="article",
        title="Cameras at the border",
        publisher="Costaria Gazette",
        published="2022-12-12",
        url="https://gazette.example/cameras",
        read_on="2026-11-01",
    ),
    Source(id="study", kind="study", title="Who sells to Belmora"),
    Source(
        id="register",
        kind="official_list",
        title="Register of exports",
        published="2021",
        read_on="2026-11-01",
    ),
]


def claim(predicate: str, roles: dict[str, Any], summary: str, **rest: Any) -> Claim:
    rest = {"source": "gazette", "modality": "stated", "evidence": [PLACE], **RECORDED, **rest}
    rest.setdefault("said_by", [rest["source"]])
    return Claim(predicate=predicate, roles=roles, summary=summary, **rest)


def _claims() -> list[Claim]:
    supply = {"supplier": "lantern", "recipient": "guard", "item": "camera"}
    return [
        claim(
            "supplies",
            supply,
            "Lantern sold night cameras to the Border Guard.",
            said_by=["gazette", "study", "lantern"],
            when="2021",
            when_note="Counted back from the article.",
        ),
        claim("supplies", supply, "An export of cameras is registered.", source="register"),
        claim(
            "supplies",
            supply,
            "The Border Guard says that it bought nothing.",
            polarity="denied",
            said_by=["gazette", "guard"],
        ),
        claim(
            "uses_against",
            {"operator": "guard", "target": "marchers", "item": "camera"},
            "The Border Guard is said to watch marchers.",
            modality="alleged",
            when="2022-11-19/..",
        ),
        claim("part_of", {"part": "guard", "whole": "belmora"}, "The Border Guard is Belmora's."),
        claim(
            "grants_access",
            {"grantor": "belmora", "grantee": "lantern", "asset": "port", "under": "pact"},
            "Belmora intends to open its port to Lantern.",
            modality="planned",
        ),
        claim("party_to", {"party": ["belmora", "lantern"], "agreement": "pact"}, "Both signed."),
        claim("allied_with", {"party": ["belmora", "lantern"]}, "The two are partners."),
        claim("investigates", {"investigator": "desk", "subject": "lantern"}, "Open Desk asks."),
        claim(
            "assesses",
            {"speaker": "desk", "about": "lantern"},
            "Open Desk thinks that Lantern should know better.",
            modality="opinion",
            details={"what": "it should know better"},
            quantity={"number": 8, "unit": "companies", "qualifier": "at_least"},
        ),
    ]


def subgraph(
    entities: Sequence[Entity],
    claims: Sequence[Claim],
    sources: Sequence[Source] = SOURCES,
    **rest: Any,
) -> Subgraph:
    """Return what these claims project, with the entities that it joins."""
    by_id = {s.id: s for s in sources}
    ties = project(claims, by_id, {e.id: e.type for e in entities})
    used = {i for tie in ties for i in (tie.key.source, tie.key.target)}
    return Subgraph(
        entities={e.id: e for e in entities if e.id in used},
        ties=tuple(ties),
        claims={c.id: c for c in claims},
        sources=by_id,
        **rest,
    )


def invented_graph() -> Subgraph:
    """Eight invented entities; the supply is documented, disputed, and has two accounts."""
    return subgraph(ENTITIES, _claims(), degrees={"guard": 9}, left_out=3)


FINDING = Finding(
    rule="supplied",
    parts=(Mention("lantern", "Lantern"), " is said to have supplied ", Mention("guard", "Guard")),
    caution=("That ", Mention("lantern", "Lantern"), " is the supplier is a reading."),
    cypher="MATCH (n:Entity) RETURN n",
)
METADATA = PageMetadata(
    snapshot="f00d",
    permalink="http://127.0.0.1/tie?seen_in=f00d",
    notices=("The graph has changed.",),
    citations={"": {"text": "Cite me so.", "bibtex": "@misc{x}", "csl": {"id": "x"}}},
)


def path_answer(story: Subgraph, *, connection: bool = True) -> PathAnswer:
    """From the camera's maker to the marchers, by two hops; the second one is weaker."""
    ties = {t.key.type: t for t in story.ties}
    hops = (
        Hop("lantern", "guard", (ties["SUPPLIES"],)),
        Hop("guard", "marchers", (ties["USES_AGAINST"],)),
    )
    path = Path(hops, ties["USES_AGAINST"].rank, 1, 1)
    return PathAnswer(
        "lantern",
        "marchers",
        paths=(path,) if connection else (),
        searched=Searched(7, 11, complete=True),
        entities=story.entities,
        claims=story.claims,
        sources=story.sources,
    )


def source_html(story: Subgraph, source: Source, links: Links) -> str:
    """The page of one of the story's sources."""
    own = [i for i, claim in story.claims.items() if claim.source == source.id]
    citing = [i for i, claim in story.claims.items() if source.id in claim.said_by[1:]]
    supports = {tie.key: tie.supports for tie in story.ties}
    fall = what_if(supports, {*own, *citing}, {})
    view = source_view(
        source, story, links=links, own=own, citing=citing, left_out=2, fall=fall, metadata=METADATA
    )
    return source_page(view)


def a_story(graph: Subgraph) -> Story:
    """A story of three steps over the invented graph."""
    ids = list(graph.claims)
    ties = [["lantern/SUPPLIES/guard"], ["guard/USES_AGAINST/marchers"], []]
    steps = [
        Step(title=f"Stop {n}", text="In our own words.", ties=keys, entities="belmora",
             claims=ids[n : n + 3])
        for n, keys in enumerate(ties, 1)
    ]  # fmt: skip
    return Story(id="belmora", title="Cameras for Belmora", lead="Invented.", steps=steps)


def cypher_content(links: Links) -> CypherContent:
    """A query with all that an answer can have: warnings, a plan, links, a picture."""
    claim = {"id": "c1", "labels": ["Claim", "Supplies"], "name": "Lantern sold cameras."}
    firm = {"id": "lantern", "labels": ["Company", "Entity"], "name": "Lantern"}
    edge = {"source": "c1", "target": "lantern", "type": "SUPPLIER", "properties": {"position": 0}}
    scan = {"operator": "NodeByLabelScan", "details": "n:Company", "estimated_rows": 1.0,
            "rows": 1, "db_hits": 2, "children": []}  # fmt: skip
    return CypherContent(
        links,
        "MATCH (n:Company)\nRETURN n.id, n.ids",
        columns=["n.id", "n.ids"],
        values=[["lantern", ["lantern/SUPPLIES/guard", "other"]]],
        problem="Variable `y` not defined (line 2, column 8)",
        place=(2, 8),
        warnings=["The property `ids` does not exist."],
        plan={**scan, "operator": "ProduceResults", "children": [scan]},
        seconds=0.25,
        picture=row_picture([claim, firm], [edge], links),
        labels={"lantern": ["Company", "Entity"]},
        example_statements=[("Who supplies whom?", "MATCH (n) RETURN n")],
    )


def every_page(graph: Subgraph) -> dict[str, str]:
    """One page of each kind over the invented graph, by name."""
    lantern = graph.entities["lantern"]
    match = EntityMatch(lantern, lantern.names[1], "prefix", 5)
    ends = End("lantern", "lantern", "Lantern"), End("marchers", "marchers", "marchers in Belmora")
    links = Links.server()
    metadata = PageMetadata("f00d")
    dated = [i for i, claim in graph.claims.items() if claim.when]
    pairs = [(None, tie) for tie in graph.ties]
    form, sides = CompareForm("2010", "2022"), (Side(date(2010, 12, 31)), Side(date(2022, 12, 31)))
    story = a_story(graph)
    cypher = cypher_content(links)
    return {
        "graph": graph_page(
            graph, title="Who supplied Belmora", lead="Invented.", links=links, metadata=metadata
        ),
        "tie": tie_page(piece(graph, graph.ties[:1]), links=links),
        "source": source_html(graph, graph.sources["gazette"], links),
        "path": path_page(*ends, path_answer(graph), links=links),
        "home": home_page([story], graph, links=links, lines=graph, findings=[FINDING]),
        "story": story_page(story, graph, links=links, metadata=metadata),
        "timeline": timeline_page(graph, dated, list(graph.claims)[:3], links=links),
        "compare": compare_page(form, links=links, sides=sides, pairs=pairs, graph=graph),
        "search": search_page("明灯", [match], links=links, total=3, similar=[match]),
        "list": list_page(graph.entities.values(), links=Links.site()),
        "cypher": cypher_page(cypher),
        "message": message_page("Not found", "There is no such entity.", [("Lantern", "/")]),
    }
