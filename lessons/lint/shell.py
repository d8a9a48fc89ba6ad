"""Bash lines, read as far as lint needs: which `docker` commands do what, and to what; and which
files are written.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

# Commands that make or change something, beyond looking and tidying up.
CHANGING = {
    *("run", "create", "start", "stop", "restart", "kill", "pause", "unpause", "rename", "update"),
    *("build", "buildx build", "commit", "tag", "pull", "push", "cp", "login"),
    *("volume create", "network create", "network connect", "network disconnect", "swarm init"),
    *("context create", "service create", "compose up", "compose build", "exec"),
}
# What `docker exec` runs without changing anything; a shell is seen by what becomes of it.
LOOKING = {
    *("ash", "bash", "busybox", "cat", "curl", "date", "df", "echo", "env", "getent", "grep"),
    *("head", "hostname", "id", "ip", "ls", "nslookup", "ping", "printenv", "ps", "pwd"),
    *("readlink", "sh", "stat", "tail", "top", "uname", "wget", "which", "whoami"),
}
# Programs that make all the files they are given, and those that write the last one.
MAKING, WRITING_THE_LAST = {"mkdir", "touch", "tee"}, {"cp", "mv", "ln"}
# Their options of one letter that take no value.
FLAGS = {"run": "ditPq", "create": "itPq", "start": "ai", "pull": "aq", "push": "aq", "cp": "aLq"}
FLAGS |= {
    "exec": "dit",
    "build": "q",
    "service create": "dtq",
    "compose up": "d",
    "compose build": "q",
}
LONG_FLAGS = {
    *("--rm", "--init", "--detach", "--interactive", "--tty", "--privileged", "--read-only"),
    *("--publish-all", "--quiet", "--no-healthcheck", "--oom-kill-disable", "--no-cache"),
    *("--pull", "--internal", "--attachable", "--ipv6", "--all-tags", "--password-stdin"),
    *("--build", "--wait", "--force-recreate", "--remove-orphans", "--push", "--load"),
}
GROUPS = {"network", "volume", "image", "container", "compose", "buildx", "swarm", "context"}
GROUPS |= {"service"}
# What stands before a command.
BEFORE = {"if", "then", "else", "do", "while", "until", "!", "time", "sudo", "{", "exec"}
SEPARATORS = set(";&|()<>\n")
SUBSTITUTION = re.compile(r"\$\(([^()]*)\)")


@dataclass(frozen=True)
class DockerCommand:
    """`verb` is one of CHANGING; `arguments` are what is neither option nor value of one."""

    verb: str
    options: tuple[tuple[str, str], ...]
    arguments: tuple[str, ...]

    def option(self, *names: str) -> str:
        return next((value for name, value in self.options if name in names), "")

    @property
    def image(self) -> str:
        """The image that it fetches if need be."""
        return (
            self.arguments[0] if self.verb in ("run", "create", "pull") and self.arguments else ""
        )

    @property
    def registry(self) -> str:
        return registry_of(self.image)

    @property
    def is_from_elsewhere(self) -> bool:
        """Neither from Docker Hub nor from the learner's own registry: it can't be had."""
        return bool(self.registry) and not self.registry.startswith(("localhost", "127."))

    @property
    def made_image(self) -> str:
        if self.verb in ("build", "buildx build"):
            return self.option("-t", "--tag")
        return self.arguments[-1] if self.verb in ("commit", "tag") and self.arguments else ""

    @property
    def object(self) -> str:
        """The name of what it makes or changes."""
        named = self.option("--name") or self.made_image or self.image
        if named or self.verb in ("cp", "compose up", "compose build", "build", "buildx build"):
            return named
        return self.arguments[0] if self.arguments else ""


def registry_of(image: str) -> str:
    """Where it is, if it says so and it isn't Docker Hub: `ghcr.io`."""
    first, slash, _rest = image.partition("/")
    says_so = slash and (first == "localhost" or set(".:") & set(first))
    return first if says_so and first != "docker.io" else ""


def docker_commands(script: str) -> Iterator[DockerCommand]:
    """Those that make or change something, in any place that a command can have."""
    for piece in (script, *SUBSTITUTION.findall(script)):
        for words, _written in _simple_commands(piece):
            if command := _command(words):
                yield command


def written_files(script: str) -> Iterator[tuple[str, str]]:
    """Each path that its lines write to, with the command as far as that shows it."""
    first, heredoc, rest = script.partition("<<")
    lines = f"{first} {rest.partition(chr(10))[0]}" if heredoc else script
    for words, written in _simple_commands(lines):
        program, *given = (word for word in words or [""] if not word.startswith("-"))
        made = given if program in MAKING else given[1:][-1:] * (program in WRITING_THE_LAST)
        yield from ((path, f"{program} {path}") for path in made)
        yield from ((path, f"{program} > {path}") for path in written)


def _simple_commands(script: str) -> Iterator[tuple[list[str], list[str]]]:
    """The words of each command, and the files that its output goes to.

    What follows an open quote is left out.
    """
    lexer = shlex.shlex(script.replace("\\\n", " "), posix=True, punctuation_chars=";&|()<>\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    words: list[str] = []
    written: list[str] = []
    try:
        for word in lexer:
            if not SEPARATORS.issuperset(word):
                words.append(word)
            elif not set("<>") & set(word):
                yield words, written
                words, written = [], []
            else:
                target = next(lexer, "")
                if words and words[-1].isdigit():
                    words.pop()  # of `2>`
                written += [target] if word in (">", ">>") and target != "/dev/null" else []
    except ValueError:
        pass
    yield words, written


def _command(words: list[str]) -> DockerCommand | None:
    while words and (words[0] in BEFORE or re.fullmatch(r"\w+=.*", words[0], re.DOTALL)):
        words = words[1:]
    if len(words) < 2 or words[0] != "docker":
        return None
    verb, rest = words[1], words[2:]
    if verb in GROUPS and rest:
        # `container run` is `run`; `image pull` is `pull`.
        verb = rest[0] if verb in ("container", "image") else f"{verb} {rest[0]}"
        rest = rest[1:]
    if verb not in CHANGING:
        return None
    has_a_program = verb in ("run", "create", "exec")
    command = DockerCommand(verb, *_apart(rest, FLAGS.get(verb, ""), has_a_program))
    return None if verb == "exec" and _only_looks(command.arguments[1:]) else command


def _only_looks(program: tuple[str, ...]) -> bool:
    if "-c" in program[1:-1]:
        script = program[program.index("-c") + 1]
        return not any(written_files(script)) and _only_looks(tuple(script.split()))
    return not program or program[0].rpartition("/")[2] in LOOKING


def _apart(
    words: list[str], flags: str, ends_at_the_first: bool
) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Options with their values, and arguments; after the image of `docker run` come only these."""
    options: list[tuple[str, str]] = []
    arguments: list[str] = []
    left = iter(words)
    for word in left:
        if not word.startswith("-") or word == "-":
            arguments += [word, *left] if ends_at_the_first else [word]
        elif word.startswith("--"):
            name, equals, value = word.partition("=")
            takes_one = not equals and name not in LONG_FLAGS
            options.append((name, next(left, "") if takes_one else value))
        else:
            letters = word[1:].lstrip(flags)
            value = letters[1:] or next(left, "") if letters else ""
            options.append((f"-{letters[:1] or word[1:]}", value.removeprefix("=")))
    return tuple(options), tuple(arguments)
