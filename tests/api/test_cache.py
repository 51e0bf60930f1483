"""The memory of finished answers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.cache import ByteCache

STEPS = st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=12)))


@given(STEPS)
def test_it_holds_the_last_answers_within_its_bytes(steps: list[tuple[int, bytes]]) -> None:
    """Whatever is put in: never over the limit, and what it gives is what was put in last."""
    cache, last = ByteCache(20), {}
    for key, answer in steps:
        cache.put(key, answer)
        last[key] = answer
        found = {k: cache.get(k) for k in last}
        assert all(v is None or v == last[k] for k, v in found.items())
        assert len(cache) == sum(len(v) for v in found.values() if v is not None) <= 20
        assert found[key] == answer


def test_what_is_too_large_is_not_kept() -> None:
    """An answer over the limit leaves the others in place."""
    cache = ByteCache(4)
    cache.put("a", b"1234")
    cache.put("b", b"12345")
    assert cache.get("a") == b"1234" and cache.get("b") is None
