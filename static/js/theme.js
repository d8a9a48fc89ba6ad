import { remember } from "./memory.js";

/** Light or dark: the system's colours, until a person chooses the other ones. */

const root = document.documentElement;
const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {boolean} */
export function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : systemDark.matches;
}

/** @param {(dark: boolean) => void} listener called at each change, by whatever cause */
export function onThemeChange(listener) {
  systemDark.addEventListener("change", () => listener(isDark()));
  document.addEventListener("hakoniwa:theme", () => listener(isDark()));
}

/** @param {boolean} dark the choice; where it is the system's own, the page follows that again */
function choose(dark) {
  if (dark === systemDark.matches) {
    delete root.dataset.theme;
    remember("theme", null);
  } else {
    root.dataset.theme = dark ? "dark" : "light";
    remember("theme", root.dataset.theme);
  }
  document.dispatchEvent(new CustomEvent("hakoniwa:theme"));
}

/** @param {HTMLButtonElement} button */
export function bringThemeSwitchToLife(button) {
  const show = () => button.setAttribute("aria-pressed", String(isDark()));
  button.hidden = false;
  button.addEventListener("click", () => choose(!isDark()));
  onThemeChange(show);
  show();
}
