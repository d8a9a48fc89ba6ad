import { say } from "./words.js";

/** The bar that searches what the terminal has shown. */

const DECORATIONS = {
  matchBackground: "#d8c98a",
  matchOverviewRuler: "#85836f",
  activeMatchBackground: "#e8a04a",
  activeMatchColorOverviewRuler: "#8c3b1f",
};

export class TerminalSearch {
  /**
   * @param {HTMLFormElement} form
   * @param {() => import("./terminal-screen.js").TerminalScreen} screen the one that is typed into
   * @param {(open: boolean) => void} toggled
   */
  constructor(form, screen, toggled) {
    this.form = form;
    this.screen = screen;
    this.toggled = toggled;
    this.field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
    this.result = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.next();
    });
    this.field.addEventListener("input", () => this.next(true));
    form.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Escape") this.close();
      if (event.key === "Enter" && event.shiftKey) {
        event.preventDefault();
        this.previous();
      }
    });
    form.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("[data-search]");
      const what = button?.getAttribute("data-search");
      if (what === "previous") this.previous();
      if (what === "close") this.close();
    });
  }

  /** @param {import("./terminal-screen.js").TerminalScreen} screen one more to search in */
  follow(screen) {
    screen.searching.onDidChangeResults(({ resultIndex, resultCount }) => {
      if (screen !== this.screen()) return;
      const values = { position: resultIndex + 1, total: resultCount };
      this.result.textContent = resultCount
        ? say("found", values)
        : this.field.value && say("notFound");
    });
  }

  open() {
    this.form.hidden = false;
    this.screen().scrollback.complete();
    this.field.select();
    this.field.focus();
    this.toggled(true);
  }

  close() {
    this.form.hidden = true;
    this.screen().searching.clearDecorations();
    this.toggled(false);
    this.screen().term.focus();
  }

  toggle() {
    if (this.form.hidden) this.open();
    else this.close();
  }

  /** @param {boolean} [incremental] grow the match at hand while the word is being typed */
  next(incremental = false) {
    this.screen().searching.findNext(this.field.value, { incremental, decorations: DECORATIONS });
  }

  previous() {
    this.screen().searching.findPrevious(this.field.value, { decorations: DECORATIONS });
  }
}
