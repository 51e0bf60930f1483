"""Proposals of a language model, from a server that speaks the chat API of OpenAI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import httpx2

from graph.exchange.proposals import from_answer, instructions

#: Where local servers of models commonly listen (Ollama).
LOCAL = "http://127.0.0.1:11434/v1"
#: Characters of a text in one request: a local model has room for little more.
_LENGTH = 4_000


def parts(paragraphs: Sequence[str]) -> list[str]:
    """Return a text in parts of whole paragraphs, each for one request."""
    result: list[str] = []
    for paragraph in paragraphs:
        if result and len(result[-1]) + len(paragraph) < _LENGTH:
            result[-1] += f"\n{paragraph}"
        else:
            result.append(paragraph)
    return result


def ask_model(
    endpoint: str, model: str, paragraphs: Sequence[str], seconds: float
) -> Iterator[dict[str, Any] | str]:
    """Send a text in parts, and yield the raw proposals; a text says why a part has none.

    It goes to this address alone: through no proxy, and to no other one that it names.
    """
    address = f"{endpoint.rstrip('/')}/chat/completions"
    with httpx2.Client(timeout=seconds, trust_env=False, follow_redirects=False) as client:
        for part in parts(paragraphs):
            messages = [
                {"role": "system", "content": instructions()},
                {"role": "user", "content": part},
            ]
            body = {"model": model, "temperature": 0, "messages": messages}
            try:
                answer = client.post(address, json=body)
                answer.raise_for_status()
                reply = answer.json()
                content = str(reply["choices"][0]["message"]["content"])
            except httpx2.TimeoutException:
                yield f"in parts that had no answer within {seconds:g} seconds"
            except httpx2.HTTPError:
                yield "in parts that the server could not answer"
            except (ValueError, KeyError, TypeError, IndexError):
                yield "in answers that are no JSON"
            else:
                version = str(reply.get("system_fingerprint") or "")
                for item in from_answer(content):
                    yield {"version": version, **item} if isinstance(item, dict) else item
