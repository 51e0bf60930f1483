"""The worked example of a tie's lists, computed by the projection itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph import dates
from graph.dates import parse
from graph.model import Support, TieKey
from graph.projection import tie
from graph.store.mapping import tie_row

_LISTS = (
    "claim_statuses",
    "claim_rests_on",
    "claim_held_from",
    "claim_surely_from",
    "claim_known_from",
    "claim_surely_known_from",
)

_INTRODUCTION = """\
The lists of a tie are aligned: item `i` of each is about the same claim, and `claims` is the length
of the lists. A query about time therefore looks at one index at a time: whether *one* claim held on
a day and was known by another. For example, three claims about a supply, which is an event:"""

_QUERY = """\
What had happened by the end of 2012, as far as was known by the end of 2014? A claim counts as
possible where `claim_held_from[i] <= date('2012-12-31') <= claim_held_to[i]` and
`claim_known_from[i] <= date('2014-12-31')`, and as certain with `claim_surely_from`,
`claim_surely_to` and `claim_surely_known_from` instead:

```text
any(i IN range(0, r.claims - 1)
    WHERE r.claim_held_from[i] <= date('2012-12-31') <= r.claim_held_to[i]
      AND r.claim_known_from[i] <= date('2014-12-31'))
```"""


def example() -> Iterator[str]:
    """Yield the lines of the example: three claims of one tie, a row each, and a query."""
    supply = tie(TieKey("company", "SUPPLIES", "state"), _supports())
    assert supply is not None
    row = tie_row(supply)
    yield _INTRODUCTION
    yield ""
    yield "| `i` | `claim_ids` | " + " | ".join(f"`{name}`" for name in _LISTS) + " |"
    yield "|---" * (len(_LISTS) + 2) + "|"
    for i, claim_id in enumerate(row["claim_ids"]):
        yield f"| {i} | {claim_id} | " + " | ".join(str(row[name][i]) for name in _LISTS) + " |"
    yield ""
    yield (
        f"The tie is `{row['status']}` ({row['rank']}), with `claims` {row['claims']} and "
        f"`independent` {row['independent']}: two of the claims rest on one study. An event stays "
        "so once it has happened: `claim_held_to` is 9999-12-31."
    )
    yield ""
    yield _QUERY
    yield ""
    yield _answer(supply.supports)


def _answer(supports: tuple[Support, ...]) -> str:
    by_match = {s.claim_id: s.match(date(2012, 12, 31), date(2014, 12, 31)) for s in supports}
    matches = "; ".join(f"`{claim_id}`: {match}" for claim_id, match in by_match.items())
    return (
        f"Here that is {matches}. The strongest claim that is left gives the status at that time, "
        "and `claim_order` with `claim_rests_on` its independent accounts: [the cookbook]"
        "(cookbook.md) has both in one statement."
    )


def _supports() -> Iterator[Support]:
    claims = [
        ("claim-a", "reported", ("study-1",), "2010", "2013"),
        ("claim-b", "reported", ("article-3", "study-1"), "2012", "2014/2015"),
        ("claim-c", "alleged", ("letter-2",), None, "2011-05"),
    ]
    for claim_id, status, chain, when, published in claims:
        happened = parse(when) if when else None
        out = parse(published)
        window = dates.window(happened, "event", out)
        known_from, surely_known_from = dates.known_days(out, None)
        yield Support(
            claim_id,
            status,
            origin=chain[-1],
            rests_on=" ".join(chain),
            links=len(chain),
            inferred="",
            intermediary=False,
            past=False,
            when=when or "",
            **window._asdict(),
            known_from=known_from,
            surely_known_from=surely_known_from,
            first=happened.first if happened else None,
            last=happened.last if happened else None,
        )
