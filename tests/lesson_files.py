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
# What may stand before and after the steps, but for the quiz.
AROUND = """\
goals:
  - {ja: "`run`を使う", en: Use `run`}
prerequisites: [throwaway-containers, not-here]
recap:
  - {ja: 箱です。, en: It is a box.}
reading:
  - {title: {ja: 資料, en: The manual}, url: "https://docs.docker.com/"}
glossary:
  - {term: {ja: 箱, en: box}, meaning: {ja: 入れ物です。, en: A thing with a lid.}}
  - {term: {ja: 蓋, en: lid}, meaning: {ja: 閉じる物です。, en: What shuts it.}}
"""
QUIZ = """\
quiz:
  - id: what
    question: {ja: 何ですか。, en: What is it?}
    answers:
      - {text: {ja: これ, en: This}, why: {ja: 正解です。, en: It is.}, right: true}
      - {text: {ja: それ, en: That}, why: {ja: 違います。, en: It is not.}}
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
