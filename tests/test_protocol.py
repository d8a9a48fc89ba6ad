"""The terminal's control messages: what is understood and what is refused."""

import json

import pytest

from sandbox.protocol import Ack, BadMessage, Close, Ping, Resize, parse_message


def test_the_three_messages_are_understood() -> None:
    assert parse_message('{"type":"resize","cols":100,"rows":30}') == Resize(
        type="resize", cols=100, rows=30
    )
    assert parse_message('{"type":"ping","id":7}') == Ping(type="ping", id=7)
    assert parse_message('{"type":"ack","mark":65536}') == Ack(type="ack", mark=65536)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        '{"type":"exec","cmd":"id"}',
        '{"type":"resize","cols":0,"rows":24}',
        '{"type":"resize","cols":100000,"rows":24}',
        '{"type":"resize","cols":"80","rows":24}',
        '{"type":"resize","cols":80,"rows":24,"extra":1}',
        '{"type":"ack","mark":-1}',
        '{"type":"ping","id":1e400}',
        json.dumps({"type": "ping", "id": 1, "pad": "x" * 2000}),
        "[" * 1000,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(BadMessage):
        parse_message(text)


def test_the_web_server_lets_every_close_code_through() -> None:
    """autobahn, under Daphne, raises for any other code, and the browser would see 1011."""
    assert all(3000 <= close <= 4999 for close in Close)
