import { announce, say } from "./words.js";

/** The studio's page on which a draft is proven: a line for each case as it comes. */

/**
 * @typedef {{type: "cases", total: number} | {type: "begun", case: string}
 *   | {type: "result", case: string, verdict: string, verdict_words: string, words: string,
 *      output: string}
 *   | {type: "over", words: string, proven: boolean} | {type: "refused", words: string}} Message
 */

class Proof {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.done = 0;
    this.total = 0;
    this.start = this.part("[data-proof=start]");
    this.stop = this.part("[data-proof=stop]");
    this.said = this.part(".proof-said");
    this.progress = /** @type {HTMLProgressElement} */ (this.part("progress"));
    this.form = /** @type {HTMLTemplateElement} */ (root.querySelector("template"));
    this.start.addEventListener("click", () => this.begin());
    this.stop.addEventListener("click", () => this.end("stopped", say("stopped")));
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  part(selector) {
    return /** @type {HTMLElement} */ (this.root.querySelector(selector));
  }

  begin() {
    this.part(".proof-cases").replaceChildren();
    this.done = this.total = 0;
    this.progress.removeAttribute("value");
    this.part(".proof-count").textContent = "";
    this.part(".proof-now").textContent = "";
    this.become("running", say("waiting"));
    const address = new URL(this.root.dataset.url ?? "", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener("message", (event) => {
      if (this.socket === socket) this.hear(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      if (this.socket === socket) this.end("stopped", say("lost"));
    });
    this.stop.focus();
  }

  /** @param {Message} message */
  hear(message) {
    if (message.type === "cases") {
      this.total = message.total;
      this.progress.max = message.total;
      this.count();
    } else if (message.type === "begun") {
      this.said.textContent = "";
      this.part(".proof-now").textContent = message.case;
    } else if (message.type === "result") {
      this.add(message);
    } else if (message.type === "over") {
      this.end(message.proven ? "proven" : "failed", message.words);
    } else {
      this.end("failed", message.words);
    }
  }

  /** @param {Extract<Message, {type: "result"}>} result */
  add(result) {
    const line = /** @type {DocumentFragment} */ (this.form.content.cloneNode(true));
    const item = /** @type {HTMLElement} */ (line.firstElementChild);
    item.dataset.verdict = result.verdict;
    const texts = {
      ".proof-verdict": result.verdict_words,
      ".proof-case-words": result.case,
      ".proof-words": result.words,
      ".proof-output": result.output.trimEnd(),
    };
    for (const [selector, text] of Object.entries(texts)) {
      const place = /** @type {HTMLElement} */ (item.querySelector(selector));
      place.textContent = text;
      if (!text) place.remove();
    }
    this.part(".proof-cases").append(item);
    this.done += 1;
    this.count();
    if (result.verdict === "failed") announce(say("failed", { case: result.case }));
  }

  count() {
    this.progress.value = this.done;
    this.part(".proof-count").textContent = say("count", { done: this.done, total: this.total });
  }

  /**
   * @param {string} state
   * @param {string} words
   */
  end(state, words) {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.part(".proof-now").textContent = "";
    const focused = document.activeElement === this.stop;
    this.become(state, words);
    if (focused) this.start.focus();
  }

  /**
   * @param {string} state
   * @param {string} words
   */
  become(state, words) {
    const running = state === "running";
    this.root.dataset.state = state;
    this.start.hidden = running;
    this.stop.hidden = !running;
    this.part(".proof-progress").hidden = !running && !this.total;
    this.said.textContent = words;
  }
}

const root = /** @type {HTMLElement | null} */ (document.querySelector(".proof"));
if (root) new Proof(root);
