import { say } from "./words.js";

/**
 * The bar of tabs over the screens, one for each shell: the pattern of
 * https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ with manual activation, since a shell that is
 * shown for the first time has to be connected.
 */

/** @typedef {import("./terminal-shell.js").TerminalShell} TerminalShell */

export class TerminalTabs {
  /**
   * @param {HTMLElement} bar
   * @param {{ select(name: string): void, open(): void, close(name: string): void }} handlers
   */
  constructor(bar, handlers) {
    this.list = /** @type {HTMLElement} */ (bar.querySelector("[role=tablist]"));
    this.opening = /** @type {HTMLButtonElement} */ (bar.querySelector("[data-tabs=open]"));
    this.closing = /** @type {HTMLButtonElement} */ (bar.querySelector("[data-tabs=close]"));
    this.handlers = handlers;
    this.active = "";
    this.opening.onclick = () => handlers.open();
    this.closing.onclick = () => handlers.close(this.active);
    this.list.addEventListener("click", (event) => {
      const tab = /** @type {Element} */ (event.target).closest("[role=tab]");
      if (tab) handlers.select(tab.getAttribute("data-name") ?? "");
    });
    this.list.addEventListener("keydown", (event) => this.pressed(event));
  }

  /**
   * @param {TerminalShell[]} shells in their order
   * @param {string[]} shown the names of those that are on the screen
   * @param {string} active the one that is typed into
   * @param {boolean} full whether no more can be opened
   */
  draw(shells, shown, active, full) {
    this.active = active;
    const focused = this.list.contains(document.activeElement);
    const tabs = shells.map((shell) => this.tabOf(shell));
    shells.forEach((shell, at) => {
      const tab = tabs[at];
      const ended = shell.exitCode === null ? "" : say("tabEnded", { code: shell.exitCode });
      tab.setAttribute("aria-selected", String(shown.includes(shell.name)));
      tab.tabIndex = shell.name === active ? 0 : -1;
      tab.toggleAttribute("data-active", shell.name === active);
      tab.toggleAttribute("data-failed", Boolean(shell.exitCode));
      const text = ended ? `${shell.title} ${ended}` : shell.title;
      if (tab.textContent !== text) tab.textContent = text;
    });
    if (tabs.some((tab, at) => this.list.children[at] !== tab) || this.list.children[tabs.length]) {
      this.list.replaceChildren(...tabs);
    }
    const current = tabs[shells.findIndex((shell) => shell.name === active)];
    current?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (focused && !this.list.contains(document.activeElement)) current?.focus();
    this.opening.disabled = full;
    this.opening.title = say(full ? "noMoreShells" : "openShell", { count: shells.length });
    this.closing.disabled = shells.length < 2;
  }

  /** @param {TerminalShell} shell */
  tabOf(shell) {
    const known = this.list.querySelector(`[data-name="${shell.name}"]`);
    if (known) return /** @type {HTMLElement} */ (known);
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `tab-${shell.name}`;
    tab.dataset.name = shell.name;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", shell.root.id);
    return tab;
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const tabs = /** @type {HTMLElement[]} */ (Array.from(this.list.children));
    const at = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const places = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 };
    const to = places[/** @type {keyof typeof places} */ (event.key)];
    if (event.key === "Delete" && tabs.length > 1) {
      this.handlers.close(tabs[at].dataset.name ?? "");
    } else if (to !== undefined && at >= 0) {
      event.preventDefault();
      tabs[(to + tabs.length) % tabs.length].focus();
    }
  }
}
