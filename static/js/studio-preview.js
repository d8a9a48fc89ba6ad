import { makeWideBlocksReachable } from "./commands.js";
import { csrfToken } from "./csrf.js";
import { say } from "./words.js";
import { bringWorkspaceToLife } from "./workspace.js";

/** The preview of a lesson: follows every save, while terminal and scrolling stay as they are. */

const LOOK_EVERY = 400;
const LOOK_AGAIN_AFTER = 3000;

const lesson = /** @type {HTMLElement} */ (document.getElementById("lesson-pane"));
const content = /** @type {HTMLElement} */ (document.querySelector(".preview-content"));
const state = /** @type {HTMLElement} */ (document.querySelector(".preview-state"));
const follows = state.textContent;

const { terminal } = bringWorkspaceToLife();

/** Ask for what is different; a page that nobody sees asks nothing. */
async function look() {
  let after = LOOK_EVERY;
  if (!document.hidden) {
    try {
      const edition = /** @type {HTMLElement} */ (content.firstElementChild);
      const query = new URLSearchParams({ stamp: edition.dataset.stamp ?? "" });
      show(await fetch(`${lesson.dataset.news}?${query}`, { headers: { Accept: "application/json" } }));
    } catch {
      state.textContent = say("siteUnreachable");
      after = LOOK_AGAIN_AFTER;
    }
  }
  setTimeout(look, after);
}

/** @param {Response} answer */
async function show(answer) {
  if (answer.status === 204) {
    state.textContent = follows;
  } else if (answer.ok) {
    const { scrollTop } = lesson;
    const { scrollY } = window;
    content.innerHTML = await answer.text();
    lesson.scrollTop = scrollTop;
    window.scrollTo({ top: scrollY, behavior: "instant" });
    makeWideBlocksReachable();
  } else {
    state.textContent = (await answer.json().catch(() => ({}))).message ?? say("siteUnreachable");
  }
}

const button = /** @type {HTMLButtonElement} */ (document.querySelector("[data-try]"));
const tried = /** @type {HTMLElement} */ (document.querySelector(".preview-tried"));
button.addEventListener("click", async () => {
  button.disabled = true;
  try {
    const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
    const answer = await fetch(button.dataset.try ?? "", { method: "POST", headers });
    if (answer.ok) tried.innerHTML = await answer.text();
    else tried.textContent = (await answer.json()).message;
  } catch {
    tried.textContent = say("siteUnreachable");
  } finally {
    button.disabled = false;
  }
});

terminal?.begin();
look();
