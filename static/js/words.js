/** The sentences that the page brings along for its scripts, in the page's language. */

const block = document.getElementById("words");
/** @type {Record<string, string>} */
const words = block ? JSON.parse(block.textContent || "{}") : {};

/**
 * A sentence; `{name}` in it is replaced by the value of that name.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole,
  );
}

const READ_WITHIN = 10_000;
const announcer = document.getElementById("announcer");

/**
 * Have a screen reader say it when it is done with what it is saying.
 * @param {string} sentence
 */
export function announce(sentence) {
  if (!announcer) return;
  // The same sentence twice is two pieces of news, and two at once are both read.
  const line = document.createElement("span");
  line.textContent = `${sentence} `;
  announcer.append(line);
  setTimeout(() => line.remove(), READ_WITHIN);
}
