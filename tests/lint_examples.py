"""For each rule of lint: lessons that break it, each with a like one that doesn't."""

from dataclasses import dataclass, field

from lessons.files import TRANSLATIONS, LessonFiles
from lessons.translations import record

CLEAN = """\
slug: greeting
position: 1
title: {ja: あいさつ, en: Greeting}
summary: {ja: 短いレッスンです。, en: A short lesson.}
minutes: 5
variables: {name: hi}
images: [ubuntu]
steps:
  - id: hello
    title: {ja: こんにちは, en: Hello}
    tasks:
      - id: said
        title: {ja: "`${name}`を動かす", en: "Run `${name}`"}
        check: {container: {name: "${name}"}}
        hints:
          - id: other
            when: {container: {image: ubuntu}}
            text: {ja: 名前が違います。, en: Its name is another.}
          - id: begin
            text: {ja: 始めましょう。, en: Begin.}
        solve: |
          docker run --name ${name} ubuntu true
        wrong:
          - do: docker run ubuntu true
            hint: other
  - id: bye
    title: {ja: さようなら, en: Bye}
"""
TEXTS = {
    "steps/hello.ja.md": """\
**コンテナ**を動かします。

```console run
docker run --name ${name} ubuntu true
```
""",
    "steps/hello.en.md": """\
Run a **container**.

```console run
docker run --name ${name} ubuntu true
```
""",
    "steps/bye.ja.md": "終わりです。\n",
    "steps/bye.en.md": "That is all.\n",
}
FILES: dict[str, str] = {"lesson.yml": CLEAN, **TEXTS}
BYE = "steps/bye.en.md"
GARDEN = "images/garden.svg"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>'
HELLO = "steps/hello.en.md"


@dataclass(frozen=True)
class Change:
    """In one file: one text in place of another (all of it, where `before` is empty).

    None takes the file away.
    """

    file: str
    before: str
    after: str | None

    def made(self, files: dict[str, str]) -> dict[str, str]:
        if self.after is None:
            return {path: text for path, text in files.items() if path != self.file}
        present = files.get(self.file, "")
        assert self.before in present
        changed = present.replace(self.before, self.after, 1) if self.before else self.after
        return files | {self.file: changed}


@dataclass(frozen=True)
class Example:
    """`failing` breaks the rule at `place` and no other; `passing` breaks none."""

    rule: str
    place: str
    failing: tuple[Change, ...]
    passing: tuple[Change, ...] = field(default=())

    def files(self, changes: tuple[Change, ...]) -> LessonFiles:
        return lesson(changes, recorded=not self.rule.endswith("-translation"))


def lesson(changes: tuple[Change, ...] = (), *, recorded: bool = True) -> dict[str, bytes]:
    """The clean lesson with these changes, whose translations were compared after or before."""
    texts = FILES
    for change in changes:
        texts = change.made(texts)
    files = {path: text.encode() for path, text in texts.items()}
    before = {path: text.encode() for path, text in FILES.items()}
    # An example may change the record, too.
    return {TRANSLATIONS: record(files if recorded else before), **files}


def in_lesson(rule: str, place: str, before: str, failing: str, passing: str = "") -> Example:
    """A change in `lesson.yml`; without `passing`, the clean lesson is the one that passes."""
    change = Change("lesson.yml", before, failing)
    fine = (Change("lesson.yml", before, passing),) if passing else ()
    return Example(rule, f"lesson.yml:{place}", (change,), fine)


def in_text(rule: str, place: str, failing: str, passing: str) -> Example:
    """The English text of the second step."""
    return Example(rule, f"{BYE}:{place}", (Change(BYE, "", failing),), (Change(BYE, "", passing),))


def block(command: str, words: str = "console run") -> str:
    return f"Now:\n\n```{words}\n{command}\n```\n"


WRONG = "hints: [{id: h, text: {ja: あ, en: a}}], wrong: [{do: 'false', hint: h}]"
MANY = "\n".join(
    f"      - {{id: t{n}, title: {{ja: あ, en: a}}, solve: 'true', {WRONG}, NEEDS"
    f"check: {{work_file: {{path: f{n}}}}}}}"
    for n in range(21)
)
EN_BYE = "en: Bye}\n"
WAITING = "needs: [t0], ".join(MANY.rsplit("NEEDS", 1)).replace("NEEDS", "")

EXAMPLES = (
    in_lesson("schema", "5:1", "minutes: 5", "minuets: 5\nminutes: 5"),
    in_lesson("missing-language", "10:12", "{ja: こんにちは, en: Hello}", "{ja: こんにちは}"),
    in_lesson("missing-language", "10:17", "{ja: こんにちは, en: Hello}", "{ja: '', en: Hello}"),
    Example("missing-language", f"{BYE}:1:1", (Change(BYE, "", None),)),
    Example(
        "missing-language",
        "steps/bye.ja.md:1:1",
        (Change("steps/bye.ja.md", "", "That is all.\n"),),
        (Change("steps/bye.ja.md", "", "That is all.\nこれで終わりです。\n"),),
    ),
    Example(
        "stale-translation",
        f"{BYE}:1:1",
        (Change("steps/bye.ja.md", "終わり", "これで終わり"),),
    ),
    in_lesson("stale-translation", "10:17", "en: Hello", "en: Hello you"),
    Example(
        "unrecorded-translation",
        "lesson.yml:1:1",
        (
            Change("steps/bye.ja.md", "終わり", "これで終わり"),
            Change(BYE, "That", "And that"),
        ),
    ),
    Example("unrecorded-translation", "lesson.yml:1:1", (Change(TRANSLATIONS, "", "{}"),)),
    in_text("dead-link", "1:10", "See [it](hello.en.md).", "See [it](../hello/)."),
    in_text("dead-link", "1:10", "See [it](#there).", "See it there."),
    in_text("dead-link", "2:6", "See\n[it](../absent/).", "See\n[it](../hello/)."),
    in_text("dead-link", "1:1", "![A garden](images/a.png)", "A garden"),
    in_text(
        "link-shape", "1:10", "See [it](https://).", "See [it](https://docs.docker.com/a?b#c)."
    ),
    in_text("link-shape", "1:10", "See [it](//example.com/).", "See [it](https://example.com/)."),
    in_text("link-shape", "1:10", "See [it](ftp://example.com).", "See <https://example.com>."),
    in_text("heading-order", "1:1", "# Title\n", "## Title\n"),
    in_text("heading-order", "3:1", "## One\n\n#### Two\n", "## One\n\n### Two\n\n## Three\n"),
    in_text(
        "heading-order", "7:1", "## 1\n\n### 2\n\n#### 3\n\n##### 4\n", "## 1\n\n### 2\n\n#### 3\n"
    ),
    in_lesson(
        "placeholder",
        "13:42",
        'en: "Run `${name}`"',
        'en: "(Title of the task)"',
        'en: "Title of the task"',
    ),
    in_lesson("placeholder", "27:17", "ja: さようなら", "ja: 新しいステップ"),
    in_text("placeholder", "1:1", "Write the explanation here.\n", "Explanation.\n"),
    in_text("literal-markup", "2:1", "This is\n**bold.", "This is\n**bold**, and \\*\\* is not."),
    in_text("literal-markup", "1:1", "Type `ls.", "Type `ls`, or \\`."),
    in_lesson("literal-markup", "3:13", "ja: あいさつ", "ja: '`hi`'", "ja: hi"),
    in_lesson(
        "literal-markup",
        "18:38",
        "{ja: 名前が違います。, en: Its name is another.}",
        "{ja: 名前が違います。, en: 'Its **name is another.'}",
        "{ja: 名前が違います。, en: 'Its **name** is `x`.'}",
    ),
    in_text("script", "1:1", "<script>alert(1)</script>\n", "`<script>` is HTML.\n"),
    in_text("script", "1:3", "A <b onclick=alert(1)>b</b>", "A **b**"),
    in_text("script", "1:10", "See [it](javascript:alert(1)).", "See `javascript:`."),
    in_text("raw-html", "3:1", "So\n\n<!-- to do -->\n", "So\n"),
    in_text("too-long", "1:1", "word " * 5000, "word " * 3000),
    in_text("command-block", "4:1", block("$ docker ps"), block("docker ps")),
    in_text("command-block", "4:1", block("docker ps\ndocker images"), block("docker ps \\\n  -a")),
    in_text("command-block", "4:1", block("docker ps", "bash"), block("docker ps", "console")),
    in_text("command-block", "4:1", block(" "), block("cat <<END\na\nEND")),
    in_text("uncovered-command", "4:1", block("docker stop hello"), block("docker rm hello")),
    in_text(
        "uncovered-command",
        "4:1",
        block("docker pull localhost:5000/hello"),
        block("docker pull ghcr.io/a/hello"),
    ),
    in_text(
        "uncovered-command",
        "4:1",
        block("docker run -d --name hello ubuntu"),
        block("docker run -d --name hi ubuntu"),
    ),
    in_text(
        "uncovered-command",
        "4:1",
        block("docker exec hello sh -c 'echo a > b'"),
        block("docker exec hello sh -c 'echo a 2> /dev/null'")
        + block("docker exec -it hi touch a"),
    ),
    in_text("uncovered-command", "4:1", block("mkdir -p ~/work/site"), block("ls | cat -n")),
    in_text(
        "uncovered-command", "4:1", block("cat > a.txt <<END\na\nEND"), block("cat <<END\n> b\nEND")
    ),
    in_text("uncovered-command", "4:1", block("echo hi > ho"), block("echo ho >> ~/work/hi")),
    in_text(
        "uncovered-command",
        "1:11",
        "And with `docker volume create data`?",
        "And with `docker volume create` or `docker run --name hi ubuntu`?",
    ),
    in_lesson("image-not-in-mirror", "7:10", "[ubuntu]", "[mysql, ubuntu]", "[nginx, ubuntu]"),
    in_lesson(
        "image-not-in-mirror",
        "21:16",
        "          docker run --name ${name} ubuntu true\n",
        "          docker run -de A=b --name ${name} mysql ubuntu\n",
        "          docker build -t mysql . && docker run -de A=b --name ${name} mysql ubuntu\n",
    ),
    in_text(
        "image-not-in-mirror",
        "4:1",
        block("docker run --name hi docker.io/library/mysql"),
        block("docker run --name hi docker.io/library/ubuntu") + block("docker pull ghcr.io/a/b"),
    ),
    in_text(
        "image-not-in-mirror",
        "5:1",
        block("FROM ubuntu AS a\nFROM mysql", "dockerfile"),
        block("FROM ubuntu AS a\nFROM a\nFROM scratch", "dockerfile")
        + block("FROM mysql", "output"),
    ),
    in_text(
        "image-not-in-mirror",
        "6:1",
        block("services:\n  db:\n    image: mysql # 8\n", "yaml"),
        block("services:\n  db:\n    image: 'ubuntu'\n  a:\n    image: a\n    build: .", "yaml"),
    ),
    Example(
        "image-undeclared",
        f"{HELLO}:4:1",
        (Change("lesson.yml", "images: [ubuntu]\n", ""),),
        (Change("lesson.yml", "images:", "preload:"),),
    ),
    in_lesson(
        "unknown-prerequisite",
        "6:17",
        "variables:",
        "prerequisites: [docker-rum]\nvariables:",
        "prerequisites: [docker-run]\nvariables:",
    ),
    in_lesson(
        "unused-term",
        "6:34",
        "variables:",
        "glossary: [{term: {ja: コンテナ, en: image}, meaning: {ja: あ, en: a}}]\nvariables:",
        "glossary: [{term: {ja: コンテナ, en: container}, meaning: {ja: あ, en: a}}]\nvariables:",
    ),
    Example(
        "unused-file",
        "steps/old.en.md:1:1",
        (Change("steps/old.en.md", "", "Old"), Change("steps/old.ja.md", "", "古い")),
    ),
    in_lesson(
        "unreachable-task",
        "14:17",
        "check: {container: {",
        "needs: [sayd]\n        check: {container: {",
    ),
    in_lesson(
        "unreachable-task",
        "14:17",
        "check: {container: {",
        "needs: [said]\n        check: {container: {",
    ),
    in_lesson(
        "no-solve",
        "12:9",
        "        solve: |\n          docker run --name ${name} ubuntu true\n",
        "",
    ),
    in_lesson(
        "no-wrong",
        "12:9",
        "        wrong:\n          - do: docker run ubuntu true\n            hint: other\n",
        "",
    ),
    in_lesson(
        "too-many-commands",
        "12:9",
        EN_BYE,
        f"{EN_BYE}    tasks:\n{MANY.replace('NEEDS', '')}\n",
        f"{EN_BYE}    tasks:\n{WAITING}\n",
    ),
    in_lesson(
        "never-offered-hint",
        "20:13",
        "          - id: begin\n",
        "          - text: {ja: あ, en: a}\n          - id: begin\n",
    ),
    in_lesson(
        "never-offered-hint",
        "19:13",
        "          - id: begin\n",
        "          - {when: {container: {image: ubuntu, status: exited}}, text: {ja: あ, en: a}}\n"
        "          - id: begin\n",
        "          - {when: {container: {status: exited}}, text: {ja: あ, en: a}}\n"
        "          - id: begin\n",
    ),
    in_lesson(
        "never-offered-hint",
        "16:13",
        "when: {container: {image: ubuntu}}",
        "when: {container: {name: hi, status: exited}}",
        "when: {any: [{container: {name: hi, status: exited}}, {volume: {name: a}}]}",
    ),
    in_lesson(
        "never-offered-hint",
        "16:13",
        "when: {container: {image: ubuntu}}",
        "when: {all: [{image: {reference: a, built: true}}, {not: {image: {reference: a}}}]}",
        "when: {all: [{image: {reference: a}}, {not: {image: {reference: a, built: true}}}]}",
    ),
    in_lesson("unknown-hint", "25:19", "hint: other", "hint: others"),
    in_lesson("unknown-variable", "13:42", 'en: "Run `${name}`"', 'en: "Run `${nmae}`"'),
    in_text("unknown-variable", "1:5", "Use ${nmae}.", "Use ${name}, not $name."),
    in_lesson("unused-variable", "6:13", "{name: hi}", "{nome: ho, name: hi}"),
    Example(
        "alt-text",
        f"{BYE}:1:3",
        (Change(GARDEN, "", SVG), Change(BYE, "", f"A ![]({GARDEN})")),
        (Change(GARDEN, "", SVG), Change(BYE, "", f"A ![A garden]({GARDEN})")),
    ),
    Example(
        "alt-text",
        f"{BYE}:1:1",
        (Change(GARDEN, "", SVG), Change(BYE, "", f"![garden.svg]({GARDEN})")),
        (Change(GARDEN, "", SVG), Change(BYE, "", f"![A garden]({GARDEN})")),
    ),
    Example("unused-file", f"{GARDEN}:1:1", (Change(GARDEN, "", SVG),)),
    Example(
        "script",
        f"{GARDEN}:1:59",
        (
            Change(GARDEN, "", SVG.replace("/>", "><script/></svg>")),
            Change(BYE, "", f"![A garden]({GARDEN})"),
        ),
    ),
)
