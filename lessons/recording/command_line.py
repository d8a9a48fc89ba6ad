"""A line as typed into Bash, read just far enough to tell what it is for."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

PUNCTUATION = ";&|<>\n"
# Those of docker's own options that take a value, before the subcommand.
WITH_VALUE = {
    *("-H", "--host", "-c", "--context", "-l", "--log-level", "--config"),
    *("-f", "--file", "-p", "--project-name", "--profile", "--env-file", "--project-directory"),
}
MANAGEMENT = {
    *("builder", "buildx", "checkpoint", "compose", "config", "container", "context", "image"),
    *("manifest", "network", "node", "plugin", "secret", "service", "stack", "swarm", "system"),
    *("trust", "volume"),
}


# Options of `docker run` and `docker exec` that take no value.
_LETTERS = re.compile(r"-[ditPq]+")
SWITCHES = {
    *("--detach", "--init", "--interactive", "--no-healthcheck", "--oom-kill-disable"),
    *("--privileged", "--publish-all", "--quiet", "--read-only", "--rm", "--tty"),
}


@dataclass(frozen=True)
class Simple:
    """One program with its words; `writes`: its output goes into a file."""

    words: tuple[str, ...]
    writes: bool = False

    @property
    def program(self) -> str:
        return self.words[0] if self.words else ""

    @property
    def docker(self) -> tuple[str, ...]:
        """What docker is asked for, then the rest: `run …`, `compose up …`, `rm …`."""
        if self.program != "docker":
            return ()
        rest = _without_options(self.words[1:])
        if not rest or rest[0] not in MANAGEMENT:
            return rest
        below = _without_options(rest[1:])
        # `docker container run` is `docker run`; other kinds have their own verbs.
        return below if rest[0] == "container" else (rest[0], *below)

    def has_flag(self, letter: str, name: str) -> bool:
        """Among docker's options; those behind the image are its program's."""
        words = iter(self.docker[1:])
        for word in words:
            if word in ("--", "-") or not word.startswith("-"):
                return False
            if word == name or (_LETTERS.fullmatch(word) and letter in word):
                return True
            if _takes_the_next(word):
                next(words, "")
        return False


def simple_commands(line: str) -> list[Simple] | None:
    """None for what is more than a list of programs: substitutions, loops, texts in the line."""
    if any(mark in line for mark in ("$(", "`", "<<", "<(", ">(")):
        return None
    lexer = shlex.shlex(line, posix=True, punctuation_chars=PUNCTUATION)
    lexer.whitespace = " \t\r"
    lexer.commenters = ""
    try:
        tokens = list(lexer)
    except ValueError:
        return None
    commands: list[list[str]] = [[]]
    for token in tokens:
        if token and set(token) <= set(";&|\n"):
            commands.append([])
        else:
            commands[-1].append(token)
    return [_simple(tokens) for tokens in commands if tokens]


def _simple(tokens: Sequence[str]) -> Simple:
    words: list[str] = []
    writes = False
    left = iter(tokens)
    for token in left:
        if not token or not set(token) <= set(PUNCTUATION):
            words.append(token)
            continue
        if words and words[-1].isdigit():
            words.pop()  # 2> and the like
        target = next(left, "")
        writes |= ">" in token and target != "/dev/null" and not token.endswith("&")
    return Simple(tuple(words), writes)


def _takes_the_next(option: str) -> bool:
    """Its value is the next word, unlike with -it, -p80:80 or --name=web."""
    if option.startswith("--"):
        return "=" not in option and option not in SWITCHES
    return len(option) == 2 and not _LETTERS.fullmatch(option)


def _without_options(words: Sequence[str]) -> tuple[str, ...]:
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] not in ("--help", "--version", "-v"):
        del rest[: 2 if rest[0] in WITH_VALUE else 1]
    return tuple(rest)
