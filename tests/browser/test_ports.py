"""A learner's app in a real browser: it opens, works, and can't touch the site."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.engine.app_in_sandbox import serve
from tests.engine.conftest import Sandbox

from .conftest import Site
from .screen import LESSON, start_as_guest, type_line, wait_for_prompt, wait_for_text
from .test_every_page import examine, looks

# Each attempt answers what it got; what is thrown is the browser's refusal.
ATTEMPTS = r"""
const after = (time) => new Promise((yes) => setTimeout(yes, time));
const within = async (time) => { await after(time); throw Error("nothing") };
const site = location.origin === "null" ? new URL(location.href).origin : location.origin;
const attempts = {
  origin: () => self.origin,
  readCookies: () => document.cookie,
  setCookie: () => { document.cookie = "sessionid=evil; path=/"; },
  localStorage: () => localStorage.getItem("x"),
  database: () => indexedDB.open("x"),
  caches: () => caches.keys(),
  opener: () => String(window.opener),
  referrer: () => document.referrer,
  serviceWorker: () => navigator.serviceWorker.register("sw.js"),
  readSite: async () => (await fetch(site + "/en/lessons/", {credentials: "include"})).status,
  postSite: async () =>
    (await fetch(site + "/en/sandboxes/afresh/", {method: "POST", credentials: "include"})).status,
  postBlind: async () => (await fetch(site + "/en/sandboxes/afresh/",
    {method: "POST", mode: "no-cors", credentials: "include"})).type,
  socketOfSite: () => new Promise((yes, no) => {
    const socket = new WebSocket(site.replace("http", "ws") + "/ws/en/lessons/docker-run/fetch/");
    socket.onopen = () => yes("open"); socket.onerror = () => no(Error("refused"));
  }),
  scriptOfSite: () => new Promise((yes, no) => {
    const frame = document.createElement("iframe"); frame.src = site + "/en/";
    frame.onload = () => { try { yes(frame.contentWindow.document.title) } catch (e) { no(e) } };
    document.body.append(frame);
  }),
  popup: async () => { const popup = window.open(site + "/en/"); await after(800);
    return popup.document.title },
  ownPart: async () => (await (await fetch("data.json")).json()).of,
  ownPost: async () => (await fetch("data.json", {method: "PUT", headers: {"X-Mine": "1"}})).status,
  ownSocket: () => new Promise((yes, no) => {
    const socket = new WebSocket(new URL("live", location.href.replace("http", "ws")));
    socket.onopen = () => socket.send("箱庭"); socket.onmessage = (event) => yes(event.data);
    socket.onerror = () => no(Error("refused"));
  }),
};
const found = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try { found[name] = String(await Promise.race([attempt(), within(4000)])) }
  catch (error) { found[name] = "refused: " + error.name }
}
document.querySelector("pre").textContent = JSON.stringify(found);
"""
APP = (
    r"""
if ($path eq '/live') { websocket(); my ($code, $content) = next_frame(); frame($code, $content) }
elsif ($path eq '/data.json') { text('application/json', '{"of": "the app"}') }
elsif ($path eq '/sw.js') { text('text/javascript', '') }
elsif ($path eq '/attempts.js') { text('text/javascript', <<'SCRIPT') }
"""
    + ATTEMPTS
    + r"""
SCRIPT
elsif ($method eq 'POST') { text('text/html', "<p>you sent $body</p>") }
elsif ($path eq '/evil') { text('text/html', <<'PAGE', 'Set-Cookie: sessionid=evil; Path=/') }
<!doctype html><pre></pre><script type="module" src="attempts.js"></script>
PAGE
elsif ($path eq '/sign-out') { text('text/html', <<'PAGE') }
<!doctype html><form method="post" action="/en/sign-out/"><button>leave</button></form>
PAGE
elsif ($path eq '/second') { text('text/html', '<p>second page</p>') }
else { text('text/html', <<'PAGE') }
<!doctype html><title>App</title><h1>It works</h1><a href="second">on</a>
<form method="post" action="post"><input name="text"><button>send</button></form>
PAGE
"""
)


def sandbox_of(site: Site) -> Sandbox:
    """That of whoever came last."""
    row = "Sandbox.objects.filter(state='claimed').latest('claimed_at')"
    ask = f"from sandbox.models import Sandbox; print({row}.container)"
    return Sandbox(site.engine, site.manage("shell", "-v", "0", "-c", ask).strip())


def open_from_panel(page: Page, port: int) -> Page:
    page.locator("[data-tool=ports]").click()
    page.locator("#other-port").fill(str(port))
    with page.context.expect_page() as opened:
        page.locator(".ports-other button[type=submit]").click()
    opened.value.wait_for_load_state()
    return opened.value


def test_what_a_container_publishes_opens_in_a_new_tab(page: Page) -> None:
    page.locator("[data-tool=ports]").click()
    expect(page.locator(".ports-published")).to_contain_text("No container publishes a port")
    page.locator(".xterm-helper-textarea").focus()
    type_line(page, "docker run -d --name web -p 8080:80 nginx")
    link = page.locator(".port-list a")
    expect(link).to_contain_text("8080")
    expect(link).to_contain_text("web")
    with page.context.expect_page() as opened:
        link.click()
    expect(opened.value.locator("h1")).to_contain_text("nginx")
    page.keyboard.press("Escape")
    expect(page.locator("#terminal-ports")).to_be_hidden()


def test_an_app_works_in_its_tab(page: Page, site: Site) -> None:
    serve(sandbox_of(site), 8001, APP)
    app = open_from_panel(page, 8001)
    expect(app.locator("h1")).to_have_text("It works")
    app.locator("input").fill("hello")
    app.locator("button").click()
    expect(app.locator("p")).to_have_text("you sent text=hello")
    app.go_back()
    app.reload()
    app.locator("a").click()
    expect(app.locator("p")).to_have_text("second page")


def test_an_app_cannot_touch_the_site(page: Page, site: Site) -> None:
    inside = sandbox_of(site)
    serve(inside, 8001, APP)
    before = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    app = open_from_panel(page, 8001)
    app.goto(app.url + "evil")
    expect(app.locator("pre")).not_to_be_empty()
    found = json.loads(app.locator("pre").inner_text())
    assert found == {
        "origin": "null",
        "readCookies": "refused: SecurityError",
        "setCookie": "refused: SecurityError",
        "localStorage": "refused: SecurityError",
        "database": "refused: SecurityError",
        "caches": "refused: SecurityError",
        "opener": "null",
        "referrer": "",
        "serviceWorker": "refused: SecurityError",
        "readSite": "refused: TypeError",
        "postSite": "refused: TypeError",
        "postBlind": "refused: TypeError",
        "socketOfSite": "refused: Error",
        "scriptOfSite": "refused: SecurityError",
        "popup": "refused: SecurityError",
        "ownPart": "the app",
        "ownPost": "200",
        "ownSocket": "箱庭",
    }
    app.goto(app.url.replace("evil", "sign-out"))
    app.locator("button").click()
    expect(app.locator(".error-number")).to_have_text("403")
    # The site itself makes a new token for a form that came without one.
    after = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    assert after.keys() == before.keys()
    assert after["sessionid"] == before["sessionid"]
    assert sandbox_of(site).container == inside.container, "started afresh"
    page.reload()
    wait_for_prompt(page)


def test_nobody_else_can_open_the_address(
    visitor: Callable[..., Page], page: Page, site: Site
) -> None:
    serve(sandbox_of(site), 8001, APP)
    address = open_from_panel(page, 8001).url
    other = visitor()
    other.goto(address)
    expect(other.locator("h1")).to_have_text("This address works only for whoever opened it")
    other.goto("/en/")
    other.get_by_role("button", name="Try it as a guest").click()
    other.goto(address)
    expect(other.locator("h1")).to_have_text("This address works only for whoever opened it")


def test_a_number_that_is_no_port_is_explained_in_the_panel(page: Page) -> None:
    page.locator("[data-tool=ports]").click()
    page.locator("#other-port").fill("70000")
    page.keyboard.press("Enter")
    expect(page.locator(".ports-problem")).to_contain_text("from 1 to 65535")
    assert len(page.context.pages) == 1


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_panel_and_the_page_of_a_port_that_is_not_there(
    visitor: Callable[..., Page], language: str
) -> None:
    page = visitor()
    start_as_guest(page, LESSON.replace("/en/", f"/{language}/"))
    type_line(page, "docker run -d --name web -p 8080:80 nginx; docker run -d -p 6379:6379 redis")
    wait_for_text(page, "Digest: ")
    page.locator("[data-tool=ports]").click()
    expect(page.locator(".port-list li")).to_have_count(2)
    nothing = page.context.new_page()
    nothing.goto(f"/{language}/sandboxes/ports/open/?port=8099")
    for width, look in looks(page, nothing):
        examine(nothing, f"port-nothing-{language}-{look}")
        if width < 500:
            page.locator(".pane-switch [data-view=terminal]").click()
            # A tool that is scrolled half under the bar above seems too small to axe.
            page.evaluate("scrollTo(0, 0)")
        examine(page, f"ports-{language}-{look}")
    nothing.close()
