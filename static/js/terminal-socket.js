/** One websocket to a shell: binary frames are the terminal's bytes, text frames are JSON. */

const LARGEST_FRAME = 16 * 1024;
/** Sent and not yet taken by the shell; the server closes at four times as much. */
const MOST_UNDER_WAY = 128 * 1024;
const PING_EVERY = 20_000;
const PONG_WITHIN = 10_000;
const LOST = 1006;

/**
 * @typedef {object} SocketHandlers
 * @property {() => void} ready
 * @property {(bytes: Uint8Array) => void} bytes
 * @property {(mark: number) => void} mark to be acknowledged when all before it is drawn
 * @property {() => void} shells which shells there are may have changed
 * @property {(code: number) => void} exit the shell's exit code, before the close
 * @property {(message: string) => void} error a sentence for the person, before the close
 * @property {(code: number, opened: boolean) => void} closed called once
 */

export class TerminalSocket {
  /**
   * @param {string} path
   * @param {{ cols: number, rows: number }} size
   * @param {SocketHandlers} handlers
   */
  constructor(path, size, handlers) {
    const url = new URL(path, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("cols", `${size.cols}`);
    url.searchParams.set("rows", `${size.rows}`);
    this.handlers = handlers;
    this.opened = false;
    this.over = false;
    this.lastPing = 0;
    this.encoder = new TextEncoder();
    /** @type {Uint8Array[]} typed, to be sent when the shell has taken more */
    this.typed = [];
    this.sent = 0;
    this.taken = 0;
    this.timers = { ping: 0, pong: 0 };

    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.opened = true;
      this.timers.ping = setInterval(() => this.ping(), PING_EVERY);
    };
    this.socket.onmessage = (event) => this.receive(event.data);
    this.socket.onclose = (event) => this.finish(event.code);
  }

  /** @param {string | ArrayBuffer} data */
  receive(data) {
    if (typeof data !== "string") {
      this.handlers.bytes(new Uint8Array(data));
      return;
    }
    const message = JSON.parse(data);
    if (message.type === "ready") this.handlers.ready();
    if (message.type === "mark") this.handlers.mark(message.mark);
    if (message.type === "taken") {
      this.taken = message.bytes;
      this.sendTyped();
    }
    if (message.type === "shells") this.handlers.shells();
    if (message.type === "exit") this.handlers.exit(message.code);
    if (message.type === "error") this.handlers.error(message.message);
    if (message.type === "pong" && message.id === this.lastPing) clearTimeout(this.timers.pong);
  }

  /** @param {string | Uint8Array} data what a person typed, or a mouse report */
  type(data) {
    if (!this.isOpen()) return;
    const bytes = typeof data === "string" ? this.encoder.encode(data) : data;
    for (let start = 0; start < bytes.length; start += LARGEST_FRAME) {
      this.typed.push(bytes.slice(start, start + LARGEST_FRAME));
    }
    this.sendTyped();
  }

  /** A large paste goes as fast as the shell takes it. */
  sendTyped() {
    while (this.typed.length && this.sent - this.taken < MOST_UNDER_WAY) {
      const piece = /** @type {Uint8Array<ArrayBuffer>} */ (this.typed.shift());
      this.sent += piece.length;
      this.socket.send(piece);
    }
  }

  /** @param {{ cols: number, rows: number }} size */
  resize({ cols, rows }) {
    this.tell({ type: "resize", cols, rows });
  }

  /** @param {number} mark all before which is drawn, so that the server may send more */
  acknowledge(mark) {
    this.tell({ type: "ack", mark });
  }

  /** Is anybody there? Silence for ten seconds is a lost connection. */
  ping() {
    if (!this.isOpen()) return;
    this.lastPing += 1;
    this.tell({ type: "ping", id: this.lastPing });
    clearTimeout(this.timers.pong);
    this.timers.pong = setTimeout(() => this.finish(LOST), PONG_WITHIN);
  }

  close() {
    this.over = true;
    this.stop();
  }

  /** @param {number} code */
  finish(code) {
    if (this.over) return;
    this.close();
    this.handlers.closed(code, this.opened);
  }

  stop() {
    clearInterval(this.timers.ping);
    clearTimeout(this.timers.pong);
    this.socket.onmessage = null;
    this.socket.onclose = null;
    this.socket.close();
  }

  isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** @param {object} message */
  tell(message) {
    if (this.isOpen()) this.socket.send(JSON.stringify(message));
  }
}
