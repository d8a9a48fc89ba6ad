import { FileRefused } from "./files-requests.js";
import { announce, say } from "./words.js";

/** Files on their way into the sandbox: by button, or dropped onto the panel or the terminal. */

/** The site's own limit; a larger file need not be sent to be refused. */
const MOST_BYTES = 10 * 2 ** 20;

/**
 * @typedef {object} Place
 * @property {() => void} begins
 * @property {(name: string) => string} pathOf
 * @property {() => void} done
 */

export class FileUploads {
  /**
   * @param {HTMLElement} pane where files may be dropped
   * @param {HTMLElement} panel
   * @param {import("./files-requests.js").FileRequests} requests
   * @param {Place} place
   */
  constructor(pane, panel, requests, place) {
    this.requests = requests;
    this.place = place;
    this.list = /** @type {HTMLElement} */ (panel.querySelector(".files-uploads"));
    this.input = /** @type {HTMLInputElement} */ (panel.querySelector('input[type="file"]'));
    this.input.onchange = () => {
      this.send([...(this.input.files ?? [])]);
      this.input.value = "";
    };
    this.takeDrops(pane);
  }

  choose() {
    this.input.click();
  }

  /** @param {HTMLElement} pane */
  takeDrops(pane) {
    for (const name of ["dragenter", "dragover"]) {
      pane.addEventListener(name, (event) => {
        const { dataTransfer } = /** @type {DragEvent} */ (event);
        if (!dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        pane.dataset.drop = "";
      });
    }
    pane.addEventListener("dragleave", (event) => {
      if (!pane.contains(/** @type {Node | null} */ (event.relatedTarget))) delete pane.dataset.drop;
    });
    pane.addEventListener("drop", (event) => {
      delete pane.dataset.drop;
      const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === "file");
      if (!items.length) return;
      event.preventDefault();
      this.place.begins();
      // Asked now: after this event they are gone.
      const folders = items.filter((item) => item.webkitGetAsEntry()?.isDirectory).length;
      const files = items
        .filter((item) => !item.webkitGetAsEntry()?.isDirectory)
        .map((item) => item.getAsFile());
      if (folders) this.row(say("filesNoFolders")).end();
      this.send(/** @type {File[]} */ (files.filter(Boolean)));
    });
  }

  /** @param {File[]} files one after the other: a sandbox does few things at once */
  async send(files) {
    this.place.begins();
    for (const row of this.list.querySelectorAll("[data-over]")) row.remove();
    const waiting = files.map((file) => ({ file, row: this.row(file.name) }));
    let sent = 0;
    for (const { file, row } of waiting) {
      sent += Number(await this.sendOne(file, row));
    }
    if (sent) announce(say("filesUploaded", { count: sent }));
    this.place.done();
  }

  /**
   * @param {File} file
   * @param {UploadRow} row
   * @returns {Promise<boolean>} whether it is there
   */
  async sendOne(file, row) {
    if (file.size > MOST_BYTES) {
      row.end(say("filesTooLarge", { name: file.name }));
      return false;
    }
    const path = this.place.pathOf(file.name);
    const progress = (/** @type {number} */ part) => row.show(part);
    try {
      await this.requests.upload(path, file, "new", progress).catch((problem) => {
        const there = problem instanceof FileRefused && problem.code === "exists";
        if (!there || !confirm(say("filesReplace", { name: file.name }))) throw problem;
        return this.requests.upload(path, file, "any", progress);
      });
    } catch (problem) {
      const why = problem instanceof FileRefused && problem.message;
      row.end(`${file.name}: ${why || say("siteUnreachable")}`);
      return false;
    }
    row.remove();
    return true;
  }

  /** @param {string} name */
  row(name) {
    return new UploadRow(this.list, name);
  }
}

/** One file's progress, and why it failed, if it did. */
class UploadRow {
  /**
   * @param {HTMLElement} list
   * @param {string} name
   */
  constructor(list, name) {
    this.item = document.createElement("li");
    this.text = document.createElement("span");
    this.text.textContent = name;
    this.bar = document.createElement("progress");
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", name);
    this.item.append(this.text, this.bar);
    list.append(this.item);
  }

  /** @param {number} part */
  show(part) {
    this.bar.value = part;
  }

  /** @param {string} [why] */
  end(why) {
    if (why) this.text.textContent = why;
    this.bar.remove();
    this.item.dataset.over = "";
    announce(this.text.textContent ?? "");
  }

  remove() {
    this.item.remove();
  }
}
