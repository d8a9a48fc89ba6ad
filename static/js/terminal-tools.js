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

/**
 * @param {HTMLElement} pane
 * @param {import("./terminal-screen.js").TerminalScreen} screen
 * @param {() => void} startAfresh
 */
export function bringToolsToLife(pane, screen, startAfresh) {
  const { term } = screen;
  /** @param {string} name */
  const button = (name) =>
    /** @type {HTMLButtonElement} */ (pane.querySelector(`[data-tool="${name}"]`));
  const form = /** @type {HTMLFormElement} */ (pane.querySelector(".terminal-search"));
  const search = new TerminalSearch(form, screen, (open) =>
    button("search").setAttribute("aria-expanded", String(open)),
  );

  async function copy() {
    const text = term.getSelection();
    if (!text) return tell(pane, say("nothingToCopy"));
    tell(pane, (await copyText(text)) ? say("copied") : say("copyRefused"));
    term.focus();
  }

  async function paste() {
    const text = await readClipboard();
    if (text === null) tell(pane, say("pasteRefused"));
    else term.paste(text);
    term.focus();
  }

  function toggleScreenReaderMode() {
    screen.screenReaderMode = !screen.screenReaderMode;
    showScreenReaderMode();
  }

  function showScreenReaderMode() {
    button("reader").setAttribute("aria-pressed", String(screen.screenReaderMode));
  }

  button("smaller").onclick = () => screen.changeFontSize(-1);
  button("larger").onclick = () => screen.changeFontSize(1);
  button("copy").onclick = copy;
  button("paste").onclick = paste;
  button("search").onclick = () => search.toggle();
  button("reader").onclick = toggleScreenReaderMode;
  button("afresh").onclick = startAfresh;
  showScreenReaderMode();

  for (const key of pane.querySelectorAll("[data-key]")) {
    key.addEventListener("click", () => {
      const name = /** @type {keyof typeof KEYS} */ (key.getAttribute("data-key"));
      term.input(arrow(KEYS[name], term.modes.applicationCursorKeysMode));
      term.focus();
    });
  }

  term.attachCustomKeyEventHandler((event) => {
    const shortcut = shortcutOf(event);
    if (!shortcut) return true;
    if (event.type === "keydown" && shortcut === "copy") {
      event.preventDefault(); // the browser's developer tools
      copy();
    }
    if (event.type === "keydown" && shortcut === "search") {
      event.preventDefault();
      search.open();
    }
    // Pasting is the browser's own and F6 the page's: the shell sees neither.
    return false;
  });
}

/**
 * @param {KeyboardEvent} event
 * @returns {"copy" | "paste" | "search" | "leave" | null}
 */
function shortcutOf(event) {
  if (event.key === "F6") return "leave";
  if (!event.shiftKey || !(event.ctrlKey || event.metaKey) || event.altKey) return null;
  if (event.code === "KeyC") return "copy";
  if (event.code === "KeyV") return "paste";
  if (event.code === "KeyF") return "search";
  return null;
}

/**
 * @param {string} sequence
 * @param {boolean} application whether the program wants the arrows in their other form
 */
function arrow(sequence, application) {
  return application ? sequence.replace("\x1b[", "\x1bO") : sequence;
}

let told = 0;

/**
 * @param {HTMLElement} pane
 * @param {string} sentence
 */
function tell(pane, sentence) {
  const place = /** @type {HTMLElement} */ (pane.querySelector(".terminal-told"));
  place.textContent = sentence;
  announce(sentence);
  clearTimeout(told);
  told = setTimeout(() => {
    place.textContent = "";
  }, TOLD_FOR);
}
