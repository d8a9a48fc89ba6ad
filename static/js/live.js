import { announce, say } from "./words.js";

/** The connection that brings the ticks: says so when it is away, and always comes back. */

/** Ends after which the extension does not come back by itself; 4011: something broke on the site. */
const COME_BACK_AFTER = [1000, 1001, 1005, 4011];
/** Ends after which only the person can go on, with the sentence that says so. */
const ENDINGS = { 4001: "signInExpired", 4012: "tooManyTabs" };
const RETRY_AFTER = 1000;
/** The answer's text is a sentence for the person. */
const TOO_OFTEN = 429;
/** States that a person has to hear of. */
const FAILURES = ["engine-lost", "setup-failed"];

/** The state that was read aloud last: it comes again and again while an engine is away. */
let told = "";

export function watchLiveConnection() {
  document.addEventListener("htmx:wsClose", (event) => {
    const { event: close, socketWrapper } = /** @type {CustomEvent} */ (event).detail;
    const place = /** @type {Element} */ (event.target);
    if (!place.isConnected) return;
    showLost(ENDINGS[/** @type {keyof typeof ENDINGS} */ (close.code)] ?? "liveLost");
    if (COME_BACK_AFTER.includes(close.code)) {
      setTimeout(() => place.isConnected && socketWrapper.reconnect(), RETRY_AFTER);
    }
  });
  document.addEventListener("htmx:oobAfterSwap", () => {
    const status = document.getElementById("live-status");
    const state = status?.dataset.state ?? "";
    // Its first part: a setup that failed shows what it printed, too.
    const sentence = status?.firstElementChild ?? status;
    if (FAILURES.includes(state) && state !== told) announce(sentence?.textContent ?? "");
    told = state;
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = /** @type {CustomEvent} */ (event).detail;
    const status = document.getElementById("live-status");
    if (status && xhr.status === TOO_OFTEN) show(status, "too-often", xhr.responseText);
  });
  document.addEventListener("htmx:wsOpen", () => {
    const status = document.getElementById("live-status");
    if (status?.dataset.state === "lost") show(status, "", "");
  });
}

/** @param {string} why */
export function showLost(why) {
  const status = document.getElementById("live-status");
  if (status) show(status, "lost", say(why));
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
