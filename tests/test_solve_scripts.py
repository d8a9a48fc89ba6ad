"""What was typed becomes a script: what it leaves out, what it must not, and in which order."""

import pytest

from lessons.recording import edited_files, solve_from
from sandbox.typed import Typed

IT = "docker run -it --name box ubuntu bash"


def solved(*typed: str | Typed) -> list[str]:
    return solve_from(typed).splitlines()


@pytest.mark.parametrize(
    "line",
    [
        "docker ps -a | grep web",
        "docker --context second logs -f web 2>&1",
        "docker compose -f shop/compose.yaml ps",
        "docker container ls; docker image history shop",
        "docker run --help",
        "docker network create --help",
        "ls -l && pwd",
        "cat Dockerfile 2> /dev/null",
        "clear",
        "exit",
    ],
)
def test_what_only_looks_is_left_out(line: str) -> None:
    assert solved(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "docker ps -aq | xargs docker rm -f",
        "docker logs web > web.log",
        "docker inspect web 2> errors",
        'docker stop "$(docker ps -q)"',
        "echo milk >> memo.txt",
        "ls; docker rm web",
        "docker run ubuntu ls",
        "docker compose up -d",
        "curl -s localhost:8080",
        "cd shop",
        "for i in 1 2; do docker ps; docker start web$i; done",
        "docker run busybox ls --help",
        "cat > Dockerfile <<'END'\nFROM busybox\nEND",
        "echo 'it''s open",
    ],
)
def test_what_does_more_than_look_stays_as_it_was_typed(line: str) -> None:
    assert solve_from([line]) == f"{line}\n"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("docker rnu ubuntu", 1),
        ("docker run --name web nginx", 125),
        ("docker exec web nothing", 127),
        ("docker rm web", 1),
        ("docker compose up -d", 1),
        ("while true; do docker stats; done", 130),
    ],
)
def test_what_failed_is_left_out(line: str, code: int) -> None:
    assert solved(Typed(line, code)) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("docker run busybox sh -c 'exit 3'", 3),
        ("docker run busybox nothing", 127),
        ("docker exec web false", 1),
        ("docker rm -f web db", 1),
        ("docker stop web; docker rm wbe", 1),
    ],
)
def test_what_failed_but_did_something_stays(line: str, code: int) -> None:
    assert solved(Typed(line, code)) == [line]


def test_the_order_stays_and_what_changes_nothing_is_not_said_twice() -> None:
    typed = ["docker stop web", "docker ps", "docker stop web", "docker start web"]
    typed += ["docker stop web", "docker run -d nginx", "docker run -d nginx"]
    again = ["docker stop web", "docker start web", *typed[4:]]
    assert solved(*typed) == again
    assert solve_from("\n".join(typed)).splitlines() == again, "as a history file has it"


def test_what_had_a_terminal_or_was_interrupted_ends_in_a_script_too() -> None:
    comment, line = solved(IT)
    assert comment.startswith("#")
    assert line == f"timeout 20 script -qec '{IT}' /dev/null <<< exit"
    assert solved("docker run -dit ubuntu") == ["docker run -dit ubuntu"]
    assert solved("docker run -e A=b busybox ls -t") == ["docker run -e A=b busybox ls -t"]
    stopped = solved(Typed("docker run --name web nginx", 130))
    assert stopped == ["timeout --signal=INT 10 docker run --name web nginx"]


def test_files_from_an_editor_are_written_as_they_are_now() -> None:
    typed = ["cd shop", "nano Dockerfile", "docker build -t shop .", "vim ~/work/shop/Dockerfile"]
    typed += ["cd ..", "nano -l notes/END.txt", "vi /etc/hosts"]
    assert edited_files(typed) == ["shop/Dockerfile", "notes/END.txt"]
    files = {"shop/Dockerfile": "FROM busybox\nCMD $HOME", "notes/END.txt": "END\n"}
    assert solve_from(typed, files).split("\n\n") == [
        """cd shop
cat > Dockerfile <<'END'
FROM busybox
CMD $HOME
END
docker build -t shop .
cd ..
cat > notes/END.txt <<'END1'
END
END1
# vi /etc/hosts
"""
    ]


def test_more_than_an_exercise_has_is_not_read() -> None:
    script = solve_from([*("docker start a" if n % 2 else "docker stop a" for n in range(10**5))])
    assert len(script) < 10_000
    assert solve_from(["x" * 10**6]) == ""
