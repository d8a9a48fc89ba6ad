import { copyText } from "./clipboard.js";
import { announce, say } from "./words.js";

/** The command blocks of a lesson: run in the terminal, or copy. */

const COPIED_FOR = 2000;

/**
 * @param {(command: string) => string} run hands a command to the terminal; answers why it could
 *   not, or nothing
 */
export function bringCommandsToLife(run) {
  document.addEventListener("click", async (event) => {
    const target = /** @type {Element} */ (event.target);
    const button = target.closest("[data-action]");
    const figure = /** @type {HTMLElement | null} */ (button?.closest("figure.command") ?? null);
    if (!button || !figure) return;
    const command = figure.dataset.command ?? "";
    if (button.getAttribute("data-action") === "run") {
      explain(figure, run(command));
    } else {
      const copied = await copyText(command);
      if (copied) showCopied(button);
      explain(figure, copied ? "" : say("copyRefused"));
    }
  });
  makeWideBlocksReachable();
  window.addEventListener("resize", makeWideBlocksReachable);
}

/** A block wider than its column scrolls; the keyboard must be able to reach it. */
export function makeWideBlocksReachable() {
  for (const block of document.querySelectorAll(".prose pre")) {
    if (block.scrollWidth > block.clientWidth) block.setAttribute("tabindex", "0");
  }
}

/**
 * @param {HTMLElement} figure
 * @param {string} why
 */
function explain(figure, why) {
  figure.querySelector(".command-note")?.remove();
  if (!why) return;
  const note = document.createElement("p");
  note.className = "command-note";
  note.textContent = why;
  figure.append(note);
  announce(why);
}

/** @param {Element} button */
function showCopied(button) {
  if (button.hasAttribute("data-label")) return;
  button.setAttribute("data-label", button.textContent ?? "");
  button.textContent = say("copied");
  announce(say("copied"));
  setTimeout(() => {
    button.textContent = button.getAttribute("data-label");
    button.removeAttribute("data-label");
  }, COPIED_FOR);
}
