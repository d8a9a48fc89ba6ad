import { FileEditor } from "./files-editor.js";
import { showEntries, showTrail } from "./files-list.js";
import { FileRequests } from "./files-requests.js";
import { FileUploads } from "./files-uploads.js";
import { Refused } from "./terminal-claim.js";
import { announce, say } from "./words.js";

/** The panel with the learner's ~/work, over the terminal's screen. */

/** @typedef {import("./files-requests.js").Entry} Entry */

const LOOK_AT_SAVES_EVERY = 60_000;

export class FilesPanel {
  /**
   * @param {HTMLElement} pane
   * @param {() => void} leave where the focus goes when the panel does
   */
  constructor(pane, leave) {
    this.root = /** @type {HTMLElement} */ (pane.querySelector("#files-panel"));
    this.opener = /** @type {HTMLElement} */ (pane.querySelector('[data-tool="files"]'));
    this.leave = leave;
    this.folder = "";
    this.requests = new FileRequests(this.root.dataset.url ?? "");
    this.editor = new FileEditor(this.part(".files-editor"), this.requests, {
      shown: (open) => this.showEditor(open),
      refused: (problem) => this.refused(problem),
    });
    this.uploads = new FileUploads(pane, this.root, this.requests, {
      begins: () => this.open(),
      pathOf: (name) => this.pathOf(name),
      done: () => this.list(),
    });
    this.opener.onclick = () => (this.root.hidden ? this.open() : this.close());
    this.on("close", () => this.close());
    this.on("refresh", () => this.list());
    this.on("upload", () => this.uploads.choose());
    this.on("new-folder", () => this.makeFolder());
    this.on("new-file", () => this.makeFile());
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.editor.isOpen) this.close();
    });
    this.lookAtSaves();
    setInterval(() => document.hidden || this.lookAtSaves(), LOOK_AT_SAVES_EVERY);
  }

  open() {
    if (!this.root.hidden) return;
    this.root.hidden = false;
    this.opener.setAttribute("aria-expanded", "true");
    this.root.focus();
    this.list();
    this.lookAtSaves();
  }

  close() {
    if (!this.editor.close()) return;
    this.root.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    this.leave();
  }

  /** Show what is in the folder now. */
  async list() {
    this.root.setAttribute("aria-busy", "true");
    try {
      const { entries, more } = await this.requests.get("", { path: this.folder });
      this.part(".files-list").replaceChildren(...showEntries(entries, this));
      this.tell(more ? say("filesMore") : entries.length ? "" : say("filesNone"));
    } catch (problem) {
      this.part(".files-list").replaceChildren();
      this.refused(problem);
    }
    this.part(".files-trail ol").replaceChildren(
      ...showTrail(this.folder, (folder) => this.go(folder)),
    );
    this.root.removeAttribute("aria-busy");
  }

  /** @param {string} folder */
  async go(folder) {
    this.folder = folder;
    await this.list();
    /** @type {HTMLElement | null} */ (
      this.root.querySelector(".files-trail [aria-current]")
    )?.focus();
  }

  /** @param {Entry} entry */
  show(entry) {
    if (entry.kind === "folder") this.go(this.pathOf(entry.name));
    else this.editor.open(this.pathOf(entry.name));
  }

  /** @param {Entry} entry */
  downloadOf(entry) {
    return this.requests.address("download/", { path: this.pathOf(entry.name) });
  }

  /** @param {Entry} entry */
  rename(entry) {
    const name = prompt(say("filesRename", { name: entry.name }), entry.name);
    if (!name || name === entry.name) return;
    this.act("move/", { path: this.pathOf(entry.name), to: this.pathOf(name) }, "filesRenamed");
  }

  /** @param {Entry} entry */
  remove(entry) {
    const question = entry.kind === "folder" && !entry.link ? "filesRemoveFolder" : "filesRemove";
    if (!confirm(say(question, { name: entry.name }))) return;
    this.act("remove/", { path: this.pathOf(entry.name) }, "filesRemoved");
  }

  makeFolder() {
    const name = prompt(say("filesFolderName"));
    if (name) this.act("make-folder/", { path: this.pathOf(name) }, "filesMade");
  }

  makeFile() {
    const name = prompt(say("filesFileName"));
    if (name) this.editor.begin(this.pathOf(name));
  }

  /**
   * @param {string} what
   * @param {Record<string, string>} query
   * @param {string} done the word for it
   */
  async act(what, query, done) {
    try {
      await this.requests.post(what, query);
    } catch (problem) {
      return this.refused(problem);
    }
    await this.list();
    this.tell(say(done));
    this.root.focus(); // the row that was clicked is a new one
  }

  /** @param {boolean} open */
  showEditor(open) {
    this.part(".files-browser").hidden = open;
    if (open) return;
    this.list();
    this.root.focus();
  }

  /** What is kept when the sandbox ends, and what is not: also while the panel is closed. */
  async lookAtSaves() {
    let saved;
    try {
      saved = await this.requests.get("saved/");
    } catch {
      return; // the terminal tells that the site is away
    }
    const problem = saved.problem ? say(`work-${saved.problem}`, mebibytes(saved.most)) : "";
    const place = this.part(".files-problem");
    if (problem && place.textContent !== problem) announce(problem);
    place.textContent = problem;
    place.hidden = !problem;
    this.opener.toggleAttribute("data-warning", Boolean(problem));
    this.part(".files-saved").textContent = saved.saved_at
      ? say("filesSavedAt", { time: clock(saved.saved_at) })
      : "";
  }

  /** @param {unknown} problem */
  refused(problem) {
    this.tell(problem instanceof Refused && problem.message ? problem.message : say("siteUnreachable"));
  }

  /** @param {string} sentence */
  tell(sentence) {
    this.part(".files-told").textContent = sentence;
  }

  /** @param {string} name */
  pathOf(name) {
    return this.folder ? `${this.folder}/${name}` : name;
  }

  /**
   * @param {string} name
   * @param {() => void} act
   */
  on(name, act) {
    this.part(`[data-files="${name}"]`).onclick = act;
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  part(selector) {
    return /** @type {HTMLElement} */ (this.root.querySelector(selector));
  }
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return { most: Math.round(bytes / 2 ** 20) };
}

/** @param {string} time */
function clock(time) {
  const { lang } = document.documentElement;
  return new Date(time).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
}
