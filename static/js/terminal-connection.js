import { Refused, askForStatus } from "./terminal-claim.js";
import { endingOf, lostConnection, refusal } from "./terminal-endings.js";
import { TerminalSocket } from "./terminal-socket.js";

/** Keeps a shell connected: back after a lost connection by itself, each time a little later. */

const FIRST_DELAY = 500;
const LONGEST_DELAY = 15_000;

/** @typedef {import("./terminal-endings.js").Ending} Ending */

/**
 * @typedef {object} ConnectionHandlers
 * @property {() => { cols: number, rows: number }} size
 * @property {() => void} trying
 * @property {() => void} ready
 * @property {() => void} fresh before the first bytes of a connection that is not the first
 * @property {(bytes: Uint8Array) => void} bytes
 * @property {(then: () => void) => void} drawn once all bytes up to now are on the screen
 * @property {(ending: Ending, seconds: number) => void} waiting
 * @property {(ending: Ending) => void} over
 */

export class TerminalConnection {
  /** @param {ConnectionHandlers} handlers */
  constructor(handlers) {
    this.handlers = handlers;
    /** @type {import("./terminal-claim.js").Sandbox | null} */
    this.sandbox = null;
    /** @type {TerminalSocket | null} */
    this.socket = null;
    this.attempt = 0;
    this.drawnBefore = false;
    this.countdown = 0;
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.hurry();
    });
  }

  /** @param {import("./terminal-claim.js").Sandbox} sandbox */
  connect(sandbox) {
    this.sandbox = sandbox;
    this.attempt = 0;
    this.open();
  }

  open() {
    if (!this.sandbox) return;
    this.stop();
    this.handlers.trying();
    const size = this.handlers.size();
    let told = "";
    let fresh = this.drawnBefore;
    const socket = new TerminalSocket(this.sandbox.terminal_url, size, {
      ready: () => {
        this.attempt = 0;
        const now = this.handlers.size();
        if (now.cols !== size.cols || now.rows !== size.rows) socket.resize(now);
        this.handlers.ready();
      },
      bytes: (bytes) => {
        if (fresh) this.handlers.fresh();
        fresh = false;
        this.drawnBefore = true;
        this.handlers.bytes(bytes);
      },
      mark: (mark) => this.handlers.drawn(() => socket.acknowledge(mark)),
      error: (message) => {
        told = message;
      },
      closed: (code, opened) => {
        if (opened) this.settle(endingOf(code, told));
        else this.askWhy();
      },
    });
    this.socket = socket;
  }

  /** A handshake that is refused says nothing; the sandbox's own address does. */
  async askWhy() {
    const asked = this.socket;
    let ending = lostConnection();
    try {
      await askForStatus(this.sandbox?.status_url ?? "");
    } catch (problem) {
      if (problem instanceof Refused) ending = refusal(problem.status, problem.message);
    }
    if (asked === this.socket) this.settle(ending);
  }

  /** @param {Ending} ending */
  settle(ending) {
    this.socket = null;
    if (ending.next === "retry") this.retryLater(ending);
    else this.handlers.over(ending);
  }

  /** @param {Ending} ending */
  retryLater(ending) {
    const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.attempt);
    const due = Date.now() + longest * (0.5 + Math.random() / 2);
    this.attempt += 1;
    const tick = () => {
      const left = due - Date.now();
      if (left <= 0) this.open();
      else this.handlers.waiting(ending, Math.ceil(left / 1000));
    };
    clearInterval(this.countdown);
    this.countdown = setInterval(tick, 250);
    tick();
  }

  /** The network or the person is back: no more waiting. */
  hurry() {
    if (this.countdown) this.open();
    else this.socket?.ping();
  }

  stop() {
    clearInterval(this.countdown);
    this.countdown = 0;
    this.socket?.close();
    this.socket = null;
  }
}
