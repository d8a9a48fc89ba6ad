/**
 * Where in a YAML document a place is: by indentation, as people write it, since a document that
 * is being written is seldom a whole one.
 */

/**
 * @typedef {object} Place
 * @property {string[]} way from the document to here; "[]" is an item of a list
 * @property {string} typed of the word that is being written
 * @property {boolean} key whether a key may stand here
 */

const LINE = /^(\s*)((?:-\s+)*)(?:([\w-]+):(?=\s|$))?\s*(.*)$/;

/**
 * @param {string[]} lines the document's up to the place; the last one ends there
 * @returns {Place}
 */
export function placeIn(lines) {
  const last = tokens(lines[lines.length - 1]);
  const way = [...above(lines, last.steps[0]?.column ?? last.column)];
  for (const step of last.steps) way.push(step.name);
  const inner = withinFlow(last.rest);
  return {
    way: [...way, ...inner.way],
    typed: inner.typed,
    key: inner.key ?? !last.steps.some((step) => step.name !== "[]"),
  };
}

/** @param {string} line */
function tokens(line) {
  const [, indent, dashes, key, rest] = /** @type {RegExpExecArray} */ (LINE.exec(line));
  const steps = [...dashes.matchAll(/-/g)].map((dash) => ({
    column: indent.length + /** @type {number} */ (dash.index),
    name: "[]",
  }));
  const column = indent.length + dashes.length;
  if (key) steps.push({ column, name: key });
  return { steps, column, rest };
}

/**
 * @param {string[]} lines
 * @param {number} limit
 * @returns {string[]} the keys and items that what stands at this column is in
 */
function above(lines, limit) {
  /** @type {string[]} */
  const way = [];
  let item = /^\s*-/.test(lines[lines.length - 1]);
  for (let at = lines.length - 2; at >= 0 && limit >= 0; at -= 1) {
    if (/^\s*(#|$)/.test(lines[at])) continue;
    for (const { column, name } of tokens(lines[at]).steps.reverse()) {
      // The items of a list may stand as far left as its key.
      const around = column < limit || (item && name !== "[]" && column === limit);
      if (!around) continue;
      way.unshift(name);
      item = name === "[]";
      limit = item ? column : Math.min(column, limit);
      if (column === 0 && !item) return way;
    }
  }
  return way;
}

/**
 * @param {string} rest of the line, after its key: `{image: {refer`
 * @returns {{ way: string[], typed: string, key: boolean | null }}
 */
function withinFlow(rest) {
  /** @type {string[]} */
  const stack = [];
  let word = "";
  let key = "";
  for (const mark of rest.replace(/"[^"]*"|'[^']*'/g, "_")) {
    if (mark === "{" || mark === "[") {
      stack.push(key, mark);
      key = word = "";
    } else if (mark === "}" || mark === "]") {
      stack.splice(-2);
      key = word = "";
    } else if (mark === ":") {
      key = word.trim();
      word = "";
    } else if (mark === ",") {
      key = word = "";
    } else {
      word += mark;
    }
  }
  const open = stack[stack.length - 1];
  const way = stack.map((part) => (part === "{" ? "" : part === "[" ? "[]" : part));
  return {
    way: [...way, key].filter(Boolean),
    typed: word.trimStart(),
    key: open ? open === "{" && !key : null,
  };
}
