"""Commands that only look: a script that solves a task does without them."""

from .command_line import MANAGEMENT, Simple

PROGRAMS = {
    *("alias", "cat", "clear", "cmp", "date", "df", "diff", "du", "echo", "exit", "file", "free"),
    *("grep", "head", "help", "history", "hostname", "htop", "id", "jq", "la", "less", "ll"),
    *("logout", "ls", "man", "more", "printf", "ps", "pwd", "reset", "sort", "ss", "stat", "tail"),
    *("top", "tree", "type", "uname", "uniq", "wc", "which", "whoami", "watch"),
}
DOCKER = {
    *("diff", "events", "history", "images", "info", "inspect", "logs", "port", "ps", "search"),
    *("stats", "top", "version", "help", "list", "ls", "--help", "--version", "-v"),
}
BELOW = {
    *("config", "df", "du", "events", "history", "images", "info", "inspect", "list", "logs"),
    *("ls", "port", "ps", "show", "stats", "top", "version", "--help"),
}


def only_looks(command: Simple) -> bool:
    if command.writes:
        return False
    if command.program != "docker":
        return command.program in PROGRAMS
    match command.docker:
        case ():
            return True
        case (kind, *rest) if kind in MANAGEMENT:
            return not rest or rest[0] in BELOW or "--help" in rest[1:2]
        case (verb, *rest):
            return verb in DOCKER or "--help" in rest[:1]
    return False
