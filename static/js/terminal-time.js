import { Refused, post } from "./terminal-claim.js";
import { announce, say } from "./words.js";

/** Until when the sandbox lasts: quiet for long, then a countdown and a way to put the end off. */

/** @typedef {import("./terminal-standing.js").Standing} Standing */
/** @typedef {"" | "idle" | "soon" | "final"} Warning */

const WORDS = { idle: "idleSoon", soon: "endsSoon", final: "endsForGood" };

export class TerminalTime {
  /**
   * @param {HTMLElement} pane
   * @param {() => void} leave where the focus goes when the warning does
   */
  constructor(pane, leave) {
    this.url = pane.dataset.extendUrl ?? "";
    this.leave = leave;
    this.until = part(pane, ".terminal-until");
    this.bar = part(pane, ".terminal-time");
    this.message = part(pane, ".terminal-time-message");
    this.left = part(pane, ".terminal-time-left");
    this.button = part(pane, ".terminal-time button");
    this.button.onclick = () => this.extend();
    /** @type {Warning} */
    this.warned = "";
    /** @type {{ ends: number, idle: number, warnBefore: number, mayExtend: boolean } | null} */
    this.limits = null;
    setInterval(() => this.tick(), 1000);
  }

  /** @param {Standing} standing */
  show(standing) {
    const from = Date.now();
    const { ends_in = 0, idle_in = 0, warn_before = 0, may_extend = false } = standing;
    this.limits =
      standing.state === "claimed"
        ? {
            ends: from + ends_in * 1000,
            idle: from + idle_in * 1000,
            warnBefore: warn_before * 1000,
            mayExtend: may_extend,
          }
        : null;
    this.until.textContent = this.limits ? say("until", { time: clock(this.limits.ends) }) : "";
    this.tick();
  }

  tick() {
    const warning = this.warning();
    if (warning !== this.warned) this.warn(warning);
    if (!warning || !this.limits) return;
    const end = warning === "idle" ? this.limits.idle : this.limits.ends;
    this.left.textContent = say("timeLeft", { left: minutesAndSeconds(end - Date.now()) });
  }

  /** @returns {Warning} */
  warning() {
    if (!this.limits) return "";
    const { ends, idle, warnBefore, mayExtend } = this.limits;
    if (Math.min(ends, idle) - Date.now() > warnBefore) return "";
    if (idle < ends) return "idle";
    return mayExtend ? "soon" : "final";
  }

  /** @param {Warning} warning read aloud once, when it comes up */
  warn(warning) {
    this.warned = warning;
    const leave = !warning && this.bar.contains(document.activeElement);
    this.bar.hidden = !warning;
    if (leave) this.leave();
    if (!warning) return;
    this.message.textContent = say(WORDS[warning]);
    this.button.hidden = warning === "final";
    this.button.textContent = say(warning === "idle" ? "stillHere" : "extend");
    announce(this.message.textContent);
  }

  async extend() {
    try {
      this.show(await post(this.url));
      announce(say("extended", { time: this.limits ? clock(this.limits.ends) : "" }));
    } catch (problem) {
      const refused = problem instanceof Refused && problem.message;
      this.message.textContent = refused || say("siteUnreachable");
      announce(this.message.textContent);
    }
  }
}

/** @param {number} time */
function clock(time) {
  const { lang } = document.documentElement;
  return new Date(time).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
}

/** @param {number} milliseconds */
function minutesAndSeconds(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * @param {HTMLElement} pane
 * @param {string} selector
 */
function part(pane, selector) {
  return /** @type {HTMLElement} */ (pane.querySelector(selector));
}
