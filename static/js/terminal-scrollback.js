/**
 * The lines above the screen. The shell's keeper, tmux, draws only what can be seen: of output that
 * comes fast it leaves lines out and moves the rest up by CSI S, which xterm.js takes as lines to
 * throw away. tmux itself has kept them all, so when a person looks up, they are drawn anew.
 */

/** tmux's user key 1 (tmux.conf in the sandbox's image). */
const DRAW_ANEW = "\x1b[9998~";
/** Where a program has the whole screen, the lines are not drawn yet: ask again, but not at once. */
const AGAIN_AFTER = 2000;

export class TerminalScrollback {
  /**
   * @param {import("../vendor/xterm/xterm.mjs").Terminal} term
   * @param {HTMLElement} place
   * @param {(keys: string) => void} type
   */
  constructor(term, place, type) {
    this.term = term;
    this.type = type;
    this.incomplete = false;
    this.asked = -AGAIN_AFTER;
    /** How many lines above the end the person was when drawing anew began, or wanted to be. */
    this.above = 0;
    this.wanted = 0;
    /** What is typed while tmux lets go: it would drop what comes just behind that key. */
    this.held = "";
    this.holding = 0;

    term.parser.registerCsiHandler({ final: "S" }, () => {
      this.incomplete = true;
      return false;
    });
    term.parser.registerEscHandler({ final: "c" }, () => {
      this.incomplete = false;
      this.above = this.linesAbove;
      return false;
    });
    term.parser.registerOscHandler(9998, () => {
      this.term.scrollLines(-Math.max(this.above, this.wanted));
      this.above = 0;
      this.release();
      return true;
    });
    term.onScroll(() => this.linesAbove && this.complete());
    // Where everything is missing there is nothing to scroll, and no such event. xterm.js keeps what
    // it acts on to itself.
    const first = { capture: true, passive: true };
    const looksUp = (/** @type {WheelEvent} */ { deltaY, deltaMode }) => {
      const line = deltaMode === WheelEvent.DOM_DELTA_LINE ? 1 : place.clientHeight / term.rows;
      if (deltaY < 0) this.lookUp(Math.round(-deltaY / line));
    };
    place.addEventListener("wheel", looksUp, first);
    place.addEventListener("touchmove", () => this.complete(), first);
    const keys = (/** @type {KeyboardEvent} */ { key, shiftKey }) => {
      if (shiftKey && key === "PageUp") this.lookUp(term.rows - 1);
      if (shiftKey && key === "Home") this.lookUp(term.options.scrollback ?? 0);
    };
    place.addEventListener("keydown", keys, first);
  }

  get linesAbove() {
    const { baseY, viewportY } = this.term.buffer.active;
    return baseY - viewportY;
  }

  /** @param {number} lines above where the person is */
  lookUp(lines) {
    this.complete();
    if (this.holding) this.wanted += lines;
  }

  /** Have all lines drawn, if some are missing. */
  complete() {
    const now = performance.now();
    if (!this.incomplete || now - this.asked < AGAIN_AFTER) return;
    if (this.term.modes.mouseTrackingMode !== "none") return; // a program's wheel, not the person's
    this.asked = now;
    this.wanted = 0;
    this.type(DRAW_ANEW);
    this.holding = setTimeout(() => this.release(), AGAIN_AFTER);
  }

  /** @param {string} data what a person typed */
  pass(data) {
    if (this.holding) this.held += data;
    else this.type(data);
  }

  release() {
    clearTimeout(this.holding);
    this.holding = 0;
    if (this.held) this.type(this.held);
    this.held = "";
  }
}
