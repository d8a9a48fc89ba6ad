import { announce, say } from "./words.js";

/** The connection that brings the ticks: says so when it is away, and always comes back. */

const PLANNED_ENDS = [1000, 1001, 1005];
const RETRY_AFTER = 1000;

/** The state that was read aloud last: it comes again and again while an engine is away. */
let told = "";

export function watchLiveConnection() {
  document.addEventListener("htmx:wsClose", (event) => {
    const { event: close, socketWrapper } = /** @type {CustomEvent} */ (event).detail;
    const place = /** @type {Element} */ (event.target);
    if (!place.isConnected) return;
    showLost();
    // The extension itself reconnects after every other kind of close that may pass.
    if (PLANNED_ENDS.includes(close.code)) {
      setTimeout(() => place.isConnected && socketWrapper.reconnect(), RETRY_AFTER);
    }
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    const status = document.getElementById("live-status");
    const state = status?.dataset.state ?? "";
    if (state === "engine-lost" && state !== told) announce(status?.textContent ?? "");
    told = state;
  });
  document.addEventListener("htmx:wsOpen", () => {
    const status = document.getElementById("live-status");
    if (status?.dataset.state === "lost") show(status, "", "");
  });
}

function showLost() {
  const status = document.getElementById("live-status");
  if (status) show(status, "lost", say("liveLost"));
}

/** The site did not take a request: it is away, or the sign-in has ended. */
export function sayLost() {
  const status = document.getElementById("live-status");
  if (status) show(status, "lost", say("siteUnreachable"));
}

/**
 * @param {HTMLElement} status
 * @param {string} state
 * @param {string} sentence
 */
function show(status, state, sentence) {
  status.dataset.state = state;
  status.textContent = sentence;
  if (sentence) announce(sentence);
}
