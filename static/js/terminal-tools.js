import { copyText, readClipboard } from "./clipboard.js";
import { TerminalSearch } from "./terminal-search.js";
import { announce, say } from "./words.js";

/** The terminal's tools: by button, by the platform's shortcuts, and the keys a phone lacks. */

const KEYS = {
  escape: "\x1b",
  tab: "\t",
  interrupt: "\x03",
  end: "\x04",
  up: "\x1b[A",
  down: "\x1b[B",
};
const TOLD_FOR = 5000;

/** @typedef {import("./terminal-screen.js").TerminalScreen} TerminalScreen */

export class TerminalTools {
  /**
   * @param {HTMLElement} pane
   * @param {{ active(): TerminalScreen, all(): TerminalScreen[], startAfresh(): void,
   *   step(by: 1 | -1): void }} terminal
   */
  constructor(pane, terminal) {
    this.pane = pane;
    this.terminal = terminal;
    this.told = 0;
    const form = /** @type {HTMLFormElement} */ (pane.querySelector(".terminal-search"));
    const opened = (/** @type {boolean} */ open) =>
      this.button("search").setAttribute("aria-expanded", String(open));
    this.search = new TerminalSearch(form, terminal.active, opened);

    this.button("smaller").onclick = () => this.changeFontSize(-1);
    this.button("larger").onclick = () => this.changeFontSize(1);
    this.button("copy").onclick = () => this.copy();
    this.button("paste").onclick = () => this.paste();
    this.button("search").onclick = () => this.search.toggle();
    this.button("reader").onclick = () => this.toggleScreenReaderMode();
    this.button("afresh").onclick = terminal.startAfresh;
    for (const key of pane.querySelectorAll("[data-key]")) {
      const name = /** @type {keyof typeof KEYS} */ (key.getAttribute("data-key"));
      key.addEventListener("click", () => this.press(KEYS[name]));
    }
  }

  /** @param {TerminalScreen} screen one more that the tools are for */
  follow(screen) {
    this.search.follow(screen);
    this.button("reader").setAttribute("aria-pressed", String(screen.screenReaderMode));
    screen.term.attachCustomKeyEventHandler((event) => {
      const shortcut = shortcutOf(event);
      if (!shortcut) return true;
      if (event.type === "keydown" && shortcut !== "leave" && shortcut !== "paste") {
        event.preventDefault(); // the browser's developer tools
        if (shortcut === "copy") this.copy();
        if (shortcut === "search") this.search.open();
        if (shortcut === "before") this.terminal.step(-1);
        if (shortcut === "after") this.terminal.step(1);
      }
      // Pasting is the browser's own and F6 the page's: the shell sees neither.
      return false;
    });
  }

  /** @param {1 | -1} by */
  changeFontSize(by) {
    for (const screen of this.terminal.all()) screen.changeFontSize(by);
  }

  async copy() {
    const { term } = this.terminal.active();
    const text = term.getSelection();
    if (!text) return this.tell(say("nothingToCopy"));
    this.tell((await copyText(text)) ? say("copied") : say("copyRefused"));
    term.focus();
  }

  async paste() {
    const { term } = this.terminal.active();
    const text = await readClipboard();
    if (text === null) this.tell(say("pasteRefused"));
    else term.paste(text);
    term.focus();
  }

  toggleScreenReaderMode() {
    const on = !this.terminal.active().screenReaderMode;
    for (const screen of this.terminal.all()) screen.screenReaderMode = on;
    this.button("reader").setAttribute("aria-pressed", String(on));
  }

  /** @param {string} sequence a key that a phone lacks */
  press(sequence) {
    const { term } = this.terminal.active();
    term.input(arrow(sequence, term.modes.applicationCursorKeysMode));
    term.focus();
  }

  /** @param {string} sentence */
  tell(sentence) {
    const place = /** @type {HTMLElement} */ (this.pane.querySelector(".terminal-told"));
    place.textContent = sentence;
    announce(sentence);
    clearTimeout(this.told);
    this.told = setTimeout(() => {
      place.textContent = "";
    }, TOLD_FOR);
  }

  /** @param {string} name */
  button(name) {
    return /** @type {HTMLButtonElement} */ (this.pane.querySelector(`[data-tool="${name}"]`));
  }
}

/**
 * @param {KeyboardEvent} event
 * @returns {"copy" | "paste" | "search" | "before" | "after" | "leave" | null}
 */
function shortcutOf(event) {
  if (event.key === "F6") return "leave";
  if (!event.shiftKey || !(event.ctrlKey || event.metaKey) || event.altKey) return null;
  if (event.code === "KeyC") return "copy";
  if (event.code === "KeyV") return "paste";
  if (event.code === "KeyF") return "search";
  if (event.code === "ArrowLeft") return "before";
  if (event.code === "ArrowRight") return "after";
  return null;
}

/**
 * @param {string} sequence
 * @param {boolean} application whether the program wants the arrows in their other form
 */
function arrow(sequence, application) {
  return application ? sequence.replace("\x1b[", "\x1bO") : sequence;
}
