import { FileRefused } from "./files-requests.js";
import { say } from "./words.js";

/** A small editor for one text file of the sandbox. */

/**
 * @typedef {object} Around
 * @property {(open: boolean) => void} shown
 * @property {(problem: unknown) => void} refused
 */

export class FileEditor {
  /**
   * @param {HTMLElement} form
   * @param {import("./files-requests.js").FileRequests} requests
   * @param {Around} around
   */
  constructor(form, requests, around) {
    this.form = form;
    this.requests = requests;
    this.around = around;
    this.path = "";
    /** What the file must still be when it is saved. */
    this.version = "new";
    /** As it was opened or saved last; a textarea knows no other line end than this one. */
    this.before = "";
    this.lineEnd = "\n";
    this.mayLeave = false;
    this.text = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
    this.conflict = this.part(".files-conflict");
    this.text.oninput = () => this.showState();
    this.text.onkeydown = (event) => this.key(event);
    this.form.onsubmit = (event) => {
      event.preventDefault();
      this.save(this.version);
    };
    this.part('[data-editor="close"]').onclick = () => this.close();
    this.part('[data-editor="reopen"]').onclick = () => this.open(this.path);
    this.part('[data-editor="overwrite"]').onclick = () => this.save("any");
    form.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.save(this.version);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.isChanged) event.preventDefault();
    });
  }

  get isOpen() {
    return !this.form.hidden;
  }

  get isChanged() {
    return this.isOpen && this.text.value !== this.before;
  }

  /** @param {string} path */
  async open(path) {
    try {
      const { text, version } = await this.requests.get("text/", { path });
      this.show(path, text, version);
    } catch (problem) {
      this.around.refused(problem);
    }
  }

  /** @param {string} path a file that is not there yet */
  begin(path) {
    this.show(path, "", "new");
    this.before = "\0"; // even an empty one is to be saved
    this.showState();
  }

  /**
   * @param {string} path
   * @param {string} text
   * @param {string} version
   */
  show(path, text, version) {
    this.path = path;
    this.version = version;
    this.lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
    this.text.value = text;
    this.before = this.text.value;
    this.part(".files-editor-name").textContent = path;
    this.text.setAttribute("aria-label", path);
    this.conflict.hidden = true;
    this.form.hidden = false;
    this.showState();
    this.around.shown(true);
    this.text.setSelectionRange(0, 0);
    this.text.scrollTop = 0;
    this.text.focus();
  }

  /** @returns {boolean} whether it is closed: a person may want to keep what is not saved */
  close() {
    if (!this.isOpen) return true;
    if (this.isChanged && !confirm(say("editorLeave"))) return false;
    this.form.hidden = true;
    this.around.shown(false);
    return true;
  }

  /** @param {string} expected */
  async save(expected) {
    const { value } = this.text;
    const content = new Blob([value.replaceAll("\n", this.lineEnd)]);
    this.tell(say("editorSaving"));
    try {
      this.version = (await this.requests.upload(this.path, content, expected)).version;
    } catch (problem) {
      return this.refused(problem);
    }
    this.before = value;
    this.conflict.hidden = true;
    this.showState();
    this.tell(say("editorSaved"));
  }

  /** @param {unknown} problem */
  refused(problem) {
    const why = problem instanceof FileRefused ? problem : null;
    const clash = why && ["changed", "exists"].includes(why.code);
    this.tell(clash ? say("editorUnsaved") : why?.message || say("siteUnreachable"));
    if (!clash) return;
    this.conflict.hidden = false;
    /** @type {HTMLElement} */ (this.conflict.querySelector("span")).textContent = why.message;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const leaving = this.mayLeave;
    this.mayLeave = event.key === "Escape" || (leaving && event.key === "Shift");
    if (event.key !== "Tab" || leaving || event.ctrlKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    // Unlike setRangeText it can be undone.
    document.execCommand("insertText", false, "\t");
  }

  showState() {
    this.tell(this.isChanged ? say("editorUnsaved") : "");
  }

  /** @param {string} sentence */
  tell(sentence) {
    const place = this.part(".files-editor-state");
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  part(selector) {
    return /** @type {HTMLElement} */ (this.form.querySelector(selector));
  }
}
