import { TerminalConnection } from "./terminal-connection.js";
import { TerminalNotice } from "./terminal-notice.js";
import { TerminalScreen } from "./terminal-screen.js";
import { numberOf } from "./terminal-shells.js";
import { say } from "./words.js";

/** One shell: its screen, its connection, and what it has to say when that is gone. */

/** @typedef {"idle" | "preparing" | "queued" | "connecting" | "open" | "lost" | "over"} State */
/** @typedef {import("./terminal-endings.js").Ending} Ending */

const RESIZE_AFTER = 120;
/** A connection that comes back at once need not be mentioned. */
const MENTION_AFTER = 400;

/**
 * @typedef {object} ShellHandlers
 * @property {(shell: TerminalShell) => void} changed its state is another
 * @property {(shell: TerminalShell) => void} made its screen is there
 * @property {() => void} listChanged there may be other shells now
 * @property {() => void} claim the sandbox is gone and another is wanted
 */

export class TerminalShell {
  /**
   * @param {string} name
   * @param {HTMLElement} root its tab panel
   * @param {ShellHandlers} handlers
   */
  constructor(name, root, handlers) {
    this.name = name;
    this.root = root;
    this.handlers = handlers;
    this.notice = new TerminalNotice(/** @type {HTMLElement} */ (root.querySelector(".notice")));
    /** @type {State} */
    this.state = "idle";
    /** @type {number | null} once it has ended */
    this.exitCode = null;
    /** @type {TerminalScreen | null} */
    this.screen = null;
    /** @type {(() => void) | null} what Enter does while no shell is there */
    this.onEnter = null;
    this.resizing = 0;
    this.mentioning = 0;
    this.connection = new TerminalConnection({
      size: () => this.drawn().size,
      trying: () => this.trying(),
      ready: () => this.ready(),
      fresh: () => this.drawn().reset(),
      bytes: (bytes) => this.drawn().write(bytes),
      drawn: (then) => this.drawn().whenDrawn(then),
      shells: () => handlers.listChanged(),
      waiting: (ending, seconds) => this.waiting(ending, seconds),
      over: (ending) => this.over(ending),
    });
  }

  /** Its screen, which is only made when the shell is looked at. */
  drawn() {
    if (!this.screen) {
      const place = /** @type {HTMLElement} */ (this.root.querySelector(".terminal-screen"));
      this.screen = new TerminalScreen(place, {
        input: (data) => this.typed(data),
        bytes: (data) => this.connection.socket?.type(data),
        resized: (size) => this.resized(size),
      });
      this.handlers.made(this);
    }
    return this.screen;
  }

  /**
   * @param {import("./terminal-claim.js").Sandbox} sandbox
   * @param {boolean} [fresh] a new shell, even where one has ended
   */
  connect(sandbox, fresh = false) {
    this.drawn();
    this.connection.connect(sandbox, this.name, fresh);
  }

  /** The site has been asked and the shell is no more: neither here nor there. */
  remove() {
    clearTimeout(this.mentioning);
    this.connection.leave();
    this.screen?.dispose();
    this.root.remove();
  }

  /**
   * Type a command and Enter.
   * @param {string} command
   * @returns {string} why it can't be run now, or ""
   */
  run(command) {
    if (this.state !== "open") return say("notReady");
    this.drawn().term.input(`${command.replaceAll("\n", "\r")}\r`);
    return "";
  }

  /** @param {string} data */
  typed(data) {
    if (this.onEnter && data === "\r") this.onEnter();
    else this.connection.socket?.type(data);
  }

  /** @param {{ cols: number, rows: number }} size */
  resized(size) {
    clearTimeout(this.resizing);
    this.resizing = setTimeout(() => this.connection.socket?.resize(size), RESIZE_AFTER);
  }

  trying() {
    const again = this.state === "lost";
    this.become("connecting");
    this.mentioning = setTimeout(
      () => this.notice.show(say(again ? "reconnecting" : "connecting")),
      MENTION_AFTER,
    );
  }

  ready() {
    this.become("open");
    // A button of the notice that had the focus is about to go: on to the shell with it.
    const leave = this.notice.root.contains(document.activeElement);
    this.notice.hide();
    if (leave) this.drawn().term.focus();
  }

  /**
   * @param {Ending} ending
   * @param {number} seconds
   */
  waiting(ending, seconds) {
    this.become("lost");
    const action = { label: ending.button, act: () => this.connection.open() };
    this.notice.show(ending.sentence, action, say("countdown", { seconds }));
  }

  /** @param {Ending} ending */
  over(ending) {
    const acts = {
      retry: () => this.connection.open(),
      reconnect: () => this.connection.open(),
      fresh: () => this.connection.openFresh(),
      claim: () => this.handlers.claim(),
      reload: () => location.reload(),
    };
    const act = acts[ending.next];
    this.exitCode = ending.exitCode ?? null;
    this.become("over");
    this.notice.show(ending.sentence, { label: ending.button, act });
    this.onEnter = ending.enter ? act : null;
    if (ending.next === "fresh") this.handlers.listChanged();
  }

  /** @param {State} state */
  become(state) {
    clearTimeout(this.mentioning);
    this.state = state;
    this.root.dataset.state = state;
    this.root.toggleAttribute("data-failed", state === "over" && Boolean(this.exitCode));
    if (state !== "over") this.exitCode = null;
    this.onEnter = null;
    this.handlers.changed(this);
  }

  get title() {
    return say("shellName", { number: numberOf(this.name) });
  }
}
