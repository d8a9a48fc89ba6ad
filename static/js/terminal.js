import { FilesPanel } from "./files.js";
import { Refused, claimSandbox } from "./terminal-claim.js";
import { TerminalConnection } from "./terminal-connection.js";
import { refusal } from "./terminal-endings.js";
import { TerminalNotice } from "./terminal-notice.js";
import { TerminalQueue } from "./terminal-queue.js";
import { TerminalScreen } from "./terminal-screen.js";
import { TerminalStanding } from "./terminal-standing.js";
import { TerminalTime } from "./terminal-time.js";
import { bringToolsToLife } from "./terminal-tools.js";
import { say } from "./words.js";

/** The terminal's side of a lesson page: gets a sandbox, connects its shell, says how it goes. */

/** @typedef {"preparing" | "queued" | "connecting" | "open" | "lost" | "over"} State */

const RESIZE_AFTER = 120;
/** A connection that comes back at once need not be mentioned. */
const MENTION_AFTER = 400;

export class TerminalPane {
  /** @param {HTMLElement} pane */
  constructor(pane) {
    this.pane = pane;
    this.notice = new TerminalNotice(/** @type {HTMLElement} */ (pane.querySelector(".notice")));
    /** @type {(() => void) | null} what Enter does while no shell is there */
    this.onEnter = null;
    this.resizing = 0;
    this.mentioning = 0;
    this.screen = new TerminalScreen(
      /** @type {HTMLElement} */ (pane.querySelector(".terminal-screen")),
      {
        input: (data) => this.typed(data),
        bytes: (data) => this.connection.socket?.type(data),
        resized: (size) => this.resized(size),
      },
    );
    this.connection = new TerminalConnection({
      size: () => this.screen.size,
      trying: () => this.trying(),
      ready: () => this.ready(),
      fresh: () => this.screen.reset(),
      bytes: (bytes) => this.screen.write(bytes),
      drawn: (then) => this.screen.whenDrawn(then),
      waiting: (ending, seconds) => this.waiting(ending, seconds),
      over: (ending) => this.over(ending),
    });
    this.time = new TerminalTime(pane, () => this.focus());
    this.queue = new TerminalQueue(this.notice, () => this.begin());
    this.standing = new TerminalStanding(pane.dataset.standingUrl ?? "", (now) => {
      this.time.show(now);
      this.queue.show(now);
    });
    this.files = new FilesPanel(pane, () => this.focus());
    bringToolsToLife(pane, this.screen, () => this.startAfresh());
    Object.assign(window, { hakoniwa: { terminal: this.screen.term } });
  }

  /** A new sandbox in the place of this one, if the person is sure. */
  startAfresh() {
    if (!confirm(say("afreshSure"))) return;
    this.connection.stop();
    this.begin(this.pane.dataset.afreshUrl);
  }

  /** Get the sandbox, then the shell in it. */
  async begin(url = this.pane.dataset.claimUrl) {
    this.show("preparing");
    this.notice.show(say("preparing"));
    try {
      this.connection.connect(await claimSandbox(url ?? ""));
    } catch (problem) {
      this.refused(problem);
    }
  }

  /** @param {unknown} problem */
  refused(problem) {
    const again = { label: say("tryAgain"), act: () => this.begin() };
    this.show("over");
    if (problem instanceof Refused && problem.status === 401) {
      this.over(refusal(problem.status, problem.message));
    } else if (problem instanceof Refused && problem.status === 403) {
      this.over(refusal(401, problem.message)); // signed in anew in another tab
    } else if (problem instanceof Refused && problem.code === "classroom-full") {
      this.show("queued");
      this.queue.wait(problem.message);
    } else if (problem instanceof Refused && problem.message) {
      this.notice.show(problem.message, again);
    } else {
      this.notice.show(say("siteUnreachable"), again);
    }
  }

  /**
   * Type a command and Enter.
   * @param {string} command
   * @returns {string} why it can't be run now, or ""
   */
  run(command) {
    if (this.pane.dataset.state !== "open") return say("notReady");
    this.screen.term.input(`${command.replaceAll("\n", "\r")}\r`);
    return "";
  }

  focus() {
    this.screen.term.focus();
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
    const again = this.pane.dataset.state === "lost";
    this.show("connecting");
    clearTimeout(this.mentioning);
    this.mentioning = setTimeout(
      () => this.notice.show(say(again ? "reconnecting" : "connecting")),
      MENTION_AFTER,
    );
  }

  ready() {
    this.show("open");
    this.queue.over();
    // A button of the notice that had the focus is about to go: on to the shell with it.
    const leave = this.notice.root.contains(document.activeElement);
    this.notice.hide();
    if (leave) this.focus();
  }

  /**
   * @param {import("./terminal-endings.js").Ending} ending
   * @param {number} seconds
   */
  waiting(ending, seconds) {
    this.show("lost");
    const action = { label: ending.button, act: () => this.connection.open() };
    this.notice.show(ending.sentence, action, say("countdown", { seconds }));
  }

  /** @param {import("./terminal-endings.js").Ending} ending */
  over(ending) {
    const acts = {
      retry: () => this.connection.open(),
      reconnect: () => this.connection.open(),
      claim: () => this.begin(),
      reload: () => location.reload(),
    };
    const act = acts[ending.next];
    this.show("over");
    this.notice.show(ending.sentence, { label: ending.button, act });
    this.onEnter = ending.enter ? act : null;
  }

  /** @param {State} state */
  show(state) {
    clearTimeout(this.mentioning);
    if (this.pane.dataset.state === state) return;
    this.pane.dataset.state = state;
    this.onEnter = null;
    const words = {
      open: "stateOpen",
      preparing: "stateBusy",
      connecting: "stateBusy",
      queued: "stateQueued",
    };
    const place = /** @type {HTMLElement} */ (this.pane.querySelector(".terminal-state"));
    place.textContent = say(words[/** @type {keyof typeof words} */ (state)] ?? "stateClosed");
  }
}
