import { FitAddon } from "../vendor/addon-fit/addon-fit.mjs";
import { SearchAddon } from "../vendor/addon-search/addon-search.mjs";
import { Unicode11Addon } from "../vendor/addon-unicode11/addon-unicode11.mjs";
import { WebLinksAddon } from "../vendor/addon-web-links/addon-web-links.mjs";
import { WebglAddon } from "../vendor/addon-webgl/addon-webgl.mjs";
import { Terminal } from "../vendor/xterm/xterm.mjs";
import { recall, remember } from "./memory.js";
import { TerminalScrollback } from "./terminal-scrollback.js";
import { styleByScript } from "./terminal-styles.js";
import { terminalTheme } from "./terminal-theme.js";
import { isDark, onThemeChange } from "./theme.js";
import { say } from "./words.js";
import { WriteQueue } from "./write-queue.js";

/**
 * The screen: xterm.js, fitted to its place. It honours no sequence by which a program could reach
 * the clipboard (OSC 52) or the page's title; the page reads none of those events.
 */

const SMALLEST = 10;
const LARGEST = 28;
const USUAL = 14;
/** What the server takes (sandbox/protocol.py): a wall of screens is still served. */
const MOST_COLUMNS = 500;
const MOST_ROWS = 300;

/** What a full reset looks like in the stream: in order with the bytes before and after it. */
const RESET = new TextEncoder().encode("\x1bc");
const NOTHING = new Uint8Array(0);

styleByScript();

export class TerminalScreen {
  /**
   * @param {HTMLElement} place
   * @param {{ input(data: string): void, bytes(data: Uint8Array): void,
   *   resized(size: { cols: number, rows: number }): void }} handlers
   */
  constructor(place, handlers) {
    this.place = place;
    this.term = makeTerminal();
    this.fitting = new FitAddon();
    this.searching = new SearchAddon();
    this.queue = new WriteQueue((bytes, drawn) => this.term.write(bytes, drawn));
    this.term.loadAddon(this.fitting);
    this.term.loadAddon(this.searching);
    this.term.loadAddon(new WebLinksAddon((_event, address) => openLink(address)));
    this.term.loadAddon(new Unicode11Addon());
    this.term.unicode.activeVersion = "11";
    this.scrollback = new TerminalScrollback(this.term, place, handlers.input);
    ignoreEndless(this.term);
    this.term.open(place);
    this.term.textarea?.setAttribute("aria-describedby", "terminal-way-out");
    useGraphicsCard(this.term);
    this.fit();

    this.term.onData((data) => this.scrollback.pass(data));
    this.term.onBinary((data) => handlers.bytes(Uint8Array.from(data, (c) => c.charCodeAt(0))));
    this.term.onResize((size) => handlers.resized(size));
    this.watching = new ResizeObserver(() => requestAnimationFrame(() => this.fit()));
    this.watching.observe(place);
    onThemeChange((dark) => {
      this.term.options.theme = terminalTheme(dark);
    });
  }

  /** @returns {{ cols: number, rows: number }} */
  get size() {
    return { cols: this.term.cols, rows: this.term.rows };
  }

  fit() {
    const size = this.fitting.proposeDimensions();
    if (!size || !(size.cols > 1) || !(size.rows > 1)) return;
    this.term.resize(Math.min(size.cols, MOST_COLUMNS), Math.min(size.rows, MOST_ROWS));
  }

  dispose() {
    this.watching.disconnect();
    this.term.dispose();
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    this.queue.add(bytes);
  }

  /** @param {() => void} then called when all that was written so far is drawn */
  whenDrawn(then) {
    this.queue.add(NOTHING, then);
  }

  reset() {
    this.queue.add(RESET);
  }

  /** @param {1 | -1} by */
  changeFontSize(by) {
    const wanted = Number(this.term.options.fontSize ?? USUAL) + by;
    const size = Math.min(LARGEST, Math.max(SMALLEST, wanted));
    this.term.options.fontSize = size;
    remember("font-size", String(size));
    this.fit();
  }

  /** @returns {boolean} */
  get screenReaderMode() {
    return Boolean(this.term.options.screenReaderMode);
  }

  set screenReaderMode(on) {
    this.term.options.screenReaderMode = on;
    remember("screen-reader", on ? "on" : null);
  }
}

/** Sequences that xterm.js does as often as they say, however often: insert, delete, scroll, … */
const REPEATED = ["L", "M", "S", "T", "I", "Z", "b"];
/** More than any screen has cells in a line or lines. */
const MOST_TIMES = 1000;

/** @param {Terminal} term whose page a program could hold up for ever by one number */
function ignoreEndless(term) {
  for (const final of REPEATED) {
    term.parser.registerCsiHandler({ final }, ([times]) => Number(times) > MOST_TIMES);
  }
}

function makeTerminal() {
  Terminal.strings.promptLabel = say("terminalInput");
  Terminal.strings.tooMuchOutput = say("tooMuchOutput");
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  return new Terminal({
    allowProposedApi: true, // for the Unicode version
    cursorBlink: !calm,
    smoothScrollDuration: 0,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue("--mono"),
    fontSize: Number(recall("font-size")) || USUAL,
    lineHeight: 1.15,
    minimumContrastRatio: 4.5,
    scrollback: 5000,
    screenReaderMode: recall("screen-reader") === "on",
    theme: terminalTheme(isDark()),
    linkHandler: {
      activate: (_event, address) => followHidden(address),
      allowNonHttpProtocols: false,
    },
  });
}

/**
 * A link whose text is not its address (OSC 8): the person sees where it goes before they go.
 * @param {string} address
 */
function followHidden(address) {
  if (confirm(`${say("followLink")}\n\n${address}`)) openLink(address);
}

/** @param {string} address */
function openLink(address) {
  if (/^https?:\/\//i.test(address)) window.open(address, "_blank", "noopener,noreferrer");
}

/** @param {Terminal} term draws in the DOM where WebGL is missing, taken away or only emulated */
function useGraphicsCard(term) {
  const options = { failIfMajorPerformanceCaveat: true };
  if (!document.createElement("canvas").getContext("webgl2", options)) return;
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    term.loadAddon(webgl);
  } catch {
    // The DOM renderer stays.
  }
}
