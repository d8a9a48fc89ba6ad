"""A server on a network of a test's own that looks like the internet; run in its own process.

outside.py REGISTRY CERTIFICATE: pages on port 80; on 443 the same, and images as a registry's.
"""

import http.client
import socket
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Pages(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path.startswith("/v2/"):
            self._image()
        elif self.path == "/flood":
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" * 65536)
        else:
            asked = f"{self.path} of {self.headers['Host']}, {self.headers['Connection']}"
            self._answer(200, f"outside: {asked}\n".encode())

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self._answer(200, f"{len(self.rfile.read(length))} bytes\n".encode())

    def _image(self) -> None:
        """From the classroom's own mirror, so that the answers are a registry's."""
        with socket.socket(socket.AF_UNIX) as way:
            way.connect(sys.argv[1])
            mirror = http.client.HTTPConnection("mirror")
            mirror.sock = way
            accept = ", ".join(self.headers.get_all("Accept", ["*/*"]))
            mirror.request("GET", self.path, headers={"Accept": accept})
            answer = mirror.getresponse()
            kind = answer.headers["Content-Type"]
            self._answer(answer.status, answer.read(), **{"Content-Type": kind})

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_words: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    address_family = socket.AF_INET6
    daemon_threads = True

    def handle_error(self, *_who: object) -> None:
        pass  # whoever asked has gone


if __name__ == "__main__":
    plain, secure = Server(("::", 80), Pages), Server(("::", 443), Pages)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    secure.socket = context.wrap_socket(secure.socket, server_side=True)
    threading.Thread(target=plain.serve_forever).start()
    secure.serve_forever()
