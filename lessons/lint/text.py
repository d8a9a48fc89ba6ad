"""A step's Markdown as the rules look at it: all that an author wrote, with its place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lessons.markdown import ShownPicture, pictures_in

from .shell import DockerCommand, docker_commands, written_files

# After the fence of a block that is a command.
CONSOLE = "console"
# In one step; nobody types more.
MOST_COMMANDS = 100


class _Parser(MarkdownIt):
    """Reads HTML and addresses of all kinds as what they are, so that they can be named."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the name is markdown-it's)
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        return url


_PARSER = _Parser("commonmark", {"html": True}).enable("table")


@dataclass(frozen=True)
class Fence:
    """`words` stand after the fence; `line` is that of the first line within."""

    words: tuple[str, ...]
    content: str
    line: int

    @property
    def is_file(self) -> bool:
        """Something to run or to write, rather than an answer to expect."""
        return self.words[:1] not in ((), ("output",))


class Text:
    """`written` is as it stands in the file, `filled` the same with its variables filled in."""

    def __init__(self, path: str, written: str, filled: str) -> None:
        self.path = path
        self.step, self.language, _suffix = path.removeprefix("steps/").split(".")
        self.written = written
        self.filled = filled
        self._lines = written.split("\n")
        self._tokens = _PARSER.parse(filled)
        self.commands = [*islice(self._docker_commands(), MOST_COMMANDS)]
        self.written_files = [*islice(self._written_files(), MOST_COMMANDS)]

    def headings(self) -> Iterator[tuple[int, int]]:
        """Level and line of each."""
        for token in self._tokens:
            if token.type == "heading_open":
                yield int(token.tag[1]), _line(token)

    def fences(self) -> Iterator[Fence]:
        for token in self._tokens:
            if token.type == "fence":
                yield Fence(tuple(token.info.split()), token.content, _line(token) + 1)

    def html(self) -> Iterator[tuple[str, int, int]]:
        """Each piece of raw HTML with its line and column."""
        for token in self._tokens:
            if token.type == "html_block":
                yield token.content, _line(token), 1
        for html, line, column in self._inline("html_inline", lambda token: token.content):
            if not html.startswith("</"):
                yield html, line, column

    def links(self) -> Iterator[tuple[str, int, int]]:
        """Where each link leads, with the line and column of the target."""
        yield from self._inline("link_open", lambda token: str(token.attrGet("href") or ""))

    def pictures(self) -> tuple[ShownPicture, ...]:
        """The images that a page would show."""
        return pictures_in(self.filled)

    def _docker_commands(self) -> Iterator[tuple[DockerCommand, int]]:
        """Those that a learner is to run, each with the line of its block."""
        for fence in self.fences():
            if fence.words[:1] == (CONSOLE,):
                for command in docker_commands(fence.content):
                    yield command, fence.line

    def _written_files(self) -> Iterator[tuple[str, str, int]]:
        """What a learner is to write: its path, the command, and the line of its block."""
        for fence in self.fences():
            if fence.words[:1] == (CONSOLE,):
                for path, command in written_files(fence.content):
                    if not set("$*") & set(path):
                        yield path, command, fence.line

    def mentioned(self) -> Iterator[tuple[DockerCommand, int, int]]:
        """Commands on things with a name in the running text, each with its line and column."""
        for code, line, column in self._inline("code_inline", lambda token: token.content):
            for command in docker_commands(code):
                if command.object:
                    yield command, line, column

    def _inline(
        self, kind: str, value_of: Callable[[Token], str]
    ) -> Iterator[tuple[str, int, int]]:
        for token, block in self._inline_tokens():
            if token.type == kind:
                value = value_of(token)
                yield value, *self._place(block, value)

    def _inline_tokens(self) -> Iterator[tuple[Token, Token]]:
        for block in self._tokens:
            for token in block.children or ():
                yield token, block

    def _place(self, block: Token, needle: str) -> tuple[int, int]:
        """Where it stands in the block; the block's beginning where variables have made it."""
        first, end = block.map or (0, 1)
        for number in range(first, min(end, len(self._lines))):
            if (column := self._lines[number].find(needle)) >= 0:
                return number + 1, column + 1
        return first + 1, 1


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
