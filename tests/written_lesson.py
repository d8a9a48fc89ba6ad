"""The shortest lesson, as its author's `lesson.yml` would be read."""

from typing import Any

WORDS = {"ja": "言葉", "en": "Words"}


def written_lesson(*tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Its tasks are called t0, t1 …, and ask for volumes of these names unless they say more."""
    return {
        "slug": "short",
        "position": 1,
        "title": WORDS,
        "summary": WORDS,
        "minutes": 5,
        "steps": [
            {
                "id": "one",
                "title": WORDS,
                "tasks": [
                    {
                        "id": f"t{n}",
                        "title": WORDS,
                        "check": {"volume": {"name": f"t{n}"}},
                        "solve": f"docker volume create t{n}",
                        **task,
                    }
                    for n, task in enumerate(tasks)
                ],
            }
        ],
        **fields,
    }
