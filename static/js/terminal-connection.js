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
 * @property {() => void} shells which shells there are may have changed
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
    this.name = "";
    /** Whether a shell that has ended is to be replaced by another. */
    this.wantsFresh = false;
    this.drawnBefore = false;
    this.countdown = 0;
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    window.addEventListener("online", () => this.hurry(), { signal });
    const seen = () => document.visibilityState === "visible" && this.hurry();
    document.addEventListener("visibilitychange", seen, { signal });
  }

  /**
   * @param {import("./terminal-claim.js").Sandbox} sandbox
   * @param {string} name the shell's
   * @param {boolean} fresh
   */
  connect(sandbox, name, fresh) {
    this.sandbox = sandbox;
    this.name = name;
    this.attempt = 0;
    this.wantsFresh = fresh;
    this.open();
  }

  openFresh() {
    this.wantsFresh = true;
    this.open();
  }

  open() {
    if (!this.sandbox) return;
    this.stop();
    this.handlers.trying();
    const size = this.handlers.size();
    let told = "";
    /** @type {number | null} */
    let exitCode = null;
    let fresh = this.drawnBefore;
    const wanted = this.wantsFresh ? "?fresh=1" : "";
    const path = `${this.sandbox.terminals_url}${this.name}/${wanted}`;
    const socket = new TerminalSocket(path, size, {
      ready: () => {
        this.attempt = 0;
        this.wantsFresh = false;
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
      shells: () => this.handlers.shells(),
      exit: (code) => {
        exitCode = code;
      },
      error: (message) => {
        told = message;
      },
      closed: (code, opened) => {
        if (opened) this.settle(endingOf(code, told, exitCode));
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

  /** For good. */
  leave() {
    this.leaving.abort();
    this.stop();
  }
}
