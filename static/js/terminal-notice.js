/** What the terminal has to say beside its screen, and what a person can do about it. */

export class TerminalNotice {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.message = part(root, ".notice-message");
    this.countdown = part(root, ".notice-countdown");
    this.actions = part(root, ".notice-actions");
  }

  /**
   * @param {string} sentence read aloud when it is new
   * @param {{ label: string, act: () => void }} [action]
   * @param {string} [countdown] changes every second, so it is not read aloud
   */
  show(sentence, action, countdown = "") {
    this.root.dataset.open = "";
    if (this.message.textContent !== sentence) this.message.textContent = sentence;
    this.countdown.textContent = countdown;
    this.offer(action);
  }

  hide() {
    delete this.root.dataset.open;
    this.message.textContent = "";
    this.countdown.textContent = "";
    this.offer();
  }

  /** @param {{ label: string, act: () => void }} [action] */
  offer(action) {
    const button = this.actions.querySelector("button");
    if (!action) {
      button?.remove();
    } else if (button?.textContent === action.label) {
      button.onclick = action.act; // the same button keeps the focus
    } else {
      const fresh = document.createElement("button");
      fresh.type = "button";
      fresh.className = "button small primary";
      fresh.textContent = action.label;
      fresh.onclick = action.act;
      this.actions.replaceChildren(fresh);
    }
  }
}

/**
 * @param {HTMLElement} root
 * @param {string} selector
 */
function part(root, selector) {
  return /** @type {HTMLElement} */ (root.querySelector(selector));
}
