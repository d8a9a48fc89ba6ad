import { announce, say } from "./words.js";

/** Waiting for a sandbox: the place moves by itself, and the turn is told wherever one reads. */

/** @typedef {import("./terminal-standing.js").Standing} Standing */

export class TerminalQueue {
  /**
   * @param {() => import("./terminal-notice.js").TerminalNotice} notice of the shell in sight
   * @param {() => void} claim
   */
  constructor(notice, claim) {
    this.notice = notice;
    this.claim = claim;
    /** Whether the page waits, and has not been given a sandbox yet. */
    this.waits = false;
    this.claiming = false;
    this.sentence = "";
  }

  /** @param {string} sentence why one has to wait */
  wait(sentence) {
    this.waits = true;
    this.claiming = false;
    this.sentence = sentence;
    this.notice().show(sentence);
  }

  /** @param {Standing} standing */
  show(standing) {
    if (!this.waits || this.claiming) return;
    const { state, number = 0, minutes = null } = standing;
    if (state === "queued") {
      const words = minutes === null ? "place" : "placeAndWait";
      this.notice().show(this.sentence, undefined, say(words, { number, minutes: minutes ?? 0 }));
    } else {
      // The turn; or the place was lost in a laptop's sleep, and another one is asked for.
      this.claiming = true;
      this.claim();
    }
  }

  /** The shell is there. */
  over() {
    if (!this.waits) return;
    this.waits = false;
    announce(say("yourTurn"));
    if (document.hasFocus()) return;
    const title = document.title;
    document.title = `${say("yourTurn")} – ${title}`;
    const back = () => {
      document.title = title;
    };
    addEventListener("focus", back, { once: true });
  }
}
