"""A web server that runs in a sandbox, in Perl, which is there: what it answers is a test's own."""

import time

from tests.engine.conftest import Sandbox

# $path, $query, %header and $body are the request's; `text` answers; STDOUT is the connection.
SERVER = r"""
use strict; use warnings; use IO::Socket::INET; use Digest::SHA 'sha1_base64';
$SIG{CHLD} = 'IGNORE';
our ($method, $path, %header, $body);
sub text { my ($type, $content, @more) = @_;
  print join("\r\n", "HTTP/1.1 200 OK", "Content-Type: $type",
    "Content-Length: " . length $content, @more, "", $content) }
sub websocket { my $key = sha1_base64($header{'sec-websocket-key'}
    . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11') . '=';
  print join("\r\n", 'HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket',
    'Connection: Upgrade', "Sec-WebSocket-Accept: $key", @_, '', '') }
sub frame { my ($code, $content) = @_; my $n = length $content;
  print chr(0x80 | $code), $n < 126 ? chr $n : chr(126) . pack('n', $n), $content }
sub next_frame { read(STDIN, my $head, 2) == 2 or exit; my ($code, $n) = unpack 'CC', $head;
  $n &= 127; if ($n == 126) { read STDIN, my $long, 2; $n = unpack 'n', $long }
  elsif ($n == 127) { read STDIN, my $long, 8; $n = unpack 'Q>', $long }
  read STDIN, my $mask, 4; read STDIN, my $content, $n if $n; $content //= '';
  $content ^= substr($mask x ($n / 4 + 1), 0, $n); return ($code & 15, $content) }
my $port = shift;
my $listener = IO::Socket::INET->new(LocalPort => $port, Listen => 50, ReuseAddr => 1) or die $!;
while (my $client = $listener->accept) {
  next if fork;
  open STDIN, '<&', $client; open STDOUT, '>&', $client; $| = 1; binmode STDIN; binmode STDOUT;
  my $line = <STDIN> // exit; ($method, $path) = split ' ', $line;
  while (defined(my $field = <STDIN>)) { $field =~ s/\r?\n//; last if $field eq '';
    my ($name, $value) = split /: ?/, $field, 2; $header{lc $name} = $value }
  $body = ''; read STDIN, $body, $header{'content-length'} if $header{'content-length'};
  eval { answer(); 1 } or print STDERR $@; exit;
}
sub answer { %s }
"""


def serve(sandbox: Sandbox, port: int, answer: str) -> None:
    """Have a server of this answer listen; it ends with the sandbox, or by `stop`."""
    name = f"/tmp/app-{port}.pl"  # noqa: S108 - in the sandbox
    sandbox.run("tee", name, typed=SERVER.replace("%s", answer))
    sandbox.shell(
        f"setsid -f perl {name} {port} >/tmp/app-{port}.log 2>&1;"
        f" for i in $(seq 50); do socat -u /dev/null TCP4:127.0.0.1:{port} 2>&1 && exit;"
        f" sleep 0.1; done; cat /tmp/app-{port}.log; exit 1"
    )


def stop(sandbox: Sandbox, port: int) -> None:
    sandbox.run("pkill", "-9", "-f", f"app-{port}.p[l]")


def wait_until_no_tunnel_is_left(sandbox: Sandbox, port: int, seconds: float = 10) -> None:
    """Whatever carried the port's bytes must end with the browser's request."""
    end = time.monotonic() + seconds
    while f"TCP4:127.0.0.1:{port}" in sandbox.shell("ps -eo args"):
        assert time.monotonic() < end, "a tunnel is left"
        time.sleep(0.1)
