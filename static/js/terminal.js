import { FilesPanel } from "./files.js";
import { Refused, claimSandbox } from "./terminal-claim.js";
import { ended, refusal } from "./terminal-endings.js";
import { TerminalQueue } from "./terminal-queue.js";
import { TerminalShell } from "./terminal-shell.js";
import { endShell, listShells } from "./terminal-shells.js";
import { TerminalSplit } from "./terminal-split.js";
import { TerminalStanding } from "./terminal-standing.js";
import { TerminalTabs } from "./terminal-tabs.js";
import { TerminalTime } from "./terminal-time.js";
import { TerminalTools } from "./terminal-tools.js";
import { announce, say } from "./words.js";

/** The terminal's side of a lesson page: gets a sandbox and shows its shells. */

/** News of several shells at once is one question to the site. */
const ASK_AFTER = 150;
const FIRST = "main";

export class TerminalPane {
  /** @param {HTMLElement} pane */
  constructor(pane) {
    this.pane = pane;
    this.body = /** @type {HTMLElement} */ (pane.querySelector(".terminal-body"));
    this.form = /** @type {HTMLTemplateElement} */ (pane.querySelector(".shell-form"));
    /** @type {import("./terminal-claim.js").Sandbox | null} */
    this.sandbox = null;
    /** @type {Map<string, TerminalShell>} */
    this.shells = new Map();
    this.asking = 0;
    this.split = new TerminalSplit(() => this.draw());
    this.tabs = new TerminalTabs(/** @type {HTMLElement} */ (pane.querySelector(".terminal-tabs")), {
      select: (name) => this.select(name),
      open: () => this.open(),
      close: (name) => this.close(name),
    });
    this.time = new TerminalTime(pane, () => this.focus());
    this.queue = new TerminalQueue(
      () => this.active.notice,
      () => this.begin(),
    );
    this.standing = new TerminalStanding(pane.dataset.standingUrl ?? "", (now) => {
      this.time.show(now);
      this.queue.show(now);
    });
    this.files = new FilesPanel(pane, () => this.focus());
    this.tools = new TerminalTools(pane, {
      active: () => this.active.drawn(),
      all: () => [...this.shells.values()].flatMap((shell) => shell.screen ?? []),
      startAfresh: () => this.startAfresh(),
      step: (by) => this.step(by),
    });
    for (const button of pane.querySelectorAll("[data-split]")) {
      const direction = /** @type {"row" | "column"} */ (button.getAttribute("data-split"));
      button.addEventListener("click", () => this.toggleSplit(direction));
    }
    this.add(this.split.active);
    this.draw();
    const screen = () => this.active.drawn().term;
    // Where only tests look.
    Object.assign(window, { hakoniwa: Object.defineProperty({}, "terminal", { get: screen }) });
  }

  /** The shell that is typed into. */
  get active() {
    return /** @type {TerminalShell} */ (this.shells.get(this.split.active));
  }

  /** A new sandbox in the place of this one, if the person is sure. */
  startAfresh() {
    if (!confirm(say("afreshSure"))) return;
    for (const shell of this.shells.values()) shell.connection.stop();
    this.begin(this.pane.dataset.afreshUrl);
  }

  /** Get the sandbox, then the shells in it. */
  async begin(url = this.pane.dataset.claimUrl) {
    this.active.drawn();
    this.active.become("preparing");
    this.active.notice.show(say("preparing"));
    try {
      const sandbox = await claimSandbox(url ?? "");
      if (this.sandbox && this.sandbox.id !== sandbox.id) this.keepOnly([]);
      this.sandbox = sandbox;
    } catch (problem) {
      this.refused(problem);
      return;
    }
    // The first shell is there or is to be started; of any other it is only known to have been.
    if (this.split.active === FIRST) this.active.connect(this.sandbox);
    await this.ask();
  }

  /** @param {unknown} problem */
  refused(problem) {
    const { notice } = this.active;
    const again = { label: say("tryAgain"), act: () => this.begin() };
    this.active.become("over");
    if (problem instanceof Refused && problem.status === 401) {
      this.active.over(refusal(problem.status, problem.message));
    } else if (problem instanceof Refused && problem.status === 403) {
      this.active.over(refusal(401, problem.message)); // signed in anew in another tab
    } else if (problem instanceof Refused && problem.code === "classroom-full") {
      this.active.become("queued");
      this.queue.wait(problem.message);
    } else if (problem instanceof Refused && problem.message) {
      notice.show(problem.message, again);
    } else {
      notice.show(say("siteUnreachable"), again);
    }
  }

  /** Ask the sandbox which shells it has. */
  async ask() {
    if (!this.sandbox) return;
    try {
      this.list(await listShells(this.sandbox));
    } catch {
      // The tabs that are here go on; where the sandbox is gone, each of them says so.
      this.connectShown();
    }
  }

  askSoon() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.ask(), ASK_AFTER);
  }

  /** @param {import("./terminal-shells.js").ListedShell[]} listed */
  list(listed) {
    for (const { name, exit_code: code } of listed) {
      const shell = this.add(name);
      if (code !== null && shell.state === "idle") shell.over(ended(code));
      const back = shell.state === "over" && shell.exitCode !== null && code === null;
      if (back) shell.connection.open(); // somebody opened it again elsewhere
    }
    const live = [...this.shells.values()].filter((shell) => !["idle", "over"].includes(shell.state));
    this.keepOnly([...listed, ...live].map((shell) => shell.name));
    this.connectShown();
  }

  /** @param {string[]} names the rest are gone */
  keepOnly(names) {
    for (const shell of [...this.shells.values()]) {
      if (names.includes(shell.name)) continue;
      this.shells.delete(shell.name);
      shell.remove();
    }
    if (!this.shells.size) this.add(FIRST);
    this.split.settle([...this.shells.keys()].sort(inOrder));
    this.draw();
  }

  /**
   * @param {string} name
   * @returns {TerminalShell}
   */
  add(name) {
    const known = this.shells.get(name);
    if (known) return known;
    const part = /** @type {DocumentFragment} */ (this.form.content.cloneNode(true));
    const root = /** @type {HTMLElement} */ (part.firstElementChild);
    root.id = `shell-${name}`;
    root.setAttribute("aria-labelledby", `tab-${name}`);
    this.body.append(root);
    const shell = new TerminalShell(name, root, {
      changed: (changed) => {
        if (changed.state === "open") this.queue.over();
        this.draw();
      },
      made: (made) => this.tools.follow(made.drawn()),
      listChanged: () => this.askSoon(),
      claim: () => this.begin(),
    });
    root.addEventListener("focusin", () => this.select(name, false));
    this.shells.set(name, shell);
    return shell;
  }

  /**
   * @param {string} name
   * @param {boolean} [focus] whether what is typed is to go there at once
   */
  select(name, focus = true) {
    if (!this.shells.has(name)) return;
    if (this.split.active !== name) {
      this.split.select(name);
      this.draw();
      this.connectShown();
    }
    if (focus) this.focus();
  }

  /** @param {1 | -1} by to the tab before or after */
  step(by) {
    const names = [...this.shells.keys()].sort(inOrder);
    const at = names.indexOf(this.split.active) + by + names.length;
    this.select(names[at % names.length]);
  }

  /** Open one more shell, where there is room for one. */
  open() {
    const name = this.sandbox?.shell_names.find((free) => !this.shells.has(free));
    if (!this.sandbox || !name) return "";
    const shell = this.add(name);
    this.split.select(name);
    this.draw();
    shell.connect(this.sandbox, true);
    this.focus();
    return name;
  }

  /**
   * End a shell; if a program runs in it, only when the person is sure.
   * @param {string} name
   */
  async close(name) {
    const shell = this.shells.get(name);
    if (!this.sandbox || !shell) return;
    try {
      const listed = (await listShells(this.sandbox)).find((known) => known.name === name);
      const values = { shell: shell.title, program: listed?.program ?? "" };
      if (listed?.program && !confirm(say("closeSure", values))) return;
      const left = await endShell(this.sandbox, name);
      this.shells.delete(name);
      shell.remove();
      announce(say("shellClosed", { shell: shell.title }));
      this.list(left);
      this.focus();
    } catch (problem) {
      this.tools.tell(problem instanceof Refused ? problem.message : say("siteUnreachable"));
    }
  }

  /** @param {"row" | "column"} direction */
  toggleSplit(direction) {
    if (this.split.standing === direction) {
      this.split.single();
    } else if (this.split.standing) {
      this.split.show(direction, this.split.active);
    } else {
      const before = this.split.active;
      const other = [...this.shells.keys()].sort(inOrder).find((name) => name !== before);
      const beside = other ?? this.open();
      if (!beside) return;
      this.split.select(before);
      this.split.show(direction, beside);
    }
    this.draw();
    this.connectShown();
    this.focus();
  }

  /** What is looked at is connected; the others wait until they are. */
  connectShown() {
    for (const name of this.split.shown) {
      const shell = this.shells.get(name);
      if (this.sandbox && shell && ["idle", "preparing"].includes(shell.state)) {
        shell.connect(this.sandbox);
      }
    }
  }

  draw() {
    if (!this.shells.size) return;
    const shells = [...this.shells.values()].sort((a, b) => inOrder(a.name, b.name));
    const { shown, active, standing } = this.split;
    this.body.dataset.halves = standing;
    for (const shell of shells) {
      const at = shown.indexOf(shell.name);
      shell.root.dataset.place = at < 0 ? "" : `${at + 1}`;
      shell.root.toggleAttribute("data-active", shell.name === active);
    }
    for (const button of this.pane.querySelectorAll("[data-split]")) {
      const pressed = button.getAttribute("data-split") === standing;
      button.setAttribute("aria-pressed", String(pressed));
    }
    const most = this.sandbox?.shell_names.length ?? 1;
    this.tabs.draw(shells, shown, active, shells.length >= most);
    this.showState();
  }

  showState() {
    const { state } = this.active;
    if (this.pane.dataset.state === state) return;
    this.pane.dataset.state = state;
    const words = { open: "stateOpen", lost: "stateClosed", over: "stateClosed", queued: "stateQueued" };
    const place = /** @type {HTMLElement} */ (this.pane.querySelector(".terminal-state"));
    place.textContent = say(words[/** @type {keyof typeof words} */ (state)] ?? "stateBusy");
  }

  /**
   * Type a command and Enter.
   * @param {string} command
   * @returns {string} why it can't be run now, or ""
   */
  run(command) {
    return this.active.run(command);
  }

  focus() {
    this.active.drawn().term.focus();
  }
}

/**
 * @param {string} a
 * @param {string} b
 */
function inOrder(a, b) {
  return (a === FIRST ? 1 : Number(a)) - (b === FIRST ? 1 : Number(b));
}
