import { csrfToken } from "./csrf.js";
import { makeWideBlocksReachable } from "./commands.js";
import { showLost } from "./live.js";
import { showCurrent } from "./tasks.js";

/**
 * Going from step to step: htmx swaps the lesson's side alone, so the terminal stays connected.
 * What lies around that side (language links, focus, scrolling) is put right here.
 */
export function watchSteps() {
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target } = /** @type {CustomEvent} */ (event).detail;
    if (target?.id === "lesson-pane") arrive();
  });
  document.addEventListener("htmx:historyRestore", arrive);
  document.addEventListener("htmx:configRequest", (event) => {
    /** @type {CustomEvent} */ (event).detail.headers["X-CSRFToken"] = csrfToken();
  });
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, (event) => {
      const { elt } = /** @type {CustomEvent} */ (event).detail;
      // The browser's own way shows the person what is wrong.
      if (elt instanceof HTMLAnchorElement) location.assign(elt.href);
      else showLost("siteUnreachable");
    });
  }
}

function arrive() {
  const pane = document.getElementById("lesson-pane");
  if (!pane) return;
  followLanguages(pane);
  makeWideBlocksReachable();
  showCurrent();
  pane.scrollTo({ top: 0, behavior: "instant" });
  document.getElementById("main")?.scrollIntoView({ block: "start", behavior: "instant" });
  document.getElementById("step-title")?.focus({ preventScroll: true });
}

/** @param {HTMLElement} pane */
function followLanguages(pane) {
  const addresses = pane.querySelector("[data-page-ja]");
  for (const link of document.querySelectorAll("a[data-language]")) {
    const language = link.getAttribute("data-language");
    const page = addresses?.getAttribute(`data-page-${language}`);
    if (page) link.setAttribute("href", page);
  }
}
