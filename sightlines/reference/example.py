"""The worked example of a tie's lists, projected by the code that projects every tie."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph import dates
from graph.dates import parse
from graph.model import Support, TieKey
from graph.projection import tie
from graph.store.mapping import tie_row

_SHOWN = (
    "claim_statuses",
    "claim_origins",
    "claim_held_from",
    "claim_surely_from",
    "claim_known_from",
    "claim_surely_known_from",
)

_WORDS = """\
The lists of a tie are aligned: place `i` of each speaks of one and the same claim, and `claims` is
how many places there are. So a question about time looks at one place at a time: whether *one*
claim says that it held on a day and was known by another. Say that somebody supplied somebody, an
event, and that three claims say so:"""

_ASKED = """\
What had happened by the end of 2012, as far as was known by the end of 2014? A claim counts as
possible where `claim_held_from[i] <= date('2012-12-31') <= claim_held_to[i]` and
`claim_known_from[i] <= date('2014-12-31')`, and as certain with `claim_surely_from`,
`claim_surely_to` and `claim_surely_known_from` in their places:

```text
any(i IN range(0, r.claims - 1)
    WHERE r.claim_held_from[i] <= date('2012-12-31') <= r.claim_held_to[i]
      AND r.claim_known_from[i] <= date('2014-12-31'))
```"""


def example() -> Iterator[str]:
    """Yield the lines of the example: three claims of one tie, place by place, and a question."""
    found = tie(TieKey("company", "SUPPLIES", "state"), _supports())
    assert found is not None
    row = tie_row(found)
    yield _WORDS
    yield ""
    yield "| `i` | `claim_ids` | " + " | ".join(f"`{name}`" for name in _SHOWN) + " |"
    yield "|---" * (len(_SHOWN) + 2) + "|"
    for i, claim_id in enumerate(row["claim_ids"]):
        yield f"| {i} | {claim_id} | " + " | ".join(str(row[name][i]) for name in _SHOWN) + " |"
    yield ""
    yield (
        f"The tie is `{row['status']}` ({row['rank']}), with `claims` {row['claims']} and "
        f"`origins` {row['origins']}: two of the claims go back to one study. An event stays so "
        "once it has happened: `claim_held_to` is 9999-12-31."
    )
    yield ""
    yield _ASKED
    yield ""
    yield _answer(found.supports)


def _answer(supports: tuple[Support, ...]) -> str:
    by_match = {s.claim_id: s.match(date(2012, 12, 31), date(2014, 12, 31)) for s in supports}
    said = "; ".join(f"`{claim_id}`: {match}" for claim_id, match in by_match.items())
    return (
        f"Here that is {said}. The strongest claim that is left gives the status at that time, "
        "and the distinct `claim_origins` of those that are left are its origins: [the "
        "cookbook](cookbook.md) has both in one statement."
    )


def _supports() -> Iterator[Support]:
    told = [
        ("claim-a", "reported", "study-1", "2010", "2013"),
        ("claim-b", "reported", "study-1", "2012", "2014/2015"),
        ("claim-c", "alleged", "letter-2", None, "2011-05"),
    ]
    for claim_id, status, origin, when, published in told:
        happened = parse(when) if when else None
        out = parse(published)
        window = dates.window(happened, "event", out)
        days = (happened.first, happened.last) if happened else (None, None)
        yield Support(claim_id, status, origin, *window, *dates.known(out, None), *days)
