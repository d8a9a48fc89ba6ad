"""A small lesson, as files: what tests change to see what is said."""

from pathlib import Path

from lessons.files import LessonFiles

LESSON = """\
slug: greeting
position: 1
title: {ja: あいさつ, en: Greeting}
summary: {ja: 短いレッスンです。, en: A short lesson.}
minutes: 5
images: [ubuntu]
steps:
  - id: hello
    title: {ja: こんにちは, en: Hello}
    tasks:
      - id: pulled
        title: {ja: 取得する, en: Pull it}
        check: {image: {reference: ubuntu}}
"""


def greeting(lesson: str = LESSON, **changed: str) -> dict[str, bytes]:
    """The files; `changed` are the texts of the one step by language."""
    texts = {"ja": "## こんにちは\n", "en": "## Hello\n"} | changed
    files = {"lesson.yml": lesson.encode()}
    return files | {f"steps/hello.{language}.md": texts[language].encode() for language in texts}


def written_to(folder: Path, files: LessonFiles) -> Path:
    """The same folder, with these files in it."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder
