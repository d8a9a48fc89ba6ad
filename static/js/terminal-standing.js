/** The channel on which the site says how the learner's sandbox stands; it always comes back. */

const SIGNED_OUT = 4001;
const TOO_MANY = 4012;
const RETRY_AFTER = 3000;
/** The site says something every ten seconds; after a laptop's sleep nobody may be there. */
const SILENT_FOR = 30_000;

/**
 * @typedef {object} Standing
 * @property {"claimed" | "queued" | "turn" | "none"} state
 * @property {number} [ends_in] seconds
 * @property {number} [idle_in] seconds
 * @property {number} [warn_before] seconds
 * @property {boolean} [may_extend]
 * @property {number} [number] the place in the queue
 * @property {number | null} [minutes] how long it takes about; null where nobody can tell
 */

export class TerminalStanding {
  /**
   * @param {string} url
   * @param {(standing: Standing) => void} told
   */
  constructor(url, told) {
    this.url = url;
    this.told = told;
    this.heard = Date.now();
    /** @type {WebSocket | null} */
    this.socket = null;
    this.open();
    setInterval(() => this.listen(), RETRY_AFTER);
  }

  open() {
    const address = new URL(this.url, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    this.heard = Date.now();
    socket.onmessage = (event) => {
      this.heard = Date.now();
      this.told(JSON.parse(event.data));
    };
    socket.onclose = (event) => {
      this.over = [SIGNED_OUT, TOO_MANY].includes(event.code);
    };
  }

  /** Open anew what was closed, or what has been silent for too long. */
  listen() {
    const state = this.socket?.readyState;
    const silent = Date.now() - this.heard > SILENT_FOR;
    if (this.over || (state !== WebSocket.CLOSED && !silent)) return;
    this.socket?.close();
    this.open();
  }
}
