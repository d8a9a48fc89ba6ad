"""A step's text: command blocks get their buttons, and nothing else gets through."""

from django.utils import translation

from lessons.markdown import render_line, render_step


def test_a_command_block_can_be_run_and_copied() -> None:
    with translation.override("en"):
        html = render_step("```console run\ndocker pull ubuntu\n```\n", "en")
    assert 'data-command="docker pull ubuntu"' in html
    assert 'data-action="run"' in html
    assert 'data-action="copy"' in html
    with translation.override("en"):
        assert 'data-action="run"' not in render_step("```console\nexit\n```\n", "en")


def test_a_command_with_quotes_and_brackets_survives_as_text() -> None:
    with translation.override("en"):
        html = render_step("```console run\necho \"<b>\" > a && cat 'a'\n```\n", "en")
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_markup_and_dangerous_links_do_not_get_through() -> None:
    text = "<script>alert(1)</script>\n\n[x](javascript:alert(1))\n\n<img src=x onerror=alert(1)>\n"
    html = render_step(text, "en").lower()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_a_title_may_hold_code_only() -> None:
    assert render_line("Run `ls` <i>now</i>") == ("Run <code>ls</code> &lt;i&gt;now&lt;/i&gt;")
