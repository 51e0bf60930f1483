"""A list that comes in parts, as a whole."""

from __future__ import annotations

from fastapi.testclient import TestClient


def every(api: TestClient, address: str) -> list[dict]:
    """All results of a list, part by part."""
    results: list[dict] = []
    while address:
        answer = api.get(address)
        assert answer.status_code == 200, answer.text
        results += answer.json()["results"]
        address = answer.json()["next"]
    return results
