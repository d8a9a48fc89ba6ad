"""Why somebody in a sandbox doesn't get what they asked the internet for."""


class Refused(Exception):
    """An answer instead of a connection; `reason` is one line of ASCII, which programs show."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason

    def answer(self) -> bytes:
        """The reason stands in the first line too: of a proxy's refusal most show that only."""
        body = f"Hakoniwa: {self.reason}\n"
        return (
            f"HTTP/1.1 {self.status} {self.reason}\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
            f"{body}"
        ).encode("ascii", "replace")
