"""A small memory of finished answers, bounded in bytes.

An answer is a function of the snapshot and the question, so a key that names both never goes out of
date, and no clock is needed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable


class ByteCache:
    """The answers asked for last, `limit` bytes of them at most; one event loop uses it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._answers: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable) -> bytes | None:
        """Return the answer, or None."""
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)

    def put(self, key: Hashable, answer: bytes) -> None:
        """Keep an answer; those asked for longest ago make room. One over the limit is not kept."""
        if len(answer) > self._limit:
            return
        self._held += len(answer) - len(self._answers.pop(key, b""))
        self._answers[key] = answer
        while self._held > self._limit:
            _, dropped = self._answers.popitem(last=False)
            self._held -= len(dropped)

    def __len__(self) -> int:
        """The bytes that are held."""
        return self._held
