"""The page on which pairs are decided: for one file of judgements, on this machine alone.

An application of its own, without a store. Its address begins with a token that nobody can guess,
so that no other web page can ask or answer in the name of whoever has it.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from urllib.parse import parse_qs

import anyio
from fastapi import Depends, FastAPI, HTTPException, Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.config import LOOPBACK_HOSTS
from api.local_app import PAGE_HEADERS, local_app
from graph.dataset import Dataset
from graph.dataset.pair_review import PairReview
from graph.errors import InputError
from graph.language import ENGLISH, Language, gettext, use
from graph.model import Claim, Entity
from graph.ontology import ONTOLOGY
from viz.pair_page import PairView, Side, pair_page

#: Claims of an entity that are shown.
_CLAIMS = 20


def create_judging_app(
    review: PairReview,
    data: Dataset,
    token: str,
    hosts: tuple[str, ...] = LOOPBACK_HOSTS,
    language: Language = ENGLISH,
) -> FastAPI:
    """Return the application that serves the page, in a language, to whoever has the token."""
    app = local_app("Sightlines: the same or not", hosts)
    claims = _claims_by_entity(data)
    # One answer at a time: each looks at which pair is open.
    lock = anyio.Lock()

    def side(entity: Entity) -> Side:
        own = claims[entity.id]
        sources = {claim.source: data.sources[claim.source] for claim in own[:_CLAIMS]}
        return Side(entity, own[:_CLAIMS], len(own), sources)

    def page(notice: str = "", status: int = 200) -> HTMLResponse:
        use(language)
        pair = review.pair
        view = PairView(
            sides=(side(pair.left), side(pair.right)) if pair else (),
            score=pair.score if pair else 0.0,
            reasons=pair.reasons if pair else (),
            number=review.number,
            total=len(review.pairs),
            count=review.count,
            path=str(review.path),
            notice=notice,
        )
        return HTMLResponse(pair_page(view), status, headers=PAGE_HEADERS)

    def authorise(address: str) -> None:
        if not hmac.compare_digest(address.encode(), token.encode()):
            raise HTTPException(404, "Open the address that the terminal shows.")

    @app.get("/{address}/", dependencies=[Depends(authorise)])
    async def read_pair() -> HTMLResponse:
        return page()

    @app.post("/{address}/", dependencies=[Depends(authorise)], response_model=None)
    async def answer_pair(request: Request) -> HTMLResponse | RedirectResponse:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        answer, number, reason = (
            form.get(name, [""])[0] for name in ("answer", "number", "reason")
        )
        async with lock:
            if number != str(review.number):
                use(language)
                text = gettext("Another window has gone on: this is the pair that is open now.")
                return page(text, 409)
            try:
                await anyio.to_thread.run_sync(_step, review, answer, reason)
            except InputError as error:
                return page(str(error), 422)
        return RedirectResponse(".", 303, headers=PAGE_HEADERS)

    return app


def _step(review: PairReview, answer: str, reason: str) -> None:
    """Do what a form says. Raises `InputError` where that cannot be done."""
    if answer == "undo":
        review.undo()
    elif review.pair is None:
        raise InputError("Every pair is decided.")
    elif answer == "skip":
        review.skip()
    elif answer in ONTOLOGY.verdicts:
        review.judge(answer, " ".join(reason.split()) or "; ".join(review.pair.reasons))
    else:
        raise InputError(f"{answer!r} is no answer.")


def _claims_by_entity(data: Dataset) -> defaultdict[str, list[Claim]]:
    claims: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in data.claims:
        if claim.retracted is None:
            for entity_id in dict.fromkeys(i for ids in claim.roles.values() for i in ids):
                claims[entity_id].append(claim)
    return claims
