"""Ways from a sandbox that has the internet to what isn't the internet, and to wear it out."""

import subprocess
import time

import pytest

from sandbox.internet.visits import MOST_CONNECTIONS
from tests.engine.conftest import Sandbox
from tests.engine.own_internet import (
    NOT_PUBLIC,
    OF_THE_GATEWAY,
    PUBLIC,
    OwnInternet,
    own_internet,
)
from tests.engine.test_internet import GATEWAY, curl

pytestmark = pytest.mark.alone

__all__ = ["own_internet"]

NOT_THE_INTERNET = (
    *(f"[{address}]" if ":" in address else address for address in NOT_PUBLIC),
    *("127.0.0.1", "[::1]", "0.0.0.0", "[::]", OF_THE_GATEWAY, "172.17.0.1", "224.0.0.1"),  # noqa: S104
    # The same in other clothes.
    *("2130706433", "127.1", "0177.0.0.1", "0x7f.1", "10.66051", "169.254.43518"),
    *("[::ffff:10.1.2.3]", "[::ffff:127.0.0.1]", "[::10.1.2.3]", "[::ffff:5db8:d70e]"),
    *("[2606:2800:21f::1]", "[fe80::1]", "[ff02::1]"),
    # By a name; `both` has a public address as well.
    *("inside.example.org", "inside6.example.org", "metadata.example.org", "both.example.org"),
    *("loopback.example.org", "site.example.org", "localhost", "web"),
)


def test_what_is_not_the_internet_is_refused_by_any_name(own_internet: OwnInternet) -> None:
    """Most could be reached from the gateway."""
    told = {
        host: f"CONNECT {host}:443 HTTP/1.1\r\nHost: {PUBLIC}:443\r\n\r\n"
        for host in NOT_THE_INTERNET
    }
    for host in ("127.0.0.1", "10.1.2.3", "[fd00::7]", "both.example.org"):
        told[f"a page of {host}"] = f"GET http://{host}/ HTTP/1.1\r\nHost: {PUBLIC}\r\n\r\n"
    answers = ask_many(own_internet.learner, told)
    assert {name: answer[:12] for name, answer in answers.items()} == dict.fromkeys(
        told, "HTTP/1.1 403"
    )


def ask_many(sandbox: Sandbox, requests: dict[str, str]) -> dict[str, str]:
    """What each is answered, one after the other."""
    program = r"""
        use IO::Socket::UNIX;
        $/ = "\0";
        while (my $request = <STDIN>) {
            chomp $request;
            my $s = IO::Socket::UNIX->new(Peer => "GATEWAY") or die;
            syswrite $s, $request;
            my $answer = "";
            while (sysread $s, $answer, 4096, length $answer) {}
            print $answer, "\0";
        }
    """.replace("GATEWAY", GATEWAY)
    done = sandbox.run("perl", "-e", program, typed="\0".join(requests.values()))
    assert done.returncode == 0, done.stderr
    return dict(zip(requests, done.stdout.split("\0"), strict=False))


@pytest.mark.parametrize("port", [22, 25, 53, 8000, 2375, 65536, 0])
def test_only_the_web_s_ports_are_open(own_internet: OwnInternet, port: int) -> None:
    told = {
        "page": f"GET http://{PUBLIC}:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n",
        "tunnel": f"CONNECT {PUBLIC}:{port} HTTP/1.1\r\nHost: x\r\n\r\n",
    }
    assert {a[:12] for a in ask_many(own_internet.learner, told).values()} == {"HTTP/1.1 403"}


GARBAGE = {
    "no HTTP": "\x16\x03\x01\x02\x01" * 100 + "\r\n\r\n",
    "no proxy's request": "GET / HTTP/1.1\r\nHost: page.example.org\r\n\r\n",
    "somebody before the host": f"GET http://{PUBLIC}@10.1.2.3/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "a space in the host": f"CONNECT {PUBLIC} 10.1.2.3:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a line break": f"CONNECT {PUBLIC}:80\rX HTTP/1.1\r\nHost: x\r\n\r\n",
    "a zone": "CONNECT [fe80::1%25eth0]:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a port that is none": f"CONNECT {PUBLIC}:99999999 HTTP/1.1\r\nHost: x\r\n\r\n",
    "another scheme": "GET file:///etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    "a huge head": f"GET http://{PUBLIC}/ HTTP/1.1\r\nHost: x\r\nA: {'a' * 40000}\r\n\r\n",
    "two lengths": (
        f"POST http://{PUBLIC}/ HTTP/1.1\r\nHost: x\r\n"
        "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"
    ),
}


def test_what_is_no_request_is_told_so(own_internet: OwnInternet) -> None:
    answers = ask_many(own_internet.learner, GARBAGE)
    assert {name: answer[:10] for name, answer in answers.items()} == dict.fromkeys(
        GARBAGE, "HTTP/1.1 4"
    )
    assert "\r" not in own_internet.logged()
    assert "Traceback" not in own_internet.logged()


def test_a_second_request_on_a_connection_goes_nowhere(own_internet: OwnInternet) -> None:
    one = f"GET http://{PUBLIC}/1 HTTP/1.1\r\nHost: x\r\n\r\n"
    two = "GET http://10.1.2.3/2 HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = ask_many(own_internet.learner, {"both": one + two})["both"]
    assert answer.count("HTTP/1.1") == 1
    assert f"/1 of {PUBLIC}, close" in answer


def test_a_head_that_never_ends_is_given_up(own_internet: OwnInternet) -> None:
    begun = time.monotonic()
    drip = "for i in $(seq 40); do printf a; sleep 0.5; done"
    line = f"(printf 'GET http://a'; {drip}) | socat -t 0 -u - UNIX:{GATEWAY}"
    own_internet.learner.run("bash", "-c", line)
    assert time.monotonic() - begun < 9


def test_a_sandbox_has_so_many_connections_and_no_more(own_internet: OwnInternet) -> None:
    more = 20
    count = (
        f'my @s = map {{ IO::Socket::UNIX->new(Peer => "{GATEWAY}") }}'
        f" 1 .. {MOST_CONNECTIONS + more};"
        " select undef, undef, undef, 1; my $refused = 0; $_->blocking(0) for @s;"
        ' for (@s) { my $said = ""; sysread $_, $said, 99; $refused += $said =~ / 503 / }'
        " print $refused"
    )
    learner = own_internet.learner
    assert learner.run("perl", "-MIO::Socket::UNIX", "-e", count).stdout == str(more)


def test_many_connections_are_one_learner_s_trouble(own_internet: OwnInternet) -> None:
    flood = (
        "use IO::Socket::UNIX; $SIG{PIPE} = 'IGNORE';"
        f' while () {{ my @s = map {{ IO::Socket::UNIX->new(Peer => "{GATEWAY}") }} 1 .. 1000;'
        " print {$_} 'GET http://a' for grep { $_ } @s; sleep 1; }"
    )
    before = own_internet.memory()
    learner = own_internet.learner
    learner.shell(f"setsid -f perl -e '{flood}' > /dev/null 2>&1; sleep 1")
    try:
        for _time in range(3):
            begun = time.monotonic()
            assert curl(own_internet.classmate, "http://page.example.org/").startswith("outside")
            assert time.monotonic() - begun < 3
        assert own_internet.memory() - before < 16 * 1024 * 1024
    finally:
        learner.run("pkill", "-x", "perl")
    end = time.monotonic() + 15
    while "outside" not in curl(learner, "http://page.example.org/"):
        assert time.monotonic() < end, "the flood has left something"


def test_an_endless_body_costs_no_memory_and_no_more_than_its_share(
    own_internet: OwnInternet,
) -> None:
    """One that nobody reads, and one that is read as fast as it comes."""
    learner, before = own_internet.learner, own_internet.memory()
    request = f"GET http://{PUBLIC}/flood HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n"
    lazy = f"(printf '{request}'; sleep 9) | socat - UNIX:{GATEWAY} | sleep 9"
    learner.shell(f'setsid -f bash -c "{lazy}" > /dev/null 2>&1')
    got = learner.run("bash", "-lc", "curl -s -m 4 http://page.example.org/flood | wc -c")
    rate = int(got.stdout) / 4
    assert 1 * 1024 * 1024 < rate < 6 * 1024 * 1024
    assert own_internet.memory() - before < 8 * 1024 * 1024


def test_nobody_else_on_the_machine_is_let_out(own_internet: OwnInternet) -> None:
    """Neither root nor a user who is in no sandbox, though both can open the socket."""
    socket = own_internet.shared / "internet" / "gateway.sock"
    for user in (0, 65534):
        done = subprocess.run(
            ["curl", "-sS", "--unix-socket", str(socket), "http://page.example.org/"],
            user=user,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert done.returncode != 0, done.stdout


def test_the_gateway_s_socket_cannot_be_replaced(own_internet: OwnInternet) -> None:
    learner = own_internet.learner
    learner.run("mount", "-o", "remount,rw,bind", "/run/hakoniwa", user="root")
    learner.refused(f"rm {GATEWAY}")
    learner.refused("touch /run/hakoniwa/internet/mine")
