/**
 * The two sides of a lesson page: side by side where there is room, else one at a time; F6 goes
 * from one to the other either way.
 */

/** @typedef {"lesson" | "terminal"} View */

export class Panes {
  /**
   * @param {HTMLElement} workspace
   * @param {() => void} focusTerminal
   */
  constructor(workspace, focusTerminal) {
    this.workspace = workspace;
    this.focusTerminal = focusTerminal;
    this.stacked = matchMedia("(max-width: 55.99rem), (max-height: 25.99rem)");
    /** @type {Record<View, number>} where each view was scrolled to; the terminal first to its end */
    this.scrolled = { lesson: 0, terminal: 1e6 };

    for (const button of this.buttons) {
      button.addEventListener("click", () => {
        this.show(/** @type {View} */ (button.dataset.view));
      });
    }
    document.addEventListener("keydown", (event) => {
      if (event.key !== "F6" || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.toggle();
    });
  }

  /** @returns {HTMLButtonElement[]} */
  get buttons() {
    return Array.from(this.workspace.querySelectorAll(".pane-switch button"));
  }

  /** @returns {View} */
  get view() {
    return /** @type {View} */ (this.workspace.dataset.view);
  }

  /** @param {View} view */
  show(view) {
    if (view === this.view) return;
    this.scrolled[this.view] = window.scrollY;
    this.workspace.dataset.view = view;
    for (const button of this.buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    if (this.stacked.matches) {
      window.scrollTo({ top: this.scrolled[view], behavior: "instant" });
    }
  }

  toggle() {
    const inTerminal = document.activeElement?.closest("#terminal-pane") != null;
    this.show(inTerminal ? "lesson" : "terminal");
    if (inTerminal) {
      document.getElementById("step-title")?.focus({ preventScroll: true });
    } else {
      this.focusTerminal();
    }
  }
}
