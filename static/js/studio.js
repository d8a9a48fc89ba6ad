import { makeWideBlocksReachable } from "./commands.js";
import { recall, remember } from "./memory.js";
import { Sheet } from "./studio-sheet.js";

/** The page of a draft: each file in it is saved by itself while it is written. */

for (const section of document.querySelectorAll(".sheet")) {
  new Sheet(/** @type {HTMLElement} */ (section));
}

/** @type {Record<string, string>} what the page shows now, by the part's id */
const shown = {};

document.addEventListener("hakoniwa:saved", (event) => {
  const { parts } = /** @type {CustomEvent} */ (event).detail;
  for (const [id, html] of Object.entries(parts)) {
    const part = document.getElementById(id);
    if (part && shown[id] !== html) part.outerHTML = html;
    shown[id] = html;
  }
  makeWideBlocksReachable();
});
makeWideBlocksReachable();
window.addEventListener("resize", makeWideBlocksReachable);

const sheets = /** @type {HTMLElement} */ (document.querySelector(".studio-sheets"));
const views = /** @type {HTMLElement | null} */ (document.querySelector(".studio-views"));

/** @param {string} view both languages, or one beside its preview */
function look(view) {
  sheets.dataset.show = view;
  for (const button of views?.querySelectorAll("button") ?? []) {
    button.setAttribute("aria-pressed", String(button.dataset.show === view));
  }
}

if (views) {
  views.hidden = false;
  look(recall("studio-view") ?? "both");
  views.addEventListener("click", (event) => {
    const view = /** @type {HTMLElement} */ (event.target).dataset.show;
    if (!view) return;
    look(view);
    remember("studio-view", view);
  });
}
