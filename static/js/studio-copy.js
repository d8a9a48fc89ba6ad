/** What was typed and is not saved yet, kept in this browser whatever becomes of it or the site. */

const PREFIX = "hakoniwa.studio.";
// Two tabs with one file must not overwrite each other's.
const TAB = Math.random().toString(36).slice(2);

/**
 * @typedef {object} Kept
 * @property {string} key
 * @property {string} text
 * @property {number} at milliseconds since 1970
 */

export class Copy {
  /**
   * @param {string} author whose it is: another who signs in here is not shown it
   * @param {string} file
   */
  constructor(author, file) {
    this.place = `${PREFIX}${author}.${file}.`;
  }

  /**
   * @param {string} text
   * @returns {boolean} whether the browser kept it
   */
  keep(text) {
    try {
      localStorage.setItem(this.place + TAB, JSON.stringify({ text, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  drop(key = this.place + TAB) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Without storage there is none.
    }
  }

  /** @returns {Kept | null} the newest that a tab left behind; those that say `stored` are dropped */
  left(stored = "") {
    /** @type {Kept | null} */
    let newest = null;
    for (const kept of this.all()) {
      if (kept.text === stored) this.drop(kept.key);
      else if (!newest || kept.at > newest.at) newest = kept;
    }
    return newest;
  }

  /** @returns {Kept[]} */
  all() {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.place));
      return keys.map((key) => ({ key, ...JSON.parse(localStorage.getItem(key) ?? "{}") }));
    } catch {
      return [];
    }
  }
}
