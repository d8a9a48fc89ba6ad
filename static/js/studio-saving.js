import { csrfToken } from "./csrf.js";
import { Refused, read } from "./terminal-claim.js";

/**
 * Saves a file while it is written: soon after the last key, one request at a time, and again and
 * again where the site does not answer.
 */

const AFTER = 250;
const LAST_WORDS = 60_000;
const AGAIN_AFTER = [2000, 5000, 15_000];
/** Answers after which the same may well succeed later, without a person doing anything here. */
const PASSING = [401, 403, 429];

/**
 * @typedef {"saved" | "changed" | "saving" | "away" | "refused" | "conflict"} State
 *
 * @typedef {object} Around
 * @property {() => string} text
 * @property {() => boolean} busy whether a character is being composed
 * @property {(state: State, why: string) => void} shown
 * @property {(answer: any) => void} saved
 */

export class Saving {
  /**
   * @param {HTMLFormElement} form
   * @param {Around} around
   */
  constructor(form, around) {
    this.form = form;
    this.around = around;
    /** @type {string | null} what the site has, where that is not what stands here */
    this.stored = form.hasAttribute("data-unsaved") ? null : around.text();
    /** Somebody saved meanwhile: only a person decides which of the two stays. */
    this.held = form.hasAttribute("data-held");
    this.running = false;
    this.failures = 0;
    this.timer = 0;
    window.addEventListener("online", () => this.soon(0));
    // Whoever signs in again or comes back need not wait.
    document.addEventListener("visibilitychange", () => this.soon(0));
    window.addEventListener("focus", () => this.soon(0));
  }

  get isChanged() {
    return this.around.text() !== this.stored;
  }

  /** Something was typed. */
  changed() {
    this.failures = 0;
    if (!this.held) this.around.shown("changed", "");
    this.soon();
  }

  soon(after = AFTER) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), after);
  }

  /** A person asks for it. */
  saveNow() {
    this.held = false;
    this.failures = 0;
    if (this.isChanged) this.soon(0);
    else this.around.shown("saved", "");
  }

  async save() {
    if (this.held || this.running || !this.isChanged) return;
    if (this.around.busy()) return this.soon();
    this.running = true;
    this.around.shown("saving", "");
    const text = this.around.text();
    try {
      const answer = await this.send(text);
      this.stored = text;
      this.failures = 0;
      this.revision.value = String(answer.revision);
      this.around.saved(answer);
      this.around.shown(this.isChanged ? "changed" : "saved", "");
    } catch (problem) {
      this.failed(problem);
    } finally {
      this.running = false;
    }
    if (this.isChanged && !this.held && !this.failures) this.soon();
  }

  /**
   * @param {string} text
   * @throws {Refused} where the site says no; TypeError where it does not answer
   */
  async send(text) {
    const body = new URLSearchParams({ text, revision: this.revision.value });
    body.set("path", /** @type {HTMLInputElement} */ (this.form.elements.namedItem("path")).value);
    const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
    // So that it arrives even if the page is left now; browsers take no more than this.
    const keepalive = body.toString().length < LAST_WORDS;
    const sent = { method: "POST", headers, body, keepalive };
    return read(await fetch(this.form.dataset.save ?? "", sent));
  }

  /** @param {unknown} problem */
  failed(problem) {
    const status = problem instanceof Refused ? problem.status : 0;
    const why = problem instanceof Refused ? problem.message : "";
    this.failures += 1;
    if (status === 409) {
      this.held = true;
      this.around.shown("conflict", why);
    } else if (status === 0 || status >= 500 || PASSING.includes(status)) {
      this.around.shown("away", why);
      this.soon(AGAIN_AFTER[Math.min(this.failures, AGAIN_AFTER.length) - 1]);
    } else {
      this.around.shown("refused", why);
    }
  }

  get revision() {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem("revision"));
  }
}
