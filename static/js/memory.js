/** What this browser remembers of a person's choices; without storage it forgets, and that is all. */

/**
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return localStorage.getItem(`hakoniwa.${name}`);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string | null} value null forgets it
 */
export function remember(name, value) {
  try {
    if (value === null) {
      localStorage.removeItem(`hakoniwa.${name}`);
    } else {
      localStorage.setItem(`hakoniwa.${name}`, value);
    }
  } catch {
    // A choice that can't be kept still holds on this page.
  }
}
