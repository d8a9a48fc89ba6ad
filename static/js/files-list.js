import { say } from "./words.js";

/** A folder's content as rows. Names are learners' own: text only, never markup. */

/** @typedef {import("./files-requests.js").Entry} Entry */

/**
 * What a row can do.
 * @typedef {object} Acts
 * @property {(entry: Entry) => void} show
 * @property {(entry: Entry) => string} downloadOf
 * @property {(entry: Entry) => void} rename
 * @property {(entry: Entry) => void} remove
 */

const KIBI = 1024;
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/**
 * @param {Entry[]} entries
 * @param {Acts} acts
 * @returns {Node[]}
 */
export function showEntries(entries, acts) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("file-row"));
  return entries.map((entry) => {
    const row = /** @type {HTMLElement} */ (
      /** @type {DocumentFragment} */ (template.content.cloneNode(true)).firstElementChild
    );
    row.dataset.kind = entry.kind;
    const name = /** @type {HTMLButtonElement} */ (row.querySelector(".file-name"));
    name.textContent = entry.kind === "folder" ? `${entry.name}/` : entry.name;
    name.disabled = entry.kind === "other";
    name.onclick = () => acts.show(entry);
    /** @type {HTMLElement} */ (row.querySelector(".file-facts")).textContent = facts(entry);
    const download = /** @type {HTMLAnchorElement} */ (row.querySelector("a"));
    if (entry.kind === "file") download.href = acts.downloadOf(entry);
    else download.remove();
    label(download, entry);
    act(row, "rename", entry, () => acts.rename(entry));
    act(row, "remove", entry, () => acts.remove(entry));
    return row;
  });
}

/**
 * The folders from ~/work to here.
 * @param {string} folder
 * @param {(folder: string) => void} go
 * @returns {Node[]}
 */
export function showTrail(folder, go) {
  const names = folder ? folder.split("/") : [];
  return ["~/work", ...names].map((name, depth) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.onclick = () => go(names.slice(0, depth).join("/"));
    if (depth === names.length) button.setAttribute("aria-current", "location");
    item.append(button);
    return item;
  });
}

/** @param {Entry} entry */
function facts(entry) {
  const size = entry.kind === "file" ? bytes(entry.size) : "";
  const kind = entry.kind === "other" ? say("filesOther") : "";
  return [size, kind, entry.link ? say("filesLink") : ""].filter(Boolean).join(" · ");
}

/** @param {number} count */
function bytes(count) {
  const power = Math.min(Math.floor(Math.log2(Math.max(count, 1)) / 10), UNITS.length - 1);
  const digits = power && count / KIBI ** power < 10 ? 1 : 0;
  return `${(count / KIBI ** power).toFixed(digits)} ${UNITS[power]}`;
}

/**
 * @param {HTMLElement} row
 * @param {string} name
 * @param {Entry} entry
 * @param {() => void} does
 */
function act(row, name, entry, does) {
  const button = /** @type {HTMLButtonElement} */ (row.querySelector(`[data-file="${name}"]`));
  button.onclick = does;
  label(button, entry);
}

/**
 * Each row has the same words: of what they are said is read aloud.
 * @param {HTMLElement} control
 * @param {Entry} entry
 */
function label(control, entry) {
  control.setAttribute("aria-label", `${control.textContent} ${entry.name}`);
}
