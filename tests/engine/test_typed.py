"""The shells write down what their learner types, but only while an exercise is recorded."""

import asyncio

import pytest

from lessons.recording import solve_from
from sandbox import author_script, typed
from sandbox.errors import SandboxSilent
from sandbox.models import Sandbox as SandboxRow
from sandbox.typed import Typed, listen, what_was_typed

from .conftest import Sandbox

TYPED = r"""docker volume create typed

docker nonsense
docker nonsense
false
for i in 1 2; do
  echo $i
done
cat > /tmp/typed <<'END'
é
END
exit
"""


def type_into_a_shell(sandbox: Sandbox, text: str) -> None:
    sandbox.run("script", "-qec", "bash -i", "/dev/null", typed=text)


def test_each_command_with_its_exit_code_while_it_is_recorded(sandbox: Sandbox) -> None:
    row = SandboxRow(container=sandbox.container)
    type_into_a_shell(sandbox, "echo before\nexit\n")
    asyncio.run(listen(row))
    type_into_a_shell(sandbox, TYPED)
    assert asyncio.run(what_was_typed(row)) == [
        Typed("docker volume create typed", 0),
        Typed("docker nonsense", 1),
        Typed("false", 1),
        Typed("for i in 1 2; do   echo $i; done", 0),
        Typed("cat > /tmp/typed <<'END'\né\nEND", 0),
    ]
    type_into_a_shell(sandbox, "echo after\nexit\n")
    assert asyncio.run(what_was_typed(row)) == []
    sandbox.shell("docker volume rm typed")


def test_what_a_learner_puts_in_its_place_is_bounded(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = SandboxRow(container=sandbox.container)
    monkeypatch.setattr(typed, "SECONDS", 1.0)
    sandbox.shell(f"for i in {{1..60000}}; do printf '0  1  echo %s\\0' $i; done > ~/{typed.FILE}")
    assert len(asyncio.run(what_was_typed(row))) == typed.MOST_COMMANDS
    sandbox.shell(f"printf 'nonsense\\0999999 1 x\\0' > ~/{typed.FILE}")
    assert asyncio.run(what_was_typed(row)) == []
    sandbox.shell(f"mkfifo ~/{typed.FILE}")
    with pytest.raises(SandboxSilent):
        asyncio.run(what_was_typed(row))
    sandbox.shell(f"rm ~/{typed.FILE}")


def test_a_shell_with_a_terminal_ends_by_itself_in_a_script(sandbox: Sandbox) -> None:
    script = solve_from(["docker run -it --name box ubuntu bash"])
    asyncio.run(author_script.run(SandboxRow(container=sandbox.container), script, 30))
    state = "{{.State.Status}} {{.State.ExitCode}} {{.Config.Tty}}"
    assert sandbox.shell(f"docker inspect -f '{state}' box") == "exited 0 true"
    sandbox.shell("docker rm box")
